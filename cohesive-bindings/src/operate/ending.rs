//! Stopping what a process runs, in order.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use crate::store::BoxFuture;

/// What has to be done for a process to end, one after the other.
///
/// The order that loses nothing and waits for nothing in vain: what takes work in (consumers, HTTP), then what hands
/// work out (relays), then the node, which finishes what it took in and closes the store.
///
/// ```no_run
/// # use cohesive_bindings::{node::Node, operate::{Ending, Health, Interrupted, Signals}, relay::Relay};
/// # async fn run(node: Node, relay: Relay, health: Health, served: impl Future<Output = ()> + Send + 'static)
/// # -> std::io::Result<()> {
/// let signals = Signals::listen()?;
/// // … start what takes work in with `signals.first()` as its end, and then:
/// signals.first().await;
/// health.drain();
/// let ended = Ending::new()
///     .then("http", served)
///     .then("relay", async move { relay.stop().await })
///     .then("node", async move { node.shutdown().await })
///     .run(signals.second())
///     .await;
/// if let Err(Interrupted { during }) = ended {
///     eprintln!("asked again while stopping: {during}");
///     std::process::exit(130);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is done until it runs"]
#[derive(Default)]
pub struct Ending {
    steps: Vec<(&'static str, BoxFuture<'static, ()>)>,
}

/// The process was asked to end at once. What was not finished is as after a crash: everything that was answered is
/// durable, and what is owed is published by the next process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("asked to end at once while stopping: {during}")]
pub struct Interrupted {
    /// Which step was under way.
    pub during: &'static str,
}

impl Ending {
    /// Nothing to do yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more thing to do, after the others.
    pub fn then(mut self, name: &'static str, step: impl Future<Output = ()> + Send + 'static) -> Self {
        self.steps.push((name, Box::pin(step)));
        self
    }

    /// Does it. When `at_once` is ready first, the rest is left undone (F40).
    ///
    /// # Errors
    /// When `at_once` was ready before the end.
    pub async fn run(self, at_once: impl Future<Output = ()>) -> Result<(), Interrupted> {
        let mut at_once = pin!(at_once);
        for (during, mut step) in self.steps {
            tracing::info!(step = during, "stopping");
            let finished = poll_fn(|context| match step.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(true),
                Poll::Pending => at_once.as_mut().poll(context).map(|()| false),
            });
            if !finished.await {
                return Err(Interrupted { during });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn f40_steps_follow_one_another_until_somebody_insists() {
        let done = Arc::new(Mutex::new(Vec::new()));
        let step = |name: &'static str| {
            let done = Arc::clone(&done);
            async move {
                tokio::task::yield_now().await;
                done.lock().unwrap().push(name);
            }
        };
        let (insist, insisted) = oneshot::channel();
        let ending = Ending::new().then("one", step("one")).then("two", step("two")).then("stuck", async {
            insist.send(()).unwrap();
            std::future::pending::<()>().await;
        });
        let ended = ending.then("never", step("never")).run(async { insisted.await.unwrap() }).await;
        assert_eq!(ended, Err(Interrupted { during: "stuck" }));
        assert_eq!(*done.lock().unwrap(), ["one", "two"]);
        let ended = Ending::new().then("three", step("three")).run(std::future::pending()).await;
        assert_eq!((ended, done.lock().unwrap().last().copied()), (Ok(()), Some("three")));
    }
}
