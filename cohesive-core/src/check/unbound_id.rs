//! COH0170: an update that follows an event without saying which entity the event is about.

use super::unknown_binding::strangers;
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Transition};

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    let Some(followed) = transition.consumes else { return };
    if transition.kind == Kind::Create || !strangers(transition).is_empty() {
        return;
    }
    let (name, event) = (transition.name, followed.event);
    let message = format!("`{name}` does not say which entity `{event}` is about");
    findings.push(
        Diagnostic::error("COH0170", followed.at, message)
            .note("an update changes one entity, and the event has to name it")
            .help(format!("give a member the name of the id: `#[consumes({event} {{ order_id: id, .. }})]`")),
    );
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Bindings, Specimen};
    use crate::model::{At, Consumption, Transition};

    fn speaks(transition: &Transition, bindings: Bindings) -> bool {
        let consumes = Some(Consumption { event: "Paid", bindings, at: At(80) });
        let mut findings = Vec::new();
        check(&Transition { consumes, ..*transition }, &mut findings);
        !findings.is_empty()
    }

    #[test]
    fn speaks_of_an_update_of_nothing() {
        assert!(speaks(&Specimen::order().transitions[1], &[]));
    }

    #[test]
    fn is_silent_about_creations_and_where_the_id_is_named() {
        let [place, close] = Specimen::order().transitions[..] else { unreachable!() };
        assert!(!speaks(&place, &[("order", "id"), ("sum", "amount")]));
        assert!(!speaks(&close, &[("order", "id")]));
        let mut findings = Vec::new();
        check(&close, &mut findings);
        assert_eq!(findings, []);
    }
}
