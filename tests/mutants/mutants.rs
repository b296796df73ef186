//! Planted faults in the example domains: nine of ten are found by the tests that the models write, without a line of a
//! user's.
//!
//! The table in `docs/mutants.md` is made here: `UPDATE_EXPECT=1 cargo test -p cohesive-mutants`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use cohesive::check;
use cohesive::diagnostic::Severity;
use cohesive::kernel::{Entity, Events};
use cohesive::testing::{Options, Property, Report};

include!("table.rs");
include!(concat!(env!("OUT_DIR"), "/mutants.rs"));

/// A domain, the number of the fault that was planted in it, and how to examine it.
type Subject = (&'static str, Option<usize>, fn() -> Vec<String>);

/// What is found: the properties that break, and the rules that warn.
fn outcome<E: Entity, M: Events>() -> Vec<String> {
    let report = Report::of::<E>(&Options::USUAL);
    let broken = Property::ALL.into_iter().filter(|property| report.failure(*property).is_some());
    let mut found: Vec<String> = broken.map(|property| property.sentence().to_owned()).collect();
    let warned = check::with_messages(&[E::MODEL], M::EVENTS)
        .into_iter()
        .filter(|finding| finding.severity != Severity::Hint);
    found.extend(warned.map(|finding| format!("{}: {}", finding.code, finding.message)));
    found
}

fn table(found: &BTreeMap<usize, Vec<String>>) -> String {
    let mut text = String::from(
        "<!-- Made by `UPDATE_EXPECT=1 cargo test -p cohesive-mutants`. -->\n\n# Planted faults\n\n\
         Each fault is planted in one of the six example domains. `properties!` and the rules over the model look at the\n\
         result, with no test of a user's beside them.\n\n| domain | fault | | found by |\n|---|---|---|---|\n",
    );
    for (number, mutant) in MUTANTS.iter().enumerate() {
        let by = match (found.get(&number).and_then(|found| found.first()), mutant.missed) {
            (Some(first), _) => first.replace('|', "\\|"),
            (None, reason) => format!("**missed**: {}", reason.unwrap_or("unexplained")),
        };
        let domain = mutant.file.trim_start_matches("domains/").trim_end_matches(".rs");
        let _ = writeln!(text, "| {domain} | {} | {} | {by} |", mutant.kind, mutant.what);
    }
    let caught = found.values().filter(|found| !found.is_empty()).count();
    let _ = write!(text, "\n{caught} of {} are found.\n", MUTANTS.len());
    text
}

#[test]
fn nine_of_ten_planted_faults_are_found_and_the_others_explained() {
    let mut found = BTreeMap::new();
    for (file, mutant, examine) in ALL {
        let outcome = examine();
        match mutant {
            None => assert!(outcome.is_empty(), "{file} itself is sound: {outcome:#?}"),
            Some(number) => drop(found.insert(*number, outcome)),
        }
    }
    let text = table(&found);
    println!("{text}");
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/mutants.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    for (number, mutant) in MUTANTS.iter().enumerate() {
        let missed = found.get(&number).is_none_or(Vec::is_empty);
        assert_eq!(missed, mutant.missed.is_some(), "{}: {}", mutant.file, mutant.what);
    }
    let caught = found.values().filter(|found| !found.is_empty()).count();
    assert!(MUTANTS.len() >= 20 && caught * 10 >= MUTANTS.len() * 9, "{caught} of {}", MUTANTS.len());
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "docs/mutants.md is stale");
}
