//! Diagrams keep to the part of Mermaid's grammar that its own parser was seen to take, and show what there is.

use std::collections::BTreeSet;

use cohesive::model::{Entity, Kind, Target};
use cohesive::render::{lifecycle_diagram, system_diagram};

use crate::{entities, everything};

/// Whether Mermaid takes this for an id: no word of its grammar, and plain.
fn is_id(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "accdescr",
        "acctitle",
        "class",
        "classdef",
        "click",
        "default",
        "direction",
        "end",
        "graph",
        "href",
        "note",
        "scale",
        "style",
        "subgraph",
    ];
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// A text in quotes: characters that mean something are written as `#…;`.
fn is_quoted(text: &str) -> bool {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.is_some_and(|inner| {
        let mut parts = inner.split('#');
        let plain = |text: &str| !text.contains(['"', '<', '>', '&', '`', '\\', ';', '%', '\n']);
        parts.next().is_some_and(plain)
            && parts.all(|part| {
                part.split_once(';').is_some_and(|(name, rest)| {
                    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) && plain(rest)
                })
            })
    })
}

/// A state diagram, read: the states, and the edges with their labels.
struct States {
    names: Vec<String>,
    edges: Vec<(String, String, Vec<String>)>,
}

fn read_states(text: &str) -> States {
    let mut lines = text.strip_suffix('\n').unwrap().split('\n');
    assert_eq!(lines.next(), Some("stateDiagram-v2"));
    let mut ids = BTreeSet::from(["[*]".to_owned()]);
    let mut states = States { names: Vec::new(), edges: Vec::new() };
    for line in lines {
        let line = line.strip_prefix("    ").unwrap();
        if let Some((edge, label)) = line.split_once(" --> ").map(|(from, rest)| {
            let (to, label) = rest.split_once(" : ").unwrap_or((rest, ""));
            ((from, to), label)
        }) {
            assert!(ids.contains(edge.0) && ids.contains(edge.1), "{line} joins what is not declared");
            assert!(!label.contains([':', ';', '#', '"']), "{line}");
            let labels = label.split("<br/>").map(str::to_owned).collect();
            let known = states.edges.iter().any(|(from, to, _)| (from.as_str(), to.as_str()) == edge);
            assert!(!known, "{line} is drawn over another edge");
            states.edges.push((edge.0.to_owned(), edge.1.to_owned(), labels));
            continue;
        }
        let id = match line.strip_prefix("state ") {
            None => {
                states.names.push(line.to_owned());
                line
            }
            Some(rest) if rest.starts_with('"') => {
                let (name, id) = rest.rsplit_once(" as ").unwrap();
                assert!(is_quoted(name), "{line}");
                states.names.push(name.trim_matches('"').to_owned());
                id
            }
            Some(rest) => rest.strip_suffix(" <<choice>>").unwrap(),
        };
        assert!(is_id(id), "{line}");
        assert!(ids.insert(id.to_owned()), "{line} is declared twice");
    }
    states
}

// N05
#[test]
fn a_lifecycle_has_every_state_and_every_movement() {
    for entity in entities() {
        let Some((_, lifecycle)) = entity.structure.lifecycle() else {
            assert_eq!(lifecycle_diagram(entity), None);
            continue;
        };
        let text = lifecycle_diagram(entity).unwrap();
        let states = read_states(&text);
        let names: Vec<_> = lifecycle.variants.iter().map(|state| state.name).collect();
        assert_eq!(states.names, names, "{text}");
        let terminal = lifecycle.variants.iter().filter(|state| state.terminal).count();
        assert_eq!(states.edges.iter().filter(|(_, to, _)| to == "[*]").count(), terminal, "{text}");
        for transition in entity.transitions {
            let starts = match transition.edge {
                _ if transition.kind == Kind::Create => 1,
                Some(edge) if !edge.from.is_empty() => edge.from.len(),
                _ => names.len(),
            };
            let is_it = |label: &String| label.split([' ', '[']).next() == Some(transition.name);
            let drawn = states.edges.iter().filter(|(_, _, labels)| labels.iter().any(is_it)).count();
            assert_eq!(drawn, starts, "{}: {text}", transition.name);
            for guard in transition.guards {
                let labels = states.edges.iter().flat_map(|(_, _, labels)| labels).filter(|one| is_it(one));
                assert!(
                    labels.clone().count() > 0 && labels.clone().all(|one| one.contains(guard.name)),
                    "{text}"
                );
            }
        }
        let mut chosen = 0;
        for edge in entity.transitions.iter().filter_map(|transition| transition.edge) {
            if let Target::OneOf { states, stay } = edge.to {
                let ways = |from: &&str| states.len() + usize::from(stay && !states.contains(from));
                let from = if edge.from.is_empty() { &names } else { edge.from };
                chosen += from.iter().map(ways).sum::<usize>();
            }
        }
        let choices = states.edges.iter().filter(|(from, _, _)| from.starts_with("choice")).count();
        assert_eq!(choices, chosen, "{text}");
    }
}

/// A flow chart, read: the shown names by kind, and the labels of edges.
fn read_chart(text: &str) -> (BTreeSet<(String, String)>, Vec<String>) {
    let mut lines = text.strip_suffix('\n').unwrap().split('\n');
    assert_eq!(lines.next(), Some("flowchart LR"));
    let shapes = [("entity", "[", "]"), ("event", "([", "])"), ("effect", "{{", "}}")];
    let (mut ids, mut names, mut labels) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for line in lines {
        let line = line.strip_prefix("    ").unwrap();
        if let Some((from, rest)) = line.split_once(" -->|").or_else(|| line.split_once(" -.->|")) {
            let (label, to) = rest.split_once("| ").unwrap();
            assert!(ids.contains(from) && ids.contains(to), "{line} joins what is not declared");
            assert!(is_quoted(label) && label.len() > 2, "{line}");
            labels.push(label.trim_matches('"').to_owned());
            continue;
        }
        let end = line.find(['[', '(', '{']).unwrap();
        let (id, shape) = line.split_at(end);
        let (kind, open, close) = shapes.iter().find(|(kind, ..)| id.starts_with(kind)).unwrap();
        let name = shape.strip_prefix(open).and_then(|shape| shape.strip_suffix(close)).unwrap();
        assert!(is_id(id) && is_quoted(name), "{line}");
        assert!(ids.insert(id.to_owned()), "{line} is declared twice");
        names.insert(((*kind).to_owned(), name.trim_matches('"').to_owned()));
    }
    (names, labels)
}

#[test]
fn a_system_has_every_entity_and_every_message() {
    let all = entities();
    let systems: [&[&Entity]; 3] = [&all, &[&everything::ORDER], &[]];
    for system in systems {
        let text = system_diagram(system);
        let (names, labels) = read_chart(&text);
        let has = |kind: &str, name: &str| names.contains(&(kind.to_owned(), name.to_owned()));
        for entity in system {
            assert!(has("entity", entity.name()), "{text}");
            for message in entity.messages {
                let kind = if message.role.word() == "event" { "event" } else { "effect" };
                assert!(has(kind, message.name), "{text}");
            }
            for transition in entity.transitions {
                let tells = !transition.emits.is_empty() || !transition.requests.is_empty();
                let shown = labels.iter().any(|label| label.split(", ").any(|one| one == transition.name));
                assert!(!tells || shown, "{}: {text}", transition.name);
            }
        }
    }
}
