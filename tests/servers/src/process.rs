//! A server's processes and its folder.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Processes in a folder. They and the folder are gone with this value, or with the tests, however those end.
pub(crate) struct Home {
    pub(crate) path: PathBuf,
    /// Closing it ends everything.
    watchdog: Option<(ChildStdin, Child)>,
}

impl Home {
    pub(crate) fn new(name: &str) -> Self {
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let path = std::env::temp_dir().join(format!("cohesive-{name}-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("running")).unwrap();
        Self { watchdog: Some(watch(&path)), path }
    }

    /// Starts a program in a group of its own, of which the watchdog knows.
    pub(crate) fn start(&self, mut command: Command) -> Process {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.path.join("log")).unwrap();
        command.current_dir(&self.path).process_group(0).stdin(Stdio::null());
        command.stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().unwrap_or_else(|cause| panic!("{command:?}: {cause}"));
        let mark = self.path.join("running").join(child.id().to_string());
        fs::write(&mark, "").unwrap();
        Process { child: Mutex::new(child), mark }
    }

    /// The last lines that the server wrote.
    pub(crate) fn log(&self) -> String {
        let log = fs::read(self.path.join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().rev().take(30).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some((input, mut watchdog)) = self.watchdog.take() {
            drop(input);
            let _ = watchdog.wait();
        }
    }
}

/// A running program.
pub(crate) struct Process {
    child: Mutex<Child>,
    mark: PathBuf,
}

impl Process {
    /// Sends a signal to its group, and waits for its end.
    pub(crate) fn end(&self, signal: &str) {
        let mut child = self.child.lock().unwrap();
        if child.try_wait().unwrap().is_none() {
            let group = format!("-{}", child.id());
            let sent = Command::new("kill").args([&format!("-{signal}"), "--", &group]).status().unwrap();
            assert!(sent.success(), "kill -{signal} -- {group}");
            child.wait().unwrap();
        }
        let _ = fs::remove_file(&self.mark);
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.child.lock().unwrap().try_wait().unwrap().is_some()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.end("KILL");
        }
    }
}

/// Waits for the end of the tests, in a process of its own, and cleans up. The children of a child that was killed have
/// its group too.
fn watch(home: &Path) -> (ChildStdin, Child) {
    let script = "read -r line; for mark in \"$1\"/running/*; do \
                  kill -9 \"-${mark##*/}\" 2>/dev/null; done; sleep 0.1; rm -rf \"$1\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, "watch"]).arg(home).stdin(Stdio::piped()).process_group(0);
    let mut watchdog = command.spawn().unwrap();
    (watchdog.stdin.take().unwrap(), watchdog)
}

/// Ports that nobody uses at present.
pub(crate) fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    // All at once, so that they differ.
    let listeners = [(); COUNT].map(|()| TcpListener::bind(("127.0.0.1", 0)).unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

/// The folder that `tests/servers/install` fills.
pub(crate) fn fetched() -> PathBuf {
    let folder = |name: &str| std::env::var_os(name).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let cache = || folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")));
    let usual = || Some(cache()?.join("cohesive/servers"));
    folder("COHESIVE_SERVERS").or_else(usual).unwrap_or_default()
}

/// The first of these that is a file.
pub(crate) fn find(name: &str, places: Vec<PathBuf>) -> PathBuf {
    places.into_iter().find(|place| place.is_file()).unwrap_or_else(|| {
        panic!(
            "there is no {name} on this machine, and its adapter cannot be tested without one\n\
             help: run `tests/servers/install`, which fetches it for the tests, or install it"
        )
    })
}

/// A program in the folders of `PATH`, if it is there.
pub(crate) fn on_path(program: &str) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    folders.map(|folder| folder.join(program)).collect()
}

/// Waits for something to become true, without guessing how long that takes.
pub(crate) fn wait_for(what: &str, home: &Home, process: &Process, mut is_true: impl FnMut() -> bool) {
    for _ in 0..6_000 {
        if is_true() {
            return;
        }
        assert!(!process.has_ended(), "{what} has ended\n{}", home.log());
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("waited in vain for {what}\n{}", home.log());
}
