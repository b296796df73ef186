//! What generated code implements. Nobody implements these by hand.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::decision::{Draft, Refusal, Rejection, Stop, Unobserved};
use super::handle::{Handle, HandlerVisitor};
use super::inputs::InputVisitor;
use super::{Constant, Context, EffectSet};
use crate::model;
use crate::value::{Datum, EntityId, Flaw, Value};

/// What an entity is made of. Implemented by `#[entity]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "this type has no `#[entity]` attribute",
    note = "add `#[entity]` to the struct `{Self}`"
)]
pub trait Structure:
    Sized + Clone + PartialEq + Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The fields, as data.
    const STRUCTURE: &'static model::Structure;

    /// The entity's name. It stands apart from the structure, so that two entities can refer to each other.
    const NAME: &'static str;

    /// The type that identifies the entity.
    type Id: EntityId;

    /// The lifecycle states; [`NoLifecycle`] when the entity has none.
    type Status: LifecycleState;

    /// Some of the fields: what a transition changed, or what was loaded.
    type Patch: Default + Clone + PartialEq + Debug + Send + Sync + 'static;

    /// References to some or all of the fields.
    type View<'a>: Copy;

    /// The id.
    fn id(&self) -> &Self::Id;

    /// The id within `patch`, if it has one.
    fn id_of(patch: &Self::Patch) -> Option<&Self::Id>;

    /// All fields, by reference.
    fn view(&self) -> Self::View<'_>;

    /// The same references for a shorter time.
    fn narrow<'short, 'long: 'short>(view: Self::View<'long>) -> Self::View<'short>;

    /// The fields of `view`, but where `patch` has one, that of `patch`.
    fn overlay<'a>(view: Self::View<'a>, patch: &'a Self::Patch) -> Self::View<'a>;

    /// The fields of `patch`, by reference.
    fn observe(patch: &Self::Patch) -> Self::View<'_>;

    /// The lifecycle state within `view`; `None` when the entity has no lifecycle or it was not observed.
    fn status(view: Self::View<'_>) -> Option<&Self::Status>;

    /// Records a movement of the lifecycle.
    fn set_status(patch: &mut Self::Patch, status: Self::Status);

    /// Fills defaults and the initial state where a creation left them out.
    ///
    /// # Errors
    /// When a default cannot be calculated.
    fn fill(patch: &mut Self::Patch) -> Result<(), super::arithmetic::Arithmetic>;

    /// Calculates the computed fields of `view` into `patch`.
    ///
    /// # Errors
    /// When a field that is needed was not observed, or a calculation has no result.
    fn compute(view: Self::View<'_>) -> Result<Self::Patch, Stop<Refusal>>;

    /// The first write-once field that `patch` sets although `view` already has a value for it.
    fn sealed(view: Self::View<'_>, patch: &Self::Patch) -> Option<&'static str>;

    /// Takes out of `patch` what is equal to `view`.
    fn trim(view: Self::View<'_>, patch: &mut Self::Patch);

    /// All fields, as a patch.
    fn whole(&self) -> Self::Patch;

    /// Whether every field that `patch` has can be stored: the first that cannot, and why.
    fn check(patch: &Self::Patch) -> Option<(&'static str, Flaw)>;

    /// Puts the fields that `later` has into `patch`.
    fn merge(patch: &mut Self::Patch, later: Self::Patch);

    /// Joins the mergeable fields that `later` has into `patch`, which starts from `view`.
    fn join(_view: Self::View<'_>, _patch: &mut Self::Patch, _later: Self::Patch) {}

    /// The versions of the fields within `view`; `None` when the entity does not keep them or they were not observed.
    fn field_versions(_view: Self::View<'_>) -> Option<&super::FieldVersions> {
        None
    }

    /// Records the versions of the fields.
    fn set_field_versions(_patch: &mut Self::Patch, _versions: super::FieldVersions) {}

    /// Shows the constants that defaults, computed fields and constraints name, by the path that the code writes.
    fn field_constants(_show: &mut dyn FnMut(&'static str, Option<Constant>)) {}

    /// The first constraint that a field of `patch` does not keep, on the state `view`.
    ///
    /// # Errors
    /// The refusal, or what kept a constraint from being checked.
    fn constrained(_view: Self::View<'_>, _patch: &Self::Patch) -> Result<(), Stop<Refusal>> {
        Ok(())
    }

    /// The entity whose fields `patch` has.
    ///
    /// # Errors
    /// The name of the first required field that is missing.
    fn complete(patch: Self::Patch) -> Result<Self, &'static str>;

    /// Shows the columns that `patch` has, by index, in order.
    ///
    /// # Errors
    /// The index of a field that has no stored form, and why.
    fn encode<'a>(
        patch: &'a Self::Patch,
        show: &mut dyn FnMut(usize, Datum<'a>),
    ) -> Result<(), (usize, Flaw)>;

    /// Reads one column into `patch`.
    ///
    /// # Errors
    /// When the stored form does not fit the field.
    fn decode(patch: &mut Self::Patch, column: usize, datum: Datum<'_>) -> Result<(), Flaw>;
}

/// An entity, whole. Implemented by `#[transitions]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no transitions",
    label = "nothing can happen to this entity yet",
    note = "add `#[transitions] impl {Self} {{ … }}` with at least one `#[create]`"
)]
pub trait Entity: Structure {
    /// The whole model, as data.
    const MODEL: &'static model::Entity;

    /// Checks every invariant, in order.
    ///
    /// # Errors
    /// The first invariant that does not hold, or what kept it from being checked.
    fn invariants(view: Self::View<'_>) -> Result<(), Stop<Refusal>>;

    /// Shows the constants that transitions and invariants name, by the path that the code writes.
    fn body_constants(_show: &mut dyn FnMut(&'static str, Option<Constant>)) {}

    /// Names every input type, in the order of [`model::Entity::transitions`].
    fn inputs(visitor: &mut impl InputVisitor<Self>);
}

/// The states of a lifecycle. Implemented by `#[derive(Lifecycle)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a lifecycle",
    label = "the `#[lifecycle]` field needs an enumeration of states",
    note = "add `#[derive(cohesive::Lifecycle)]` to the enum `{Self}` and mark one variant `#[initial]`"
)]
pub trait LifecycleState: Value + Copy + Eq + Debug {
    /// The states, as data.
    const STATES: &'static model::EnumType;

    /// The state in which an entity starts.
    const INITIAL: Self;

    /// The name of this state on the wire.
    fn name(self) -> &'static str;
}

/// The lifecycle of an entity that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoLifecycle;

impl Value for NoLifecycle {
    const TYPE: model::Type = model::Type::Enum(Self::STATES);

    fn encode(&self) -> Result<Datum<'_>, Flaw> {
        Ok(Datum::Null)
    }

    fn decode(_: Datum<'_>) -> Result<Self, Flaw> {
        Ok(Self)
    }

    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }
}

impl LifecycleState for NoLifecycle {
    const STATES: &'static model::EnumType =
        &model::EnumType { name: "NoLifecycle", docs: "", file: file!(), variants: &[], lifecycle: true };
    const INITIAL: Self = Self;

    fn name(self) -> &'static str {
        ""
    }
}

/// What a caller supplies to a transition. Implemented by `#[transitions]`, one type per transition.
pub trait Input: Clone + PartialEq + Debug + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The entity it is about.
    type Entity: Entity;

    /// Why it may be refused.
    type Rejection: Rejection + Clone + PartialEq + Debug + Send + Sync + 'static;

    /// What it may produce.
    type Effects: EffectSet;

    /// The transition, as data.
    const TRANSITION: &'static model::Transition;

    /// Whether every value can be stored.
    ///
    /// # Errors
    /// The name of the first parameter that cannot, and why.
    fn check(&self) -> Result<(), (&'static str, Flaw)>;

    /// The identity that the source of a fact gives it; `None` for a command.
    fn external_id(&self) -> Option<String> {
        None
    }

    /// When it happened: now, for a command; for a fact what its source says, and `None` where it does not say.
    fn occurred_at(&self, context: &Context) -> Option<crate::value::Timestamp> {
        Some(context.now())
    }
}

/// An input that changes an entity.
pub trait Update: Input {
    /// The states it may start from; empty when it may happen in any state.
    const FROM: &'static [<Self::Entity as Structure>::Status];

    /// The state it ends in, where the model and not the body says so.
    const TO: Option<<Self::Entity as Structure>::Status>;

    /// The states the body may end in, where it chooses; empty when it does not.
    const CHOICES: &'static [<Self::Entity as Structure>::Status];

    /// The rejection for an entity in another state than those of [`Update::FROM`].
    fn wrong_state(state: <Self::Entity as Structure>::Status) -> Self::Rejection;

    /// Guards and body.
    ///
    /// # Errors
    /// The refusal, or a field that was not observed.
    fn run(
        &self,
        state: <Self::Entity as Structure>::View<'_>,
        context: &Context,
        draft: &mut Draft<Self>,
    ) -> Result<(), Stop<Self::Rejection>>;
}

/// An input that creates an entity.
pub trait Create: Input {
    /// Guards and body. The draft's patch holds the new entity's fields afterwards.
    ///
    /// # Errors
    /// The refusal.
    fn run(&self, context: &Context, draft: &mut Draft<Self>) -> Result<(), Stop<Self::Rejection>>;
}

/// What an event or an effect request says. Implemented by `#[event]` and `#[effect]`.
pub trait Payload: Debug + Send + Sync {
    /// The message, as data.
    fn message(&self) -> &'static model::Message;

    /// The payload as JSON text.
    ///
    /// # Errors
    /// When the payload cannot be written as JSON.
    fn json(&self) -> Result<String, Flaw>;

    /// Whether every value can be stored.
    ///
    /// # Errors
    /// The name of the first member that cannot, and why.
    fn check(&self) -> Result<(), (&'static str, Flaw)>;

    /// JSON text of a payload of this type, read and written again.
    ///
    /// # Errors
    /// When the text cannot be read as one.
    #[doc(hidden)]
    fn reread(&self, json: &str) -> Result<String, Flaw>;
}

/// Something that happened. Implemented by `#[event]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "only events can be emitted and followed",
    note = "add `#[event]` to the struct `{Self}`"
)]
pub trait Event: Payload + Clone + PartialEq + Serialize + DeserializeOwned + 'static {
    /// The event, as data.
    const MESSAGE: &'static model::Message;

    /// The event, as one of any payloads.
    #[doc(hidden)]
    fn as_payload(&self) -> &(dyn Payload + 'static) {
        self
    }
}

/// Several events, as an enum declares them. Implemented by `#[event]` on an enum.
pub trait Events {
    /// The events, as data, in the order they were written.
    const EVENTS: &'static [&'static model::Message];
}

/// Something to be done outside. Implemented by `#[effect]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an effect",
    label = "only effects can be requested",
    note = "add `#[effect(reply = …)]` to the struct `{Self}`"
)]
pub trait Effect: Payload + Clone + PartialEq + Serialize + DeserializeOwned + 'static {
    /// The effect, as data.
    const MESSAGE: &'static model::Message;

    /// What the one who performs it answers.
    type Reply: Reply;

    /// The effect, as one of any payloads.
    #[doc(hidden)]
    fn as_payload(&self) -> &(dyn Payload + 'static) {
        self
    }

    /// Shows the effect to one who wants to know its handler.
    #[doc(hidden)]
    fn show_to<H: Handle<Self>>(visitor: &mut impl HandlerVisitor<H>) {
        visitor.effect::<Self>();
    }
}

/// What one who performs an effect can answer: any [`Value`] that JSON can carry, or [`Nothing`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the reply of an effect",
    label = "not a value",
    note = "for an effect that has nothing to answer, write `reply = Nothing`"
)]
pub trait Reply: Clone + PartialEq + Debug + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The type of the reply; `None` when there is nothing to say but "done".
    const REPLY: Option<model::Type>;
}

impl<T: Value + Debug + Serialize + DeserializeOwned> Reply for T {
    const REPLY: Option<model::Type> = Some(T::TYPE);
}

impl Reply for Nothing {
    const REPLY: Option<model::Type> = None;
}

/// The reply of an effect that has nothing to say but "done". JSON form: `null`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Nothing;

impl Serialize for Nothing {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de> serde::Deserialize<'de> for Nothing {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <()>::deserialize(deserializer).map(|()| Self)
    }
}

/// The field behind an observation.
///
/// # Errors
/// When it was not observed.
#[inline]
pub const fn observed<'a, T>(field: Option<&'a T>, name: &'static str) -> Result<&'a T, Unobserved> {
    match field {
        Some(value) => Ok(value),
        None => Err(Unobserved(name)),
    }
}
