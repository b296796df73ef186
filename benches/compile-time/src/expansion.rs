//! How many lines the compiler sees.
//!
//! It is asked for them with `-Zunpretty=expanded`, which a released compiler refuses unless `RUSTC_BOOTSTRAP` is set.
//! That variable would rebuild all dependencies, so this program puts itself between cargo and the compiler, for the
//! measured packages only. Nothing that is timed is built this way.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::subject::{Size, Subject, Workspace, run};

/// Where the compiler shall write what it sees. Its presence makes this program the compiler's wrapper.
const OUTPUT: &str = "COHESIVE_EXPANSION";

/// The exit code of the compiler, when cargo has called this program in its place.
pub fn wrapped() -> Option<ExitCode> {
    let output = std::env::var_os(OUTPUT)?;
    let mut arguments = std::env::args_os().skip(1);
    let mut compiler = Command::new(arguments.next()?);
    let rest: Vec<OsString> = arguments.collect();
    // Cargo also asks for versions and settings, the latter in the name of a crate called `___`.
    let name = rest.iter().skip_while(|argument| *argument != "--crate-name").nth(1);
    if name.is_some_and(|name| name != "___") {
        compiler.env("RUSTC_BOOTSTRAP", "1").args(["-Zunpretty=expanded", "-Awarnings", "-o"]).arg(output);
    }
    let status = compiler.args(rest).status();
    Some(if status.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Lines of one entity, formatted, without empty ones.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Lines {
    /// As written, with all of its transitions.
    pub written: usize,
    /// As the compiler sees it: the entity with its id, its lifecycle, its event and one creation.
    pub entity: usize,
    /// What each transition adds to that.
    pub transition: usize,
}

/// Counts for one subject, by the difference between two sizes of one entity.
pub fn lines(measured: &Workspace, subject: Subject, transitions: usize) -> io::Result<Lines> {
    let mut counted = [0, 0];
    let mut written = 0;
    for (count, transitions) in counted.iter_mut().zip([0, transitions]) {
        let size = Size { entities: 1, transitions };
        let workspace = measured.beside(&format!("lines-{transitions}"), size, subject)?;
        let output = workspace.folder().join(format!("{}.rs", subject.package()));
        let mut check = workspace.cargo(&["check", "-p", subject.package()]);
        run(check.env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?).env(OUTPUT, &output))?;
        *count = count_formatted(workspace.folder(), &output)?;
        let source = workspace.folder().join("packages").join(subject.package()).join("src/order_00.rs");
        written = count_filled(&fs::read_to_string(source)?);
    }
    let [entity, whole] = counted;
    Ok(Lines { written, entity, transition: (whole - entity) / transitions })
}

/// Formats with rustfmt's defaults, whatever configuration lies further up.
fn count_formatted(folder: &Path, file: &Path) -> io::Result<usize> {
    let configuration = folder.join("rustfmt.toml");
    fs::write(&configuration, "")?;
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--emit", "stdout", "--config-path"]).arg(&configuration);
    let output = rustfmt.stdin(fs::File::open(file)?).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("rustfmt: {}", output.status)));
    }
    Ok(count_filled(&String::from_utf8_lossy(&output.stdout)))
}

fn count_filled(text: &str) -> usize {
    text.lines().filter(|line| !line.trim().is_empty()).count()
}
