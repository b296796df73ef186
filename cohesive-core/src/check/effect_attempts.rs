//! COH0305: an effect without a budget of attempts.

use super::effects;
use super::findings::Findings;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    effects::each(entity, findings, |effect, policy| {
        policy.attempts.is_none().then(|| {
            Diagnostic::warning(
                "COH0305",
                effect.at,
                format!("effect `{}` does not say how often it is tried", effect.name),
            )
            .note("without a budget an effect that cannot succeed is tried for ever")
            .help("write `attempts = 8` in `#[effect(…)]`")
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
    fn speaks_of_an_effect_without_a_budget() {
        assert_eq!(spoken(check, sending(Policy { attempts: None, ..WHOLE })), ["COH0305 messages.rs:60"]);
    }

    #[test]
    fn is_silent_about_a_whole_policy_and_about_events() {
        assert!(spoken(check, sending(WHOLE)).is_empty());
        assert!(spoken(check, Specimen::order()).is_empty());
    }
}
