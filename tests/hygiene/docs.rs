//! Whatever the author says about a thing is in the model, in each way to say it.

use cohesive::kernel::{Effect, Entity as _, Event, Structure as _};
use cohesive::model::{Member, Type};
use cohesive::prelude::*;

/// The number of a parcel.
#[derive(Id)]
pub struct ParcelId(String);

/// Where a parcel is.
///
/// It has one way to go.
#[derive(Lifecycle)]
pub enum ParcelStatus {
    /// At the sender's.
    #[initial]
    Packed,
    #[doc = "On its way."]
    Sent,
    /** Where it belongs. */
    #[terminal]
    Delivered,
}

/// How large something is.
#[derive(Value)]
pub struct Size {
    /// From left to right.
    pub width: i32,
    #[doc = "From "]
    #[doc = "bottom to top."]
    pub height: i32,
}

/// How fast it has to be.
#[derive(Value)]
pub enum Speed {
    /// As it comes.
    Slow,
    /// At once.
    Fast,
}

/// A parcel, `tied up`.
///
/// - with a "label"
/// - with a \ string
#[entity]
pub struct Parcel {
    /// The number.
    #[id]
    pub id: ParcelId,
    #[lifecycle]
    /// Where it is.
    pub status: ParcelStatus,
    /** How large
    it is. */
    #[field(write_once)]
    pub size: Size,
    #[doc = r#"What "they" said."#]
    pub remark: Option<String>,
    #[allow(missing_docs, reason = "one field has nothing to say")]
    pub speed: Speed,
}

/// A parcel was sent.
#[event]
pub struct ParcelSent {
    /// The parcel.
    pub parcel_id: ParcelId,
}

/// Ask a driver to fetch it.
#[effect(reply = Nothing)]
pub struct FetchParcel {
    /// The parcel to be fetched.
    pub parcel_id: ParcelId,
}

#[transitions]
impl Parcel {
    /// Somebody packs a parcel.
    #[create]
    pub fn pack(id: ParcelId, #[doc = "How large it is."] size: Size, speed: Speed) -> Self {
        Self { id, size, speed }
    }

    /// A driver takes it.
    ///
    /// The driver is asked first.
    #[transition(Packed => Sent)]
    pub fn send(&mut self) {
        emit!(ParcelSent { parcel_id: self.id });
        request!(FetchParcel { parcel_id: self.id });
    }

    /// Somebody has it.
    #[transition(Sent => Delivered)]
    pub fn deliver(
        &mut self,
        /// What they said.
        remark: Option<String>,
    ) {
        self.remark = remark;
    }

    /// A parcel is as wide as something.
    #[invariant]
    fn is_there(&self) -> bool {
        self.size.width > 0
    }
}

/// The names and the texts of members.
fn members(members: &'static [Member]) -> Vec<(&'static str, &'static str)> {
    members.iter().map(|member| (member.name, member.docs)).collect()
}

#[test]
fn e01_the_words_of_the_author_are_in_the_model() {
    let structure = Parcel::STRUCTURE;
    assert_eq!(structure.docs, "A parcel, `tied up`.\n\n- with a \"label\"\n- with a \\ string");
    let fields: Vec<_> = structure.fields.iter().map(|field| (field.name, field.docs)).collect();
    let expected = [
        ("id", "The number."),
        ("status", "Where it is."),
        ("size", "How large\nit is."),
        ("remark", "What \"they\" said."),
        ("speed", ""),
    ];
    assert_eq!(fields, expected);

    let (_, states) = structure.lifecycle().unwrap();
    assert_eq!(states.docs, "Where a parcel is.\n\nIt has one way to go.");
    let states: Vec<_> = states.variants.iter().map(|state| (state.name, state.docs)).collect();
    assert_eq!(
        states,
        [("Packed", "At the sender's."), ("Sent", "On its way."), ("Delivered", "Where it belongs.")]
    );

    let types = ["size", "speed"].map(|field| structure.field(field).unwrap().ty);
    let [Type::Record(size), Type::Enum(speed)] = types else { panic!("{types:?}") };
    assert_eq!(size.docs, "How large something is.");
    assert_eq!(members(size.members), [("width", "From left to right."), ("height", "From\nbottom to top.")]);
    assert_eq!(speed.docs, "How fast it has to be.");
    assert_eq!(speed.variants.iter().map(|name| name.docs).collect::<Vec<_>>(), ["As it comes.", "At once."]);

    let (sent, fetch) = (<ParcelSent as Event>::MESSAGE, <FetchParcel as Effect>::MESSAGE);
    assert_eq!(
        (sent.docs, members(sent.members)),
        ("A parcel was sent.", vec![("parcel_id", "The parcel.")])
    );
    assert_eq!(
        (fetch.docs, members(fetch.members)),
        ("Ask a driver to fetch it.", vec![("parcel_id", "The parcel to be fetched.")])
    );

    let transitions: Vec<_> = Parcel::MODEL.transitions.iter().map(|one| (one.name, one.docs)).collect();
    let expected = [
        ("pack", "Somebody packs a parcel."),
        ("send", "A driver takes it.\n\nThe driver is asked first."),
        ("deliver", "Somebody has it."),
    ];
    assert_eq!(transitions, expected);
    let parameters = Parcel::MODEL.transitions.iter().flat_map(|one| one.parameters);
    let parameters: Vec<_> = parameters.map(|parameter| (parameter.name, parameter.docs)).collect();
    let expected = [("id", ""), ("size", "How large it is."), ("speed", ""), ("remark", "What they said.")];
    assert_eq!(parameters, expected);
    assert_eq!(Parcel::MODEL.invariants[0].docs, "A parcel is as wide as something.");
}
