//! A decision asks the heap for its payloads and for nothing else.
//!
//! One test in a binary of its own, because the counting allocator is the whole process's.

#[path = "../examples/freight/domain.rs"]
mod domain;

use std::alloc::System;

use cohesive::prelude::*;
use cohesive::{CorrelationId, EffectSet as _, decide};
use domain::{AcceptTender, Tender, TenderStatus};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How often the process asks for memory during `work`; the test runs alone, on one thread.
fn count<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let region = Region::new(ALLOCATOR);
    let done = work();
    let change = region.change();
    (done, change.allocations + change.reallocations)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_decision_allocates_its_payloads_and_nothing_else() {
    let context = Context::new(at("2026-01-01T00:00:00Z"), "test".parse::<CorrelationId>().unwrap());
    let pending = Tender {
        id: "T-1".parse().unwrap(),
        status: TenderStatus::Pending,
        expiration: at("2026-03-01T12:00:00Z"),
        partner_id: None,
        accepted_at: None,
    };
    let accepted = Tender {
        status: TenderStatus::Accepted,
        partner_id: Some("P-1".parse().unwrap()),
        ..pending.clone()
    };
    let input = |instant: &str| AcceptTender { partner_id: "P-7".parse().unwrap(), accepted_at: at(instant) };
    let (timely, late) = (input("2026-03-01T11:59:59Z"), input("2026-03-01T12:00:00Z"));

    // The counter counts.
    assert_eq!(count(|| timely.partner_id.clone()).1, 1);

    let refused = [
        ("by a guard", &pending, &late, &context),
        ("by the lifecycle", &accepted, &timely, &context),
        ("by the version", &pending, &timely, &context.clone().expecting(Version::new(7))),
    ];
    for (how, state, input, context) in refused {
        let (decision, allocated) = count(|| decide(state, Version::INITIAL, input, context));
        assert!(decision.applied().is_none(), "{how}: {decision:?}");
        assert_eq!(allocated, 0, "refused {how}");
    }

    let (decision, allocated) = count(|| decide(&pending, Version::INITIAL, &timely, &context));
    let applied = decision.applied().unwrap();
    assert_eq!((applied.effects().count(), applied.patch().partner_id.is_some()), (2, true));
    // Two messages of two texts each, and the one text among the fields that change.
    assert_eq!(allocated, 5);
}
