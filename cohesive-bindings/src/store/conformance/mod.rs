//! The one suite that every store has to pass.
//!
//! A store that passes keeps the promises of [`Store`]. Each case gets an empty store. Every parameter of every
//! call changes the outcome of some case, so a parameter that a store ignores is found (R16).

mod batches;
mod claims;
mod inbox;
mod lists;
mod marks;
mod messages;
mod outbox;
mod parked;
mod receipts;
mod samples;
mod streams;
mod values;
mod writes;

use std::sync::Arc;

use cohesive_core::model::Structure;

pub use samples::{COUNTER, PARCEL, SPECIMEN, STRUCTURES, TICKET};

use super::inbox::Inbox;
use super::outbox::Outbox;
use super::{BoxFuture, Row, Store, StoreError, UnitOutcome};
use crate::store::{Load, Unit};

/// Makes the stores under test.
pub trait StoreFactory {
    /// The kind of store.
    type Store: Store;

    /// An empty store for these entities.
    fn open(&self, structures: &'static [&'static Structure]) -> BoxFuture<'_, Arc<Self::Store>>;

    /// A store on what a closed store has left behind.
    fn reopen(&self, closed: Arc<Self::Store>) -> BoxFuture<'_, Arc<Self::Store>>;
}

/// What ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The substrate's name.
    pub store: &'static str,
    /// The cases that ran, all of which passed.
    pub cases: Vec<&'static str>,
}

/// Why a case failed.
#[derive(Debug)]
struct Failure(String);

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(format!("{:?}: {error}", error.kind))
    }
}

type Outcome = Result<(), Failure>;

/// Fails the case unless both sides are equal.
macro_rules! same {
    ($left:expr, $right:expr $(,)?) => {
        match (&$left, &$right) {
            (left, right) if left == right => {}
            (left, right) => {
                let place = concat!(file!(), ":", line!());
                return Err(crate::store::conformance::Failure(format!(
                    "{place}: {left:?} is not {right:?}"
                )));
            }
        }
    };
}
pub(crate) use same;

/// Runs each case on a store of its own.
macro_rules! run_cases {
    ($factory:ident, $report:ident, $($module:ident::$case:ident),* $(,)?) => {
        $({
            let store = $factory.open(&STRUCTURES).await;
            $report.store = store.name();
            let outcome = $module::$case(&*store).await;
            settle($report, concat!(stringify!($module), "::", stringify!($case)), outcome);
            store.close().await;
        })*
    };
}

/// Runs every case.
///
/// # Panics
/// With the name of the first case that fails.
pub async fn run<F: StoreFactory>(factory: &F) -> Report {
    let mut done = Report { store: "", cases: Vec::new() };
    let report = &mut done;
    run_cases!(
        factory,
        report,
        writes::creation_needs_absence,
        writes::change_needs_presence,
        writes::stale_version_leaves_nothing,
        writes::version_is_as_written,
        writes::change_writes_only_its_columns,
        writes::load_answers_in_order_of_questions,
        writes::unique_value_is_held_by_one,
        writes::unique_value_can_be_given_up,
        writes::unique_decimal_counts_by_number,
        writes::id_never_changes,
        writes::what_does_not_fit_commits_nothing,
        batches::answers_stand_in_order,
        batches::refused_unit_leaves_nothing,
        batches::units_of_one_entity_apply_in_order,
        batches::refusals_have_an_order,
        batches::state_is_not_needed,
        batches::nothing_is_a_batch,
        receipts::receipt_returns_as_written,
        receipts::receipt_exists_once,
        receipts::scopes_are_apart,
        receipts::expired_receipt_is_replaced,
        receipts::repeat_within_a_batch_is_refused,
        receipts::expired_receipts_are_pruned,
        marks::pruning_raises_the_mark,
        marks::marks_never_fall,
        marks::marked_receipts_stand_until_they_are_pruned,
        parked::input_returns_as_written,
        parked::inputs_are_listed_in_order,
        messages::message_returns_as_written,
        messages::history_is_in_order,
        messages::histories_are_apart,
        messages::message_exists_once,
        values::every_type_returns_exactly,
        values::absent_differs_from_empty,
        values::awkward_text_returns_exactly,
        values::json_is_of_its_kind,
        values::decimals_keep_their_scale,
        lists::ids_give_the_order,
        lists::filters_hold,
        lists::filter_by_absence,
        lists::filter_by_number,
        lists::pages_have_no_gap,
    );
    let outcome = batches::one_of_fifty_wins(&factory.open(&STRUCTURES).await).await;
    settle(report, "batches::one_of_fifty_wins", outcome);
    let outcome = marks::loads_see_one_moment(&factory.open(&STRUCTURES).await).await;
    settle(report, "marks::loads_see_one_moment", outcome);
    let outcome = closed_store_refuses(&*factory.open(&STRUCTURES).await).await;
    settle(report, "closed_store_refuses", outcome);
    let outcome = committed_work_survives(factory).await;
    settle(report, "committed_work_survives", outcome);
    done
}

/// Runs every case about the port of the relay.
///
/// # Panics
/// With the name of the first case that fails.
pub async fn run_outbox<F: StoreFactory>(factory: &F) -> Report
where
    F::Store: Outbox,
{
    let mut done = Report { store: "", cases: Vec::new() };
    let report = &mut done;
    run_cases!(
        factory,
        report,
        claims::claims_give_each_message_once,
        claims::claims_keep_to_their_lanes_and_limit,
        claims::settled_messages_are_published,
        claims::later_messages_are_found,
        claims::a_wait_holds_back_one_entity,
        claims::a_retry_comes_before_what_follows,
        claims::parked_messages_wait_for_an_operator,
        claims::former_owners_are_fenced,
        claims::suspects_are_claimed_alone,
        claims::recovery_keeps_the_order,
        streams::messages_lie_in_the_stream_of_their_role,
        streams::a_wait_holds_back_one_stream,
        streams::suspects_hold_back_one_stream,
        streams::relays_share_the_lanes_of_a_stream,
        streams::upkeep_is_by_stream,
        outbox::relays_share_the_lanes,
        outbox::leases_end,
        outbox::only_what_was_published_is_pruned,
        outbox::published_messages_can_be_published_again,
        outbox::what_is_published_again_comes_first,
        outbox::closed_store_refuses,
    );
    done
}

/// Runs every case about the port of consumers.
///
/// # Panics
/// With the name of the first case that fails.
pub async fn run_inbox<F: StoreFactory>(factory: &F) -> Report
where
    F::Store: Inbox,
{
    let mut done = Report { store: "", cases: Vec::new() };
    let report = &mut done;
    run_cases!(
        factory,
        report,
        inbox::attempts_count_from_one,
        inbox::deliveries_return_as_parked,
        inbox::a_delivery_is_parked_once,
        inbox::parked_deliveries_are_listed_in_order,
        inbox::waiting_is_told_by_consumer_and_partition_key,
        inbox::numbers_are_not_given_again,
        inbox::what_cannot_name_a_delivery_is_refused,
        inbox::stats_count_what_is_there,
        inbox::closed_store_refuses,
    );
    let outcome = inbox::attempts_at_once_are_all_counted(&factory.open(&STRUCTURES).await).await;
    settle(report, "inbox::attempts_at_once_are_all_counted", outcome);
    let outcome = inbox::what_was_answered_survives(factory).await;
    settle(report, "inbox::what_was_answered_survives", outcome);
    done
}

#[expect(clippy::panic, reason = "this is how a test suite reports")]
fn settle(report: &mut Report, case: &'static str, outcome: Outcome) {
    if let Err(Failure(reason)) = outcome {
        panic!("{}: case `{case}` failed: {reason}", report.store);
    }
    report.cases.push(case);
}

/// Commits one unit alone.
async fn commit_one(store: &impl Store, unit: Unit) -> Result<UnitOutcome, Failure> {
    let outcomes = store.commit(vec![unit]).await?;
    let [outcome] =
        <[UnitOutcome; 1]>::try_from(outcomes).map_err(|_| Failure("one answer is due".into()))?;
    Ok(outcome)
}

/// Commits units that all have to be accepted.
async fn commit_all(store: &impl Store, units: Vec<Unit>) -> Outcome {
    for outcome in store.commit(units).await? {
        same!(outcome, UnitOutcome::Committed);
    }
    Ok(())
}

/// One ticket with all its columns.
async fn ticket(store: &impl Store, id: &str) -> Result<Option<Row>, Failure> {
    let loaded = store.load(samples::load_tickets(&[id], &samples::ALL)).await?;
    Ok(loaded.rows.into_iter().next().flatten())
}

async fn closed_store_refuses(store: &impl Store) -> Outcome {
    store.close().await;
    store.close().await;
    let errors = [
        store.load(Load::default()).await.err(),
        store.commit(vec![samples::unit(samples::new_ticket("t"))]).await.err(),
        store.list(samples::list_all(&TICKET)).await.err(),
        store.outbox(samples::history("t")).await.err(),
        store.parked_inputs(1).await.err(),
        store.prune_receipts(samples::at(0)).await.err(),
    ];
    for error in errors {
        same!(error.map(|error| error.kind), Some(super::StoreErrorKind::Closed));
    }
    Ok(())
}

async fn committed_work_survives<F: StoreFactory>(factory: &F) -> Outcome {
    let store = factory.open(&STRUCTURES).await;
    let unit = Unit {
        write: Some(samples::new_ticket("t")),
        messages: vec![samples::message("t", 0, 0)],
        receipts: vec![samples::receipt("s", "k")],
        parked: vec![samples::parked("t")],
    };
    commit_all(&*store, vec![unit]).await?;
    store.close().await;
    let store = factory.reopen(store).await;
    same!(ticket(&*store, "t").await?.is_some(), true);
    same!(store.outbox(samples::history("t")).await?.len(), 1);
    same!(store.parked_inputs(9).await?.len(), 1);
    let loaded = store.load(samples::load_receipts(&[("s", "k")])).await?;
    same!(loaded.receipts, [Some(samples::receipt("s", "k"))]);
    store.close().await;
    Ok(())
}
