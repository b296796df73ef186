//! COH0164: a fact that may be refused.

use crate::diagnostic::Diagnostic;
use crate::model::Transition;

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    if transition.fact.is_none() {
        return;
    }
    let name = transition.name;
    let guards = transition.guards.iter().map(|guard| (guard.at, format!("has a guard, `{}`", guard.name)));
    let refusals =
        transition.rejections.iter().map(|case| (case.at, format!("may be refused as `{}`", case.name)));
    for (at, what) in guards.chain(refusals) {
        findings.push(
            Diagnostic::error("COH0164", at, format!("the fact `{name}` {what}"))
                .note("it happened already, so refusing it would lose it")
                .help("record it as it is, or declare a transition instead of a fact"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::Specimen;
    use crate::model::{Fact, Transition};

    fn codes(transition: &Transition) -> Vec<&'static str> {
        let mut findings = Vec::new();
        check(transition, &mut findings);
        findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn speaks_of_a_fact_with_a_guard() {
        let mut close = Specimen::order().transitions[1];
        close.fact = Some(Fact { external_id: "note", occurred_at: None });
        assert_eq!(codes(&close), ["COH0164"]);
    }

    #[test]
    fn is_silent_about_commands_and_facts_without_guards() {
        let [mut place, close] = Specimen::order().transitions[..] else { unreachable!() };
        assert!(codes(&close).is_empty());
        place.fact = Some(Fact { external_id: "id", occurred_at: None });
        assert!(codes(&place).is_empty());
    }
}
