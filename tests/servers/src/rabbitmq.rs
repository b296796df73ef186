//! RabbitMQ.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use crate::process::{Home, Process, fetched, find, free_ports, on_path, wait_for};

/// A running server.
pub struct RabbitMq {
    process: Mutex<Process>,
    /// Erlang's directory of names, which the server would start as a daemon for everybody and leave behind.
    _names: Process,
    programs: Programs,
    ports: [u16; 3],
    home: Home,
}

struct Programs {
    server: PathBuf,
    /// The folder of Erlang's programs, where it is not the machine's.
    erlang: Option<PathBuf>,
    names: PathBuf,
}

impl RabbitMq {
    /// A server.
    #[must_use]
    pub fn start() -> Self {
        Self::with("")
    }

    /// The same with more in its configuration.
    #[must_use]
    pub fn with(settings: &str) -> Self {
        let programs = Programs::find();
        let (ports, home) = (free_ports(), Home::new("rabbitmq"));
        // A small log of quorum queues; its default takes half a gigabyte of disk.
        let usual = "raft.wal_max_size_bytes = 33554432\nlog.console.level = warning";
        fs::write(home.path.join("rabbitmq.conf"), format!("{usual}\n{settings}\n")).unwrap();
        fs::write(home.path.join("plugins"), "[].\n").unwrap();
        let mut names = Command::new(&programs.names);
        names.args(["-port", &ports[1].to_string(), "-address", "127.0.0.1"]);
        let names = home.start(names);
        let process = Mutex::new(home.start(programs.command(&home.path, ports)));
        let server = Self { process, _names: names, programs, ports, home };
        server.wait_until_ready();
        server
    }

    /// How to reach it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("amqp://guest:guest@127.0.0.1:{}/%2f", self.ports[0])
    }

    /// Ends it in good order.
    pub fn stop(&self) {
        self.process.lock().unwrap().end("TERM");
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&self) {
        self.process.lock().unwrap().end("KILL");
    }

    /// Starts it after its end, and waits until it takes connections.
    pub fn run_again(&self) {
        *self.process.lock().unwrap() = self.home.start(self.programs.command(&self.home.path, self.ports));
        self.wait_until_ready();
        self.elect();
    }

    /// Writes down which queues there are. Version 3.10 takes half a second for that after it has made one, and a crash in
    /// between loses the queue's messages, acknowledged or not (rabbitmq/ra#443).
    pub fn write_queues(&self) {
        self.run("[ok = dets:sync(Table) || Table <- dets:all()], ok.\n");
    }

    /// A server that is alone in its cluster has no reason to wait for the leader of a queue. After a crash, version 3.10
    /// waits nevertheless, with one of its queues, until somebody asks for an election (rabbitmq/ra#179).
    fn elect(&self) {
        self.run(
            "Elect = fun(_, 0) -> exit(no_leader); (Again, Left) ->
                 case [Queue || {Queue, Role} <- ets:tab2list(ra_state), Role =/= leader] of
                     [] -> ok;
                     Queues ->
                         [ra:trigger_election({Queue, node()}) || Queue <- Queues],
                         timer:sleep(50), Again(Again, Left - 1)
                 end
             end,
             ok = Elect(Elect, 400).\n",
        );
    }

    /// Has the server itself do something, and waits until it is `ok`. A server that has just started takes connections of
    /// clients a little before those of its like.
    fn run(&self, what: &str) {
        const TRIES: u32 = 200;
        for attempt in 1.. {
            let Output { status, stdout, stderr } = self.call(what);
            let (answer, told) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
            if told.contains("failed to connect") && attempt < TRIES {
                std::thread::sleep(Duration::from_millis(50));
                continue;
            }
            assert_eq!(answer, "{ok, ok}", "{status}: {told}\n{}", self.home.log());
            return;
        }
    }

    fn call(&self, what: &str) -> Output {
        let cookie = fs::read_to_string(self.home.path.join(".erlang.cookie")).unwrap();
        let mut call = Command::new(self.programs.names.with_file_name("erl_call"));
        call.args(["-sname", "cohesive@localhost", "-c", cookie.trim(), "-e"]);
        call.env("ERL_EPMD_PORT", self.ports[1].to_string()).env("HOME", &self.home.path);
        let mut call =
            call.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // One that has ended already says why.
        let _ = call.stdin.take().unwrap().write_all(what.as_bytes());
        call.wait_with_output().unwrap()
    }

    fn wait_until_ready(&self) {
        let process = self.process.lock().unwrap();
        wait_for("RabbitMQ", &self.home, &process, || {
            let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.ports[0])) else { return false };
            stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
            let mut answer = [0; 8];
            // It answers with a method of channel 0.
            stream.write_all(b"AMQP\x00\x00\x09\x01").is_ok()
                && stream.read_exact(&mut answer).is_ok()
                && answer[..3] == [1, 0, 0]
        });
    }
}

impl Programs {
    fn find() -> Self {
        let fetched = fetched();
        // What Debian puts into `PATH` only runs as its own user.
        let own = fetched.join("usr/lib/rabbitmq/bin/rabbitmq-server");
        let mut places = vec![PathBuf::from("/usr/lib/rabbitmq/bin/rabbitmq-server")];
        if !places[0].is_file() && !own.is_file() {
            places.extend(on_path("rabbitmq-server"));
        }
        places.push(own.clone());
        let server = find("RabbitMQ", places);
        let erlang = (server == own).then(|| fetched.join("usr/lib/erlang/bin"));
        let names = erlang.iter().map(|folder| folder.join("epmd")).chain(on_path("epmd")).collect();
        let names = find("Erlang", names);
        Self { server, erlang, names }
    }

    fn command(&self, home: &Path, ports: [u16; 3]) -> Command {
        let [port, names, distribution] = ports;
        let mut command = Command::new(&self.server);
        command.arg("-noinput");
        if let Some(erlang) = &self.erlang {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let folders = std::iter::once(erlang.clone()).chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(folders).unwrap());
        }
        let files = [
            ("HOME", ""),
            ("RABBITMQ_MNESIA_BASE", "data"),
            ("RABBITMQ_LOG_BASE", "logs"),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", "plugins"),
            ("RABBITMQ_CONFIG_FILE", "rabbitmq"),
            ("RABBITMQ_PID_FILE", "pid"),
            ("RABBITMQ_CONF_ENV_FILE", "none"),
        ];
        for (name, file) in files {
            command.env(name, home.join(file));
        }
        command
            // The script becomes the server, and no child of it.
            .env("RABBITMQ_ALLOW_INPUT", "1")
            // Its words go where the other servers' go.
            .env("RABBITMQ_LOGS", "-")
            .env("RABBITMQ_NODENAME", "cohesive@localhost")
            .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_NODE_PORT", port.to_string())
            .env("RABBITMQ_DIST_PORT", distribution.to_string())
            .env("ERL_EPMD_PORT", names.to_string())
            .env("ERL_EPMD_ADDRESS", "127.0.0.1");
        command
    }
}
