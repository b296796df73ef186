//! Whether a process is alive, and whether it is ready for requests.

use std::future::{Ready, ready};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::time::Instant;

use super::judge::{Reception, Watch, decides};
use super::probe::{Probe, Silence, all};
use crate::consumer::Consumer;
use crate::effects::EffectRunner;
use crate::node::Node;
use crate::relay::{Relay, RelayMetrics};
use crate::store::{BoxFuture, Load, ReceiptKey};

/// How checks are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthOptions {
    /// How long to wait for a check. One that takes longer has failed.
    pub timeout: Duration,
    /// How long the answer of a check is given again without asking.
    pub keep: Duration,
    /// For how long a node may be in one decision, and a relay without success or without a turn of its loop. Seen
    /// from probe to probe, so probes have to come more often than this.
    pub patience: Duration,
}

impl Default for HealthOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(1),
            keep: Duration::from_secs(1),
            patience: Duration::from_secs(30),
        }
    }
}

/// Named checks of a process. Cloning gives another handle on the same checks.
///
/// A process that is not *alive* has to be started anew: nothing outside of it can help. One that is not *ready* must
/// get no requests for now, and becomes ready again by itself. So what lies outside, a store or a broker, is a matter
/// of readiness alone: starting all processes anew brings no database back.
///
/// Checks run when somebody asks ([`Health::alive`], [`Health::ready`]), all at once, each of them at most once at a time and
/// no longer than [`HealthOptions::timeout`]; their answers are kept for [`HealthOptions::keep`]. However many probes
/// come, a check asks its dependency at most once in that time, and never while an earlier question is open.
#[derive(Clone)]
pub struct Health {
    shared: Arc<Shared>,
}

struct Shared {
    options: HealthOptions,
    alive: Mutex<Vec<Arc<Check>>>,
    ready: Mutex<Vec<Arc<Check>>>,
    draining: AtomicBool,
}

struct Check {
    name: String,
    probe: Probe<Result<(), String>>,
}

/// What checks found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The name of each check and what it found, in the order in which they were added.
    pub checks: Vec<(String, Result<(), String>)>,
}

impl Report {
    /// Whether every check succeeded.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.checks.iter().all(|(_, found)| found.is_ok())
    }

    /// The report as JSON: `{"ok":false,"checked":["store"],"failed":[{"name":"store","reason":"…"}]}`.
    #[must_use]
    pub fn document(&self) -> Json {
        let failed = self.checks.iter().filter_map(|(name, found)| {
            let reason = found.as_ref().err()?;
            Some(json!({ "name": name, "reason": reason }))
        });
        let checked: Vec<&String> = self.checks.iter().map(|(name, _)| name).collect();
        json!({ "ok": self.is_well(), "checked": checked, "failed": failed.collect::<Vec<_>>() })
    }
}

impl Default for Health {
    fn default() -> Self {
        Self::new(HealthOptions::default())
    }
}

impl Health {
    /// No checks yet: alive and ready.
    #[must_use]
    pub fn new(options: HealthOptions) -> Self {
        let (alive, ready) = (Mutex::default(), Mutex::default());
        Self { shared: Arc::new(Shared { options, alive, ready, draining: AtomicBool::new(false) }) }
    }

    /// Adds a check without which the process is not ready. `check` says what is wrong, in words that may be shown to
    /// whoever can ask: no secrets and no payloads.
    pub fn add<F>(&self, name: impl Into<String>, check: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        push(&self.shared.ready, name.into(), check);
    }

    /// Adds a check without which the process has to be started anew. It must not depend on anything outside.
    pub fn add_vital<F>(&self, name: impl Into<String>, check: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        push(&self.shared.alive, name.into(), check);
    }

    /// Adds the checks of a node: alive while its loop is there and does not stay in one decision, ready while the
    /// store answers a load.
    pub fn node(&self, node: &Node) {
        let (vital, patience, seen) = (node.clone(), self.shared.options.patience, Mutex::new(None));
        self.add_vital("node", move || {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let found = decides(&mut seen, vital.activity(), Instant::now(), patience);
            ready(found)
        });
        let store = Arc::clone(node.store());
        self.add("store", move || {
            let store = Arc::clone(&store);
            async move {
                // No receipt has this scope, so the answer is short; the question reaches the database all the same.
                let key = ReceiptKey { scope: "cohesive health".to_owned(), key: String::new() };
                let load = Load { receipts: vec![key], ..Load::default() };
                store.load(load).await.map(drop).map_err(|error| error.to_string())
            }
        });
    }

    /// Adds the checks of a relay: alive while its loop is there; ready while that turns, and while not every attempt
    /// of several entities has failed for [`HealthOptions::patience`].
    ///
    /// Without a broker a node still commits, and nothing is lost. Add a relay where requests should rather go
    /// elsewhere than wait for the broker; where that is not so, watch its metrics instead.
    pub fn relay(&self, name: impl Into<String>, relay: &Relay) {
        self.carrier(name.into(), relay.clone(), Relay::metrics, Relay::has_ended);
    }

    /// Adds the checks of what performs effects, which are those of a relay.
    pub fn effects(&self, name: impl Into<String>, effects: &EffectRunner) {
        self.carrier(name.into(), effects.clone(), EffectRunner::metrics, EffectRunner::has_ended);
    }

    /// Adds the checks of a consumer: alive while its loop is there; ready while not every call of the broker has failed
    /// for [`HealthOptions::patience`]. What was said of [`Health::relay`] is true here as well.
    pub fn consumer(&self, name: impl Into<String>, consumer: &Consumer) {
        let (name, patience, vital) = (name.into(), self.shared.options.patience, consumer.clone());
        self.add_vital(name.clone(), move || there(vital.has_ended()));
        let (consumer, seen) = (consumer.clone(), Mutex::new(Reception::default()));
        self.add(name, move || {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let found = seen.judge(&consumer.metrics(), Instant::now(), patience);
            ready(found)
        });
    }

    fn carrier<C: Clone + Send + Sync + 'static>(
        &self,
        name: String,
        carrier: C,
        metrics: fn(&C) -> RelayMetrics,
        has_ended: fn(&C) -> bool,
    ) {
        let (patience, vital) = (self.shared.options.patience, carrier.clone());
        self.add_vital(name.clone(), move || there(has_ended(&vital)));
        let watch = Mutex::new(Watch::default());
        self.add(name, move || {
            let mut watch = watch.lock().unwrap_or_else(PoisonError::into_inner);
            let found = watch.judge(&metrics(&carrier), Instant::now(), patience);
            ready(found)
        });
    }

    /// Whether the process is alive. One that shuts down is: its loops end as they should.
    pub async fn alive(&self) -> Report {
        if self.shared.draining.load(Ordering::Acquire) {
            return Report { checks: Vec::new() };
        }
        self.report(&self.shared.alive).await
    }

    /// Whether the process is ready for requests.
    pub async fn ready(&self) -> Report {
        if self.shared.draining.load(Ordering::Acquire) {
            let reason = Err("the process is shutting down".to_owned());
            return Report { checks: vec![("shutdown".to_owned(), reason)] };
        }
        self.report(&self.shared.ready).await
    }

    /// From now on the process shuts down: it is alive, and not ready, so that nobody sends it further requests.
    pub fn drain(&self) {
        self.shared.draining.store(true, Ordering::Release);
    }

    async fn report(&self, checks: &Mutex<Vec<Arc<Check>>>) -> Report {
        let checks = checks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let HealthOptions { timeout, keep, .. } = self.shared.options;
        let asked = checks.iter().map(|check| {
            let check = Arc::clone(check);
            let asked: BoxFuture<'static, _> = Box::pin(async move {
                let found = match check.probe.answer(timeout, keep).await {
                    Ok(found) => found,
                    Err(Silence::Late(waited)) => {
                        Err(format!("no answer within {:.1} s", waited.as_secs_f64()))
                    }
                    Err(Silence::Ended) => Err("the check ended without an answer".to_owned()),
                };
                (check.name.clone(), found)
            });
            asked
        });
        Report { checks: all(asked.collect()).await }
    }
}

fn push<F>(checks: &Mutex<Vec<Arc<Check>>>, name: String, check: impl Fn() -> F + Send + Sync + 'static)
where
    F: Future<Output = Result<(), String>> + Send + 'static,
{
    let probe = Probe::new(move || Box::pin(check()));
    checks.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::new(Check { name, probe }));
}

fn there(ended: bool) -> Ready<Result<(), String>> {
    ready(if ended { Err("its loop has ended".to_owned()) } else { Ok(()) })
}
