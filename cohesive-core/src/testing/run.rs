//! All walks of one entity, and the report that the tests read.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use crate::interpret::Interpreter;
use crate::kernel::Entity;
use crate::model::{self, Step};
use crate::value::Timestamp;

use super::choices::{Choices, seed_of, shrink};
use super::map::Map;
use super::merge;
use super::pool::Pool;
use super::property::Property;
use super::story;
use super::subject::{Ended, Subject, Typed};
use super::walk::{Ground, Walked};

/// How often a failing walk is walked again to make it short.
const SHRINKING: usize = 3000;

/// How many more walks are made for transitions that were not accepted, as a multiple of the usual number.
const PERSISTENCE: u32 = 3;

/// How properties are tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How many walks are made.
    pub cases: u32,
    /// Where the random choices begin. `COHESIVE_SEED` in the environment goes before it.
    pub seed: u64,
    /// Transitions that no walk has to come to, by the names of their methods. One that is accepted all the same is a
    /// failure, so that the list stays true.
    pub unreached: &'static [&'static str],
    /// Invariants that are meant to refuse inputs, without a guard that does so before, by the names of their methods.
    pub refusing: &'static [&'static str],
    /// Guards and refusals that no walk has to meet, by name.
    pub unmet: &'static [&'static str],
}

impl Options {
    /// 192 walks from seed 0, and every transition has to be accepted.
    pub const USUAL: Self = Self { cases: 192, seed: 0, unreached: &[], refusing: &[], unmet: &[] };

    /// The same with this many walks.
    #[must_use]
    pub const fn cases(self, cases: u32) -> Self {
        Self { cases, ..self }
    }

    /// The same from this seed.
    #[must_use]
    pub const fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The same, with transitions that no walk has to come to.
    #[must_use]
    pub const fn unreached(self, unreached: &'static [&'static str]) -> Self {
        Self { unreached, ..self }
    }

    /// The same, with invariants that are meant to refuse inputs.
    #[must_use]
    pub const fn refusing(self, refusing: &'static [&'static str]) -> Self {
        Self { refusing, ..self }
    }

    /// The same, with guards and refusals that no walk has to meet.
    #[must_use]
    pub const fn unmet(self, unmet: &'static [&'static str]) -> Self {
        Self { unmet, ..self }
    }
}

/// What the walks of one entity showed.
#[derive(Debug, Default)]
pub struct Report {
    failures: BTreeMap<Property, String>,
    accepted: Vec<u64>,
    refused: Vec<BTreeMap<String, u64>>,
    steps: u64,
    opaque: BTreeMap<String, u64>,
}

impl Report {
    /// Walks through the states of `E`.
    #[must_use]
    pub fn of<E: Entity>(options: &Options) -> Self {
        let subject = Typed::<E>::new();
        run(&subject, options)
    }

    /// What broke a property, as a story; `None` where nothing did.
    #[must_use]
    pub fn failure(&self, property: Property) -> Option<&str> {
        self.failures.get(&property).map(String::as_str)
    }

    /// How often the transition with this number was accepted.
    #[must_use]
    pub fn accepted(&self, transition: usize) -> u64 {
        self.accepted.get(transition).copied().unwrap_or(0)
    }

    /// How many inputs were decided on.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// What the model does not say, by its name, with how often it was met.
    #[must_use]
    pub const fn opaque(&self) -> &BTreeMap<String, u64> {
        &self.opaque
    }

    /// How often each transition was accepted and refused, by which rule.
    #[must_use]
    pub fn coverage(&self, entity: &model::Entity) -> String {
        let mut text = String::new();
        for (number, transition) in entity.transitions.iter().enumerate() {
            // Writing to text cannot fail.
            let _ = write!(text, "  {}: {} × accepted", transition.name, self.accepted(number));
            for (rule, count) in self.refused.get(number).into_iter().flatten() {
                let _ = write!(text, ", {count} × {rule}");
            }
            text.push('\n');
        }
        text
    }

    fn note(&mut self, walked: &Walked) {
        for step in &walked.steps {
            let Some(number) = step.transition else { continue };
            self.steps += 1;
            match &step.ended {
                Ended::Accepted if walked.is_made_up() => {}
                Ended::Accepted => {
                    if let Some(count) = self.accepted.get_mut(number) {
                        *count += 1;
                    }
                }
                Ended::Refused(rule) => {
                    if let Some(rules) = self.refused.get_mut(number) {
                        *rules.entry(rule.clone()).or_default() += 1;
                    }
                }
                Ended::Unchanged | Ended::Unusable | Ended::Panicked => {}
            }
            if let Some(what) = &step.opaque {
                *self.opaque.entry(what.clone()).or_default() += 1;
            }
        }
    }
}

fn run(subject: &dyn Subject, options: &Options) -> Report {
    let entity = subject.interpreter().entity();
    let ground = Ground {
        subject,
        constants: Pool::of(subject.interpreter()),
        map: Map::of(entity),
        start: Timestamp::from_micros(1_767_268_800_000_000).unwrap_or_default(),
        refusing: options.refusing,
    };
    let count = entity.transitions.len();
    let mut report =
        Report { accepted: vec![0; count], refused: vec![BTreeMap::new(); count], ..Report::default() };
    let limit = options.cases.saturating_mul(1 + PERSISTENCE);
    for case in 0..limit {
        let done = || {
            missing(entity, &report, options).is_empty()
                && met(subject.interpreter(), &report, options).is_none()
        };
        if case >= options.cases && done() {
            break;
        }
        // Walks go where few have been; what was chosen is written down, so that a walk alone can be repeated.
        let favour: Vec<u32> =
            (0..count).map(|number| if report.accepted(number) < 8 { 6 } else { 1 }).collect();
        let mut choices = Choices::random(seed_of(options.seed, u64::from(case)));
        let walked = ground.walk(&mut choices, &favour);
        report.note(&walked);
        let (taken, spans) = choices.into_parts();
        failures(&ground, options, &mut report, &walked, (&taken, &spans), &favour);
    }
    if let Some(failure) = merge::laws(subject, &ground.constants, ground.start, options.seed) {
        report.failures.insert(Property::Merges, format!("{failure}{}", seed_line(options)));
    }
    if let Some(failure) = possible(entity, &report, options) {
        report.failures.insert(Property::Possible, failure);
    }
    if let Some(failure) = met(subject.interpreter(), &report, options) {
        report.failures.insert(Property::Met, failure);
    }
    report
}

/// Makes the first failure of each property short, and writes its story.
fn failures(
    ground: &Ground<'_>,
    options: &Options,
    report: &mut Report,
    walked: &Walked,
    (taken, spans): (&[u64], &[(usize, usize)]),
    favour: &[u32],
) {
    let entity = ground.subject.interpreter().entity();
    for (_, finding) in &walked.findings {
        let property = finding.property;
        if report.failures.contains_key(&property) {
            continue;
        }
        let broken = |walked: &Walked| walked.findings.iter().any(|(_, found)| found.property == property);
        let least = shrink(taken.to_vec(), spans.to_vec(), SHRINKING, |script| {
            let mut choices = Choices::replay(script);
            let walked = ground.walk(&mut choices, favour);
            broken(&walked).then(|| choices.into_parts())
        });
        let shortest = ground.walk(&mut Choices::replay(least), favour);
        let told = shortest.findings.iter().find(|(_, found)| found.property == property);
        let story = match told {
            Some((at, finding)) => story::tell(entity, &shortest, *at, finding),
            None => format!("it broke once and not again: {}\n", finding.what),
        };
        report.failures.insert(property, format!("{story}{}", seed_line(options)));
    }
}

/// The transitions that were never accepted and should have been.
fn missing(entity: &model::Entity, report: &Report, options: &Options) -> Vec<usize> {
    let numbers = 0..entity.transitions.len();
    numbers
        .filter(|number| {
            let name = entity.transitions.get(*number).map_or("", |transition| transition.name);
            report.accepted(*number) == 0 && !options.unreached.contains(&name)
        })
        .collect()
}

/// What is wrong with what was accepted and what was not.
fn possible(entity: &model::Entity, report: &Report, options: &Options) -> Option<String> {
    let mut text = String::new();
    for number in missing(entity, report, options) {
        let Some(transition) = entity.transitions.get(number) else { continue };
        let _ = writeln!(text, "  `{}` was never accepted.", transition.name);
        let tried: Vec<String> = report
            .refused
            .get(number)
            .into_iter()
            .flatten()
            .map(|(rule, count)| format!("{count} × by `{rule}`"))
            .collect();
        let tried = if tried.is_empty() {
            "It was never tried: no walk came to where it may start.".to_owned()
        } else {
            format!("It was refused {}.", tried.join(", "))
        };
        let _ = writeln!(text, "  {tried}");
    }
    if !text.is_empty() {
        text.push_str(
            "\nhelp: look for a guard that is the wrong way round, for a field that nothing sets, and for a state that \
             nothing leads to\n",
        );
        let _ = writeln!(text, "help: where it is meant to be so, say so: `unreached = [{}]`", {
            let names: Vec<&str> = missing(entity, report, options)
                .into_iter()
                .filter_map(|number| entity.transitions.get(number).map(|transition| transition.name))
                .collect();
            names.join(", ")
        });
    }
    for name in options.unreached {
        let number = entity.transitions.iter().position(|transition| transition.name == *name);
        match number {
            None => {
                let _ = writeln!(text, "  `unreached` names `{name}`, and there is no such transition.");
            }
            Some(number) if report.accepted(number) > 0 => {
                let _ = writeln!(text, "  `unreached` names `{name}`, and it was accepted.");
            }
            Some(_) => {}
        }
    }
    (!text.is_empty())
        .then(|| format!("{text}\nwhat the walks came to\n{}{}", report.coverage(entity), seed_line(options)))
}

/// Which guards and refusals never refused, and which ways through bodies were never taken.
fn met(interpreter: &Interpreter, report: &Report, options: &Options) -> Option<String> {
    let entity = interpreter.entity();
    let mut text = String::new();
    for (number, transition) in entity.transitions.iter().enumerate() {
        if options.unreached.contains(&transition.name) {
            continue;
        }
        let guards = transition.guards.iter().map(|guard| guard.name);
        for name in guards.chain(transition.rejections.iter().map(|case| case.name)) {
            let rule = crate::spelling::snake(name);
            let refused = report.refused.get(number).is_some_and(|rules| rules.contains_key(&rule));
            if !refused && !options.unmet.contains(&name) {
                let _ = writeln!(text, "  `{name}` of `{}` never refused anything.", transition.name);
            }
        }
        let mut idle = Vec::new();
        // Where a helper stands in the way of interpreting it, nothing is known of its ways.
        if interpreter.took(transition.steps) {
            ways(interpreter, transition.steps, &mut idle);
        }
        for line in idle.into_iter().filter(|_| !options.unmet.contains(&transition.name)) {
            let _ = writeln!(
                text,
                "  A way through `{}` was never taken: it begins before {}:{line}.",
                transition.name, entity.file
            );
        }
    }
    (!text.is_empty()).then(|| {
        format!(
            "{text}\nhelp: look for a condition that always holds, and for one that an earlier one implies\n\
             help: where it is meant to be so, say so: `unmet = [Name]`\n\nwhat the walks came to\n{}{}",
            report.coverage(entity),
            seed_line(options)
        )
    })
}

/// The lines of the ways that were never taken, the outermost of each.
fn ways(interpreter: &Interpreter, steps: &[Step], idle: &mut Vec<u32>) {
    let mut look = |way: &'static [Step]| {
        if interpreter.took(way) {
            ways(interpreter, way, idle);
        } else {
            idle.push(way.iter().find_map(line).unwrap_or(0));
        }
    };
    for step in steps {
        match step {
            Step::If { then, otherwise, .. } => {
                look(then);
                look(otherwise);
            }
            Step::Match { arms, .. } => arms.iter().for_each(|arm| look(arm.steps)),
            _ => {}
        }
    }
}

/// The line of a step, where it has one.
const fn line(step: &Step) -> Option<u32> {
    match step {
        Step::Set { at, .. } | Step::Change { at, .. } | Step::Emit { at, .. } | Step::Request { at, .. } => {
            Some(at.0)
        }
        Step::Let { .. } | Step::Reject { .. } | Step::If { .. } | Step::Match { .. } => None,
    }
}

fn seed_line(options: &Options) -> String {
    format!("\nto see it again: COHESIVE_SEED={} cargo test", options.seed)
}

/// Reports that were made already, by entity type: the tests of one entity share their walks.
static REPORTS: Mutex<Vec<((TypeId, Options), Shared)>> = Mutex::new(Vec::new());

type Shared = Arc<Mutex<Option<Arc<Report>>>>;

/// Demands that a property holds of `E`.
///
/// # Panics
/// When something breaks it, with the shortest story of how.
#[track_caller]
pub fn demand<E: Entity>(options: Options, property: Property, test: &str) {
    let seed = std::env::var("COHESIVE_SEED").ok().and_then(|seed| seed.parse().ok());
    let options = Options { seed: seed.unwrap_or(options.seed), ..options };
    let shared = {
        let mut reports = REPORTS.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (TypeId::of::<E>(), options);
        let known = reports.iter().find(|(known, _)| *known == key).map(|(_, shared)| Arc::clone(shared));
        known.unwrap_or_else(|| {
            let shared = Shared::default();
            reports.push((key, Arc::clone(&shared)));
            shared
        })
    };
    let report = {
        let mut slot = shared.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slot.get_or_insert_with(|| Arc::new(Report::of::<E>(&options))))
    };
    if let Some(failure) = report.failure(property) {
        let name = E::MODEL.name();
        let test = test.split_once("::").map_or(test, |(_, path)| path);
        panic!("{name}: it does not hold that {}\n\n{failure} {test}\n", property.sentence());
    }
}
