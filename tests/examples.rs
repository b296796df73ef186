//! The examples as a stranger runs them: real processes, real files, real HTTP.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The binary of an example, which `cargo test` builds beside the tests.
fn example(name: &str) -> Command {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.push("examples");
    path.push(name);
    assert!(path.exists(), "{} is missing; build it with `cargo build --example {name}`", path.display());
    Command::new(path)
}

fn small_log() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/fines.csv")
}

fn fines(log: &Path, database: &Path) -> Output {
    example("fines").arg("--log").arg(log).arg("--database").arg(database).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_freight_demo_answers_as_its_script_says() {
    let output = example("freight").arg("--demo").output().unwrap();
    let printed = text(&output.stdout);
    assert!(output.status.success(), "{printed}{}", text(&output.stderr));
    for part in
        ["state", "outbox", "rejections", "TenderAccepted", "Emit990Accept", "tender.accept.can_accept"]
    {
        assert!(printed.contains(part), "no {part} in\n{printed}");
    }
}

#[test]
fn the_documents_that_freight_writes_are_the_committed_ones() {
    let folder = tempfile::tempdir().unwrap();
    let output = example("freight").arg("--docs").arg(folder.path().join("docs")).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/freight/docs");
    for path in ["README.md", "tender.md", "shipment/model.json", "tender/AcceptTender.input.json"] {
        let written = std::fs::read(folder.path().join("docs").join(path)).unwrap();
        assert!(written == std::fs::read(committed.join(path)).unwrap(), "{path}");
    }
}

/// The printed lines work as printed. They are run by `sh` where curl is there, and sent as they are written where
/// it is not.
#[test]
fn the_printed_curl_lines_work() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = example("freight")
        .arg("--database")
        .arg(folder.path().join("freight.db"))
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut curls = Vec::new();
    let mut pages = Vec::new();
    while curls.len() < 3 {
        let line = lines.next().expect("the server says what it serves").unwrap();
        if line.starts_with("curl ") {
            curls.push(line.clone());
        }
        pages.extend(line.strip_prefix("browse   ").map(str::to_owned));
    }
    let has_curl = Command::new("curl").arg("--version").output().is_ok();
    println!(
        "curl is {}",
        if has_curl { "there: the lines are run by sh" } else { "not there: they are sent from here" }
    );
    let answers: Vec<String> =
        curls.iter().map(|line| if has_curl { run(line) } else { send(line) }).collect();
    let page = ureq::get(&pages[0]).call().unwrap().body_mut().read_to_string().unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(answers[0].contains("201") && answers[0].contains(r#""outcome":"committed""#), "{}", answers[0]);
    assert!(answers[1].contains("outbox-committed"), "{}", answers[1]);
    assert!(answers[2].contains("Emit990Accept"), "{}", answers[2]);
    assert!(page.contains("<html"), "{page}");
}

fn run(line: &str) -> String {
    let output = Command::new("sh").arg("-c").arg(line).stderr(Stdio::null()).output().unwrap();
    text(&output.stdout)
}

/// Sends what a printed line says.
fn send(line: &str) -> String {
    let mut words = line.split_whitespace();
    let url = words.find(|word| word.starts_with("http")).unwrap();
    let mut response = match line.split_once("-d '") {
        None => ureq::get(url).call().unwrap(),
        Some((_, body)) => {
            let body = body.trim_end_matches('\'');
            ureq::post(url).header("Content-Type", "application/json").send(body).unwrap()
        }
    };
    format!("{} {}", response.status(), response.body_mut().read_to_string().unwrap())
}

#[test]
fn a_log_is_applied_once_however_often_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("fines.db");
    let first = fines(&small_log(), &database);
    let printed = text(&first.stdout);
    assert!(first.status.success(), "{}", text(&first.stderr));
    assert!(printed.contains("14 log entries: 11 applied, 3 refused"), "{printed}");
    assert!(printed.contains("line  10, fine F2, Send Fine: fine.send.wrong_state"), "{printed}");
    assert!(
        printed.contains("line  14, fine F3, Add penalty: fine.add_penalty.sixty_days_passed"),
        "{printed}"
    );
    assert!(
        printed
            .contains("line  15, fine F3, Send for Credit Collection: fine.send_to_collection.wrong_state"),
        "{printed}"
    );
    let bytes = std::fs::read(&database).unwrap();
    let second = fines(&small_log(), &database);
    assert_eq!(text(&second.stdout), printed);
    assert!(std::fs::read(&database).unwrap() == bytes, "the second run changed the database");
}

/// A124: what is parked, at the prompt of an application.
#[test]
fn operators_ask_the_examples_what_is_parked() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("fines.db");
    assert!(fines(&small_log(), &database).status.success());
    let ask = |name: &str, words: &[&str]| {
        let database = folder.path().join(format!("{name}.db"));
        let output = example(name).arg("--database").arg(database).args(words).output().unwrap();
        (text(&output.stdout), text(&output.stderr), output.status.code())
    };
    for name in ["fines", "freight"] {
        let listed = ask(name, &["outbox", "list", "--json"]);
        assert_eq!(listed, ("{\"items\":[],\"more\":false}\n".to_owned(), String::new(), Some(0)));
        let (said, _, code) = ask(name, &["outbox", "retry", "7"]);
        assert_eq!((&*said, code), ("", Some(3)));
        let (_, complained, code) = ask(name, &["outbox", "drop", "--all"]);
        assert!(complained.contains("add `--yes`") && code == Some(2), "{complained}");
        assert!(ask(name, &["parked", "--help"]).0.contains("parked retry"));
    }
    let (status, _, _) = ask("fines", &["outbox", "status"]);
    assert!(status.starts_with("9 events pending, the first for "), "{status}");
}

/// F40: what a service manager sends.
#[cfg(unix)]
#[test]
fn freight_ends_in_order_when_it_is_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = example("freight")
        .arg("--database")
        .arg(folder.path().join("freight.db"))
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("curl ")));
    let asked = Command::new("kill").arg("-TERM").arg(server.id().to_string()).status().unwrap();
    assert!(asked.success());
    assert!(lines.any(|line| line.starts_with("stopping")));
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

#[test]
fn malformed_rows_are_named_by_line_and_nothing_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.csv");
    let good = std::fs::read_to_string(small_log()).unwrap();
    let mut lines: Vec<String> = good.lines().map(str::to_owned).collect();
    lines[2] = lines[2].replace("Send Fine", "Sent Fine");
    lines[4] = lines[4].replace("80.0", "eighty");
    lines[5] = lines[5].replace("2020-05-01", "2020-05-32");
    lines[7] = "30.0,7.0".to_owned();
    std::fs::write(&log, lines.join("\n")).unwrap();
    let database = folder.path().join("fines.db");
    let output = fines(&log, &database);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    for part in [
        "line 3: `concept:name` is `Sent Fine`",
        "line 5: `amount` is `eighty`",
        "line 6: `time:timestamp`",
        "line: 8",
    ] {
        assert!(errors.contains(part), "no {part:?} in\n{errors}");
    }
    assert!(errors.contains("nothing was applied"));
    assert!(!database.exists());
}

#[test]
fn wrong_arguments_are_explained() {
    for (name, wrong) in [("freight", "--demon"), ("fines", "--logs")] {
        let output = example(name).arg(wrong).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("usage:"));
    }
}
