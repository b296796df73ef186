//! How effects are performed.

use std::time::Duration;

use cohesive_core::model::{Policy, Role};

use super::Effects;
use crate::node::System;
use crate::relay::{RelayFlaw, RelayOptions};

/// How effects are performed. Every number is a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectOptions {
    /// How long an attempt may take where the effect does not declare a `timeout`.
    pub timeout: Duration,
    /// How many attempts are made where the effect does not declare `attempts`.
    pub attempts: u32,
    /// How long an attempt may take at the most, whatever the effect declares. `None` leaves it to the effect.
    pub longest_attempt: Option<Duration>,
    /// How long it may take, beyond the attempt, until the answer is committed.
    pub entry_timeout: Duration,
    /// How long requests stay with a runner that does not answer any more: after a crash, nobody performs them sooner.
    /// Three times the longest attempt and its entry, where that is more.
    pub lease: Duration,
    /// How often to look for requests when nothing wakes the runner.
    pub poll: Duration,
    /// How many requests are under way at the most.
    pub window: usize,
    /// How long to wait after the first failure, and at the least after any.
    pub first_wait: Duration,
    /// How long to wait after a failure at the most, also where the other side asks for more.
    pub longest_wait: Duration,
    /// How long requests that were performed are kept.
    pub keep_performed: Duration,
    /// Where the random numbers of the waits begin.
    pub seed: u64,
}

impl Default for EffectOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            attempts: 8,
            longest_attempt: None,
            entry_timeout: Duration::from_secs(10),
            lease: Duration::from_secs(30),
            poll: Duration::from_millis(100),
            window: 64,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_mins(5),
            keep_performed: Duration::from_hours(24),
            seed: 0,
        }
    }
}

/// Why effects cannot be performed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EffectFlaw {
    /// An entity of the system asks for an effect that nobody performs.
    #[error("`{entity}` asks for `{effect}`, and no handler was named: add `.of::<{entity}, _>(&handlers)`")]
    NotHandled {
        /// The entity.
        entity: &'static str,
        /// The effect.
        effect: &'static str,
    },
    /// The answer would have nowhere to go.
    #[error("`{effect}` answers to `{transition}`, which is no update of `{entity}`, who asks for it")]
    NoSuchTransition {
        /// The effect.
        effect: &'static str,
        /// The entity that asks for it.
        entity: &'static str,
        /// The transition.
        transition: &'static str,
    },
    /// A number is zero that must not be.
    #[error("`{0}` must not be zero")]
    Zero(&'static str),
    /// The options contradict each other.
    #[error(transparent)]
    Relay(#[from] RelayFlaw),
}

/// How one effect is performed: what it declares, and what the options say where it declares nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    pub(super) timeout: Duration,
    pub(super) attempts: u32,
    pub(super) then: Option<&'static str>,
    pub(super) otherwise: Option<&'static str>,
}

impl Terms {
    pub(super) fn of(role: &Role, options: &EffectOptions) -> Self {
        let policy = if let Role::Request { policy, .. } = role { *policy } else { Policy::UNDECLARED };
        let timeout = policy.timeout.map_or(options.timeout, Duration::from_millis);
        Self {
            timeout: options.longest_attempt.map_or(timeout, |longest| timeout.min(longest)),
            attempts: policy.attempts.unwrap_or(options.attempts),
            then: policy.then,
            otherwise: policy.otherwise,
        }
    }
}

impl EffectOptions {
    /// Whether everything that the system asks for can be performed, and every answer has somewhere to go.
    pub(super) fn check(&self, system: &System, effects: &Effects) -> Result<(), EffectFlaw> {
        for (name, zero) in [
            ("timeout", self.timeout.is_zero()),
            ("longest_attempt", self.longest_attempt.is_some_and(|longest| longest.is_zero())),
            ("entry_timeout", self.entry_timeout.is_zero()),
            ("attempts", self.attempts == 0),
        ] {
            if zero {
                return Err(EffectFlaw::Zero(name));
            }
        }
        for served in system.entities() {
            let entity = served.model.structure.name;
            for effect in served.model.transitions.iter().flat_map(|transition| transition.requests) {
                let handled = effects.entities.contains(&entity);
                let Some(performer) = effects.performer(effect).filter(|_| handled) else {
                    return Err(EffectFlaw::NotHandled { entity, effect });
                };
                let terms = Terms::of(&performer.message().role, self);
                for path in [terms.then, terms.otherwise].into_iter().flatten() {
                    if served.answer(path).is_none() {
                        return Err(EffectFlaw::NoSuchTransition { effect, entity, transition: path });
                    }
                }
            }
        }
        Ok(())
    }

    /// How the loop works that hands the requests out. The right to perform one has to outlive the longest attempt.
    pub(super) fn relay(&self, effects: &Effects) -> RelayOptions {
        let timeouts =
            effects.performers.iter().map(|performer| Terms::of(&performer.message().role, self).timeout);
        let publish_timeout = timeouts.max().unwrap_or(self.timeout) + self.entry_timeout;
        let (lease, usual) = (self.lease.max(publish_timeout * 3), RelayOptions::default());
        RelayOptions {
            source: "/effects".to_owned(),
            lease,
            publish_timeout,
            // A short lease has to be looked at more often.
            balance: usual.balance.min(lease / 6),
            poll: self.poll,
            window: self.window,
            // Each effect has a budget of its own.
            attempts: u32::MAX,
            first_wait: self.first_wait,
            longest_wait: self.longest_wait,
            keep_published: self.keep_performed,
            seed: self.seed,
            ..usual
        }
    }
}
