//! `decide` beside the same logic by hand.

use std::hint::black_box;
use std::time::Instant;

use cohesive::prelude::*;
use cohesive::{CorrelationId, decide};

use crate::allocations;
use crate::by_hand::{self, AcceptByHand, TenderByHand};
use crate::domain::{AcceptTender, Tender, TenderStatus};
use crate::measure::{Pair, interleaved};
use crate::report::Row;

/// Decisions between two looks at the clock.
const BATCH: u32 = 20_000;
const PAIRS: usize = 101;

/// The same tender and the same input, in both forms.
struct Vectors {
    tender: Tender,
    input: AcceptTender,
    context: Context,
    by_hand: (TenderByHand, AcceptByHand),
}

impl Vectors {
    fn at(accepted_at: &str) -> Self {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let (id, partner) = ("T-2026-000001", "P-4711");
        let expiration = at("2026-03-01T12:00:00Z");
        let tender = Tender {
            id: id.parse().expect("an id"),
            status: TenderStatus::Pending,
            expiration,
            partner_id: None,
            accepted_at: None,
        };
        let input =
            AcceptTender { partner_id: partner.parse().expect("an id"), accepted_at: at(accepted_at) };
        let correlation: CorrelationId = "bench".parse().expect("a correlation id");
        let by_hand = (
            TenderByHand::pending(id, expiration),
            AcceptByHand { partner_id: partner.to_owned(), accepted_at: at(accepted_at) },
        );
        Self { tender, input, context: Context::new(expiration, correlation), by_hand }
    }

    fn ours(&self) -> Decision<AcceptTender> {
        let version = black_box(Version::INITIAL);
        decide(black_box(&self.tender), version, black_box(&self.input), black_box(&self.context))
    }

    fn plain(&self) -> by_hand::Decided {
        by_hand::accept(black_box(&self.by_hand.0), black_box(0), black_box(&self.by_hand.1))
    }

    fn checked(&self) -> by_hand::Decided {
        by_hand::accept_checked(
            black_box(&self.by_hand.0),
            black_box(0),
            black_box(None),
            black_box(&self.by_hand.1),
        )
    }
}

/// Nanoseconds per call, the result dropped within.
fn each<T>(work: impl Fn() -> T) -> f64 {
    let start = Instant::now();
    for _ in 0..BATCH {
        drop(black_box(work()));
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(BATCH)
}

/// Allocations per call.
fn allocated<T>(work: impl Fn() -> T) -> u64 {
    allocations::count(|| black_box(work())).1
}

pub fn run() -> Vec<Row> {
    let mut rows = Vec::new();
    for (kind, accepted_at) in [("accepting", "2026-03-01T11:59:59Z"), ("rejecting", "2026-03-01T12:00:00Z")]
    {
        let vectors = Vectors::at(accepted_at);
        let ours = allocated(|| vectors.ours());
        let plain = interleaved(PAIRS, || each(|| vectors.ours()), || each(|| vectors.plain()));
        let checked = interleaved(PAIRS, || each(|| vectors.ours()), || each(|| vectors.checked()));
        let row = |name: &str, pair: Pair, theirs: u64| {
            let allocations = format!("allocations {ours} and {theirs}");
            Row::at_most(&format!("decide, {kind}, {name}"), "ns", pair, 1.1, &allocations)
        };
        rows.push(row("against by hand", plain, allocated(|| vectors.plain())));
        rows.push(row("against by hand with the same checks", checked, allocated(|| vectors.checked())));
    }
    rows
}
