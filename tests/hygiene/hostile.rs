//! Nothing of the standard library has its name here, and every name that generated code might use means something
//! else.

#![allow(
    dead_code,
    unused_macros,
    clippy::upper_case_acronyms,
    reason = "hostile names are there to be in the way"
)]

mod core {}
mod std {}
mod alloc {}
mod serde {}
mod cohesive {}
mod __private {}
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
struct Effects;
struct Refusal;
struct Names;
struct READS;
struct WRITES;
trait Copy {}
trait Debug {}
trait Default {}
trait Ord {}
trait Iterator {}
trait Send {}
trait Sync {}
trait FnMut {}
trait Structure {}
trait Entity {}
trait Input {}
trait Update {}
trait Event {}
trait Effect {}
trait Handle {}
trait Requests {}
trait CreatedBy {}
trait UpdatedBy {}
trait InputVisitor {}
struct CohesiveHandler;
macro_rules! hostile {
    ($($name:ident)*) => { $(macro_rules! $name { () => {}; })* };
}
hostile! { matches panic assert line file format vec stringify unreachable compile_error write concat }

/// Everything has these methods, and none of them does what generated code wants.
macro_rules! everything_has {
    ($($name:ident: $($method:ident)*,)*) => {
        $(
            #[allow(clippy::all, clippy::pedantic, clippy::nursery, reason = "the names are what is tried")]
            trait $name {
                $(fn $method(&self) {})*
            }
            impl<T: ?::core::marker::Sized> $name for T {}
        )*
    };
}

/// The same, for values, which come before all methods that borrow.
macro_rules! every_value_has {
    ($name:ident: $($method:ident)*) => {
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, reason = "the names are what is tried")]
        trait $name: ::core::marker::Sized {
            $(fn $method(self) {})*
        }
        impl<T> $name for T {}
    };
}

everything_has! {
    Clone: clone clone_from to_owned to_string,
    PartialEq: eq ne partial_cmp cmp hash,
    Eq: fmt finish field write_str debug_struct debug_tuple,
    From: from from_str parse new default,
    Into: into as_ref as_mut borrow as_str as_payload,
    Encode: encode decode check serialize deserialize position wire read write datum from_datum,
    Kernel: run name class model structure id view observe overlay narrow trim whole merge fill seal complete,
    Options: is_some is_none map map_err or or_else ok_or unwrap_or get_or_insert_with take iter any push record,
}

every_value_has! {
    Values: clone into from encode decode check name view id observe overlay run map map_err or or_else eq cmp fmt
        write_str as_payload serialize deserialize position wire create update created_by updated_by follow inputs
        handle handlers effect show_to
}

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

/// Somebody looked for a parcel.
#[::cohesive::event]
pub struct ParcelSought {
    /// The parcel.
    pub event: ParcelId,
    /// Whether it was found.
    pub visitor: bool,
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
    #[transition(Packed | Sent => Sent)]
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
    #[consumes(ParcelSought { event: id, visitor: found })]
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
