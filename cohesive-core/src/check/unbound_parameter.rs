//! COH0169: a parameter that nothing of the event fills.
//!
//! It is silent where a name in the pattern is no parameter: that one may be meant, and is spoken of already.

use super::unknown_binding::strangers;
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Transition};

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    let Some(followed) = transition.consumes else { return };
    if strangers(transition).len() > usize::from(transition.kind == Kind::Update) {
        return;
    }
    let bound = |name: &str| followed.bindings.iter().any(|(_, parameter)| *parameter == name);
    for parameter in transition.parameters.iter().filter(|parameter| !bound(parameter.name)) {
        let name = parameter.name;
        findings.push(
            Diagnostic::error(
                "COH0169",
                parameter.at,
                format!("nothing of `{}` fills the parameter `{name}`", followed.event),
            )
            .note("with an event nobody is there to supply the rest")
            .help(format!("write `member: {name}` in `#[consumes({} {{ … }})]`", followed.event)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Bindings, Specimen};
    use crate::model::{At, Consumption};

    fn lines(bindings: Bindings) -> Vec<u32> {
        let mut place = Specimen::order().transitions[0];
        place.consumes = Some(Consumption { event: "Paid", bindings, at: At(80) });
        let mut findings = Vec::new();
        check(&place, &mut findings);
        findings.iter().map(|finding| finding.at.0).collect()
    }

    #[test]
    fn speaks_of_parameters_that_the_event_leaves_empty() {
        assert_eq!(lines(&[("order", "id")]), [30]);
        assert_eq!(lines(&[]), [30, 30]);
    }

    #[test]
    fn is_silent_where_all_are_filled_or_a_name_is_wrong() {
        assert!(lines(&[("order", "id"), ("sum", "amount")]).is_empty());
        assert!(lines(&[("order", "id"), ("sum", "amuont")]).is_empty());
        let mut findings = Vec::new();
        check(&Specimen::order().transitions[0], &mut findings);
        assert_eq!(findings, []);
    }
}
