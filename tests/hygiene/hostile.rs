//! Nothing of the standard library has its name here, and every name that generated code might use means something
//! else.

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
