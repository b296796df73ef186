//! The lifecycle of an entity as a state diagram.

use super::escaped;
use crate::model::{Edge, Entity, EnumType, Kind, Target, Transition};

/// The lifecycle of an entity as a state diagram; `None` for an entity without a lifecycle.
///
/// An edge is labelled with its transitions, each with the event that it follows, and its guards in brackets. Where
/// a body chooses among several states, the edge leads to a choice, and from there to each of them. A transition
/// that may happen in any state is a loop at every state.
#[must_use]
pub fn lifecycle_diagram(entity: &Entity) -> Option<String> {
    let (_, states) = entity.structure.lifecycle()?;
    let mut drawing = Drawing { states, choices: Vec::new(), edges: Vec::new() };
    for transition in entity.transitions {
        drawing.transition(transition);
    }
    for state in states.variants.iter().filter(|state| state.terminal) {
        drawing.edge(&drawing.id(state.name), OUTSIDE, "");
    }
    Some(drawing.text())
}

/// Where a lifecycle begins and ends.
const OUTSIDE: &str = "[*]";

struct Drawing<'a> {
    states: &'a EnumType,
    choices: Vec<String>,
    edges: Vec<Drawn>,
}

/// An edge. Mermaid draws loops at one state over each other, so there is one edge between two nodes.
struct Drawn {
    from: String,
    to: String,
    label: String,
}

impl Drawing<'_> {
    /// The name where Mermaid takes it for a name, or a number.
    fn id(&self, name: &str) -> String {
        if is_plain(name) {
            return name.to_owned();
        }
        let index = self.states.variants.iter().position(|state| state.name == name);
        format!("state{}", index.unwrap_or(self.states.variants.len()))
    }

    fn edge(&mut self, from: &str, to: &str, label: &str) {
        match self.edges.iter_mut().find(|edge| edge.from == from && edge.to == to) {
            Some(edge) if label.is_empty() || edge.label.is_empty() => edge.label.push_str(label),
            Some(edge) => edge.label = format!("{}<br/>{label}", edge.label),
            None => {
                self.edges.push(Drawn { from: from.to_owned(), to: to.to_owned(), label: label.to_owned() });
            }
        }
    }

    fn transition(&mut self, transition: &Transition) {
        let label = label(transition);
        if transition.kind == Kind::Create {
            if let Some(initial) = self.states.initial() {
                self.edge(OUTSIDE, &self.id(initial.name), &label);
            }
            return;
        }
        let edge = transition.edge.unwrap_or(Edge { from: &[], to: Target::Same });
        let from: Vec<&str> = if edge.from.is_empty() {
            self.states.variants.iter().map(|state| state.name).collect()
        } else {
            edge.from.to_vec()
        };
        for state in from {
            let from = self.id(state);
            match edge.to {
                Target::Same => self.edge(&from, &from, &label),
                Target::State(to) => self.edge(&from, &self.id(to), &label),
                Target::OneOf { states, stay } => self.choice(&from, states, stay, &label),
            }
        }
    }

    fn choice(&mut self, from: &str, states: &[&str], stay: bool, label: &str) {
        let choice = format!("choice{}", self.choices.len());
        self.edge(from, &choice, label);
        for to in states {
            self.edge(&choice, &self.id(to), "");
        }
        if stay {
            self.edge(&choice, from, "");
        }
        self.choices.push(choice);
    }

    fn text(&self) -> String {
        let mut text = "stateDiagram-v2\n".to_owned();
        let mut line = |line: &str| {
            text.push_str("    ");
            text.push_str(line);
            text.push('\n');
        };
        for state in self.states.variants {
            let id = self.id(state.name);
            if id == state.name {
                line(&id);
            } else {
                line(&format!("state \"{}\" as {id}", escaped(state.name)));
            }
        }
        for choice in &self.choices {
            line(&format!("state {choice} <<choice>>"));
        }
        for Drawn { from, to, label } in &self.edges {
            let colon = if label.is_empty() { "" } else { " : " };
            line(&format!("{from} --> {to}{colon}{label}"));
        }
        text
    }
}

/// What is written at an edge: `hold on PartnerBlocked [Reachable, Paid]`.
fn label(transition: &Transition) -> String {
    let mut label = transition.name.to_owned();
    if let Some(consumption) = transition.consumes {
        label = format!("{label} on {}", consumption.event);
    }
    if transition.fact.is_some() {
        label.push_str(" (fact)");
    }
    let guards: Vec<_> = transition.guards.iter().map(|guard| guard.name).collect();
    if !guards.is_empty() {
        label = format!("{label} [{}]", guards.join(", "));
    }
    // These would end a label.
    label.replace([':', ';', '\n'], " ")
}

/// Words that mean something in a state diagram, in any spelling.
const WORDS: &[&str] = &[
    "accdescr",
    "acctitle",
    "as",
    "choice",
    "class",
    "classdef",
    "click",
    "default",
    "direction",
    "end",
    "fork",
    "hide",
    "href",
    "join",
    "note",
    "root",
    "scale",
    "state",
    "style",
];

/// Whether Mermaid takes a name for the id of a state. Ids that are given here start in lower case.
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !WORDS.contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::lifecycle_diagram;
    use crate::model::{
        At, Consumption, Edge, Entity, EnumType, Expr, Fact, Field, FieldRole, Guard, Kind, Literal,
        Structure, Target, Transition, Type, Variant,
    };

    const fn state(name: &'static str) -> Variant {
        Variant { name, wire: name, docs: "", initial: false, terminal: false, at: At(0) }
    }

    const STATES: EnumType = EnumType {
        name: "Status",
        docs: "",
        file: "",
        variants: &[
            Variant { initial: true, ..state("Open") },
            state("End"),
            state("Ended"),
            state("Zurück"),
            Variant { terminal: true, ..state("Note") },
        ],
        lifecycle: true,
    };
    const STRUCTURE: Structure = Structure {
        name: "Parcel",
        table: "parcel",
        plural: "parcels",
        docs: "",
        file: "",
        fields: &[Field { role: FieldRole::Lifecycle, ..Field::new("status", Type::Enum(&STATES), At(0)) }],
        allowances: &[],
        at: At(0),
    };
    const UPDATE: Transition = Transition::new("move", "MoveParcel", Kind::Update, At(0));

    fn lifecycle(transition: &Transition) -> String {
        let transitions =
            vec![Transition::new("register", "RegisterParcel", Kind::Create, At(0)), *transition];
        let entity = Entity { transitions: transitions.leak(), ..Entity::new(&STRUCTURE, "") };
        let text = lifecycle_diagram(&entity).unwrap();
        let start = "stateDiagram-v2\n    Open\n    state \"End\" as state1\n    Ended\n    \
                     state \"Zurück\" as state3\n    state \"Note\" as state4\n";
        let end = "    state4 --> [*]\n";
        let (choices, edges) = text.split_once("    [*] --> Open : register\n").unwrap();
        format!("{}{}", choices.strip_prefix(start).unwrap(), edges.strip_suffix(end).unwrap())
    }

    const fn edge(from: &'static [&'static str], to: Target) -> Transition {
        Transition { edge: Some(Edge { from, to }), ..UPDATE }
    }

    #[test]
    fn an_edge_goes_from_each_state_to_each_state() {
        assert_eq!(
            lifecycle(&edge(&["Open", "End"], Target::State("Note"))),
            "    Open --> state4 : move\n    state1 --> state4 : move\n"
        );
        assert_eq!(lifecycle(&edge(&["Ended"], Target::Same)), "    Ended --> Ended : move\n");
        assert_eq!(
            lifecycle(&edge(&["Open"], Target::OneOf { states: &["Ended", "Note"], stay: true })),
            "    state choice0 <<choice>>\n    Open --> choice0 : move\n    choice0 --> Ended\n    \
             choice0 --> state4\n    choice0 --> Open\n"
        );
        let anywhere = "    Open --> Open : move\n    state1 --> state1 : move\n    Ended --> Ended : move\n    \
                        state3 --> state3 : move\n    state4 --> state4 : move\n";
        assert_eq!(lifecycle(&UPDATE), anywhere);
    }

    #[test]
    fn a_choice_that_may_stay_leads_to_each_state_once() {
        let text = lifecycle(&edge(&["Open"], Target::OneOf { states: &["Open"], stay: true }));
        assert_eq!(text, "    state choice0 <<choice>>\n    Open --> choice0 : move\n    choice0 --> Open\n");
    }

    #[test]
    fn edges_between_two_states_are_one() {
        let transitions = vec![edge(&["Open"], Target::Same), Transition { name: "touch", ..UPDATE }];
        let entity = Entity { transitions: transitions.leak(), ..Entity::new(&STRUCTURE, "") };
        let text = lifecycle_diagram(&entity).unwrap();
        assert!(
            text.contains("    Open --> Open : move<br/>touch\n    state1 --> state1 : touch\n"),
            "{text}"
        );
    }

    #[test]
    fn a_label_says_what_it_follows_and_what_it_needs() {
        const TRUE: Expr = Expr::Literal(Literal::Bool(true));
        const fn guard(name: &'static str) -> Guard {
            Guard { name, message: "", condition: TRUE, at: At(0) }
        }
        const GUARDS: [Guard; 2] = [guard("Paid"), guard("Weighed")];
        let transition = Transition {
            guards: &GUARDS,
            consumes: Some(Consumption { event: "Paid", bindings: &[], at: At(0) }),
            fact: Some(Fact { external_id: "id", occurred_at: None }),
            ..edge(&["Open"], Target::Same)
        };
        assert_eq!(lifecycle(&transition), "    Open --> Open : move on Paid (fact) [Paid, Weighed]\n");
    }
}
