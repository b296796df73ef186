//! Short ways to write about the suite's `Ticket`.

use cohesive_bindings::store::conformance::TICKET;
use cohesive_bindings::store::{
    Expected, Load, OutboxMessage, OutboxQuery, Receipt, ReceiptKey, RowKey, Store, StoreError, Unit,
    UnitOutcome, Write,
};
use cohesive_core::kernel::{MessageId, Version};
use cohesive_core::value::{Datum, Timestamp};

pub(crate) fn text(text: &str) -> Datum<'static> {
    Datum::Text(text.to_owned().into())
}

pub(crate) fn create(id: &str) -> Write {
    let columns = [text(id), text("open"), Datum::Null, Datum::Null, Datum::Null, text("")];
    Write {
        structure: &TICKET,
        id: text(id),
        expected: Expected::Absent,
        version: Version::INITIAL,
        columns: (0..).zip(columns).collect(),
    }
}

/// Sets the note, from this version to the next.
pub(crate) fn note(id: &str, version: u64, note: &str) -> Write {
    Write {
        structure: &TICKET,
        id: text(id),
        expected: Expected::Version(Version::new(version)),
        version: Version::new(version + 1),
        columns: vec![(5, text(note))],
    }
}

/// The write with one message per version and one receipt, so that the three can be compared.
pub(crate) fn whole(write: Write) -> Unit {
    let Datum::Text(id) = &write.id else { return Unit::default() };
    let id = id.to_string();
    let version = write.version;
    let message = OutboxMessage {
        id: MessageId::derive("Ticket", &id, version, 0),
        entity: "Ticket",
        entity_id: id.clone(),
        version,
        ordinal: 0,
        role: "event",
        name: "TicketChanged",
        payload: "{}".to_owned(),
        transition: "change",
        correlation: "c".to_owned(),
        causation: None,
        actor: None,
        trace: None,
        occurred_at: None,
        recorded_at: Timestamp::default(),
    };
    let receipt = Receipt {
        scope: id,
        key: version.to_string(),
        fingerprint: [0; 32],
        status: 200,
        version: Some(version),
        body: Vec::new(),
        recorded_at: Timestamp::default(),
        expires_at: Timestamp::MAX,
        mark: None,
    };
    Unit { write: Some(write), messages: vec![message], receipts: vec![receipt], parked: Vec::new() }
}

pub(crate) async fn commit(store: &impl Store, unit: Unit) -> Result<UnitOutcome, StoreError> {
    let mut outcomes = store.commit(vec![unit]).await?;
    Ok(outcomes.remove(0))
}

/// How many versions of a ticket its row, its messages and its receipts tell of. They have to agree.
pub(crate) async fn versions(store: &impl Store, id: &str) -> usize {
    let row = RowKey { structure: &TICKET, id: text(id), columns: vec![5] };
    let receipts =
        (0..10).map(|version| ReceiptKey { scope: id.to_owned(), key: version.to_string() }).collect();
    let loaded = store.load(Load { rows: vec![row], receipts, ..Load::default() }).await.unwrap();
    let query = OutboxQuery { entity: "Ticket", entity_id: id.to_owned(), after: None, limit: 100 };
    let messages = store.outbox(query).await.unwrap().len();
    let state = loaded.rows[0].as_ref().map_or(0, |row| row.version.number() + 1);
    assert_eq!(state, messages as u64, "messages of {id}");
    assert_eq!(messages, loaded.receipts.iter().flatten().count(), "receipts of {id}");
    messages
}
