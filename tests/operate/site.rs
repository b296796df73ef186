//! A node, its API and the routes for operators, on a socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use cohesive::http::{HttpOptions, router, serve};
use cohesive::node::{Node, NodeOptions};
use cohesive::operate::{self, Health, HealthOptions, Metrics, MetricsOptions};
use cohesive::port::Ports;
use cohesive::store::inbox::Inbox;
use cohesive::store::memory::MemoryStore;
use cohesive::store::outbox::Outbox;
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use cohesive::store::{Store, Substrate};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::moody::{Mood, Moody};
use crate::parcel::system;

/// What a test needs of a moody store, whatever is in it.
pub trait Moods: Substrate {
    fn be(&self, mood: Mood);
    fn asked(&self) -> usize;
}

impl<S: Substrate> Moods for Moody<S> {
    fn be(&self, mood: Mood) {
        self.be(mood);
    }

    fn asked(&self) -> usize {
        self.asked.load(std::sync::atomic::Ordering::SeqCst)
    }
}

pub struct Site {
    pub url: String,
    pub store: Arc<dyn Moods>,
    pub node: Node,
    pub health: Health,
    pub metrics: Metrics,
    pub runtime: Option<Runtime>,
    stop: Option<oneshot::Sender<()>>,
    _directory: tempfile::TempDir,
}

/// A site on each store.
pub fn sites() -> [Site; 2] {
    ["memory", "SQLite"].map(Site::of)
}

impl Site {
    pub fn of(kind: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("post.db");
        let store: Arc<dyn Moods> = match kind {
            "memory" => Moody::new(MemoryStore::new()),
            _ => {
                Moody::new(SqliteStore::open(path, &system().structures(), SqliteOptions::default()).unwrap())
            }
        };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let context = runtime.enter();
        let for_node: Arc<dyn Store> = store.clone();
        let node = Node::start(system(), for_node, Ports::system(), NodeOptions::default());
        let health = Health::new(HealthOptions {
            timeout: Duration::from_millis(50),
            keep: Duration::ZERO,
            ..HealthOptions::default()
        });
        health.node(&node);
        let metrics =
            Metrics::new(MetricsOptions { timeout: Duration::from_millis(50), keep: Duration::ZERO });
        metrics.node(&node);
        let for_metrics: Arc<dyn Outbox> = store.clone();
        metrics.outbox(for_metrics);
        let for_metrics: Arc<dyn Inbox> = store.clone();
        metrics.inbox(for_metrics);
        let app: Router = router(&node, HttpOptions::default())
            .merge(operate::http::health(&health))
            .merge(operate::http::metrics(&metrics));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", address(&listener));
        let (stop, stopped) = oneshot::channel::<()>();
        runtime.spawn(serve(listener, app, async { drop(stopped.await) }));
        drop(context);
        let runtime = Some(runtime);
        Self { url, store, node, health, metrics, runtime, stop: Some(stop), _directory: directory }
    }

    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.as_ref().unwrap().block_on(future)
    }

    /// Status, media type and body of an answer.
    pub fn get(&self, path: &str) -> (u16, String, String) {
        get(&format!("{}{path}", self.url))
    }

    /// Asks until the status is this one: for what becomes so by itself.
    pub fn until(&self, path: &str, status: u16) -> String {
        loop {
            let (found, _, body) = self.get(path);
            if found == status {
                return body;
            }
        }
    }
}

fn address(listener: &tokio::net::TcpListener) -> SocketAddr {
    listener.local_addr().unwrap()
}

pub fn get(url: &str) -> (u16, String, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut response = agent.get(url).call().unwrap();
    let media = response.headers().get("content-type").unwrap().to_str().unwrap().to_owned();
    (response.status().as_u16(), media, response.body_mut().read_to_string().unwrap())
}

impl Drop for Site {
    fn drop(&mut self) {
        self.store.be(Mood::Good);
        drop(self.stop.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.block_on(self.node.shutdown());
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}
