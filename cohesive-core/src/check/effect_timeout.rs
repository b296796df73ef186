//! COH0304: an effect of which nobody knows how long to wait for an answer.

use super::effects;
use super::findings::Findings;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    effects::each(entity, findings, |effect, policy| {
        policy.timeout.is_none().then(|| {
            Diagnostic::warning("COH0304", effect.at, format!("effect `{}` has no timeout", effect.name))
                .note("an attempt without an end blocks what waits behind it")
                .help("write `timeout = \"30s\"` in `#[effect(…)]`")
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
    fn speaks_of_an_effect_without_a_timeout() {
        assert_eq!(spoken(check, sending(Policy { timeout: None, ..WHOLE })), ["COH0304 messages.rs:60"]);
    }

    #[test]
    fn is_silent_about_a_whole_policy_and_about_events() {
        assert!(spoken(check, sending(WHOLE)).is_empty());
        assert!(spoken(check, Specimen::order()).is_empty());
    }
}
