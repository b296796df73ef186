//! What has to follow from an input.

use crate::interpret::Document;
use crate::kernel::{Applied, Decision, Effect, EffectSet as _, Event, Input, Payload, Rejection as _};

use super::scenario::Scenario;
use super::show::{self, Table};

/// The decision on an input, and what is demanded of it.
///
/// A demand that is not met panics with what was given, the input, what was expected and what happened instead.
#[derive(Debug, Clone)]
pub struct Then<I: Input> {
    pub(super) scenario: Scenario<I::Entity>,
    pub(super) input: I,
    pub(super) decision: Decision<I>,
}

#[expect(clippy::return_self_not_must_use, reason = "a demand is made for its own sake")]
impl<I: Input> Then<I> {
    /// It was applied.
    ///
    /// # Panics
    /// When it was not.
    #[track_caller]
    pub fn then_applied(self) -> Self {
        self.applied("  applied\n");
        self
    }

    /// It was accepted, and changed and said nothing.
    ///
    /// # Panics
    /// When anything else is the case.
    #[track_caller]
    pub fn then_no_change(self) -> Self {
        match self.decision {
            Decision::NoChange => self,
            _ => self.fail("it did not end without a change", "  no change\n"),
        }
    }

    /// It was refused, by the rule of this name: a guard, a `reject!`, an invariant or a constraint, as it stands in
    /// codes, for example `"can_accept"`.
    ///
    /// # Panics
    /// When it was not refused, or by another rule.
    #[track_caller]
    pub fn then_rejected(self, rule: &str) -> Self {
        match &self.decision {
            Decision::Rejected(rejection) if rejection.name() == rule => self,
            _ => {
                let rules = show::refusals::<I>();
                let names = || rules.iter().map(|(name, _)| name.as_str());
                let told = match rules.iter().find(|(name, _)| name == rule) {
                    Some((_, "")) => String::new(),
                    Some((_, message)) => format!(": {message}"),
                    None if crate::suggest::nearest(rule, names()).is_none() => String::new(),
                    None => {
                        let names: Vec<&str> = names().collect();
                        format!("\n  (the rules of this transition are {})", names.join(", "))
                    }
                };
                self.fail(
                    &format!("it was not refused by `{rule}`"),
                    &format!("  rejected by `{rule}`{told}\n"),
                )
            }
        }
    }

    /// It was refused with exactly this, for example `AcceptTenderRejection::CanAccept`.
    ///
    /// # Panics
    /// When it was not.
    #[track_caller]
    pub fn then_rejected_with(self, expected: &I::Rejection) -> Self {
        match &self.decision {
            Decision::Rejected(rejection) if rejection == expected => self,
            _ => self.fail(
                &format!("it was not refused by `{}`", expected.name()),
                &format!("  rejected by `{}`: {expected}\n", expected.name()),
            ),
        }
    }

    /// The question could not be asked, and the reason contains this text.
    ///
    /// # Panics
    /// When it could, or for another reason.
    #[track_caller]
    pub fn then_invalid(self, reason: &str) -> Self {
        match &self.decision {
            Decision::Invalid(invalid) if invalid.to_string().contains(reason) => self,
            _ => self.fail("it was not found unusable", &format!("  invalid: …{reason}…\n")),
        }
    }

    /// The version that was stated is not the latest.
    ///
    /// # Panics
    /// When there was no such conflict.
    #[track_caller]
    pub fn then_conflict(self) -> Self {
        match &self.decision {
            Decision::Conflict { .. } => self,
            _ => self.fail("there was no conflict", "  a conflict\n"),
        }
    }

    /// It was applied, and told this among what it told.
    ///
    /// # Panics
    /// When it was not applied, or did not tell this.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "a message is written where it is demanded")]
    pub fn then_emits<T: Event>(self, event: T) -> Self {
        self.says(&event)
    }

    /// It was applied, and asked for this effect among others.
    ///
    /// # Panics
    /// When it was not applied, or did not ask for this.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "a message is written where it is demanded")]
    pub fn then_requests<T: Effect>(self, effect: T) -> Self {
        self.says(&effect)
    }

    /// It was applied, and tells nobody and asks nobody.
    ///
    /// # Panics
    /// When there is a message.
    #[track_caller]
    pub fn then_says_nothing(self) -> Self {
        if self.applied("  applied, without a message\n").effects().count() > 0 {
            self.fail("there is a message", "  applied, without a message\n");
        }
        self
    }

    /// It was applied, and changed exactly these fields, computed ones included.
    ///
    /// # Panics
    /// When it changed others.
    #[track_caller]
    pub fn then_changed(self, fields: &[&str]) -> Self {
        let expected = format!("  applied, with a change of {}\n", fields.join(", "));
        let mut changed = self.applied(&expected).changed();
        let mut fields = fields.to_vec();
        changed.sort_unstable();
        fields.sort_unstable();
        if changed != fields {
            self.fail(&format!("it changed {}", changed.join(", ")), &expected);
        }
        self
    }

    /// Looks at the entity as it is now. After a refusal that is the entity as it was.
    ///
    /// # Panics
    /// When `look` does, or there is no entity.
    #[track_caller]
    pub fn then_state(self, look: impl FnOnce(&I::Entity)) -> Self {
        match self.after() {
            Some(state) => look(&state),
            None => self.fail("there is no entity to look at", "  an entity\n"),
        }
        self
    }

    /// The entity is in exactly this state now.
    ///
    /// # Panics
    /// When a field differs.
    #[track_caller]
    pub fn then_state_is(self, expected: &I::Entity) -> Self {
        let Some(state) = self.after() else { self.fail("there is no entity", "  an entity\n") };
        if state != *expected {
            let differences = match (show::state(expected), show::state(&state)) {
                (Ok(expected), Ok(found)) => different(&expected, &found).text(4),
                (expected, found) => format!("    {expected:?}\n    {found:?}\n"),
            };
            self.fail("the entity is in another state", &format!("  this state\n{differences}"));
        }
        self
    }

    /// Looks at the decision itself.
    ///
    /// # Panics
    /// When `look` does.
    #[track_caller]
    pub fn then(self, look: impl FnOnce(&Decision<I>)) -> Self {
        look(&self.decision);
        self
    }

    /// What comes next, from where this ended.
    pub fn next(mut self) -> Scenario<I::Entity> {
        let after = self.after();
        let version = match &self.decision {
            Decision::Applied(applied) => Some(applied.version()),
            _ => self.scenario.state.as_ref().map(|(_, version)| *version),
        };
        self.scenario.state = after.zip(version);
        self.scenario.settled()
    }

    /// The decision.
    pub const fn decision(&self) -> &Decision<I> {
        &self.decision
    }

    #[track_caller]
    fn applied(&self, expected: &str) -> &Applied<I> {
        match &self.decision {
            Decision::Applied(applied) => applied,
            _ => self.fail("it was not applied", expected),
        }
    }

    /// The entity as it is now.
    fn after(&self) -> Option<I::Entity> {
        let before = self.scenario.state.as_ref().map(|(state, _)| state);
        match (&self.decision, before) {
            (Decision::Applied(applied), Some(before)) => applied.after(before).ok(),
            (Decision::Applied(applied), None) => applied.created().ok(),
            (_, before) => before.cloned(),
        }
    }

    #[track_caller]
    fn says(self, expected: &dyn Payload) -> Self {
        let (word, text) = show::message(expected);
        let wanted = format!("  {word} {text}\n");
        let (name, json) = (expected.message().name, expected.json());
        let (mut said, mut nearest) = (false, None);
        self.applied(&wanted).effects().each(&mut |payload| {
            if payload.message().name == name {
                said |= payload.json() == json;
                nearest = Document::of_payload(payload).ok();
            }
        });
        if said {
            return self;
        }
        let differences = match (Document::of_payload(expected).ok(), nearest) {
            (Some(expected), Some(found)) => different(&expected, &found).text(4),
            _ => String::new(),
        };
        let problem = if differences.is_empty() {
            format!("there is no `{name}`")
        } else {
            format!("`{name}` says something else")
        };
        self.fail(&problem, &format!("{wanted}{differences}"))
    }

    /// Ends the test with the whole story.
    #[track_caller]
    pub(super) fn fail(&self, problem: &str, expected: &str) -> ! {
        let known = self.scenario.state.as_ref().map(|(state, version)| (state, *version));
        let by = self.scenario.context.actor().map_or(String::new(), |actor| format!(", by {actor}"));
        panic!(
            "{}: {problem}\n\ngiven\n{}when (at {}{by})\n{}then expected\n{expected}but it was\n{}",
            I::TRANSITION.input,
            show::entity(known),
            self.scenario.context.now(),
            show::input(&self.input),
            show::decision(&self.decision, known.map(|(state, _)| state)),
        )
    }
}

/// What was expected next to what was found, where they differ.
fn different(expected: &Document, found: &Document) -> Table {
    let mut table = Table::default();
    for (name, value) in expected.iter() {
        match found.get(name) {
            Some(other) if other == value => {}
            Some(other) => table.row(name, format!("expected {value}, found {other}")),
            None => table.row(name, format!("expected {value}, found nothing")),
        }
    }
    table
}
