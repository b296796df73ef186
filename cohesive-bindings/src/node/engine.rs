//! The loop that everything goes through: take what waits, load, decide, commit as one, answer.
//!
//! This is natural batching: while one commit is on its way, inputs queue, and the next commit takes them all. A
//! lone input finds an empty queue and goes through at once. Inputs about one entity are decided in the order of
//! their arrival, each on what the one before left, and written once.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use cohesive_core::value::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::NodeOptions;
use super::job::{Job, Plan, Subject};
use super::key::Terms;
use super::metrics::Counters;
use super::outcome::Failure;
use crate::port::Clock;
use crate::relay::Wake;
use crate::store::{
    Expected, Load, Receipt, ReceiptKey, RowKey, Store, StoreErrorKind, Unit, UnitOutcome, Write,
};

/// What arrives in the queue.
pub(super) enum Work {
    /// An input.
    Job(Box<dyn Job>),
    /// The wish to stop.
    Stop,
}

/// The loop and what it needs.
pub(super) struct Engine {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    options: NodeOptions,
    /// Inputs to be decided again, together.
    again: VecDeque<Box<dyn Job>>,
    /// Inputs to be decided again, each in a commit of its own, because together they were refused.
    alone: VecDeque<Box<dyn Job>>,
    /// When the answers whose time is over were last removed.
    pruned: Timestamp,
    /// Tells relays of messages.
    wake: Wake,
    counters: Arc<Counters>,
    /// Dropped when the loop has ended, for those who wait for that.
    _ended: watch::Sender<()>,
}

/// The inputs about one entity in one batch.
struct Group {
    jobs: Vec<Box<dyn Job>>,
    expected: Expected,
    plan: Plan,
}

impl Engine {
    /// The loop, and what tells when it has ended.
    pub(super) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        options: NodeOptions,
        (wake, counters): (Wake, Arc<Counters>),
    ) -> (Self, watch::Receiver<()>) {
        let (ended, end) = watch::channel(());
        let pruned = clock.now();
        let (again, alone) = (VecDeque::new(), VecDeque::new());
        (Self { store, clock, options, again, alone, pruned, wake, counters, _ended: ended }, end)
    }

    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Work>) {
        let mut arrived = Vec::with_capacity(self.options.batch);
        loop {
            if let Some(job) = self.alone.pop_front() {
                self.commit(vec![job]).await;
                continue;
            }
            if self.again.is_empty() {
                let some = queue.recv_many(&mut arrived, self.options.batch.max(1));
                if self.counters.waiting(some).await == 0 {
                    break;
                }
            }
            let mut jobs: Vec<Box<dyn Job>> = self.again.drain(..).collect();
            for work in arrived.drain(..) {
                match work {
                    Work::Job(job) => jobs.push(job),
                    Work::Stop => queue.close(),
                }
            }
            if !jobs.is_empty() {
                self.commit(jobs).await;
            }
        }
        self.counters.waiting(self.store.close()).await;
    }

    /// Removes the answers whose time is over, now and then, so that they do not pile up.
    async fn prune(&mut self, now: Timestamp) {
        if self.pruned.saturating_add(self.options.prune_every) > now {
            return;
        }
        self.pruned = now;
        if let Err(error) = self.counters.waiting(self.store.prune_receipts(now)).await {
            tracing::warn!(failure = error.kind.word(), "expired answers were not removed");
        }
    }

    /// Takes inputs through load, decision and commit, and answers those that are settled.
    async fn commit(&mut self, jobs: Vec<Box<dyn Job>>) {
        self.counters.taken(jobs.len());
        let (groups, load) = grouped(jobs);
        let scopes = load.marks.clone();
        let loaded = match self.counters.waiting(self.store.load(load)).await {
            Ok(loaded) => loaded,
            // One row that cannot be read must not take its neighbours along.
            Err(error) if error.kind == StoreErrorKind::Corrupt && groups.len() > 1 => {
                return self.alone.extend(groups.into_iter().flat_map(|(jobs, _)| jobs));
            }
            Err(error) => {
                let jobs = groups.into_iter().flat_map(|(jobs, _)| jobs);
                return jobs.for_each(|job| job.answer(Some(Failure::Store(error.clone()))));
            }
        };
        let now = self.clock.now();
        let mut receipts: HashMap<ReceiptKey, Receipt> = loaded
            .receipts
            .into_iter()
            .flatten()
            .filter(|receipt| receipt.stands(now))
            .map(|receipt| {
                let key = ReceiptKey { scope: receipt.scope.clone(), key: receipt.key.clone() };
                (key, receipt)
            })
            .collect();
        let terms = Terms {
            max_message: self.options.max_message,
            now,
            answers_expire: now.saturating_add(self.options.receipt_retention),
            inbox_expires: now.saturating_add(self.options.inbox_retention),
        };
        let marks: HashMap<String, Timestamp> =
            scopes.into_iter().zip(loaded.marks).filter_map(|(scope, mark)| Some((scope, mark?))).collect();
        let mut decided = Vec::with_capacity(groups.len());
        let mut rows = loaded.rows;
        for (jobs, place) in groups {
            let columns = columns(&jobs);
            let row = place.and_then(|place| rows.get_mut(place).and_then(Option::take));
            let mut subject =
                row.map_or_else(Subject::absent, |row| Subject::loaded(row.version, columns, row.columns));
            let (group, rest) = decide(jobs, &mut subject, (&mut receipts, &marks), terms);
            decided.push(group);
            self.again.extend(rest);
        }
        self.write(decided).await;
        self.prune(now).await;
    }

    /// Commits what was decided, as one batch.
    async fn write(&mut self, mut groups: Vec<Group>) {
        let mut units = Vec::with_capacity(groups.len());
        let mut waiting = Vec::with_capacity(groups.len());
        for mut group in groups.drain(..) {
            match group.unit() {
                Some(unit) => {
                    units.push(unit);
                    waiting.push(group);
                }
                None => group.answer(None),
            }
        }
        if units.is_empty() {
            return;
        }
        let owes = units.iter().any(|unit| !unit.messages.is_empty());
        let begun = Instant::now();
        let answer = self.counters.waiting(self.store.commit(units)).await;
        self.counters.committed(begun.elapsed());
        if owes && answer.is_ok() {
            self.wake.ring();
        }
        match answer {
            Err(error) => waiting.into_iter().for_each(|group| group.answer(Some(&error.clone().into()))),
            Ok(outcomes) => {
                for (group, outcome) in waiting.into_iter().zip(outcomes) {
                    self.settle(group, &outcome);
                }
            }
        }
    }

    /// Answers a group, or has it decided again.
    fn settle(&mut self, mut group: Group, outcome: &UnitOutcome) {
        match outcome {
            UnitOutcome::Committed => group.answer(None),
            UnitOutcome::NotUnique { field } => {
                // Together they were refused, and later ones were decided on what an earlier one left, so each
                // answers for itself.
                if group.jobs.len() > 1 {
                    self.counters.again(group.jobs.len());
                    return self.alone.extend(group.jobs);
                }
                group.jobs.iter_mut().for_each(|job| job.not_unique(field));
                group.answer(None);
            }
            UnitOutcome::Conflict { .. } | UnitOutcome::ReceiptExists(_) | UnitOutcome::MessageExists(_) => {
                for mut job in group.jobs {
                    let attempts = *job.attempts();
                    if attempts >= self.options.attempts {
                        let entity = job.structure().name;
                        job.answer(Some(Failure::Contended { entity, attempts }));
                        continue;
                    }
                    self.counters.again(1);
                    if self.alone.iter().any(|other| same_subject(&**other, &*job)) {
                        // It came before those that wait alone, and stays before them.
                        self.alone.push_front(job);
                    } else {
                        self.again.push_back(job);
                    }
                }
            }
        }
    }
}

impl Group {
    /// What has to be committed, if anything.
    fn unit(&mut self) -> Option<Unit> {
        let Plan { columns, version, messages, receipts, parked } = std::mem::take(&mut self.plan);
        let subject = self.jobs.first().and_then(|job| job.datum().map(|datum| (job.structure(), datum)));
        let write = match (version, subject) {
            (Some(version), Some((structure, id))) => Some(Write {
                structure,
                id: id.clone(),
                expected: self.expected,
                version,
                columns: columns
                    .into_iter()
                    .enumerate()
                    .filter_map(|(column, datum)| datum.map(|datum| (column, datum)))
                    .collect(),
            }),
            _ => None,
        };
        let unit = Unit { write, messages, receipts, parked };
        let something = unit.write.is_some() || !unit.receipts.is_empty() || !unit.parked.is_empty();
        something.then_some(unit)
    }

    fn answer(self, failure: Option<&Failure>) {
        self.jobs.into_iter().for_each(|job| job.answer(failure.cloned()));
    }
}

/// The inputs about one entity, and the place of its row among those to be loaded, if there is one.
type Grouped = (Vec<Box<dyn Job>>, Option<usize>);

/// The inputs by entity, in order of arrival, and what has to be loaded for them.
fn grouped(jobs: Vec<Box<dyn Job>>) -> (Vec<Grouped>, Load) {
    let mut places: HashMap<(&'static str, String), usize> = HashMap::with_capacity(jobs.len());
    let mut groups: Vec<Grouped> = Vec::with_capacity(jobs.len());
    let mut load = Load::default();
    for job in jobs {
        load.receipts.extend(job.receipts());
        if let Some(scope) = job.mark()
            && !load.marks.iter().any(|known| known == scope)
        {
            load.marks.push(scope.to_owned());
        }
        if job.datum().is_none() {
            groups.push((vec![job], None));
            continue;
        }
        let place = *places.entry((job.structure().table, job.id().to_owned())).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((group, _)) => group.push(job),
            None => groups.push((vec![job], None)),
        }
    }
    for (group, place) in &mut groups {
        let Some((structure, id)) =
            group.first().and_then(|job| Some((job.structure(), job.datum()?.clone())))
        else {
            continue;
        };
        *place = Some(load.rows.len());
        load.rows.push(RowKey { structure, id, columns: columns(group) });
    }
    (groups, load)
}

/// Whether two inputs are about one entity.
fn same_subject(one: &dyn Job, other: &dyn Job) -> bool {
    one.structure().table == other.structure().table && one.id() == other.id()
}

/// The columns that the inputs of a group need together, ascending.
fn columns(group: &[Box<dyn Job>]) -> Vec<usize> {
    let mut columns: Vec<usize> = group.iter().flat_map(|job| job.columns()).copied().collect();
    if group.len() > 1 {
        columns.sort_unstable();
        columns.dedup();
    }
    columns
}

/// Decides the inputs about one entity, one after the other.
///
/// A value of a unique field has to be tried by the store, also when a later input would replace it at once. So an
/// input that sets one ends the group, and the rest is decided after the commit.
fn decide(
    jobs: Vec<Box<dyn Job>>,
    subject: &mut Subject,
    (receipts, marks): (&mut HashMap<ReceiptKey, Receipt>, &HashMap<String, Timestamp>),
    terms: Terms,
) -> (Group, VecDeque<Box<dyn Job>>) {
    let expected = subject.version.map_or(Expected::Absent, Expected::Version);
    let mut group = Group { jobs: Vec::with_capacity(jobs.len()), expected, plan: Plan::default() };
    let mut rest = VecDeque::from(jobs);
    while let Some(mut job) = rest.pop_front() {
        if let Some(receipt) = job.receipts().iter().find_map(|key| receipts.get(key)) {
            job.replay(receipt.clone());
        } else if job.mark().map(|scope| marks.get(scope).copied()).is_some_and(|mark| job.forgotten(mark)) {
            // Nothing is decided, and so nothing changes.
        } else {
            let before = group.plan.receipts.len();
            job.decide(subject, &mut group.plan, terms);
            // The same fact may come again within the batch.
            for receipt in group.plan.receipts.iter().skip(before) {
                let key = ReceiptKey { scope: receipt.scope.clone(), key: receipt.key.clone() };
                receipts.insert(key, receipt.clone());
            }
        }
        let fields = job.structure().fields.iter().zip(&group.plan.columns);
        let sets_unique = fields.into_iter().any(|(field, datum)| field.unique && datum.is_some());
        group.jobs.push(job);
        if sets_unique {
            break;
        }
    }
    (group, rest)
}
