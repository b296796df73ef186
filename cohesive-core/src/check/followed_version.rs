//! COH0172: a transition that follows an event and demands a version, which no event states.

use crate::diagnostic::Diagnostic;
use crate::model::Transition;

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    let Some(followed) = transition.consumes.filter(|_| transition.conflict.needs_version()) else { return };
    let (name, policy) = (transition.name, transition.conflict.word());
    let message = format!("`{name}` demands a version, and `{}` states none", followed.event);
    findings.push(
        Diagnostic::error("COH0172", followed.at, message)
            .note(format!("with `conflict = {policy}` every event would be refused"))
            .help("write `conflict = at_head`, or leave the policy out"),
    );
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::Specimen;
    use crate::model::{At, Conflict, Consumption, Transition};

    fn speaks(conflict: Conflict, event: Option<&'static str>) -> bool {
        let close = Specimen::order().transitions[1];
        let consumes = event.map(|event| Consumption { event, bindings: &[("order", "id")], at: At(80) });
        let mut findings = Vec::new();
        check(&Transition { conflict, consumes, ..close }, &mut findings);
        !findings.is_empty()
    }

    #[test]
    fn speaks_of_policies_that_demand_a_version() {
        for conflict in [Conflict::Strict, Conflict::Disjoint, Conflict::Manual] {
            assert!(speaks(conflict, Some("Paid")), "{conflict:?}");
        }
    }

    #[test]
    fn is_silent_about_other_policies_and_about_what_follows_no_event() {
        assert!(!speaks(Conflict::Default, Some("Paid")) && !speaks(Conflict::AtHead, Some("Paid")));
        assert!(!speaks(Conflict::Strict, None));
    }
}
