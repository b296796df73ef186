//! The acceptance of a tender as a careful person writes it without a library.

use cohesive::prelude::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Pending,
    Accepted,
}

#[derive(Debug)]
#[expect(dead_code, reason = "a whole state, of which this decision reads a part")]
pub struct TenderByHand {
    pub id: String,
    pub status: Status,
    pub expiration: Timestamp,
    pub partner_id: Option<String>,
    pub accepted_at: Option<Timestamp>,
}

impl TenderByHand {
    pub fn pending(id: &str, expiration: Timestamp) -> Self {
        Self { id: id.to_owned(), status: Status::Pending, expiration, partner_id: None, accepted_at: None }
    }
}

#[derive(Debug)]
pub struct AcceptByHand {
    pub partner_id: String,
    pub accepted_at: Timestamp,
}

#[derive(Debug)]
pub struct Message {
    pub tender_id: String,
    pub partner_id: String,
}

/// The new values of the fields that change, and the two payloads.
#[derive(Debug)]
#[expect(dead_code, reason = "made and thrown away")]
pub enum Decided {
    Accepted {
        version: u64,
        status: Status,
        partner_id: Option<String>,
        accepted_at: Option<Timestamp>,
        event: Message,
        request: Message,
    },
    WrongState(Status),
    Expired,
    NoPartner,
    Conflict {
        expected: u64,
        actual: u64,
    },
    Unusable(&'static str),
}

/// State check, guard, change, invariant. No clone of the state.
#[inline(never)]
pub fn accept(tender: &TenderByHand, version: u64, input: &AcceptByHand) -> Decided {
    if tender.status != Status::Pending {
        return Decided::WrongState(tender.status);
    }
    if tender.expiration <= input.accepted_at {
        return Decided::Expired;
    }
    let message = || Message { tender_id: tender.id.clone(), partner_id: input.partner_id.clone() };
    let (status, partner_id) = (Status::Accepted, Some(input.partner_id.clone()));
    if !names_its_partner(status, partner_id.as_deref()) {
        return Decided::NoPartner;
    }
    Decided::Accepted {
        version: version + 1,
        status,
        partner_id,
        accepted_at: Some(input.accepted_at),
        event: message(),
        request: message(),
    }
}

fn names_its_partner(status: Status, partner_id: Option<&str>) -> bool {
    status != Status::Accepted || partner_id.is_some()
}

/// The same with everything that the library checks as well: the stated version, the state as it comes in, and that
/// each text that comes in or leaves can be stored.
#[inline(never)]
pub fn accept_checked(
    tender: &TenderByHand,
    version: u64,
    expected: Option<u64>,
    input: &AcceptByHand,
) -> Decided {
    if let Some(expected) = expected.filter(|expected| *expected != version) {
        return Decided::Conflict { expected, actual: version };
    }
    if !usable(&input.partner_id) {
        return Decided::Unusable("partner_id");
    }
    if !names_its_partner(tender.status, tender.partner_id.as_deref()) {
        return Decided::NoPartner;
    }
    let decided = accept(tender, version, input);
    if let Decided::Accepted { partner_id, event, request, .. } = &decided {
        let texts = [&event.tender_id, &event.partner_id, &request.tender_id, &request.partner_id];
        if !texts.into_iter().chain(partner_id).all(|text| usable(text)) {
            return Decided::Unusable("a value");
        }
    }
    decided
}

/// The rule for identifiers: not blank, no control characters, at most 255 bytes.
fn usable(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= 255 && !text.chars().any(char::is_control)
}
