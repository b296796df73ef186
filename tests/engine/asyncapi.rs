//! What is published is what the AsyncAPI document says.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use cohesive::broker::InProcess;
use cohesive::envelope::{Envelope, HeaderText};
use cohesive::kernel::Entity as _;
use cohesive::node::Request;
use cohesive::port::Ports;
use cohesive::relay::{Relay, RelayOptions};
use cohesive::render::asyncapi;
use cohesive::store::memory::MemoryStore;
use serde_json::{Map, Value as Json, json};
use tokio::sync::mpsc;

use crate::support::domain::Tender;
use crate::support::{accept, id, node, offer};

/// What keeps `value` from fitting the schemas, all of them parts of `document`.
fn errors(document: &Json, schemas: &[&Json], value: &Json) -> Vec<String> {
    let whole = json!({ "components": document["components"], "allOf": schemas });
    let rules = jsonschema::draft7::options().should_validate_formats(true).build(&whole).unwrap();
    rules.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// What keeps a published message from being as its channel says: headers, media type and payload.
fn differences(document: &Json, envelope: &Envelope) -> Vec<String> {
    let message = &document["components"]["messages"][&envelope.kind];
    let common = &document["components"]["messageTraits"]["CloudEvents"];
    let mut headers: Map<String, Json> = Map::new();
    for (name, value) in envelope.headers("ce-", HeaderText::Percent) {
        if name == "content-type" {
            assert_eq!(common["contentType"], value);
        } else {
            headers.insert(name, value.into());
        }
    }
    let known: BTreeSet<&String> = common["headers"]["properties"].as_object().unwrap().keys().collect();
    let unknown = headers.keys().filter(|name| !known.contains(name));
    let mut found: Vec<String> = unknown.map(|name| format!("{name} is not described")).collect();
    found.extend(errors(document, &[&common["headers"], &message["headers"]], &headers.into()));
    found.extend(errors(document, &[&message["payload"]], &serde_json::from_str(&envelope.data).unwrap()));
    found
}

// H06, A21
#[tokio::test(start_paused = true)]
async fn what_is_published_is_as_the_document_says() {
    let document = asyncapi("Freight", "1", "", &[Tender::MODEL]);
    let store = MemoryStore::new();
    let node = node(Arc::new(store.clone()));
    let broker = InProcess::default();
    let (sender, mut arrived) = mpsc::unbounded_channel();
    let sender = Mutex::new(sender);
    let subscription = broker.subscribe(&["TenderAccepted"], NonZeroUsize::MIN);
    tokio::spawn(subscription.serve(move |message| {
        sender.lock().unwrap().send(message).unwrap();
        async { Ok(()) }
    }));
    let options = RelayOptions { source: "/freight".to_owned(), ..RelayOptions::default() };
    let relay =
        Relay::start(Arc::new(store), Arc::new(broker), node.wake(), &Ports::system(), options).unwrap();
    let _ = node.create(offer("T-1"), Request::default()).await.unwrap();
    let _ = node.update(&id("T-1"), accept("P-1"), Request::default()).await.unwrap();
    let published = arrived.recv().await.unwrap();
    assert_eq!(differences(&document, &published), Vec::<String>::new());

    // With everything that may be left out, every attribute is described, and nothing else is.
    let full = Envelope {
        causation: Some("c-1".to_owned()),
        correlation: "load-7".to_owned(),
        trace_parent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
        ..Envelope::clone(&published)
    };
    assert_eq!(differences(&document, &full), Vec::<String>::new());
    let described =
        document["components"]["messageTraits"]["CloudEvents"]["headers"]["properties"].as_object();
    let sent: BTreeSet<String> = full.attributes().iter().map(|(name, _)| format!("ce-{name}")).collect();
    assert_eq!(described.unwrap().keys().cloned().collect::<BTreeSet<_>>(), sent);

    // The schemas do bite.
    for wrong in [
        Envelope { data: "{\"tender_id\":\"T-1\"}".to_owned(), ..full.clone() },
        Envelope { data: "{\"tender_id\":\" \",\"partner_id\":\"P-1\"}".to_owned(), ..full.clone() },
        Envelope { source: String::new(), ..full.clone() },
        Envelope { sequence: String::new(), ..full.clone() },
        Envelope { id: String::new(), ..full },
    ] {
        assert_eq!(differences(&document, &wrong).len(), 1, "{wrong:?}");
    }
    relay.stop().await;
    node.shutdown().await;
}
