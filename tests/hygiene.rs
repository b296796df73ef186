//! Expansions hold wherever they land: without a prelude, among hostile names, under strict lints.

#![deny(
    warnings,
    missing_docs,
    unused_qualifications,
    unreachable_pub,
    rust_2018_idioms,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
#![allow(
    clippy::derive_partial_eq_without_eq,
    reason = "whether a type of the user's has `Eq` is the user's to say"
)]
#![allow(unreachable_pub, reason = "the modules stand for files of a library")]

/// Nothing of the standard library has its name here, and every name that generated code might use means something
/// else.
#[no_implicit_prelude]
pub mod hostile {
    #![allow(dead_code, unused_macros, reason = "hostile names are there to be in the way")]

    mod core {}
    mod std {}
    mod alloc {}
    mod serde {}
    mod cohesive {}
    struct Option;
    struct Result;
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    struct String;
    struct Vec;
    struct Box;
    struct Value;
    struct Datum;
    struct Flaw;
    struct Context;
    struct Draft;
    struct Stop;
    trait Clone {}
    trait Copy {}
    trait Debug {}
    trait Default {}
    trait PartialEq {}
    trait Eq {}
    trait Ord {}
    trait From {}
    trait Into {}
    trait Iterator {}
    trait Send {}
    trait Sync {}
    trait FnMut {}
    macro_rules! hostile {
        ($($name:ident)*) => { $(macro_rules! $name { () => {}; })* };
    }
    hostile! { matches panic assert line file format vec stringify unreachable compile_error write }

    /// The id of a parcel.
    #[derive(::cohesive::Id)]
    pub struct ParcelId(::std::string::String);

    /// Where a parcel is.
    #[derive(::cohesive::Lifecycle)]
    pub enum ParcelStatus {
        /// At the sender's.
        #[initial]
        Packed,
        /// On its way.
        Sent,
        /// Come back.
        #[terminal]
        Returned,
    }

    /// A label.
    #[derive(::cohesive::Value)]
    pub struct Label {
        /// What it says.
        pub text: ::std::string::String,
    }

    /// A parcel.
    #[::cohesive::entity]
    pub struct Parcel {
        /// The id.
        #[id]
        pub id: ParcelId,
        /// Where it is.
        #[lifecycle]
        pub status: ParcelStatus,
        /// What is on it.
        pub labels: ::std::vec::Vec<Label>,
        /// What it weighs.
        #[field(write_once)]
        pub weight: i32,
        /// What it weighs with its wrapping.
        #[field(computed = self.weight + 1)]
        pub gross: i32,
        /// How often it was sent.
        #[field(default = 0)]
        pub tries: i32,
        /// A remark.
        #[field(index, wire = "note")]
        pub remark: ::std::option::Option<::std::string::String>,
    }

    /// A parcel was sent.
    #[::cohesive::event]
    pub struct ParcelSent {
        /// The parcel.
        pub parcel_id: ParcelId,
    }

    /// Ask a driver to fetch the parcel.
    #[::cohesive::effect(reply = ::cohesive::Nothing)]
    pub struct FetchParcel {
        /// The parcel.
        pub parcel_id: ParcelId,
    }

    #[::cohesive::transitions]
    impl Parcel {
        /// Somebody packs a parcel.
        #[create]
        pub fn pack(id: ParcelId, weight: i32) -> Self {
            requires!(Heavy: weight > 0, "a parcel weighs something");
            Self { id, weight }
        }

        /// It is sent.
        #[transition(Packed | Returned => Sent)]
        pub fn send(&mut self, label: Label, context: &::cohesive::Context) {
            requires!(Labelled: !label.text.is_empty(), "the label says nothing");
            let known = self.labels.iter().any(|other| other.text == label.text);
            if known {
                reject!(Known, "the label is on it already");
            }
            self.labels.push(label);
            self.tries += 1;
            self.remark = ::std::option::Option::Some(context.correlation());
            emit!(ParcelSent { parcel_id: self.id });
            request!(FetchParcel { parcel_id: self.id });
        }

        /// It comes back, or is lost.
        #[transition(Sent => _ | Returned)]
        pub fn give_back(&mut self, found: bool) {
            match found {
                true => self.status = ParcelStatus::Returned,
                false => {}
            }
        }

        /// A parcel is not lighter than nothing.
        #[invariant]
        fn weighs_something(&self) -> bool {
            self.weight > 0
        }
    }
}

/// The names that generated code gives to its own variables, given to everything.
pub mod same_names {
    use cohesive::prelude::*;

    /// The id of a case.
    #[derive(Id)]
    pub struct CaseId(String);

    /// A case.
    #[entity]
    pub struct Case {
        /// The id.
        #[id]
        pub id: CaseId,
        /// A field.
        pub state: i32,
        /// A field.
        pub draft: Option<i32>,
        /// A field.
        pub patch: Option<i32>,
        /// A field.
        pub view: Option<i32>,
        /// A field.
        pub r#type: Option<String>,
        /// A field.
        pub r#match: Option<i32>,
        /// A field.
        pub slot: Option<i32>,
    }

    /// A case was changed.
    #[event]
    pub struct CaseChanged {
        /// A member.
        pub payload: i32,
        /// A member.
        pub r#type: Option<String>,
    }

    #[transitions]
    impl Case {
        /// A creation.
        #[create]
        pub fn open(id: CaseId, state: i32) -> Self {
            let draft = state;
            emit!(CaseChanged { payload: draft, r#type: None });
            Self { id, state, draft: Some(draft) }
        }

        /// Another creation.
        #[create]
        pub fn import(id: CaseId) -> Self {
            Self { id, state: 0 }
        }

        /// An update.
        #[transition]
        pub fn change(
            &mut self,
            input: i32,
            state: i32,
            draft: i32,
            context: i32,
            view: i32,
            patch: i32,
            r#type: String,
            clock: &Context,
        ) {
            requires!(Late: clock.actor().is_none(), "there is an actor");
            let state_state = input + state;
            let payload = state_state + self.state;
            self.state = payload + draft + context;
            self.patch = Some(patch);
            self.view = Some(view);
            self.r#type = Some(r#type);
            if let Some(state) = self.draft {
                self.draft = Some(state + input);
            }
            emit!(CaseChanged { payload, r#type: self.r#type });
        }
    }
}

mod tests {
    use cohesive::kernel::Entity as _;
    use cohesive::{Context, CorrelationId, EffectSet as _, Version, create, decide};

    use super::{hostile, same_names};

    fn context() -> Context {
        Context::new("2026-01-01T00:00:00Z".parse().unwrap(), "hygiene".parse::<CorrelationId>().unwrap())
    }

    #[test]
    fn hostile_names_change_nothing() {
        let pack = hostile::PackParcel { id: "P-1".parse().unwrap(), weight: 3 };
        let parcel = create(&pack, &context()).applied().unwrap().created().unwrap();
        assert_eq!((parcel.gross, parcel.tries), (4, 0));
        let send = hostile::SendParcel { label: hostile::Label { text: "fragile".to_owned() } };
        let decision = decide(&parcel, Version::INITIAL, &send, &context());
        let applied = decision.applied().unwrap();
        assert_eq!(applied.changed(), ["status", "labels", "tries", "remark"]);
        assert_eq!(applied.effects().count(), 2);
    }

    #[test]
    fn names_of_generated_code_are_free() {
        let open = same_names::OpenCase { id: "C-1".parse().unwrap(), state: 1 };
        let case = create(&open, &context()).applied().unwrap().created().unwrap();
        let change = same_names::ChangeCase {
            input: 10,
            state: 100,
            draft: 1000,
            context: 10_000,
            view: 7,
            patch: 8,
            r#type: "kind".to_owned(),
        };
        let decision = decide(&case, Version::INITIAL, &change, &context());
        let after = decision.applied().unwrap().after(&case).unwrap();
        assert_eq!((after.state, after.draft, after.view, after.patch), (11_111, Some(11), Some(7), Some(8)));
        assert_eq!(after.r#type.as_deref(), Some("kind"));
        assert_eq!(same_names::Case::MODEL.transitions.len(), 3);
    }
}
