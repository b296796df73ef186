//! COH0205: a transition that the end of an effect goes to demands a version, which nobody states.

use super::effects::each_follower;
use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Ending, Entity};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    each_follower(entity, |effect, ending, path, transition| {
        if !transition.conflict.needs_version() {
            return;
        }
        let what = match ending {
            Ending::Reply => "answer",
            Ending::Failure => "failure",
        };
        let message = format!("`{path}` demands a version, and the {what} of `{}` states none", effect.name);
        findings.push_about(
            vec![About::Transition(entity.name(), transition.name), About::Message(effect.name)],
            Diagnostic::error("COH0205", transition.at, message)
                .note(format!("with `conflict = {}` every one would be refused", transition.conflict.word()))
                .help("write `conflict = at_head`, or leave the policy out")
                .file(entity.file),
        );
    });
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::effects::tests::answered;
    use crate::check::specimen::{Specimen, spoken};
    use crate::model::{Conflict, Ending, Type};

    fn with(conflict: Conflict, ending: Ending) -> Specimen {
        let mut order = answered(ending, "address", Type::Text);
        order.transitions[1].conflict = conflict;
        order
    }

    #[test]
    fn speaks_of_policies_that_demand_a_version() {
        for conflict in [Conflict::Strict, Conflict::Disjoint, Conflict::Manual] {
            for (ending, _) in Ending::ALL {
                assert_eq!(
                    spoken(check, with(conflict, ending)),
                    ["COH0205 behaviour.rs:22"],
                    "{conflict:?}"
                );
            }
        }
    }

    #[test]
    fn is_silent_about_policies_that_do_not() {
        for conflict in [Conflict::Default, Conflict::AtHead] {
            assert!(spoken(check, with(conflict, Ending::Reply)).is_empty(), "{conflict:?}");
        }
        let mut order = Specimen::order();
        order.transitions[1].conflict = Conflict::Strict;
        assert!(spoken(check, order).is_empty());
    }
}
