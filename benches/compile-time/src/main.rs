//! What the compiler takes for a domain with Cohesive, beside the same domain by hand with serde's derives.
//!
//! ```text
//! cargo run --manifest-path benches/compile-time/Cargo.toml
//!     -- --date 2026-03-01   another date than today's
//!        --quick             a small domain, a few rounds, and a failure where a ratio is far off; nothing is written then
//! ```

#![allow(clippy::disallowed_methods, reason = "measuring time is what this is for")]

mod expansion;
#[path = "../../src/measure.rs"]
#[allow(dead_code, reason = "rounds here have more than two sides")]
mod measure;
mod report;
mod subject;

use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

use measure::Pair;
use report::{Report, Row};
use subject::{Size, Subject, Workspace};

/// What a ratio may be in a quick run, clean or incremental.
///
/// Runs showed 1.4 to 2.3 here, on a machine that others used as well. Twice as much is out of reach of noise, and is what
/// this is to catch: that an expansion, or the work of the compiler on it, has come to cost double without anybody looking.
const CEILING: f64 = 4.0;

fn main() -> ExitCode {
    if let Some(code) = expansion::wrapped() {
        return code;
    }
    let (mut date, mut quick) = (None, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => quick = true,
            "--date" => date = arguments.next(),
            _ => {
                eprintln!("usage: cohesive-compile-time [--date YYYY-MM-DD] [--quick]");
                return ExitCode::from(2);
            }
        }
    }
    let done = if quick { check() } else { measure_all(date) };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Beside this program, so that a build with another target folder keeps everything there.
fn folder() -> io::Result<std::path::PathBuf> {
    let program = std::env::current_exe()?;
    let folder = program.parent().unwrap_or(Path::new(".")).join("compile-time");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Seconds of one subject, round by round.
struct Times {
    subject: Subject,
    clean: Vec<f64>,
    incremental: Vec<f64>,
}

/// Measures all subjects in turn, each round beginning with another one.
fn rounds(workspace: &mut Workspace, subjects: &[Subject], rounds: usize) -> io::Result<Vec<Times>> {
    let empty = |&subject| Times { subject, clean: Vec::new(), incremental: Vec::new() };
    let mut times: Vec<Times> = subjects.iter().map(empty).collect();
    for round in 0..rounds {
        eprintln!("round {} of {rounds}", round + 1);
        times.rotate_left(1);
        for of in &mut times {
            of.clean.push(workspace.clean(of.subject)?);
        }
        for of in &mut times {
            of.incremental.push(workspace.incremental(of.subject)?);
        }
    }
    times.sort_by_key(|of| subjects.iter().position(|subject| *subject == of.subject));
    Ok(times)
}

/// A quick run with a verdict.
fn check() -> io::Result<ExitCode> {
    let subjects = [Subject::Cohesive, Subject::Serde];
    let mut workspace =
        Workspace::write(folder()?.join("quick"), Size { entities: 10, transitions: 5 }, &subjects)?;
    workspace.warm()?;
    let times = rounds(&mut workspace, &subjects, 3)?;
    let [ours, theirs] = times.as_slice() else { return Err(io::Error::other("two subjects, two results")) };
    let mut code = ExitCode::SUCCESS;
    let cases = [
        ("clean", Pair::of(&ours.clean, &theirs.clean)),
        ("incremental", Pair::of(&ours.incremental, &theirs.incremental)),
    ];
    for (case, pair) in cases {
        let (ours, theirs, ratio) = (pair.ours.median, pair.theirs.median, pair.ratio.median);
        println!("{case}: {ours:.2} s, by hand {theirs:.2} s, ratio {ratio:.2}, at most {CEILING}");
        if ratio > CEILING {
            eprintln!("error: the compiler takes far too long for what the macros generate");
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

/// The full run, which writes its results.
fn measure_all(date: Option<String>) -> io::Result<ExitCode> {
    let subjects = [Subject::Cohesive, Subject::Serde, Subject::Schemars];
    let size = Size { entities: 50, transitions: 5 };
    let load_before = load();
    let mut workspace = Workspace::write(folder()?.join("full"), size, &subjects)?;
    eprintln!("building what the packages depend on");
    workspace.warm()?;
    let times = rounds(&mut workspace, &subjects, 5)?;
    let Some((ours, peers)) = times.split_first() else { return Err(io::Error::other("no subjects")) };
    let mut rows = Vec::new();
    for peer in peers {
        let name = peer.subject.words();
        rows.push(Row::new("clean", name, Pair::of(&ours.clean, &peer.clean)));
        rows.push(Row::new("incremental", name, Pair::of(&ours.incremental, &peer.incremental)));
    }
    let mut lines = Vec::new();
    for subject in subjects {
        lines.push((subject.words(), expansion::lines(&workspace, subject, size.transitions)?));
    }
    let report = Report {
        date: date.unwrap_or_else(|| told("date", &["-u", "+%F"])),
        machine: machine(),
        compiler: told("rustc", &["--version"]),
        load_before,
        load_after: load(),
        entities: size.entities,
        transitions: size.transitions,
        rows,
        lines,
    };
    println!("{}", report.markdown());
    report.write(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../results"))?;
    Ok(ExitCode::SUCCESS)
}

/// What a program prints, or nothing where there is no such program.
fn told(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(|_| String::new(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    format!("{cores} cores, {model}, {}", std::env::consts::OS)
}

/// The load average of the last minute.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("").to_owned()
}
