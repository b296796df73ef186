//! Effects: what a transition asks for is performed, at least once, and the answer comes back as an input.
//!
//! A request lies in the outbox beside the state that asked for it, so it is there exactly when the transition is. An
//! [`EffectRunner`] performs requests through the same lanes, leases and fencing tokens as a relay publishes events, but
//! in a stream of its own, so that a slow effect holds back no event. What is promised:
//!
//! - A request is performed at least once, and repeats carry the same key ([`EffectCall::key`](cohesive_core::kernel::EffectCall::key)). Whoever is asked has to
//!   take a repeat for what it is; nobody else can (B49).
//! - Of one entity one effect at a time is under way, in the order in which they were asked for.
//! - An attempt is counted before it is made, bounded by the effect's `timeout`, repeated after a growing wait as long as
//!   the failure may pass and `attempts` are left (B102).
//! - The reply goes to the transition named by `then`, the final failure to the one named by `otherwise`, each applied
//!   once, by the id of the request. Nothing else changes the state (F17). Without `otherwise` the request is left for an
//!   operator, and later ones of its entity wait.
//!
//! What is not promised: that an effect happens once. A crash after it, and before that is recorded, repeats it.

#[cfg(feature = "effects-http")]
pub mod http;
mod options;
mod perform;
mod run;

use std::sync::Arc;

use cohesive_core::kernel::{Effect, Handle, HandlerVisitor, Requests};

pub use options::{EffectFlaw, EffectOptions};
pub use run::EffectRunner;

use perform::{Perform, Performer};

/// Who performs the effects of which entities.
///
/// Naming an entity whose effects are not all handled does not compile.
#[derive(Clone, Default)]
pub struct Effects {
    performers: Vec<Arc<dyn Perform>>,
    entities: Vec<&'static str>,
}

impl Effects {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with `handlers` for every effect that `E` may ask for. Of two handlers of one effect the first one named
    /// performs it.
    #[must_use]
    pub fn of<E, H>(mut self, handlers: &Arc<H>) -> Self
    where
        E: Requests<H>,
        H: Send + Sync + 'static,
    {
        self.entities.push(E::NAME);
        let mut collector = Collector { handlers, performers: &mut self.performers };
        E::handlers(&mut collector);
        self
    }

    fn performer(&self, name: &str) -> Option<&Arc<dyn Perform>> {
        self.performers.iter().find(|performer| performer.message().name == name)
    }
}

struct Collector<'a, H> {
    handlers: &'a Arc<H>,
    performers: &'a mut Vec<Arc<dyn Perform>>,
}

impl<H: Send + Sync + 'static> HandlerVisitor<H> for Collector<'_, H> {
    fn effect<Q: Effect>(&mut self)
    where
        H: Handle<Q>,
    {
        if !self.performers.iter().any(|performer| performer.message().name == Q::MESSAGE.name) {
            self.performers.push(Arc::new(Performer::<Q, H>::new(Arc::clone(self.handlers))));
        }
    }
}
