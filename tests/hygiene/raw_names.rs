//! Keywords as names, everywhere a name can stand.

#![allow(missing_docs, non_camel_case_types, reason = "the names are what is tried")]

use cohesive::kernel::{Effect, Entity as _, Event, Payload, Structure as _};
use cohesive::prelude::*;
use cohesive::{create, decide};

#[derive(Id)]
pub struct r#ThingId(String);

#[derive(Lifecycle)]
pub enum r#State {
    #[initial]
    r#static,
    r#Open,
    #[terminal]
    r#final,
}

#[derive(Value)]
pub struct r#Record {
    pub r#in: i32,
    pub r#loop: Option<i32>,
}

#[derive(Value)]
pub enum r#Word {
    r#Yes,
    r#no,
    r#break,
}

#[entity]
pub struct r#Thing {
    #[id]
    pub r#ref: ThingId,
    #[lifecycle]
    pub r#where: State,
    #[field(index)]
    pub r#type: String,
    #[field(write_once)]
    pub r#use: Option<Word>,
    #[field(default = 1)]
    pub r#move: i32,
    #[field(computed = self.r#move + 1)]
    pub r#mod: i32,
    pub r#struct: Vec<Record>,
}

#[event]
pub struct r#ThingMoved {
    pub r#ref: ThingId,
    pub r#fn: i32,
}

#[effect(reply = Word)]
pub struct r#AskThing {
    pub r#trait: String,
}

#[transitions]
impl r#Thing {
    #[create]
    pub fn r#let(r#ref: ThingId, r#type: String) -> Self {
        Self { r#ref, r#type }
    }

    #[transition(r#static | r#Open => r#final)]
    pub fn r#move(&mut self, r#match: i32, r#enum: Record) {
        requires!(r#Forward: r#match > 0 && self.r#where != State::r#Open, "it moves forward");
        let r#as = r#match + r#enum.r#in;
        if let Some(r#loop) = r#enum.r#loop {
            self.r#use = Some(if r#loop > 0 { Word::r#no } else { Word::r#break });
        }
        self.r#move = r#as;
        self.r#struct.push(Record { r#in: r#as, r#loop: None });
        emit!(r#ThingMoved { r#ref: self.r#ref, r#fn: self.r#move });
        request!(r#AskThing { r#trait: self.r#type });
        if self.r#struct.iter().any(|r#impl| r#impl.r#in < 0) {
            reject!(r#Backward, "it moves backward");
        }
    }

    #[invariant]
    fn r#const(&self) -> bool {
        self.r#move > 0 || matches!(self.r#use, Some(Word::r#no | Word::Yes))
    }
}

#[test]
fn raw_names_are_plain_names_in_the_model() {
    let structure = Thing::STRUCTURE;
    assert_eq!((structure.name, structure.table, structure.plural), ("Thing", "thing", "things"));
    let fields: Vec<_> = structure.fields.iter().map(|field| (field.name, field.wire)).collect();
    let names = ["ref", "where", "type", "use", "move", "mod", "struct"];
    assert_eq!(fields, names.map(|name| (name, name)));
    let transition = &Thing::MODEL.transitions[1];
    assert_eq!((transition.name, transition.input), ("move", "MoveThing"));
    assert_eq!(transition.parameters.iter().map(|one| one.name).collect::<Vec<_>>(), ["match", "enum"]);
    assert_eq!((transition.guards[0].name, transition.rejections[0].name), ("Forward", "Backward"));
    assert_eq!((transition.emits, transition.requests), (["ThingMoved"].as_slice(), ["AskThing"].as_slice()));
    assert_eq!(transition.writes, ["move", "struct", "use", "where"]);
    assert_eq!(Thing::MODEL.invariants[0].name, "const");
    assert_eq!(
        (<ThingMoved as Event>::MESSAGE.name, <AskThing as Effect>::MESSAGE.name),
        ("ThingMoved", "AskThing")
    );
    // Nothing that is shown, stored or sent has `r#` in it.
    let model = cohesive::render::model_json(Thing::MODEL).to_string();
    assert!(!model.contains("r#"), "{model}");
}

#[test]
fn raw_names_decide() {
    let begin = LetThing { r#ref: "T-1".parse().unwrap(), r#type: "kind".to_owned() };
    let thing = create(&begin, &crate::context()).applied().unwrap().created().unwrap();
    assert_eq!((thing.r#move, thing.r#mod), (1, 2));
    let input = MoveThing { r#match: 2, r#enum: Record { r#in: 3, r#loop: Some(1) } };
    let text = format!("{begin:?} {input:?} {thing:?} {:?} {:?}", Thing::whole(&thing), Word::r#break);
    assert!(!text.contains("r#"), "{text}");
    let json = serde_json::to_string(&(&begin, &input, &thing)).unwrap();
    assert!(!json.contains("r#"), "{json}");
    let decision = decide(&thing, Version::INITIAL, &input, &crate::context());
    let applied = decision.applied().unwrap();
    let after = applied.after(&thing).unwrap();
    assert_eq!(
        (after.r#move, after.r#mod, after.r#use, after.r#where),
        (5, 6, Some(Word::r#no), State::r#final)
    );
    let json = |effect: &MoveThingEffect| AsRef::<dyn Payload>::as_ref(effect).json().unwrap();
    let payloads: Vec<String> = applied.effects().iter().map(json).collect();
    assert_eq!(payloads, [r#"{"ref":"T-1","fn":5}"#, r#"{"trait":"kind"}"#]);
}
