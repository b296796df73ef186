//! A PostgreSQL server of the tests' own: found, started on a private socket in a temporary folder, and gone with
//! the tests.
//!
//! It keeps its promises: files are synced. What `COHESIVE_POSTGRES_BIN` names is used first, then what is on `PATH`,
//! then the newest version in the usual folders. `./check` makes sure that there is one.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A running server. It ends with this value, or with the process of the tests, however that ends.
pub struct Server {
    home: PathBuf,
    programs: PathBuf,
    /// The user that the server runs as, where the tests run as root, which a server refuses.
    user: Option<(u32, u32)>,
    process: Mutex<Child>,
    /// Closing it ends the server and removes its folder.
    watchdog: Option<(ChildStdin, Child)>,
}

impl Server {
    /// One server for all tests of this program that do not harm it.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&[]))
    }

    /// A server with these settings, each like `name = value`.
    pub fn start(settings: &[&str]) -> Self {
        Self::prepared(settings, |_| {})
    }

    /// The same, with something done to its data before the first start.
    pub fn prepared(settings: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let programs = programs();
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let home = std::env::temp_dir().join(format!("cohesive-postgres-{}-{number}", std::process::id()));
        let user = is_root().then(unprivileged);
        make(&home, user);
        initialise(&programs, &home, user);
        prepare(&home.join("data"));
        Self::launch(programs, home, user, settings)
    }

    /// A server on a copy of this one's data. This one is stopped for the copy, and runs again afterwards.
    pub fn copy(&self, settings: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let home = std::env::temp_dir().join(format!("cohesive-postgres-{}-{number}", std::process::id()));
        make(&home, self.user);
        self.stop();
        let copied = Command::new("cp").arg("-a").arg(self.data()).arg(&home).status();
        assert!(copied.unwrap().success());
        prepare(&home.join("data"));
        self.run_again();
        Self::launch(self.programs.clone(), home, self.user, settings)
    }

    fn launch(programs: PathBuf, home: PathBuf, user: Option<(u32, u32)>, settings: &[&str]) -> Self {
        configure(&home, settings);
        let process = Mutex::new(spawn(&programs, &home, user));
        let server = Self { watchdog: Some(watch(&home)), home, programs, user, process };
        server.wait_until_ready();
        server
    }

    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// Gives a file in its data to the server, and to nobody else.
    pub fn give(file: &Path) {
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
        if is_root() {
            let (user, group) = unprivileged();
            chown(file, Some(user), Some(group)).unwrap();
        }
    }

    /// The folder with everything of this server.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// How to reach a database of this server.
    pub fn url(&self, database: &str) -> String {
        format!("host={} user=postgres dbname={database}", self.home.display())
    }

    /// A connection that nothing stands in front of.
    pub async fn client(&self, database: &str) -> tokio_postgres::Client {
        client(&self.url(database)).await
    }

    /// A new, empty database.
    pub async fn database(&self) -> Database {
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("test_{number}");
        self.client("postgres").await.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        Database { url: self.url(&name), name }
    }

    /// `SIGKILL` for the server and all of its processes, as in a crash of the machine but for its disk cache.
    pub fn kill(&self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let children = children(process.id());
        signal("KILL", &[&[process.id()], &*children].concat());
        process.wait().unwrap();
        // What has lost its parent is reaped by another process, a little later.
        wait_for("the processes of the server to end", || children.iter().all(|child| !is_alive(*child)));
    }

    /// Starts it again after [`Server::kill`] or [`Server::stop`], and waits until it has recovered.
    pub fn run_again(&self) {
        let _ = fs::remove_file(self.data().join("postmaster.pid"));
        let process = spawn(&self.programs, &self.home, self.user);
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = process;
        self.wait_until_ready();
    }

    /// Ends it in good order, and the connections with it.
    pub fn stop(&self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        signal("INT", &[process.id()]);
        process.wait().unwrap();
    }

    /// Stops or continues all of its processes, as a machine does that is too busy to answer.
    pub fn freeze(&self, frozen: bool) {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner).id();
        signal(if frozen { "STOP" } else { "CONT" }, &[&[process], &*children(process)].concat());
    }

    /// The last lines that the server wrote.
    fn log(&self) -> String {
        let log = fs::read_to_string(self.home.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// The server writes its state into a file: line 8 is `ready` once it takes connections.
    fn wait_until_ready(&self) {
        let file = self.data().join("postmaster.pid");
        wait_for("the server to start", || {
            let text = fs::read_to_string(&file).unwrap_or_default();
            let ended = self.process.lock().unwrap_or_else(PoisonError::into_inner).try_wait().unwrap();
            assert!(ended.is_none(), "the server did not start: {ended:?}\n{}", self.log());
            text.lines().nth(7).is_some_and(|line| line.starts_with("ready") || line.starts_with("standby"))
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((input, mut watchdog)) = self.watchdog.take() {
            drop(input);
            let _ = watchdog.wait();
            let _ = self.process.lock().unwrap_or_else(PoisonError::into_inner).wait();
        }
    }
}

/// A database of a server.
pub struct Database {
    url: String,
    name: String,
}

impl Database {
    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How to reach it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection that nothing stands in front of.
    pub async fn client(&self) -> tokio_postgres::Client {
        client(&self.url).await
    }
}

/// A connection of the test's own.
pub async fn client(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(async move {
        let _ = connection.await;
    });
    client
}

/// The folder with `initdb` and `postgres`.
fn programs() -> PathBuf {
    let named = std::env::var_os("COHESIVE_POSTGRES_BIN").map(PathBuf::from);
    if let Some(folder) = &named {
        assert!(
            has_programs(folder),
            "COHESIVE_POSTGRES_BIN: no `initdb` and `postgres` in {}",
            folder.display()
        );
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| has_programs(folder));
    let usual = || {
        let mut versions: Vec<(u32, PathBuf)> = Vec::new();
        for parent in
            ["/usr/lib/postgresql", "/usr/lib64/pgsql", "/usr/local/lib/postgresql", "/opt/homebrew/opt"]
        {
            for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().replace("postgresql@", "");
                versions.extend(name.parse().ok().map(|version| (version, entry.path().join("bin"))));
            }
        }
        versions.retain(|(_, folder)| has_programs(folder));
        versions.into_iter().max().map(|(_, folder)| folder)
    };
    named.or(on_path).or_else(usual).unwrap_or_else(|| {
        panic!(
            "there is no PostgreSQL on this machine, and its store cannot be tested without one\n\
             help: `sudo apt-get install postgresql`, or name the folder of `initdb` with COHESIVE_POSTGRES_BIN"
        )
    })
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file())
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// User and group to run a server as: `postgres` where there is one, else nobody.
fn unprivileged() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let numbers = |name: &str| {
        let fields: Vec<&str> = users.lines().find(|line| line.starts_with(name))?.split(':').collect();
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    };
    numbers("postgres:").or_else(|| numbers("nobody:")).unwrap_or((65_534, 65_534))
}

fn make(home: &Path, user: Option<(u32, u32)>) {
    let _ = fs::remove_dir_all(home);
    fs::create_dir_all(home).unwrap();
    fs::set_permissions(home, fs::Permissions::from_mode(0o700)).unwrap();
    if let Some((user, group)) = user {
        chown(home, Some(user), Some(group)).unwrap();
    }
}

fn command(program: &Path, home: &Path, user: Option<(u32, u32)>) -> Command {
    let log = fs::OpenOptions::new().create(true).append(true).open(home.join("log")).unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .process_group(0);
    // Another language would translate what the tests look for.
    command.env("LC_ALL", "C.UTF-8").env_remove("PGDATA").env_remove("PGPORT");
    if let Some((user, group)) = user {
        command.uid(user).gid(group);
    }
    command
}

/// The order of text is that of a language, so a column that does not ask for the order of bytes is found out.
fn initialise(programs: &Path, home: &Path, user: Option<(u32, u32)>) {
    let mut command = command(&programs.join("initdb"), home, user);
    command.args(["--pgdata=data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]);
    command.args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"]);
    let status = command.status().unwrap();
    assert!(status.success(), "initdb: {}", fs::read_to_string(home.join("log")).unwrap_or_default());
}

/// The settings stand in the file, where `ALTER SYSTEM` has the last word.
fn configure(home: &Path, settings: &[&str]) {
    let sockets = format!("unix_socket_directories = '{}'", home.display());
    // After a crash, one sync of the file system instead of one for each file.
    let usual = [
        "listen_addresses = ''",
        "fsync = on",
        "recovery_init_sync_method = syncfs",
        "max_connections = 200",
    ];
    let lines: Vec<&str> =
        usual.into_iter().chain([sockets.as_str()]).chain(settings.iter().copied()).collect();
    let mut file = fs::OpenOptions::new().append(true).open(home.join("data/postgresql.conf")).unwrap();
    writeln!(file, "\n{}", lines.join("\n")).unwrap();
}

fn spawn(programs: &Path, home: &Path, user: Option<(u32, u32)>) -> Child {
    let mut command = command(&programs.join("postgres"), home, user);
    command.args(["-D", "data"]);
    command.spawn().unwrap_or_else(|cause| panic!("{}: {cause}", programs.display()))
}

/// Waits for the end of the tests, in a process of its own, and cleans up.
fn watch(home: &Path) -> (ChildStdin, Child) {
    let script = "read -r line; for try in 1 2 3 4 5 6 7 8 9 10; do \
                  pid=$(head -n 1 \"$1/data/postmaster.pid\" 2>/dev/null) || break; \
                  kill -QUIT \"$pid\" 2>/dev/null || break; kill -CONT \"$pid\" 2>/dev/null; sleep 0.2; done; rm -rf \"$1\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, "watch"]).arg(home).stdin(Stdio::piped()).process_group(0);
    let mut watchdog = command.spawn().unwrap();
    (watchdog.stdin.take().unwrap(), watchdog)
}

fn signal(name: &str, processes: &[u32]) {
    let processes = processes.iter().map(ToString::to_string);
    let script = format!("kill -{name} {} 2>/dev/null", processes.collect::<Vec<_>>().join(" "));
    Command::new("sh").args(["-c", &script]).status().unwrap();
}

fn children(parent: u32) -> Vec<u32> {
    let stats = fs::read_dir("/proc").into_iter().flatten().flatten();
    let child = |entry: fs::DirEntry| {
        let stat: io::Result<String> = fs::read_to_string(entry.path().join("stat"));
        let stat = stat.ok()?;
        // Number, name in brackets, state, parent.
        let (before, after) = stat.rsplit_once(") ")?;
        (after.split(' ').nth(1)? == parent.to_string()).then(|| before.split(' ').next()?.parse().ok())?
    };
    stats.filter_map(child).collect()
}

/// Whether a process still runs; one that has only to be reaped does not.
fn is_alive(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z') && !state.starts_with('X'))
}

/// Waits for something to become true, without guessing how long that takes.
fn wait_for(what: &str, mut is_true: impl FnMut() -> bool) {
    for _ in 0..20_000 {
        if is_true() {
            return;
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    panic!("waited in vain for {what}");
}
