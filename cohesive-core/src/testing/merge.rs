//! The laws of a merge: a join of a semilattice (Shapiro et al., *Conflict-free replicated data types*, 2011).

use crate::interpret::Content;
use crate::model::Field;
use crate::value::Timestamp;

use super::choices::{Choices, seed_of, shrink};
use super::codec::same;
use super::make::Maker;
use super::pool::Pool;
use super::subject::Subject;

/// How many triples of values each field is tried with.
const TRIPLES: u64 = 48;

/// How often a triple that breaks a law is tried again to make it simple.
const SHRINKING: usize = 300;

/// What breaks a law, if something does.
pub(super) fn laws(subject: &dyn Subject, pool: &Pool, now: Timestamp, seed: u64) -> Option<String> {
    let structure = subject.interpreter().entity().structure;
    let merged = structure.fields.iter().filter(|field| field.merge.is_some());
    for field in merged {
        let broken = |choices: &mut Choices| {
            let interpreter = subject.interpreter();
            let mut value = || Maker { choices, interpreter, pool, now }.value(&field.ty, &[]);
            let values = [value(), value(), value()];
            law(subject, field, &values)
        };
        for triple in 0..TRIPLES {
            let mut choices = Choices::random(seed_of(seed, triple));
            if broken(&mut choices).is_none() {
                continue;
            }
            let (taken, spans) = choices.into_parts();
            let least = shrink(taken, spans, SHRINKING, |script| {
                let mut choices = Choices::replay(script);
                broken(&mut choices).is_some().then(|| choices.into_parts())
            });
            return broken(&mut Choices::replay(least));
        }
    }
    None
}

fn law(subject: &dyn Subject, field: &Field, [one, two, three]: &[Content; 3]) -> Option<String> {
    let join = |one: &Content, other: &Content| subject.join(field.name, one, other);
    let tell = |law: &str, left: &Content, right: &Content| {
        (!same(&field.ty, left, right)).then(|| {
            format!("  the merge of `{}` is not {law}\n  values: {one}, {two}, {three}\n  one way: {left}\n  the other: {right}\n", field.name)
        })
    };
    let both = join(one, two)?;
    tell("commutative", &both, &join(two, one)?)
        .or_else(|| tell("idempotent", &both, &join(&both, two)?))
        .or_else(|| tell("associative", &join(&both, three)?, &join(one, &join(two, three)?)?))
}
