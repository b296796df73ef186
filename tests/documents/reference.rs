//! References in Markdown, and all documents of a system.

use cohesive::render::{documents, entity_reference, system_reference};

use crate::{entities, everything};

// A35, N05, T33
#[test]
fn every_node_of_a_model_is_in_its_reference() {
    insta::assert_snapshot!("everything", entity_reference(&everything::ORDER));
    insta::assert_snapshot!("partner", entity_reference(&everything::PARTNER));
}

#[test]
fn a_system_shows_who_tells_whom_what() {
    let system = [&everything::ORDER, &everything::PARTNER];
    insta::assert_snapshot!("system", system_reference("Shop", "Sells things.", &system));
    // What is not listed lives elsewhere.
    insta::assert_snapshot!("half_a_system", system_reference("Orders", "", &[&everything::ORDER]));
}

// M10
#[test]
fn drawing_twice_gives_the_same_bytes() {
    let once = documents("all", "1", "", &entities());
    assert_eq!(once, documents("all", "1", "", &entities()));
    assert!(once.iter().all(|document| document.text.ends_with('\n') && !document.text.ends_with("\n\n")));
}
