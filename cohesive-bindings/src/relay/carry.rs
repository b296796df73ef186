//! What the loop does with a claimed message.

use std::sync::Arc;

use crate::broker::{PublishError, Publisher};
use crate::envelope::Envelope;
use crate::store::BoxFuture;
use crate::store::outbox::Pending;

/// One who takes claimed messages where they belong. Dropping the future gives up.
pub(crate) trait Carry: Send + Sync + 'static {
    /// Takes one message. `Ok` only once it is there for good.
    fn carry(self: Arc<Self>, pending: Pending) -> BoxFuture<'static, Result<(), PublishError>>;
}

/// Publishes events.
pub(super) struct Publishing {
    pub(super) publisher: Arc<dyn Publisher>,
    /// What the node calls itself.
    pub(super) source: String,
}

impl Carry for Publishing {
    fn carry(self: Arc<Self>, pending: Pending) -> BoxFuture<'static, Result<(), PublishError>> {
        Box::pin(async move {
            let envelope = Envelope::of(&pending.message, &self.source);
            sendable(&envelope, &*self.publisher)?;
            self.publisher.publish(&envelope).await
        })
    }
}

/// Whether the broker can take this message at all.
fn sendable(envelope: &Envelope, publisher: &dyn Publisher) -> Result<(), PublishError> {
    envelope.check().map_err(|flaw| PublishError::permanent("it cannot be sent").because(flaw))?;
    let (size, most) = (envelope.size(), publisher.max_message());
    if size > most {
        let broker = publisher.name();
        return Err(PublishError::permanent(format!("it has {size} bytes, and {broker} takes {most}")));
    }
    Ok(())
}
