//! Writes a copy of a domain for each planted fault, and one without any.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

include!("table.rs");

fn main() {
    let examples = PathBuf::from(env("CARGO_MANIFEST_DIR")).join("../../examples");
    let out = PathBuf::from(env("OUT_DIR"));
    println!("cargo::rerun-if-changed=table.rs");
    let mut index = String::new();
    let mut calls = String::new();
    for (file, entity, events) in DOMAINS {
        let text = source(&examples, file);
        let name = format!("whole_{}", file.replace(['/', '.'], "_"));
        add(&out, &mut index, &name, &text);
        let _ = writeln!(calls, "    (\"{file}\", None, outcome::<{name}::{entity}, {name}::{events}>),");
    }
    for (number, Mutant { file, from, to, .. }) in MUTANTS.iter().enumerate() {
        let text = source(&examples, file);
        assert_eq!(text.matches(from).count(), 1, "mutant {number}: `{from}` stands once in {file}");
        let name = format!("mutant_{number}");
        add(&out, &mut index, &name, &text.replacen(from, to, 1));
        let Some((_, entity, events)) = DOMAINS.iter().find(|(known, _, _)| known == file) else { continue };
        let _ = writeln!(
            calls,
            "    (\"{file}\", Some({number}), outcome::<{name}::{entity}, {name}::{events}>),"
        );
    }
    let _ = write!(
        index,
        "/// Every domain and every mutant, with how to examine it.\npub const ALL: &[Subject] = &[\n{calls}];\n"
    );
    fs::write(out.join("mutants.rs"), index).expect("the folder is writable");
}

fn env(name: &str) -> String {
    std::env::var(name).expect("cargo sets it")
}

fn source(examples: &Path, file: &str) -> String {
    let path = examples.join(file);
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

/// One module in a file of its own, so that its inner documentation may stay.
fn add(out: &Path, index: &mut String, name: &str, text: &str) {
    let path = out.join(format!("{name}.rs"));
    fs::write(&path, text).expect("the folder is writable");
    // A fault may be one that a lint would find too; here the tests have to.
    let _ = writeln!(
        index,
        "#[allow(clippy::all, clippy::pedantic, reason = \"faults are planted here\")]\n#[path = {:?}]\nmod {name};",
        path.display().to_string()
    );
}
