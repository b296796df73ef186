//! A domain whose types have the names of the standard library, of the prelude and of the framework's own types.

#![allow(missing_docs, reason = "the names are what is tried")]
#![allow(clippy::enum_variant_names, clippy::upper_case_acronyms, reason = "the names are what is tried")]

use cohesive::kernel::{Entity as _, Structure as _};
use cohesive::{create, decide};

#[derive(cohesive::Id)]
pub struct Vec(::std::string::String);

#[derive(cohesive::Lifecycle)]
pub enum Result {
    #[initial]
    Ok,
    Err,
    Some,
    None,
    #[terminal]
    Self_,
}

#[derive(cohesive::Value)]
pub enum Option {
    Some,
    None,
    Value,
    ALL,
    CHOICES,
    TYPE,
}

#[derive(cohesive::Value)]
pub struct Box {
    pub content: Option,
    pub others: ::std::vec::Vec<Option>,
}

#[cohesive::entity]
pub struct Clone {
    #[id]
    pub id: Vec,
    #[lifecycle]
    pub status: Result,
    pub option: ::std::option::Option<Option>,
    pub boxed: Box,
    #[field(default = Option::None)]
    pub choice: Option,
}

#[cohesive::event]
pub struct String {
    pub vec: Vec,
}

#[cohesive::event]
pub struct Default {}

#[cohesive::effect(reply = Box)]
pub struct Into {
    pub content: Box,
}

#[cohesive::transitions]
impl Clone {
    #[create]
    pub fn from(id: Vec, boxed: Box) -> Self {
        emit!(Default {});
        Self { id, boxed }
    }

    #[transition(Ok | Some | None => Err)]
    pub fn eq(&mut self, option: Option) {
        requires!(None: option != Option::ALL, "none");
        requires!(Some: matches!(option, Option::Some | Option::TYPE), "some");
        self.option = Some(option);
        emit!(String { vec: self.id });
        request!(Into { content: self.boxed });
    }

    #[transition(Err => _ | Self_)]
    pub fn drop(&mut self, status: Result) {
        if status == Result::Self_ {
            self.status = Result::Self_;
        }
    }

    #[invariant]
    fn partial_eq(&self) -> bool {
        self.choice == Option::None
    }
}

#[test]
fn names_of_others_are_free() {
    let from = FromClone {
        id: "V-1".parse().unwrap(),
        boxed: Box { content: Option::Value, others: vec![Option::CHOICES] },
    };
    let made = create(&from, &crate::context()).applied().unwrap().created().unwrap();
    assert_eq!((made.status, made.choice), (Result::Ok, Option::None));
    let refused =
        decide(&made, cohesive::Version::INITIAL, &EqClone { option: Option::ALL }, &crate::context());
    assert_eq!(refused.rejection(), Some(&EqCloneRejection::None));
    let decision =
        decide(&made, cohesive::Version::INITIAL, &EqClone { option: Option::TYPE }, &crate::context());
    let applied = decision.applied().unwrap();
    assert_eq!(applied.effects().len(), 2);
    assert_eq!(applied.after(&made).unwrap().option, Some(Option::TYPE));
    assert_eq!(Clone::STRUCTURE.table, "clone");
    assert_eq!(
        Clone::MODEL.messages.iter().map(|one| one.name).collect::<std::vec::Vec<_>>(),
        ["Default", "Into", "String"]
    );
    let json = serde_json::to_string(&made).unwrap();
    assert_eq!(serde_json::from_str::<Clone>(&json).unwrap(), made);
    let _ = decide::<DropClone>;
}
