//! COH0312: events go in a circle: a transition emits what another follows, and so on, back to the first.
//!
//! What the bodies decide is not looked at: an event that a transition may emit counts as emitted. One circle is
//! shown for each transition that is on one and on none that was shown before, the shortest through it.

use std::collections::VecDeque;
use std::fmt::Write as _;

use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Transition};

/// A transition and its entity.
#[derive(Clone, Copy)]
struct Place {
    entity: &'static Entity,
    transition: &'static Transition,
}

impl Place {
    /// The event by which this one causes the other.
    fn causes(self, other: Self) -> Option<&'static str> {
        let followed = other.transition.consumes?.event;
        self.transition.emits.contains(&followed).then_some(followed)
    }

    fn name(self) -> String {
        format!("`{}::{}`", self.entity.name(), self.transition.name)
    }
}

pub(super) fn check(entities: &[&'static Entity], findings: &mut Findings) {
    let of = |entity: &&'static Entity| {
        let entity: &'static Entity = entity;
        entity.transitions.iter().map(move |transition| Place { entity, transition })
    };
    let places: Vec<Place> = entities.iter().flat_map(of).collect();
    let mut shown = vec![false; places.len()];
    for start in 0..places.len() {
        let Some(circle) =
            shortest(&places, start).filter(|circle| circle.iter().all(|place| !shown[*place]))
        else {
            continue;
        };
        for place in &circle {
            shown[*place] = true;
        }
        let circle: Vec<Place> = circle.into_iter().filter_map(|index| places.get(index).copied()).collect();
        note(&circle, findings);
    }
}

/// The shortest way from a place back to itself.
fn shortest(places: &[Place], start: usize) -> Option<Vec<usize>> {
    let mut before = vec![None; places.len()];
    let mut next = VecDeque::from([start]);
    while let Some(place) = next.pop_front() {
        for (index, other) in places.iter().enumerate() {
            if places.get(place).is_none_or(|place| place.causes(*other).is_none()) {
                continue;
            }
            if index == start {
                let mut circle = vec![place];
                while let Some(earlier) =
                    circle.last().filter(|last| **last != start).and_then(|last| before[*last])
                {
                    circle.push(earlier);
                }
                circle.reverse();
                return Some(circle);
            }
            if before[index].is_none() {
                before[index] = Some(place);
                next.push_back(index);
            }
        }
    }
    None
}

fn note(circle: &[Place], findings: &mut Findings) {
    let Some(first) = circle.first() else { return };
    let mut path = first.name();
    for (place, next) in circle.iter().zip(circle.iter().skip(1).chain([first])) {
        if let Some(event) = place.causes(*next) {
            // Writing to a `String` cannot fail.
            let _ = write!(path, " → `{event}` → {}", next.name());
        }
    }
    let about = circle.iter().map(|place| About::Transition(place.entity.name(), place.transition.name));
    findings.push_about(
        about.collect(),
        Diagnostic::warning(
            "COH0312",
            first.transition.at,
            format!("events go in a circle through {}", first.name()),
        )
        .note(path)
        .note("each round causes the next, so one input may never come to rest")
        .help("break the circle, or allow it with the reason why the rounds end")
        .file(first.entity.file),
    );
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::findings::Findings;
    use crate::check::specimen::{Specimen, keep};
    use crate::model::{At, Consumption};

    /// Entities of which each closes on one event and emits another.
    fn notes(links: &[(&'static str, &'static str, &'static str)]) -> Vec<String> {
        let entity = |(name, follows, emits): &(&'static str, &'static str, &'static str)| {
            let mut specimen = Specimen::closing(|close| {
                close.consumes = Some(Consumption { event: follows, bindings: &[], at: At(80) });
                close.emits = keep([*emits]);
            });
            specimen.name = name;
            specimen.entity()
        };
        let entities: Vec<_> = links.iter().map(entity).collect();
        let mut findings = Findings::default();
        check(&entities, &mut findings);
        findings.0.iter().map(|found| found.diagnostic.notes[0].clone()).collect()
    }

    #[test]
    fn speaks_of_a_circle_with_its_path() {
        assert_eq!(
            notes(&[
                ("Order", "Released", "Closed"),
                ("Other", "Closed", "Told"),
                ("Stock", "Closed", "Released")
            ]),
            ["`Order::close` → `Closed` → `Stock::close` → `Released` → `Order::close`"]
        );
        assert_eq!(notes(&[("Order", "Closed", "Closed")]).len(), 1, "one that causes itself");
    }

    #[test]
    fn is_silent_where_every_way_ends() {
        assert!(notes(&[("Order", "Paid", "Closed"), ("Stock", "Closed", "Released")]).is_empty());
    }
}
