//! COH0171: an event of which two members go to one parameter.

use crate::diagnostic::Diagnostic;
use crate::model::Transition;

pub(super) fn check(transition: &Transition, findings: &mut Vec<Diagnostic>) {
    findings.extend(repeated(transition).into_iter().map(|(_, finding)| finding));
}

/// The bindings whose name is taken, by position, each with what is to be said at it.
pub(super) fn repeated(transition: &Transition) -> Vec<(usize, Diagnostic)> {
    let Some(followed) = transition.consumes else { return Vec::new() };
    let finding = |(index, (member, name)): (usize, &(&'static str, &'static str))| {
        let (first, _) = followed.bindings.iter().take(index).find(|(_, earlier)| earlier == name)?;
        let message = format!("`{first}` and `{member}` both fill `{name}`");
        let finding = Diagnostic::error("COH0171", followed.at, message).help("keep one of them");
        Some((index, finding))
    };
    followed.bindings.iter().enumerate().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Bindings, Specimen};
    use crate::model::{At, Consumption};

    fn messages(bindings: Bindings) -> Vec<String> {
        let mut place = Specimen::order().transitions[0];
        place.consumes = Some(Consumption { event: "Paid", bindings, at: At(80) });
        let mut findings = Vec::new();
        check(&place, &mut findings);
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn speaks_of_one_name_for_two_members() {
        let bindings = &[("order", "id"), ("sum", "amount"), ("paid", "amount")];
        assert_eq!(messages(bindings), ["`sum` and `paid` both fill `amount`"]);
    }

    #[test]
    fn is_silent_about_two_names_for_one_member() {
        assert!(messages(&[("order", "id"), ("order", "amount")]).is_empty());
    }
}
