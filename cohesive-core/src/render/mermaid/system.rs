//! Several entities and what they have to do with each other, as a flow chart.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escaped;
use crate::model::{Entity, Message, Role};

/// Several entities as a flow chart: which events and effects each produces (solid), where these go (solid), where
/// replies and failures of effects go and which entities refer to which (dotted).
///
/// Entities that are mentioned and not listed are marked as living elsewhere.
#[must_use]
pub fn system_diagram(entities: &[&Entity]) -> String {
    let mut chart = Chart::default();
    for entity in entities {
        chart.node("entity", entity.name(), "[\"", "\"]");
    }
    for entity in entities {
        for message in entity.messages {
            chart.produced(entity, message);
        }
    }
    for entity in entities {
        chart.consumed(entity);
    }
    for entity in entities {
        for field in entity.structure.fields {
            if let Some(other) = field.references {
                let (from, to) = (chart.entity(entity.name()), chart.entity(other));
                chart.edge(&from, "-.->", field.name, &to);
            }
        }
    }
    chart.text()
}

#[derive(Default)]
struct Chart {
    /// Ids by kind and name.
    ids: BTreeMap<(&'static str, String), String>,
    nodes: String,
    edges: String,
}

impl Chart {
    /// The node of a thing, drawn when it is first mentioned.
    fn node(&mut self, kind: &'static str, name: &str, open: &str, close: &str) -> String {
        let key = (kind, name.to_owned());
        if let Some(id) = self.ids.get(&key) {
            return id.clone();
        }
        let plain: String =
            name.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '_' }).collect();
        let mut id = format!("{kind}_{plain}");
        while self.ids.values().any(|known| *known == id) {
            id.push('x');
        }
        let words = escaped(name);
        // Writing to a string cannot fail.
        let _ = writeln!(self.nodes, "    {id}{open}{words}{close}");
        self.ids.insert(key, id.clone());
        id
    }

    fn entity(&mut self, name: &str) -> String {
        self.node("entity", name, "[\"", " (elsewhere)\"]")
    }

    fn message(&mut self, message: &Message) -> String {
        match message.role {
            Role::Event => self.event(message.name),
            Role::Request { .. } => self.node("effect", message.name, "{{\"", "\"}}"),
        }
    }

    fn event(&mut self, name: &str) -> String {
        self.node("event", name, "([\"", "\"])")
    }

    fn edge(&mut self, from: &str, arrow: &str, label: &str, to: &str) {
        let _ = writeln!(self.edges, "    {from} {arrow}|\"{}\"| {to}", escaped(label));
    }

    fn produced(&mut self, entity: &Entity, message: &Message) {
        let transitions = entity.transitions.iter().filter(|transition| match message.role {
            Role::Event => transition.emits.contains(&message.name),
            Role::Request { .. } => transition.requests.contains(&message.name),
        });
        let names: Vec<_> = transitions.map(|transition| transition.name).collect();
        let (from, to) = (self.entity(entity.name()), self.message(message));
        self.edge(&from, "-->", &names.join(", "), &to);
        if let Role::Request { policy, .. } = message.role {
            for (word, target) in [("then", policy.then), ("otherwise", policy.otherwise)] {
                let Some((entity, transition)) = target.and_then(|target| target.rsplit_once("::")) else {
                    continue;
                };
                let entity = self.entity(entity);
                self.edge(&to, "-.->", &format!("{word} {transition}"), &entity);
            }
        }
    }

    fn consumed(&mut self, entity: &Entity) {
        for transition in entity.transitions {
            if let Some(consumption) = transition.consumes {
                let from = self.event(consumption.event);
                let to = self.entity(entity.name());
                self.edge(&from, "-->", transition.name, &to);
            }
        }
    }

    fn text(self) -> String {
        format!("flowchart LR\n{}{}", self.nodes, self.edges)
    }
}

#[cfg(test)]
mod tests {
    use super::system_diagram;
    use crate::model::{
        At, Consumption, Entity, Field, Kind, Message, Policy, Role, Structure, Transition, Type,
    };

    const STRUCTURE: Structure = Structure {
        name: "Parcel",
        table: "parcel",
        plural: "parcels",
        docs: "",
        file: "",
        fields: &[Field { references: Some("Sender"), ..Field::new("sender_id", Type::Text, At(0)) }],
        allowances: &[],
        at: At(0),
    };
    const UPDATE: Transition = Transition::new("move", "MoveParcel", Kind::Update, At(0));
    const SENT: Message = Message {
        name: "ParcelSent",
        docs: "",
        file: "",
        role: Role::Event,
        members: &[],
        allowances: &[],
        at: At(0),
    };
    const SEND: Message = Message {
        name: "SendParcel",
        role: Role::Request {
            reply: None,
            policy: Policy {
                then: Some("Parcel::move"),
                otherwise: Some("Desk::call"),
                ..Policy::UNDECLARED
            },
        },
        ..SENT
    };

    #[test]
    fn what_an_entity_has_to_do_with_others_is_drawn_once() {
        let transitions: &[Transition] = &[
            Transition { emits: &["ParcelSent"], requests: &["SendParcel"], ..UPDATE },
            Transition { emits: &["ParcelSent"], name: "resend", ..UPDATE },
            Transition {
                consumes: Some(Consumption { event: "LabelPrinted", bindings: &[], at: At(0) }),
                name: "stick",
                ..UPDATE
            },
        ];
        let entity = Entity {
            transitions: transitions.to_vec().leak(),
            messages: &[&SENT, &SEND],
            ..Entity::new(&STRUCTURE, "")
        };
        assert_eq!(
            system_diagram(&[&entity]),
            r#"flowchart LR
    entity_Parcel["Parcel"]
    event_ParcelSent(["ParcelSent"])
    effect_SendParcel{{"SendParcel"}}
    entity_Desk["Desk (elsewhere)"]
    event_LabelPrinted(["LabelPrinted"])
    entity_Sender["Sender (elsewhere)"]
    entity_Parcel -->|"move, resend"| event_ParcelSent
    entity_Parcel -->|"move"| effect_SendParcel
    effect_SendParcel -.->|"then move"| entity_Parcel
    effect_SendParcel -.->|"otherwise call"| entity_Desk
    event_LabelPrinted -->|"stick"| entity_Parcel
    entity_Parcel -.->|"sender_id"| entity_Sender
"#
        );
    }

    #[test]
    fn names_that_look_alike_in_ascii_stay_apart() {
        let named = |name| {
            let structure = Structure { name, fields: &[], ..STRUCTURE };
            Entity::new(Box::leak(Box::new(structure)), "")
        };
        let text = system_diagram(&[&named("Maß"), &named("Mañ"), &named("Ma_")]);
        assert_eq!(
            text,
            "flowchart LR\n    entity_Ma_[\"Maß\"]\n    entity_Ma_x[\"Mañ\"]\n    entity_Ma_xx[\"Ma_\"]\n"
        );
    }
}
