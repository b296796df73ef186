//! A handler without its types.

use std::marker::PhantomData;
use std::sync::Arc;

use cohesive_core::kernel::{Effect, EffectCall, EffectFailure, Handle};
use cohesive_core::model;

use crate::store::BoxFuture;

/// One who performs effects of one type.
pub(super) trait Perform: Send + Sync + 'static {
    /// The effect, as data.
    fn message(&self) -> &'static model::Message;

    /// Performs it, and answers the reply as JSON.
    fn perform<'a>(
        &'a self,
        request: &'a str,
        call: &'a EffectCall,
    ) -> BoxFuture<'a, Result<serde_json::Value, EffectFailure>>;
}

pub(super) struct Performer<Q, H> {
    handlers: Arc<H>,
    effect: PhantomData<fn() -> Q>,
}

impl<Q, H> Performer<Q, H> {
    pub(super) const fn new(handlers: Arc<H>) -> Self {
        Self { handlers, effect: PhantomData }
    }
}

impl<Q: Effect, H: Handle<Q> + Send + Sync + 'static> Perform for Performer<Q, H> {
    fn message(&self) -> &'static model::Message {
        Q::MESSAGE
    }

    fn perform<'a>(
        &'a self,
        request: &'a str,
        call: &'a EffectCall,
    ) -> BoxFuture<'a, Result<serde_json::Value, EffectFailure>> {
        Box::pin(async move {
            let unreadable =
                |_| EffectFailure::permanent("the stored request is not what the effect declares");
            let request: Q = serde_json::from_str(request).map_err(unreadable)?;
            let reply = self.handlers.handle(request, call).await?;
            let unwritable = |_| EffectFailure::permanent("the reply cannot be written as JSON");
            serde_json::to_value(reply).map_err(unwritable)
        })
    }
}
