//! A walk: a creation or a made-up state, then inputs, each decided and looked at.

use crate::interpret::{Content, Document};
use crate::kernel::{Context, CorrelationId, Version};
use crate::model::{self, Conflict, Constraint, FieldRole, Kind, Mutability, Transition};
use crate::value::Timestamp;

use super::aim::{Aim, moved};
use super::choices::Choices;
use super::make::{Maker, destination};
use super::map::Map;
use super::pool::Pool;
use super::property::{Finding, Findings, Property};
use super::subject::{Ended, Held, Subject};

/// The longest walk.
const STEPS: usize = 24;

/// What walks have in common.
pub(super) struct Ground<'a> {
    pub(super) subject: &'a dyn Subject,
    pub(super) constants: Pool,
    pub(super) map: Map,
    /// The instant at which every walk begins.
    pub(super) start: Timestamp,
    /// Invariants that are meant to refuse inputs.
    pub(super) refusing: &'static [&'static str],
}

/// One step of a walk, as its story tells it.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// The transition's number; `None` for a state that was made up.
    pub(super) transition: Option<usize>,
    /// The state or the input, as JSON.
    pub(super) json: String,
    pub(super) now: Timestamp,
    pub(super) expected: Option<Version>,
    pub(super) outcome: String,
    pub(super) ended: Ended,
    pub(super) opaque: Option<String>,
}

/// A walk that was walked.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) steps: Vec<Step>,
    /// What was found, with the number of the step.
    pub(super) findings: Vec<(usize, Finding)>,
}

impl Walked {
    /// Whether it began in a state that was made up.
    pub(super) fn is_made_up(&self) -> bool {
        self.steps.first().is_some_and(|step| step.transition.is_none())
    }
}

impl Ground<'_> {
    fn model(&self) -> &'static model::Entity {
        self.subject.interpreter().entity()
    }

    /// Walks. `goal` is a transition that the walk should come to, if it can.
    pub(super) fn walk(&self, choices: &mut Choices, favour: &[u32]) -> Walked {
        let mut walk = Walk {
            ground: self,
            pool: self.constants.clone(),
            now: self.start,
            held: None,
            walked: Walked::default(),
        };
        let goal = choices.weighted(favour);
        if choices.once_in(5) {
            choices.span(|choices| walk.given(choices));
        }
        while walk.walked.steps.len() < STEPS {
            // Whether there is a step belongs to the step, so that both can be left out as one.
            let went = choices
                .span(|choices| (walk.held.is_none() || walk.goes_on(choices)) && walk.step(choices, goal));
            if !went || walk.held.is_none() && walk.walked.steps.len() >= 4 {
                break;
            }
        }
        walk.walked
    }
}

struct Walk<'a> {
    ground: &'a Ground<'a>,
    pool: Pool,
    now: Timestamp,
    held: Option<Held>,
    walked: Walked,
}

impl Walk<'_> {
    fn found(&mut self, findings: Findings) {
        let step = self.walked.steps.len();
        self.walked.findings.extend(findings.0.into_iter().map(|finding| (step, finding)));
    }

    /// Whether the walk goes on; where nothing leads on, it soon ends.
    fn goes_on(&self, choices: &mut Choices) -> bool {
        let state = self.held.as_ref().map(|held| &held.document);
        let stuck = state.is_some_and(|state| self.ground.map.is_terminal(self.ground.model(), state));
        let ends = if stuck { 2 } else { 10 };
        choices.below(ends) != 0
    }

    /// Begins in a state that was made up: any that can be stored, and often one that keeps the rules.
    fn given(&mut self, choices: &mut Choices) {
        let subject = self.ground.subject;
        let interpreter = subject.interpreter();
        let mut state = Document::new();
        for _ in 0..3 {
            state = self.made_up(choices);
            let keeps =
                interpreter.broken(&state) == Ok(None) && interpreter.unkept(&state, &state) == Ok(None);
            if keeps {
                break;
            }
        }
        let storable = |field: &model::Field| {
            state.get(field.name).is_some_and(|value| interpreter.flaw(&field.ty, value) == Ok(None))
        };
        if !self.ground.model().structure.fields.iter().all(storable) {
            return;
        }
        let version = Version::new(choices.below(4));
        let json = state.state_json(self.ground.model().structure);
        let (outcome, held) = match subject.given(state, version) {
            Ok(held) => ("given".to_owned(), Some(held)),
            Err(flaw) => (format!("no state: {flaw}"), None),
        };
        let mut findings = Findings::default();
        if let Some(held) = &held {
            subject.judge_codecs(held, &mut findings);
            self.pool.fields(self.ground.model().structure, &held.document);
        }
        self.held = held;
        self.found(findings);
        self.walked.steps.push(Step {
            transition: None,
            json,
            now: self.now,
            expected: None,
            outcome,
            ended: Ended::Unusable,
            opaque: None,
        });
    }

    fn made_up(&self, choices: &mut Choices) -> Document {
        let interpreter = self.ground.subject.interpreter();
        let mut maker = Maker { choices, interpreter, pool: &self.pool, now: self.now };
        let mut state = Document::new();
        for field in self.ground.model().structure.fields {
            let constraints: Vec<&Constraint> = field.constraints.iter().collect();
            if field.role == FieldRole::FieldVersions {
                state.set(field.name, versions(maker.choices, self.ground.model().structure));
                continue;
            }
            let mut value = maker.value(&field.ty, &constraints);
            for _ in 0..4 {
                if interpreter.flaw(&field.ty, &value) == Ok(None) {
                    break;
                }
                value = maker.value(&field.ty, &constraints);
            }
            state.set(field.name, value);
        }
        if !choices.once_in(8)
            && let Ok(computed) = interpreter.computed(&state)
        {
            state = computed.over(&state);
        }
        state
    }

    /// One input; `false` where there is none to be made.
    fn step(&mut self, choices: &mut Choices, goal: usize) -> bool {
        let model = self.ground.model();
        let state = self.held.as_ref().map(|held| &held.document);
        let weights = self.ground.map.weights(model, self.ground.subject.interpreter(), state, goal);
        if weights.iter().all(|weight| *weight == 0) {
            return false;
        }
        let number = choices.weighted(&weights);
        let Some(transition) = model.transitions.get(number) else { return false };
        if (transition.kind == Kind::Create) != self.held.is_none() {
            return false;
        }
        self.pass_time(choices);
        let context = self.context(choices, transition);
        let (input, context) = self.input(choices, transition, context);
        self.now = context.now();
        let mut findings = Findings::default();
        let subject = self.ground.subject;
        // What only a made-up state leads to may never happen.
        subject.interpreter().count_ways(!self.walked.is_made_up());
        let played = subject.play(number, self.held.as_ref(), &input, &context, &mut findings);
        self.guarded(&played.ended, &mut findings);
        if let Some(after) = &played.after {
            subject.judge_codecs(after, &mut findings);
            self.pool.fields(model.structure, &after.document);
        }
        self.pool.parameters(transition.parameters, &input);
        self.found(findings);
        self.walked.steps.push(Step {
            transition: Some(number),
            json: input.input_json(transition.parameters),
            now: self.now,
            expected: context.expected(),
            outcome: played.outcome,
            ended: played.ended,
            opaque: played.opaque,
        });
        if let Some(after) = played.after {
            self.held = Some(after);
        }
        true
    }

    /// An invariant that refuses says that a guard is missing, where the state was reached and not made up.
    fn guarded(&self, ended: &Ended, findings: &mut Findings) {
        let Ended::Refused(rule) = ended else { return };
        let invariants = self.ground.model().invariants.iter().map(|invariant| invariant.name);
        if !self.walked.is_made_up()
            && invariants.filter(|name| name == rule).any(|name| !self.ground.refusing.contains(&name))
        {
            let what = format!("the invariant `{rule}` had to refuse; no guard did before");
            findings.add(Property::Guarded, what);
        }
    }

    /// The clock only goes forward.
    fn pass_time(&mut self, choices: &mut Choices) {
        const SPANS: [i64; 5] = [0, 1_000_000, 3_600_000_000, 86_400_000_000, 5_184_000_000_000];
        let span = choices.one_of(&SPANS).copied().unwrap_or(0);
        let micros = self.now.as_micros().saturating_add(span);
        self.now = Timestamp::from_micros(micros).unwrap_or(self.now);
    }

    fn context(&self, choices: &mut Choices, transition: &Transition) -> Context {
        let mut context = match "walk".parse::<CorrelationId>() {
            Ok(correlation) => Context::new(self.now, correlation),
            Err(_) => Context::new(self.now, CorrelationId::from(crate::value::Uuid::nil())),
        };
        if choices.once_in(2)
            && let Ok(actor) = "walker".parse()
        {
            context = context.by(actor);
        }
        let version = self.held.as_ref().map_or(Version::INITIAL, |held| held.version);
        let states = match transition.conflict {
            _ if transition.kind == Kind::Create => choices.once_in(24),
            conflict if conflict.needs_version() => !choices.once_in(16),
            Conflict::AtHead => choices.once_in(16),
            _ => choices.once_in(4),
        };
        if states {
            let behind = if choices.once_in(8) { choices.below(3) } else { 0 };
            let number = version.number().saturating_sub(behind);
            let ahead = u64::from(choices.once_in(24));
            context = context.expecting(Version::new(number.saturating_add(ahead)));
        }
        context
    }

    /// An input of a transition: made up, then aimed.
    fn input(
        &self,
        choices: &mut Choices,
        transition: &'static Transition,
        mut context: Context,
    ) -> (Document, Context) {
        let interpreter = self.ground.subject.interpreter();
        let structure = self.ground.model().structure;
        let nothing = Document::new();
        let state = self.held.as_ref().map_or(&nothing, |held| &held.document);
        let mut input = Document::new();
        for parameter in transition.parameters {
            let mut constraints: Vec<&Constraint> = parameter.constraints.iter().collect();
            constraints.extend(destination(transition, structure.fields, parameter.name));
            let mut maker = Maker { choices, interpreter, pool: &self.pool, now: context.now() };
            input.set(parameter.name, maker.value(&parameter.ty, &constraints));
        }
        if !choices.once_in(6) {
            let aim = Aim { interpreter, transition, state };
            aim.take(choices, &mut input, &mut context);
        }
        let now = context.now();
        (input, moved(&context, now))
    }
}

/// Versions of some fields.
fn versions(choices: &mut Choices, structure: &model::Structure) -> Content {
    match choices.below(3) {
        0 => Content::present(Content::Opaque("{}".to_owned())),
        1 => Content::Absent,
        _ => {
            let data: Vec<_> = structure
                .fields
                .iter()
                .filter(|field| {
                    field.role == FieldRole::Data && !matches!(field.mutability, Mutability::Computed(_))
                })
                .collect();
            let wire = choices.one_of(&data).map_or("id", |field| field.wire);
            let version = choices.below(4);
            Content::present(Content::Opaque(format!("{{\"{wire}\":{version}}}")))
        }
    }
}
