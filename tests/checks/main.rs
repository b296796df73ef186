//! What is found of whole entities and systems: one case for each mistake, with the text that its author reads, and
//! sound models about which every rule is silent.
//!
//! `UPDATE_EXPECT=1` writes the texts anew; read them as a user would before committing them.
//!
//! M05, A116, A150, A151, B96, B106, N01, N02.

mod allowed;
#[path = "../../examples/fines/domain.rs"]
mod fines;
#[path = "../../examples/freight/domain.rs"]
mod freight;
mod support;
#[path = "../../examples/domains"]
mod domains {
    pub mod bank_account;
    pub mod hotel_booking;
    pub mod insurance_claim;
    pub mod issue_tracker;
    pub mod order;
    pub mod subscription;
}

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use cohesive::check::{self, codes};
use cohesive::diagnostic::{Diagnostic, Severity};

macro_rules! cases {
    ($($case:ident),+ $(,)?) => {
        #[allow(unused, clippy::all, reason = "each case declares what a rule speaks of, and compilers speak of too")]
        mod cases {
            $(pub mod $case;)+
        }

        const CASES: &[(&str, fn() -> Vec<Diagnostic>)] = &[$((stringify!($case), cases::$case::findings)),+];
    };
}

cases! {
    allowance_without_finding, answer_parameter, answer_version, circle, conflict_of_creation, constant_invariant, dead_end, delta_event,
    effect_without_policy, endless, endless_list, guard_always, guard_never, guard_repeated,
    guards_contradict, idle_fields, irreversible_first, missing_follower, never_emitted, never_followed, same_names,
    several_at_once, two_followers, unchosen_target, unreachable_state, unused_parameter, way_never, ways_overlap,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/checks/cases")
}

fn text(findings: &[Diagnostic]) -> String {
    let texts: Vec<String> = findings.iter().map(|finding| format!("{finding}\n")).collect();
    texts.join("\n")
}

#[test]
fn a151_each_mistake_reads_as_committed() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    for (case, findings) in CASES {
        let (path, text) = (folder().join(format!("{case}.txt")), text(&findings()));
        if update {
            fs::write(&path, text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("{case} says\n\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "`UPDATE_EXPECT=1` accepts it:\n{}", wrong.join("\n"));
}

#[test]
fn every_case_is_listed() {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let found: BTreeSet<String> =
        names.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(found, CASES.iter().map(|(case, _)| (*case).to_owned()).collect());
}

/// A finding is as severe as its entry in the index says, and points at a line that exists.
#[test]
fn m05_findings_have_a_listed_code_its_severity_and_a_place() {
    for (case, findings) in CASES {
        for finding in findings() {
            let listed = codes::of(finding.code).map(|code| code.severity);
            assert_eq!(listed, Some(finding.severity), "{case}: {finding}");
            let source =
                fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(finding.file)).unwrap();
            let line = usize::try_from(finding.at.0).unwrap();
            assert!(
                source.lines().nth(line - 1).is_some_and(|line| !line.trim().is_empty()),
                "{case}: {finding}"
            );
        }
    }
}

#[test]
fn m05_findings_come_in_one_order() {
    for (case, findings) in CASES {
        assert_eq!(findings(), findings(), "{case}");
        assert!(findings().is_sorted_by_key(|finding| (finding.file, finding.at.0, finding.code)), "{case}");
    }
}

/// A150: five mistakes are five findings with their codes, as text and as JSON, and the test fails.
#[test]
fn a150_several_mistakes_are_found_at_once() {
    let findings = cases::several_at_once::findings();
    let codes: BTreeSet<&str> = findings.iter().map(|finding| finding.code).collect();
    assert!(codes.len() >= 5, "{codes:?}");
    let json: serde_json::Value = serde_json::from_str(&check::json(&findings)).unwrap();
    for (entry, finding) in json.as_array().unwrap().iter().zip(&findings) {
        assert_eq!(entry["code"], finding.code);
        assert_eq!(entry["severity"], finding.severity.word());
        assert_eq!(entry["message"], finding.message);
        assert_eq!(entry["file"], finding.file);
        assert_eq!(entry["line"], finding.at.0);
        assert_eq!(entry["notes"].as_array().unwrap().len(), finding.notes.len());
        assert_eq!(entry["help"].as_str(), finding.help.as_deref());
    }
    assert!(check::sound(findings.clone()).is_err());
    assert!(
        check::sound(findings.into_iter().filter(|finding| finding.severity == Severity::Hint).collect())
            .is_ok()
    );
}

/// It fails when it is asked to: what a user's failing test does.
#[test]
fn trial_of_a_broken_model() -> Result<(), check::Unsound> {
    if std::env::var_os("COHESIVE_TRIAL").is_none() {
        return Ok(());
    }
    check::sound(cases::several_at_once::findings())
}

#[test]
fn a150_a_broken_model_prints_its_codes_and_fails() {
    let trial = |format: &str| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let command = command.args(["--exact", "trial_of_a_broken_model", "--nocapture"]);
        command.env("COHESIVE_TRIAL", "1").env("COHESIVE_CHECK", format).output().unwrap()
    };
    let (plain, json) = (trial("text"), trial("json"));
    for output in [&plain, &json] {
        assert!(!output.status.success());
        let text = String::from_utf8_lossy(&output.stderr);
        for finding in cases::several_at_once::findings() {
            assert!(text.contains(&finding.to_string()), "{finding}\n\nis not in\n\n{text}");
        }
    }
    let expected = check::json(&cases::several_at_once::findings());
    let printed =
        |output: &Output| String::from_utf8_lossy(&output.stdout).lines().any(|line| line == expected);
    assert!(printed(&json) && !printed(&plain));
}

/// The codes of what a case finds, each once.
fn codes_of(case: &str) -> BTreeSet<&'static str> {
    let (_, findings) = CASES.iter().find(|(name, _)| *name == case).unwrap();
    findings().iter().map(|finding| finding.code).collect()
}

#[test]
fn n01_a_lifecycle_has_states_edges_a_start_and_ends() {
    use cohesive::kernel::Entity;
    let (_, states) = freight::Tender::MODEL.structure.lifecycle().unwrap();
    let ends: Vec<&str> =
        states.variants.iter().filter(|state| state.terminal).map(|state| state.name).collect();
    assert_eq!((states.initial().unwrap().name, ends), ("Pending", vec!["Accepted", "Expired"]));
    let edges = freight::Tender::MODEL.transitions.iter().filter_map(|transition| transition.edge);
    let edges: Vec<_> = edges.map(|edge| (edge.from, edge.to)).collect();
    let to = cohesive::model::Target::State;
    assert_eq!(edges, [(&["Pending"][..], to("Accepted")), (&["Pending"][..], to("Expired"))]);
}

#[test]
fn n02_states_that_nothing_leads_to_or_out_of_are_found() {
    assert_eq!(codes_of("unreachable_state"), ["COH0702"].into());
    assert_eq!(codes_of("dead_end"), ["COH0703"].into());
    assert_eq!(codes_of("endless"), ["COH0704"].into());
}

#[test]
fn a116_an_event_that_tells_a_change_and_no_value_is_found() {
    assert_eq!(codes_of("delta_event"), ["COH0308"].into());
}

#[test]
fn b96_what_cannot_be_taken_back_comes_last() {
    assert_eq!(codes_of("irreversible_first"), ["COH0307"].into());
    assert!(codes_of("effect_without_policy").contains("COH0306"));
}

#[test]
fn b106_events_that_go_in_a_circle_are_found_with_their_path() {
    let findings = cases::circle::findings();
    assert_eq!(codes_of("circle"), ["COH0312"].into());
    assert!(findings[0].notes[0].starts_with("`Order::close` → `OrderClosed` → `Stock::take` → "));
}

/// What a node serves is checked as it is composed.
#[cfg(feature = "engine")]
#[test]
fn a150_a_served_system_is_checked_as_a_whole() {
    use cases::same_names::{Order, purchases::Purchase};
    let shop = cohesive::node::System::new("shop").entity::<Order>().entity::<Purchase>();
    assert_eq!(shop.check(), cases::same_names::findings());
}

/// Sound models: every rule is silent about them, but for what their authors allow in writing.
mod sound {
    use super::{domains, fines, freight};

    cohesive::check!(fines::Fine);
    cohesive::check!(
        domains: [
            domains::bank_account::Account,
            domains::hotel_booking::Booking,
            domains::insurance_claim::Claim,
            domains::issue_tracker::Issue,
            domains::order::Order,
            domains::subscription::Subscription,
        ],
    );
    cohesive::check!(
        freight: [freight::Tender, freight::Shipment],
        events: [freight::TenderAccepted, freight::ShipmentBooked, freight::ShipmentDelivered],
        effects: [freight::Emit990Accept],
    );
}
