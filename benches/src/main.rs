//! Cohesive beside the same work written by hand, in one interleaved run.
//!
//! ```text
//! cargo run --release --manifest-path benches/Cargo.toml
//!     -- --date 2026-03-01   another date than today's
//!        --only decide       only the cases with this word: decide, commits, lone; nothing is written then
//!        --place /dev/shm    the databases there: in memory a sync is free, and what is left is the work itself; nothing
//!                            is written then
//! ```

#![allow(clippy::disallowed_methods, reason = "measuring time is what this is for")]
#![allow(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]

mod account;
mod allocations;
mod by_hand;
mod commits;
mod decide;
#[path = "../../examples/freight/domain.rs"]
mod domain;
mod measure;
mod report;
mod twin;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use cohesive::port::{Clock as _, SystemClock};
use cohesive::prelude::Timestamp;
use report::Report;

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

fn now() -> Timestamp {
    SystemClock.now()
}

fn main() -> ExitCode {
    let (mut date, mut only, mut elsewhere) = (None, None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), arguments.next()) {
            ("--date", Some(value)) => date = Some(value),
            ("--only", Some(value)) => only = Some(value),
            ("--place", Some(value)) => elsewhere = Some(PathBuf::from(value)),
            _ => {
                eprintln!(
                    "usage: cohesive-benches [--date YYYY-MM-DD] [--only decide|commits|lone] [--place FOLDER]"
                );
                return ExitCode::from(2);
            }
        }
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let results = here.join("results");
    // Beside the results, so that the databases lie on a disk and not in memory.
    let place = elsewhere.as_ref().unwrap_or(&results);
    if let Err(error) = std::fs::create_dir_all(place) {
        eprintln!("{}: {error}", place.display());
        return ExitCode::FAILURE;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().build().expect("a runtime");
    let wanted = |word: &str| only.as_deref().is_none_or(|only| only == word);
    let (load_before, sync) = (load(), commits::sync_time(place));
    let mut rows = Vec::new();
    if wanted("decide") {
        eprintln!("deciding");
        rows.extend(decide::run());
    }
    if wanted("commits") {
        eprintln!("committing, many callers");
        rows.extend(commits::crowd(&runtime, place));
    }
    if wanted("lone") {
        eprintln!("committing, a lone caller");
        rows.extend(commits::lone(&runtime, place));
    }
    let date = date.unwrap_or_else(|| now().to_string().chars().take(10).collect());
    let report = Report {
        date,
        machine: machine(),
        compiler: compiler(),
        load_before,
        load_after: load(),
        sync,
        rows,
    };
    println!("{}", report.markdown());
    if only.is_none()
        && elsewhere.is_none()
        && let Err(error) = report.write(&results)
    {
        eprintln!("{}: {error}", results.display());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// What one line of a file says, or nothing where there is no such file.
fn line(path: &str, of: impl Fn(&str) -> bool) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().find(|line| of(line)).unwrap_or("").to_owned()
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = line("/proc/cpuinfo", |line| line.starts_with("model name"));
    let model = model.split_once(':').map_or("unknown processor", |(_, model)| model.trim());
    let kernel = line("/proc/sys/kernel/osrelease", |_| true);
    format!("{cores} cores, {model}, {} {kernel}, SQLite {}", std::env::consts::OS, rusqlite::version())
}

fn compiler() -> String {
    let asked = Command::new("rustc").arg("--version").output();
    let told = asked.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    told.map_or_else(|| "an unknown compiler".to_owned(), |text| text.trim().to_owned())
}

/// The load average of the last minute.
fn load() -> String {
    line("/proc/loadavg", |_| true).split(' ').next().unwrap_or("").to_owned()
}
