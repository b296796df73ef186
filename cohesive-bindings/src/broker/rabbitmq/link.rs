//! A connection that is made anew whenever it is lost. The client's own recovery is not used: it replays what it
//! believes was there.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use lapin::uri::AMQPUri;
use lapin::{Connection, ConnectionProperties, Error, ErrorKind, Event};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::options::RabbitMqOptions;
use crate::broker::connect::BrokerError;

/// How often to look at a connection that says nothing.
const LOOK: Duration = Duration::from_secs(1);

/// The present connection, while there is one.
pub(super) struct Link {
    connection: watch::Receiver<Option<Arc<Connection>>>,
    doubt: Arc<Notify>,
    keeper: JoinHandle<()>,
}

impl Link {
    /// Connects, prepares the connection, and does both again whenever it is lost.
    pub(super) async fn open<F, Prepared>(
        uri: AMQPUri,
        options: RabbitMqOptions,
        prepare: F,
    ) -> Result<Self, BrokerError>
    where
        F: Fn(Arc<Connection>) -> Prepared + Send + Sync + 'static,
        Prepared: Future<Output = Result<(), BrokerError>> + Send,
    {
        let first = connect(&uri, &options).await?;
        prepare(Arc::clone(&first)).await?;
        let (sender, connection) = watch::channel(Some(Arc::clone(&first)));
        let doubt = Arc::new(Notify::new());
        let lost = Arc::clone(&doubt);
        let keeper = tokio::spawn(async move {
            let mut present = first;
            loop {
                end(&present, &lost).await;
                drop(present);
                sender.send_replace(None);
                let mut failures = 0;
                present = loop {
                    failures += 1;
                    sleep(options.pauses.after(failures)).await;
                    let prepared = async {
                        let connection = connect(&uri, &options).await?;
                        prepare(Arc::clone(&connection)).await?;
                        Ok::<_, BrokerError>(connection)
                    };
                    match prepared.await {
                        Ok(connection) => break connection,
                        Err(error) => {
                            tracing::warn!(failure = %error, failures, "RabbitMQ cannot be reached");
                        }
                    }
                };
                sender.send_replace(Some(Arc::clone(&present)));
            }
        });
        Ok(Self { connection, doubt, keeper })
    }

    /// The connection, unless it is lost.
    pub(super) fn present(&self) -> Option<Arc<Connection>> {
        let present = self.connection.borrow().clone()?;
        if present.status().connected() {
            return Some(present);
        }
        self.doubt.notify_one();
        None
    }

    /// To wait for a connection, and for the next one.
    pub(super) fn watch(&self) -> watch::Receiver<Option<Arc<Connection>>> {
        self.connection.clone()
    }

    /// Ends it, as far as nobody uses it any more.
    pub(super) fn end(&self) {
        self.keeper.abort();
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.end();
    }
}

async fn connect(uri: &AMQPUri, options: &RabbitMqOptions) -> Result<Arc<Connection>, BrokerError> {
    let properties = ConnectionProperties::default().with_connection_name("cohesive".into());
    match timeout(options.timeout, Connection::connect_uri(uri.clone(), properties)).await {
        Ok(Ok(connection)) => Ok(Arc::new(connection)),
        Ok(Err(error)) => Err(BrokerError::unreachable("RabbitMQ cannot be reached", error)),
        Err(late) => Err(BrokerError::unreachable("RabbitMQ does not answer", late)),
    }
}

/// Waits until another connection, or none, has taken the place of this one. A link that was ended has no others, and its
/// connection stays with whoever uses it.
pub(super) async fn lost(mut link: watch::Receiver<Option<Arc<Connection>>>, of: Arc<Connection>) {
    let is_other = |now: &Option<Arc<Connection>>| now.as_ref().is_none_or(|now| !Arc::ptr_eq(now, &of));
    if link.wait_for(is_other).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Waits for an answer of the server, but not for ever: what the client was told just before its connection was lost may
/// never be answered.
pub(super) async fn answered<T>(
    within: Duration,
    question: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let late = || Err(ErrorKind::IOError(Arc::new(std::io::ErrorKind::TimedOut.into())).into());
    timeout(within, question).await.unwrap_or_else(|_| late())
}

/// Waits until a connection is lost.
async fn end(connection: &Connection, doubt: &Notify) {
    let mut events = connection.events_listener();
    while connection.status().connected() {
        tokio::select! {
            event = events.next() => match event {
                Some(Event::Error(_)) | None => sleep(Duration::from_millis(10)).await,
                Some(_) => {}
            },
            () = doubt.notified() => {}
            () = sleep(LOOK) => {}
        }
    }
}
