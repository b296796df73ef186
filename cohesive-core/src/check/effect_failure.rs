//! COH0306: an effect whose final failure nobody hears of.

use super::effects;
use super::findings::Findings;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::spelling::snake;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    effects::each(entity, findings, |effect, policy| {
        policy.otherwise.is_none().then(|| {
            let transition = format!("{}::{}_failed", entity.name(), snake(effect.name));
            Diagnostic::warning(
                "COH0306",
                effect.at,
                format!("nothing follows when effect `{}` fails for good", effect.name),
            )
            .note("after the last attempt its entity would wait for an answer that never comes")
            .help(format!("write `otherwise = {transition}`, the transition that takes note of it"))
        })
    });
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::effects::tests::{WHOLE, sending};
    use crate::check::specimen::{Specimen, spoken};
    use crate::model::Policy;

    #[test]
    fn speaks_of_an_effect_without_a_failure_path() {
        assert_eq!(spoken(check, sending(Policy { otherwise: None, ..WHOLE })), ["COH0306 messages.rs:60"]);
    }

    #[test]
    fn is_silent_about_a_whole_policy_and_about_events() {
        assert!(spoken(check, sending(WHOLE)).is_empty());
        assert!(spoken(check, Specimen::order()).is_empty());
    }
}
