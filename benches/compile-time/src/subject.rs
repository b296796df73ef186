//! The packages that are measured: one domain, written in several ways.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// One way to write the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Annotated, and nothing else.
    Cohesive,
    /// Structs with serde's derives, methods by hand.
    Serde,
    /// The same, and schemas derived as well.
    Schemars,
}

/// What the templates call an entity, and the number in the body that is edited.
const ENTITY: &str = "Order00";
const EDITED: &str = "1_000_007";

impl Subject {
    /// The name of its package.
    pub fn package(self) -> &'static str {
        match self {
            Self::Cohesive => "by-cohesive",
            Self::Serde => "by-serde",
            Self::Schemars => "by-schemars",
        }
    }

    /// What it is, in the report.
    pub fn words(self) -> &'static str {
        match self {
            Self::Cohesive => "Cohesive",
            Self::Serde => "by hand, serde's derives",
            Self::Schemars => "by hand, serde's and schemars' derives",
        }
    }

    fn dependencies(self, root: &Path) -> String {
        let serde = "serde = { version = \"1\", features = [\"derive\"] }\n";
        match self {
            Self::Cohesive => {
                format!("cohesive = {{ path = \"{}\", default-features = false }}\n", root.display())
            }
            Self::Serde => serde.to_owned(),
            Self::Schemars => format!("{serde}schemars = \"1\"\n"),
        }
    }

    /// The file of one entity with so many of its transitions.
    fn entity(self, name: &str, transitions: usize, edited: u64) -> String {
        let text = match self {
            Self::Cohesive => include_str!("../templates/cohesive.rs").to_owned(),
            Self::Serde => include_str!("../templates/by_hand.rs").to_owned(),
            Self::Schemars => include_str!("../templates/by_hand.rs")
                .replace("Deserialize)]", "Deserialize, JsonSchema)]")
                .replace("use serde::", "use schemars::JsonSchema;\nuse serde::"),
        };
        let (body, tail) = text.split_once("// end\n").unwrap_or((&text, ""));
        let kept: Vec<&str> = body.split("// step\n").take(transitions + 1).collect();
        (kept.concat() + tail).replace(ENTITY, name).replace(EDITED, &edited.to_string())
    }
}

/// How large the domain is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub entities: usize,
    /// Of each entity, beside its creation: at most 5.
    pub transitions: usize,
}

/// The packages in one workspace.
pub struct Workspace {
    folder: PathBuf,
    artifacts: PathBuf,
    size: Size,
    edits: u64,
}

impl Workspace {
    /// Writes the packages. The versions of their dependencies are those of this package's lock file.
    pub fn write(folder: PathBuf, size: Size, subjects: &[Subject]) -> io::Result<Self> {
        let artifacts = folder.join("target");
        Self::write_with(folder, artifacts, size, subjects)
    }

    /// Another workspace with one package, which finds the dependencies built already.
    pub fn beside(&self, name: &str, size: Size, subject: Subject) -> io::Result<Self> {
        Self::write_with(self.folder.join(name), self.artifacts.clone(), size, &[subject])
    }

    fn write_with(folder: PathBuf, artifacts: PathBuf, size: Size, subjects: &[Subject]) -> io::Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.join("../..").canonicalize()?;
        if folder.join("packages").exists() {
            fs::remove_dir_all(folder.join("packages"))?;
        }
        for subject in subjects {
            let package = folder.join("packages").join(subject.package());
            fs::create_dir_all(package.join("src"))?;
            let manifest = format!(
                "[package]\nname = {:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n{}",
                subject.package(),
                subject.dependencies(&root)
            );
            fs::write(package.join("Cargo.toml"), manifest)?;
            let modules = (0..size.entities).map(|number| format!("pub mod order_{number:02};\n"));
            fs::write(package.join("src/lib.rs"), modules.collect::<String>())?;
            for number in 0..size.entities {
                let text = subject.entity(&format!("Order{number:02}"), size.transitions, 1);
                fs::write(package.join(format!("src/order_{number:02}.rs")), text)?;
            }
        }
        fs::write(
            folder.join("Cargo.toml"),
            "[workspace]\nmembers = [\"packages/*\"]\nresolver = \"3\"\n\n[profile.dev]\ndebug = false\n",
        )?;
        fs::copy(here.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self { folder, artifacts, size, edits: 1 })
    }

    /// Cargo in this workspace, untouched by whoever started this program.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(arguments).arg("--quiet").arg("--target-dir").arg(&self.artifacts);
        command.current_dir(&self.folder).env_remove("RUSTFLAGS").env_remove("CARGO_INCREMENTAL");
        command
    }

    /// Checks everything, so that only the packages themselves are left to be measured.
    pub fn warm(&self) -> io::Result<()> {
        run(&mut self.cargo(&["check"]))
    }

    /// Seconds to check a package of which nothing is known, with all dependencies at hand.
    pub fn clean(&self, subject: Subject) -> io::Result<f64> {
        run(&mut self.cargo(&["clean", "-p", subject.package()]))?;
        self.check(subject)
    }

    /// Seconds to check a package again after an edit in one body of one entity.
    pub fn incremental(&mut self, subject: Subject) -> io::Result<f64> {
        self.edits += 1;
        let number = self.size.entities / 2;
        let text = subject.entity(&format!("Order{number:02}"), self.size.transitions, self.edits);
        let package = self.folder.join("packages").join(subject.package());
        fs::write(package.join(format!("src/order_{number:02}.rs")), text)?;
        self.check(subject)
    }

    fn check(&self, subject: Subject) -> io::Result<f64> {
        let start = Instant::now();
        run(&mut self.cargo(&["check", "-p", subject.package()]))?;
        Ok(start.elapsed().as_secs_f64())
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Runs a command that has to succeed.
pub fn run(command: &mut Command) -> io::Result<()> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{command:?}: {status}"))) }
}
