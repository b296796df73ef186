//! Every property catches the bug that is planted for it, and tells a short story of it.

use cohesive::kernel::Entity as _;
use cohesive::testing::{Options, Property, Report};

use crate::faulty::{self, Faulty};

const OPTIONS: Options =
    Options { cases: 96, unreached: &["never"], refusing: &["within_limit"], ..Options::USUAL };

fn broken<const BUG: u8>() -> Vec<Property> {
    let report = Report::of::<Faulty<BUG>>(&OPTIONS);
    Property::ALL.into_iter().filter(|property| report.failure(*property).is_some()).collect()
}

#[test]
fn an_account_without_a_bug_keeps_every_property() {
    assert_eq!(broken::<{ faulty::NONE }>(), []);
}

/// Each bug with the properties that it breaks: the one that it was planted for, and those that follow.
#[test]
fn every_property_catches_its_bug() {
    use Property::{
        Codecs, Declared, Deterministic, Facts, Invariants, Merges, Model, Names, Patch, Possible, Sparse,
        Total, Untouched,
    };
    let found = [
        ("panics", broken::<{ faulty::PANICS }>(), vec![Total]),
        ("counts", broken::<{ faulty::COUNTS }>(), vec![Deterministic, Sparse, Model]),
        ("touches", broken::<{ faulty::TOUCHES }>(), vec![Untouched, Patch]),
        ("loses a field", broken::<{ faulty::LOSES_A_FIELD }>(), vec![Patch]),
        ("keeps the same", broken::<{ faulty::KEEPS_THE_SAME }>(), vec![Patch, Model]),
        ("skips invariants", broken::<{ faulty::SKIPS_INVARIANTS }>(), vec![Invariants, Model]),
        ("skips constraints", broken::<{ faulty::SKIPS_CONSTRAINTS }>(), vec![Invariants, Model]),
        ("computes wrongly", broken::<{ faulty::COMPUTES_WRONGLY }>(), vec![Invariants, Model]),
        ("reads too little", broken::<{ faulty::READS_TOO_LITTLE }>(), vec![Sparse]),
        ("shouts", broken::<{ faulty::SHOUTS }>(), vec![Patch, Sparse, Codecs, Model]),
        ("forgets in JSON", broken::<{ faulty::FORGETS_IN_JSON }>(), vec![Codecs]),
        ("takes any name", broken::<{ faulty::TAKES_ANY_NAME }>(), vec![Names]),
        ("off by one", broken::<{ faulty::OFF_BY_ONE }>(), vec![Model]),
        ("last one wins", broken::<{ faulty::LAST_ONE_WINS }>(), vec![Merges]),
        ("adds on merge", broken::<{ faulty::ADDS_ON_MERGE }>(), vec![Merges]),
        ("writes more", broken::<{ faulty::WRITES_MORE }>(), vec![Declared]),
        ("says more", broken::<{ faulty::SAYS_MORE }>(), vec![Declared]),
        ("refuses a fact", broken::<{ faulty::REFUSES_A_FACT }>(), vec![Model, Facts]),
        ("never closes", broken::<{ faulty::NEVER_CLOSES }>(), vec![Model, Possible]),
        ("invariant panics", broken::<{ faulty::INVARIANT_PANICS }>(), vec![Total]),
    ];
    for (bug, found, expected) in &found {
        assert_eq!(found, expected, "{bug}");
    }
    let mut caught: Vec<Property> = found.iter().flat_map(|(_, found, _)| found.clone()).collect();
    caught.extend(crate::weak::broken());
    assert!(Property::ALL.iter().all(|property| caught.contains(property)), "a property without a bug");
}

/// The first story that a property tells of a bug.
fn story<const BUG: u8>(property: Property) -> String {
    let report = Report::of::<Faulty<BUG>>(&OPTIONS);
    format!("{}\n\n{}\n", property.sentence(), report.failure(property).unwrap())
}

#[test]
fn what_fails_is_told_in_few_steps() {
    insta::assert_snapshot!(
        [
            story::<{ faulty::PANICS }>(Property::Total),
            story::<{ faulty::OFF_BY_ONE }>(Property::Model),
            story::<{ faulty::LOSES_A_FIELD }>(Property::Patch),
            story::<{ faulty::SKIPS_INVARIANTS }>(Property::Invariants),
            story::<{ faulty::READS_TOO_LITTLE }>(Property::Sparse),
            story::<{ faulty::LAST_ONE_WINS }>(Property::Merges),
            story::<{ faulty::REFUSES_A_FACT }>(Property::Facts),
            story::<{ faulty::NEVER_CLOSES }>(Property::Possible),
        ]
        .join("----------------\n")
    );
}

#[test]
fn a_run_with_the_same_seed_is_the_same_run() {
    let tell = |seed| {
        let report = Report::of::<Faulty<{ faulty::OFF_BY_ONE }>>(&Options { seed, ..OPTIONS });
        (
            report.steps(),
            report.coverage(crate::account::Account::MODEL),
            report.failure(Property::Model).map(str::to_owned),
        )
    };
    assert_eq!(tell(3), tell(3));
    assert_ne!(tell(3).1, tell(4).1);
}

#[test]
fn a_transition_that_no_walk_accepts_is_a_failure_and_so_is_a_list_that_is_not_true() {
    let failure = |unreached| {
        let options = Options { cases: 64, unreached, ..Options::USUAL };
        let report = Report::of::<crate::account::Account>(&options);
        report.failure(Property::Possible).map(str::to_owned)
    };
    assert_eq!(failure(&["never"]), None);
    let forgotten = failure(&[]).unwrap();
    assert!(
        forgotten.contains("`never` was never accepted.") && forgotten.contains("`unreached = [never]`"),
        "{forgotten}"
    );
    let wrong = failure(&["never", "close", "ever"]).unwrap();
    assert!(wrong.contains("`unreached` names `close`, and it was accepted."), "{wrong}");
    assert!(wrong.contains("`unreached` names `ever`, and there is no such transition."), "{wrong}");
}
