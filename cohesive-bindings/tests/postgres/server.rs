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
    home: Home,
    programs: PathBuf,
    process: Mutex<Child>,
}

/// A server's folder. It is gone with this value, or with the process of the tests, however that ends.
struct Home {
    path: PathBuf,
    /// The user that the server runs as, where the tests run as root, which a server refuses.
    user: Option<(u32, u32)>,
    /// Closing it ends the server and removes the folder.
    watchdog: Option<(ChildStdin, Child)>,
}

impl Home {
    fn new() -> Self {
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let path = std::env::temp_dir().join(format!("cohesive-postgres-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let home = Self { watchdog: Some(watch(&path)), user: is_root().then(unprivileged), path };
        fs::set_permissions(&home.path, fs::Permissions::from_mode(0o700)).unwrap();
        if let Some((user, group)) = home.user {
            chown(&home.path, Some(user), Some(group)).unwrap();
        }
        home
    }

    fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// A program that writes into the log, as the user of the server.
    fn command(&self, program: &Path) -> Command {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.path.join("log")).unwrap();
        let mut command = Command::new(program);
        command.current_dir(&self.path).stdin(Stdio::null()).process_group(0);
        command.stdout(log.try_clone().unwrap()).stderr(log);
        // Another language would translate what the tests look for.
        command.env("LC_ALL", "C.UTF-8").env_remove("PGDATA").env_remove("PGPORT");
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    fn remove(&mut self) {
        if let Some((input, mut watchdog)) = self.watchdog.take() {
            drop(input);
            let _ = watchdog.wait();
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.remove();
    }
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
        let (programs, home) = (programs(), Home::new());
        initialise(&programs, &home);
        prepare(&home.data());
        Self::launch(programs, home, settings)
    }

    /// A server on a copy of this one's data. This one is stopped for the copy, and runs again afterwards.
    pub fn copy(&self, settings: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let home = Home::new();
        self.stop();
        let copied = Command::new("cp").arg("-a").arg(self.data()).arg(&home.path).status();
        assert!(copied.unwrap().success());
        prepare(&home.data());
        self.run_again();
        Self::launch(self.programs.clone(), home, settings)
    }

    fn launch(programs: PathBuf, home: Home, settings: &[&str]) -> Self {
        configure(&home, settings);
        let process = Mutex::new(spawn(&programs, &home));
        let server = Self { home, programs, process };
        server.wait_until_ready();
        server
    }

    /// The folder with its data.
    pub fn data(&self) -> PathBuf {
        self.home.data()
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
        &self.home.path
    }

    /// How to reach a database of this server.
    pub fn url(&self, database: &str) -> String {
        format!("host={} user=postgres dbname={database}", self.home().display())
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
        Database { url: self.url(&name), maintenance: self.url("postgres"), name }
    }

    /// `SIGKILL` for the server and all of its processes, as in a crash of the machine but for its disk cache.
    pub fn kill(&self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let children = children(process.id());
        signal("KILL", &[&[process.id()], &*children].concat());
        process.wait().unwrap();
        // What has lost its parent is reaped by another process, a little later.
        self.wait_for("its processes to end", || children.iter().all(|child| !is_alive(*child)));
    }

    /// Starts it again after [`Server::kill`] or [`Server::stop`], and waits until it has recovered.
    pub fn run_again(&self) {
        let _ = fs::remove_file(self.data().join("postmaster.pid"));
        let process = spawn(&self.programs, &self.home);
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

    /// Whether it has come to an end by itself.
    pub fn has_ended(&self) -> bool {
        self.process.lock().unwrap_or_else(PoisonError::into_inner).try_wait().unwrap().is_some()
    }

    /// Lets it write no file beyond this size, or any again.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner).id();
        let limit = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        for process in [&[process], &*children(process)].concat() {
            let mut command = Command::new("prlimit");
            command.arg(format!("--pid={process}")).arg(format!("--fsize={limit}:")).stderr(Stdio::null());
            // A process may have ended since.
            let _ = command.status().unwrap_or_else(|cause| panic!("prlimit: {cause}"));
        }
    }

    /// The server writes its state into a file: line 8 is `ready` once it takes connections.
    fn wait_until_ready(&self) {
        let file = self.data().join("postmaster.pid");
        self.wait_for("it to start", || {
            let text = fs::read_to_string(&file).unwrap_or_default();
            assert!(!self.has_ended(), "the server did not start\n{}", log(self.home()));
            text.lines().nth(7).is_some_and(|line| line.starts_with("ready") || line.starts_with("standby"))
        });
    }

    /// Waits for something to become true, without guessing how long that takes.
    pub fn wait_for(&self, what: &str, mut is_true: impl FnMut() -> bool) {
        for _ in 0..20_000 {
            if is_true() {
                return;
            }
            std::thread::sleep(Duration::from_millis(3));
        }
        panic!("the server: waited in vain for {what}\n{}", log(self.home()));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", log(self.home()));
        }
        self.home.remove();
        let _ = self.process.lock().unwrap_or_else(PoisonError::into_inner).wait();
    }
}

/// The last lines that a server wrote into its folder.
fn log(home: &Path) -> String {
    let log = fs::read(home.join("log")).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    let lines: Vec<&str> = log.lines().rev().take(20).collect();
    let lines: Vec<&str> = lines.into_iter().rev().collect();
    format!("the last lines in {}:\n{}", home.join("log").display(), lines.join("\n"))
}

/// A database of a server, which is dropped with this value.
pub struct Database {
    url: String,
    /// A database of the same server from which it can be dropped.
    maintenance: String,
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

impl Drop for Database {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", log(&folder(&self.url)));
        }
        let (url, name) = (std::mem::take(&mut self.maintenance), std::mem::take(&mut self.name));
        let work = async move {
            // The server may be gone already, or be standing still.
            let Ok((client, connection)) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await else {
                return;
            };
            tokio::spawn(connection);
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        };
        // A runtime cannot wait for another one on its own thread.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| {
                runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), work).await.is_ok() })
            })
        });
        let _ = thread.join();
    }
}

/// The folder of the server in an address.
fn folder(url: &str) -> PathBuf {
    let host = url.split(' ').find_map(|part| part.strip_prefix("host="));
    PathBuf::from(host.unwrap_or_default())
}

/// A connection of the test's own.
pub async fn client(url: &str) -> tokio_postgres::Client {
    let connected = tokio_postgres::connect(url, tokio_postgres::NoTls).await;
    let (client, connection) = connected.unwrap_or_else(|cause| panic!("{cause:?}\n{}", log(&folder(url))));
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

/// The order of text is that of a language, so a column that does not ask for the order of bytes is found out.
/// Many servers run at once, each for a short time, so they take little room.
fn initialise(programs: &Path, home: &Home) {
    let mut command = home.command(&programs.join("initdb"));
    command.args(["--pgdata=data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]);
    command.args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--wal-segsize=1"]);
    let status = command.status().unwrap();
    assert!(status.success(), "initdb: {}", log(&home.path));
}

/// The settings stand in the file, where `ALTER SYSTEM` has the last word.
fn configure(home: &Home, settings: &[&str]) {
    let sockets = format!("unix_socket_directories = '{}'", home.path.display());
    // After a crash, one sync of the file system instead of one for each file.
    let usual = [
        "listen_addresses = ''",
        "fsync = on",
        "recovery_init_sync_method = syncfs",
        "max_connections = 200",
        "max_wal_size = 128MB",
        "min_wal_size = 32MB",
    ];
    let lines: Vec<&str> =
        usual.into_iter().chain([sockets.as_str()]).chain(settings.iter().copied()).collect();
    let mut file = fs::OpenOptions::new().append(true).open(home.data().join("postgresql.conf")).unwrap();
    writeln!(file, "\n{}", lines.join("\n")).unwrap();
}

fn spawn(programs: &Path, home: &Home) -> Child {
    let mut command = home.command(&programs.join("postgres"));
    command.args(["-D", "data"]);
    command.spawn().unwrap_or_else(|cause| panic!("{}: {cause}", programs.display()))
}

/// Waits for the end of the tests, in a process of its own, and cleans up.
fn watch(home: &Path) -> (ChildStdin, Child) {
    // A server whose processes were stopped ends them after five seconds. Tests mount small disks in its data.
    let script = "read -r line; for try in $(seq 50); do \
                  pid=$(head -n 1 \"$1/data/postmaster.pid\" 2>/dev/null) || break; \
                  kill -QUIT \"$pid\" 2>/dev/null || break; kill -CONT \"$pid\" 2>/dev/null; sleep 0.2; \
                  [ \"$try\" != 50 ] || kill -KILL \"$pid\" 2>/dev/null; done; \
                  umount -l \"$1/data/base\" \"$1/data/pg_wal\" 2>/dev/null; \
                  rm -rf \"$1\" 2>/dev/null || { sleep 1; rm -rf \"$1\"; }";
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
