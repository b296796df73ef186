//! Serving a router on a socket, and stopping in good order.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How a socket is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServeOptions {
    /// Within which time the head of a request has to arrive, counted from when the connection is ready for it. An
    /// idle connection is closed after this time, too.
    pub header_timeout: Duration,
    /// How long requests under way may take to finish after the shutdown was called for.
    pub grace: Duration,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self { header_timeout: Duration::from_secs(30), grace: Duration::from_secs(30) }
    }
}

/// Serves `router` until `shutdown` is ready, with [`ServeOptions::default`]. See [`serve_with`].
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) -> usize {
    serve_with(listener, router, shutdown, ServeOptions::default()).await
}

/// Serves `router` until `shutdown` is ready.
///
/// Then no further connection is accepted, idle ones are closed, and requests under way are finished, for at most
/// [`ServeOptions::grace`]. The answer is how many connections had to be cut off after that; their inputs, where they
/// had been queued, are finished by the node all the same. Shut the node down afterwards, not before.
pub async fn serve_with(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    options: ServeOptions,
) -> usize {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = poll_fn(|context| {
            while let Poll::Ready(Some(_)) = connections.poll_join_next(context) {}
            if shutdown.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            listener.poll_accept(context).map(Some)
        });
        match accepted.await {
            None => break,
            Some(Ok((stream, _))) => {
                let connection = connection(stream, router.clone(), options);
                drop(connections.spawn(graceful.watch(connection)));
            }
            Some(Err(error)) => wait_after(&error).await,
        }
    }
    drop(listener);
    if tokio::time::timeout(options.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests under way did not finish in time");
    }
    while connections.try_join_next().is_some() {}
    let unfinished = connections.len();
    connections.shutdown().await;
    unfinished
}

/// One connection, not yet running.
fn connection(
    stream: TcpStream,
    router: Router,
    options: ServeOptions,
) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    // An answer is written whole; waiting to fill a packet only delays it. A socket that refuses is slower, not wrong.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(options.header_timeout)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
}

/// A connection that failed before it was accepted is its peer's affair. Anything else, such as no file descriptors
/// left, takes a moment to pass.
async fn wait_after(error: &std::io::Error) {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "cannot accept connections");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
