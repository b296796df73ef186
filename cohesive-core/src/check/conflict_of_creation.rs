//! COH0166: a creation with a conflict policy, where there is no version yet that a caller could have seen.

use crate::diagnostic::Diagnostic;
use crate::model::{Conflict, Kind, Transition};

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    if transition.kind == Kind::Create && transition.conflict != Conflict::Default {
        let (name, policy) = (transition.name, transition.conflict.word());
        findings.push(
            Diagnostic::error(
                "COH0166",
                transition.at,
                format!("the creation `{name}` has the conflict policy `{policy}`"),
            )
            .note("before its creation an entity has no version that a caller could have seen")
            .help(format!("leave out `conflict = {policy}`")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::Specimen;
    use crate::model::{Conflict, Transition};

    fn speaks(transition: &Transition) -> bool {
        let mut findings = Vec::new();
        check(transition, &mut findings);
        !findings.is_empty()
    }

    #[test]
    fn speaks_of_a_creation_with_a_policy() {
        let place = Specimen::order().transitions[0];
        for conflict in [Conflict::Disjoint, Conflict::Strict, Conflict::AtHead, Conflict::Manual] {
            assert!(speaks(&Transition { conflict, ..place }));
        }
    }

    #[test]
    fn is_silent_about_updates_and_the_usual_creation() {
        let [place, close] = Specimen::order().transitions[..] else { unreachable!() };
        assert!(!speaks(&place) && !speaks(&Transition { conflict: Conflict::Disjoint, ..close }));
    }
}
