//! Values as a test report shows them.

use std::fmt::Write as _;

use crate::interpret::Document;
use crate::kernel::{
    Applied, Decision, EffectSet as _, Entity, Input, Payload, Rejection as _, Structure, Version,
};
use crate::model::Role;

/// A table of names and texts, each on a line of its own.
#[derive(Default)]
pub(super) struct Table(Vec<(String, String)>);

impl Table {
    pub(super) fn row(&mut self, name: &str, text: String) {
        self.0.push((name.to_owned(), text));
    }

    /// The rows, aligned, with this much space before each.
    pub(super) fn text(&self, indent: usize) -> String {
        let width = self.0.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        for (name, value) in &self.0 {
            // Writing to text cannot fail.
            let _ = writeln!(text, "{:indent$}{name:width$}  {value}", "");
        }
        text
    }
}

/// Every value of a document.
pub(super) fn document(document: &Document) -> Table {
    let mut table = Table::default();
    document.iter().for_each(|(name, value)| table.row(name, value.to_string()));
    table
}

/// A document on one line: `{ tender_id: T-1, partner_id: P-7 }`.
pub(super) fn line(document: &Document) -> String {
    let parts: Vec<String> = document.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) }
}

/// The fields of an entity; its `Debug` form where they cannot be stored.
pub(super) fn state<E: Structure>(state: &E) -> Result<Document, String> {
    Document::of_patch::<E>(&state.whole()).map_err(|flaw| format!("{state:?} (cannot be stored: {flaw})"))
}

/// What is known of an entity before an input.
pub(super) fn entity<E: Structure>(known: Option<(&E, Version)>) -> String {
    let name = E::STRUCTURE.name;
    match known {
        None => format!("  no {name} yet\n"),
        Some((entity, version)) => {
            let fields = match state(entity) {
                Ok(fields) => document(&fields).text(4),
                Err(text) => format!("    {text}\n"),
            };
            format!("  {name} `{}`, version {version}\n{fields}", entity.id())
        }
    }
}

/// An input with its values.
pub(super) fn input<I: Input>(input: &I) -> String {
    let transition = I::TRANSITION;
    let values = serde_json::to_string(input)
        .ok()
        .and_then(|json| Document::of_input(transition.parameters, &json).ok());
    let values = values.map_or_else(|| format!("    {input:?}\n"), |values| document(&values).text(4));
    format!("  {}\n{values}", transition.input)
}

/// A message: what it is and what it says.
pub(super) fn message(payload: &dyn Payload) -> (&'static str, String) {
    let word = match payload.message().role {
        Role::Event => "emits",
        Role::Request { .. } => "requests",
    };
    let says = Document::of_payload(payload).map_or_else(
        |_| format!("{payload:?}"),
        |says| format!("{} {}", payload.message().name, line(&says)),
    );
    (word, says)
}

/// What an applied input changed and said, next to what was before.
fn applied<I: Input>(applied: &Applied<I>, before: Option<&I::Entity>) -> String {
    let mut table = Table::default();
    let old = before.and_then(|before| state(before).ok());
    match Document::of_patch::<I::Entity>(applied.patch()) {
        Ok(patch) => {
            for field in I::Entity::STRUCTURE.fields {
                let Some(new) = patch.get(field.name) else { continue };
                let text = match old.as_ref().and_then(|old| old.get(field.name)) {
                    Some(old) => format!("{old} → {new}"),
                    None => new.to_string(),
                };
                table.row(field.name, text);
            }
        }
        Err(flaw) => table.row("patch", format!("{:?} (cannot be stored: {flaw})", applied.patch())),
    }
    applied.effects().each(&mut |payload| {
        let (word, says) = message(payload);
        table.row(word, says);
    });
    format!("  applied, version {}\n{}", applied.version(), table.text(4))
}

/// What a decision says.
pub(super) fn decision<I: Input>(decision: &Decision<I>, before: Option<&I::Entity>) -> String {
    match decision {
        Decision::Applied(result) => applied(result, before),
        Decision::NoChange => "  no change\n".to_owned(),
        Decision::Rejected(rejection) => format!("  rejected by `{}`: {rejection}\n", rejection.name()),
        Decision::Conflict { expected, actual } => {
            format!("  a conflict: version {expected} was stated, and {actual} is the latest\n")
        }
        Decision::Invalid(invalid) => format!("  invalid: {invalid}\n"),
    }
}

/// The rules by which `I` may be refused, with what they tell the caller: the edge, guards, refusals of the body,
/// invariants.
pub(super) fn refusals<I: Input>() -> Vec<(String, &'static str)> {
    let transition = I::TRANSITION;
    let guards = transition.guards.iter().map(|guard| (guard.name, guard.message));
    let cases = guards.chain(transition.rejections.iter().map(|case| (case.name, case.message)));
    let cases = cases.map(|(name, message)| (crate::spelling::snake(name), message));
    let edge = transition.edge.map(|_| ("wrong_state".to_owned(), ""));
    let invariants = I::Entity::MODEL.invariants.iter();
    let invariants = invariants.map(|invariant| (invariant.name.to_owned(), invariant.docs));
    edge.into_iter().chain(cases).chain(invariants).collect()
}
