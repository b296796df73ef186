//! COH0307: on one path, an effect that nothing can take back is requested before one that something can.
//!
//! When a later step fails, earlier ones are taken back; so what cannot be taken back comes last.

use super::effects;
use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{At, Entity, Step};

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    for transition in entity.transitions {
        let mut walk = Walk { entity, found: Vec::new() };
        walk.steps(transition.steps, Vec::new());
        for (first, second, at) in walk.found {
            let message =
                format!("`{}` requests the irreversible `{first}` before `{second}`", transition.name);
            findings.push(
                About::Transition(entity.name(), transition.name),
                Diagnostic::warning("COH0307", at, message)
                    .note(format!("when `{second}` fails, `{first}` cannot be taken back"))
                    .help(format!("request `{first}` last"))
                    .file(entity.file),
            );
        }
    }
}

struct Walk<'e> {
    entity: &'e Entity,
    /// The irreversible effect, the one after it, and where that one is requested.
    found: Vec<(&'static str, &'static str, At)>,
}

impl Walk<'_> {
    /// Walks on with the irreversible effects that were requested before on some path; those of all paths come out.
    fn steps(&mut self, steps: &'static [Step], mut before: Vec<&'static str>) -> Vec<&'static str> {
        for step in steps {
            match step {
                Step::Request { message, at, .. } => self.request(message, *at, &mut before),
                Step::If { then, otherwise, .. } => {
                    let (mut one, other) = (self.steps(then, before.clone()), self.steps(otherwise, before));
                    one.extend(other);
                    before = one;
                }
                Step::Match { arms, .. } => {
                    let mut after = before.clone();
                    for arm in *arms {
                        after.extend(self.steps(arm.steps, before.clone()));
                    }
                    before = after;
                }
                _ => {}
            }
        }
        before
    }

    fn request(&mut self, message: &'static str, at: At, before: &mut Vec<&'static str>) {
        let known = self.entity.messages.iter().find(|known| known.name == message);
        let Some(policy) = known.and_then(|known| effects::policy(known)) else { return };
        if policy.irreversible {
            before.push(message);
        } else if let Some(first) = before.first()
            && !self.found.iter().any(|(_, _, place)| *place == at)
        {
            self.found.push((first, message, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::effects::tests::WHOLE;
    use crate::check::specimen::{Specimen, keep, message, request, spoken};
    use crate::model::{Expr, Policy, Step};

    fn requesting(steps: Vec<Step>) -> Specimen {
        let mut order = Specimen::closing(|close| close.steps = keep(steps).as_slice());
        order.messages.push(message("SendLetter", Some(Policy { irreversible: true, ..WHOLE })));
        order.messages.push(message("ReserveStock", Some(WHOLE)));
        order
    }

    fn either(then: Step, otherwise: Step) -> Step {
        Step::If { condition: Expr::Input("urgent"), then: keep([then]), otherwise: keep([otherwise]) }
    }

    #[test]
    fn speaks_of_what_cannot_be_taken_back_and_is_not_last() {
        let wrong = vec![request("SendLetter"), request("ReserveStock")];
        assert_eq!(spoken(check, requesting(wrong)), ["COH0307 behaviour.rs:71"]);
        let on_one_path = vec![
            either(request("SendLetter"), request("SendLetter")),
            either(request("ReserveStock"), Step::Reject { name: "No" }),
        ];
        assert_eq!(spoken(check, requesting(on_one_path)).len(), 1);
    }

    #[test]
    fn is_silent_where_it_is_last_or_on_another_path() {
        assert!(spoken(check, Specimen::order()).is_empty());
        assert!(spoken(check, requesting(vec![request("ReserveStock"), request("SendLetter")])).is_empty());
        let apart = vec![either(request("SendLetter"), request("ReserveStock"))];
        assert!(spoken(check, requesting(apart)).is_empty());
    }
}
