//! What a PostgreSQL server has to clean up.

use std::sync::Arc;

use super::MetricsOptions;
use super::family::Family;
use super::sources::{Labels, Sampled, told};
use crate::operate::probe::Probe;
use crate::store::postgres::{PostgresStore, PostgresUpkeep};

pub(super) fn of_postgres(store: Arc<PostgresStore>, options: MetricsOptions) -> Sampled<PostgresUpkeep> {
    let numbers = Probe::new(move || {
        let store = Arc::clone(&store);
        Box::pin(async move { told(store.upkeep().await) })
    });
    let success = Family::gauge(
        "cohesive_postgres_sampled",
        "Whether the server told what it has to clean up in time; without, those numbers are left out.",
    );
    Sampled { numbers, options, success, label: None, show }
}

fn show(upkeep: &PostgresUpkeep, _: Labels) -> Vec<Family> {
    let mut dead = Family::gauge("cohesive_postgres_dead_rows", "Old rows that are not removed yet, about.");
    let mut live = Family::gauge("cohesive_postgres_live_rows", "Rows, about.");
    for table in &upkeep.tables {
        let label = [("table", table.table.as_str())];
        dead = dead.with(&label, table.dead);
        live = live.with(&label, table.live);
    }
    let mut transactions = Family::gauge(
        "cohesive_postgres_snapshot_age_transactions",
        "How many transactions ago the oldest snapshot was taken that old rows are kept for; 0 when there is none.",
    );
    let mut seconds = Family::gauge(
        "cohesive_postgres_snapshot_age_seconds",
        "How long ago the transaction with that snapshot began, where the server tells; 0 when there is none.",
    );
    for holder in &upkeep.holders {
        let label = [("holder", holder.kind.as_str())];
        transactions = transactions.with(&label, holder.transactions);
        // Of slots and standbys it is not known.
        if matches!(holder.kind.as_str(), "session" | "prepared") {
            seconds = seconds.with(&label, holder.age.unwrap_or_default().as_secs_f64());
        }
    }
    vec![dead, live, transactions, seconds]
}
