//! What has to hold after every kill.

use std::collections::BTreeSet;
use std::path::Path;

use cohesive::kernel::Structure as _;
use cohesive::store::Store as _;
use cohesive::store::sqlite::{SqliteOptions, SqliteStore};
use serde_json::Value as Json;

use super::client::Client;
use super::domain::{Shipment, Tender};
use super::load::{Call, Records};

/// One tender against all that was answered about it: every answered commit is there, once, and nothing else.
pub fn tender(client: &mut Client, records: &Records, tender: &str) {
    let reply = client.get(&format!("/tenders/{tender}"));
    assert_eq!(reply.status, 200, "{tender} was lost: {reply}");
    state(client, records, tender, &reply.json());
}

/// The state as it is shown, and the outbox, against the answers.
fn state(client: &mut Client, records: &Records, tender: &str, shown: &Json) {
    let outbox = client.get(&format!("/tenders/{tender}/outbox")).json();
    assert!(outbox["next"].is_null(), "{tender} has too many messages: {outbox}");
    let messages = outbox["items"].as_array().unwrap();

    let applied: Vec<_> = records.about(tender).filter(|(_, reply)| reply.status < 300).collect();
    let offered = applied.iter().filter(|(call, _)| call.partner.is_none()).count();
    assert_eq!(offered, 1, "{tender} was offered {offered} times: {applied:?}");
    let accepted: Vec<_> = applied.iter().filter(|(call, _)| call.partner.is_some()).collect();

    // CW1, CW17: state and outbox agree, whatever was answered.
    let is_accepted = shown["state"]["status"] == "Accepted";
    assert_eq!(messages.len(), if is_accepted { 2 } else { 0 }, "state and outbox part: {shown} {outbox}");
    // P04, B45: an acceptance that was answered is there; one that is there was answered, in the end, to one caller.
    assert_eq!(accepted.len(), usize::from(is_accepted), "{tender}: {shown}, and answered: {applied:?}");
    let Some((call, reply)) = accepted.first() else {
        assert_eq!((&shown["version"], &shown["state"]["status"]), (&0.into(), &"Pending".into()), "{shown}");
        return;
    };
    let answer = reply.json();
    assert_eq!(shown["version"], answer["version"], "{shown} {answer}");
    assert_eq!(shown["version"], 1, "one acceptance is one step: {shown}");
    assert_eq!(shown["state"]["partner_id"].as_str(), call.partner.as_deref(), "{shown}");
    let promised: Vec<&Json> =
        answer["messages"].as_array().unwrap().iter().map(|message| &message["id"]).collect();
    let stored: Vec<&Json> = messages.iter().map(|message| &message["id"]).collect();
    assert_eq!(stored, promised, "the messages are not those that were answered: {outbox} {answer}");
    for (message, name) in messages.iter().zip(["TenderAccepted", "Emit990Accept"]) {
        assert_eq!((&message["name"], &message["version"]), (&name.into(), &1.into()), "{outbox}");
        assert_eq!(message["payload"]["partner_id"].as_str(), call.partner.as_deref(), "{outbox}");
    }
}

/// Whether what this request asks for is there already.
pub fn has_happened(client: &mut Client, Call { tender, partner, .. }: &Call) -> bool {
    let reply = client.get(&format!("/tenders/{tender}"));
    reply.status == 200
        && (partner.is_none() || reply.json()["state"]["partner_id"].as_str() == partner.as_deref())
}

/// Every tender, and that there is none that nobody offered. Gives their number.
pub fn everything(client: &mut Client, records: &Records) -> usize {
    let mut listed = BTreeSet::new();
    let mut next = Some("/tenders?limit=500".to_owned());
    while let Some(path) = next {
        let page = client.get(&path).json();
        for item in page["items"].as_array().unwrap() {
            let tender = item["id"].as_str().unwrap().to_owned();
            state(client, records, &tender, item);
            assert!(listed.insert(tender), "listed twice: {item}");
        }
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(listed, records.tenders(0), "the tenders are not those that were offered");
    listed.len()
}

/// F23: what fifty kills left behind is a whole database.
pub fn the_file_is_sound(database: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let structures = [Tender::STRUCTURE, Shipment::STRUCTURE];
        let store = SqliteStore::open(database, &structures, SqliteOptions::default()).unwrap();
        store.verify().await.unwrap();
        store.close().await;
    });
}
