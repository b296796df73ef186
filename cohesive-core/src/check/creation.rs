//! COH0133: nothing creates the entity.
//!
//! Updates need a present entity, and there is no silent upsert, so without a creation nothing can ever happen.

use crate::diagnostic::Diagnostic;
use crate::model::{At, Kind, Transition};

pub(super) fn check(entity: &str, at: At, transitions: &[Transition], findings: &mut Vec<Diagnostic>) {
    if transitions.iter().any(|transition| transition.kind == Kind::Create) {
        return;
    }
    findings.push(
        Diagnostic::error("COH0133", at, format!("no transition creates `{entity}`"))
            .note("an update needs an entity that is there already")
            .help("add a creation: `#[create] pub fn new(id: …) -> Self { Self { id } }`"),
    );
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::model::At;

    #[test]
    fn speaks_without_a_creation() {
        let mut findings = Vec::new();
        check("Tender", At(7), &[], &mut findings);
        assert_eq!(findings.first().map(|finding| (finding.code, finding.at)), Some(("COH0133", At(7))));
    }

    #[test]
    fn is_silent_with_one() {
        let mut findings = Vec::new();
        check("Order", At(7), &crate::check::specimen::Specimen::order().transitions, &mut findings);
        assert!(findings.is_empty());
    }
}
