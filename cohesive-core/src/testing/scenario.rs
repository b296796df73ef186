//! What was given, and when an input comes.

use crate::kernel::{Actor, Context, CorrelationId, Decision, Entity, Input, Version};
use crate::value::Timestamp;

use super::play::{Unfit, play};
use super::{Then, show};

/// The instant at which a scenario happens where nothing else is said: 2026-01-01T12:00:00Z.
const NOON: i64 = 1_767_268_800_000_000;

/// Scenarios of an entity: `Tender::given(tender).when(AcceptTender { … }).then_applied()`.
///
/// ```ignore
/// use cohesive::testing::Given;
///
/// Tender::given_nothing()
///     .and(OfferTender { id, expiration })
///     .at("2026-03-01T11:00:00Z")
///     .when(AcceptTender { partner_id, accepted_at })
///     .then_emits(TenderAccepted { tender_id, partner_id })
///     .then_state(|tender| assert_eq!(tender.status, TenderStatus::Accepted));
/// ```
pub trait Given: Entity {
    /// The entity is in this state.
    fn given(state: Self) -> Scenario<Self> {
        Scenario::new(Some((state, Version::INITIAL)))
    }

    /// There is no entity yet. Creations and other inputs of its past follow with [`Scenario::and`].
    fn given_nothing() -> Scenario<Self> {
        Scenario::new(None)
    }
}

impl<E: Entity> Given for E {}

/// What was before an input: a state, a clock that stands still, and who sends the input.
///
/// Nothing here is read from the machine: the same scenario gives the same decision, with the same ids, on every run.
#[derive(Debug, Clone)]
#[must_use = "a scenario goes on with `when`"]
pub struct Scenario<E> {
    pub(super) state: Option<(E, Version)>,
    pub(super) context: Context,
}

impl<E: Entity> Scenario<E> {
    fn new(state: Option<(E, Version)>) -> Self {
        let now = Timestamp::from_micros(NOON).unwrap_or_default();
        let correlation: CorrelationId = token("scenario", "a correlation id");
        Self { state, context: Context::new(now, correlation) }
    }

    /// The clock shows this instant from now on, for example `"2026-03-01T12:00:00Z"`.
    ///
    /// # Panics
    /// When the text is no instant.
    #[track_caller]
    pub fn at(mut self, instant: &str) -> Self {
        let now: Timestamp = match instant.parse() {
            Ok(now) => now,
            Err(flaw) => panic!("{flaw}"),
        };
        let expected = self.context.expected();
        let context = Context::new(now, self.context.correlation().clone());
        let context = self.context.actor().cloned().into_iter().fold(context, Context::by);
        self.context = expected.into_iter().fold(context, Context::expecting);
        self
    }

    /// This is who sends what follows.
    ///
    /// # Panics
    /// When the text cannot name an actor.
    #[track_caller]
    pub fn by(mut self, actor: &str) -> Self {
        self.context = self.context.by(token::<Actor>(actor, "an actor"));
        self
    }

    /// The state has this version.
    pub fn version(mut self, number: u64) -> Self {
        self.state = self.state.map(|(state, _)| (state, Version::new(number)));
        self
    }

    /// The next input states the version that it is based on.
    pub fn expecting(mut self, number: u64) -> Self {
        self.context = self.context.expecting(Version::new(number));
        self
    }

    /// The same scenario for the input after the next one: a version is stated once.
    pub(super) fn settled(mut self) -> Self {
        let (now, correlation) = (self.context.now(), self.context.correlation().clone());
        let actor = self.context.actor().cloned();
        self.context = Context::new(now, correlation);
        self.context = actor.into_iter().fold(self.context, Context::by);
        self
    }

    /// This has happened too.
    ///
    /// # Panics
    /// When it cannot have happened: the input is refused or unusable.
    #[track_caller]
    pub fn and<I: Input<Entity = E>>(self, input: I) -> Self {
        let then = self.when(input);
        match &then.decision {
            Decision::Applied(_) | Decision::NoChange => then.next(),
            _ => then.fail("it was given, and it cannot have happened", "  applied, or no change\n"),
        }
    }

    /// The input on which a decision is made.
    ///
    /// # Panics
    /// When the input creates an entity that exists, or changes one that does not.
    #[track_caller]
    #[must_use = "nothing is demanded of the outcome yet"]
    pub fn when<I: Input<Entity = E>>(self, input: I) -> Then<I> {
        let known = self.state.as_ref().map(|(state, version)| (state, *version));
        match play(known, &input, &self.context) {
            Ok(decision) => Then { scenario: self, input, decision },
            Err(unfit) => {
                let (name, given) = (I::TRANSITION.input, show::entity(known));
                let why = match unfit {
                    Unfit::Exists => "it creates an entity, and there is one already",
                    Unfit::Absent => "it changes an entity, and there is none yet: begin with a creation",
                    Unfit::Unlisted => "it is no input of this entity",
                };
                panic!("{name}: {why}\n\ngiven\n{given}")
            }
        }
    }
}

/// A word of the context.
#[track_caller]
fn token<T: std::str::FromStr>(text: &str, what: &str) -> T {
    let Ok(token) = text.parse() else { panic!("{text:?} cannot be {what}") };
    token
}
