//! COH0168: an event of which a member goes to something that is no parameter.
//!
//! An update takes one name more than its parameters: that of the field that identifies the entity. A macro does not see
//! the fields, so there the compiler applies [`identifies`](super::consts::identifies).

use super::findings::{About, Findings, listed};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Kind, Transition};
use crate::suggest::nearest;

pub(super) fn check(entity: &Entity, findings: &mut Findings) {
    let id = entity.structure.id().map(|field| field.name);
    for transition in entity.transitions {
        let id = id.filter(|_| transition.kind == Kind::Update);
        for (_, finding) in unknown(transition, id) {
            findings.push(About::Transition(entity.name(), transition.name), finding.file(entity.file));
        }
    }
}

/// The bindings of a creation that are no parameters, by position, each with what is to be said at it.
pub(super) fn of_creation(transition: &Transition) -> Vec<(usize, Diagnostic)> {
    if transition.kind == Kind::Create { unknown(transition, None) } else { Vec::new() }
}

/// The positions of the bindings that are no parameters.
pub(super) fn strangers(transition: &Transition) -> Vec<usize> {
    let bindings = transition.consumes.map(|followed| followed.bindings).unwrap_or_default();
    let known = |name: &str| transition.parameters.iter().any(|parameter| parameter.name == name);
    let strangers = bindings.iter().enumerate().filter(|(_, (_, name))| !known(name));
    strangers.map(|(index, _)| index).collect()
}

fn unknown(transition: &Transition, id: Option<&'static str>) -> Vec<(usize, Diagnostic)> {
    let Some(followed) = transition.consumes else { return Vec::new() };
    let names = || transition.parameters.iter().map(|parameter| parameter.name).chain(id);
    let finding = |index: usize| {
        let (_, name) = followed.bindings.get(index).copied().filter(|(_, name)| Some(*name) != id)?;
        let help = match nearest(name, names()) {
            Some(similar) => format!("a parameter with a similar name exists: `{similar}`"),
            None if names().next().is_none() => {
                "it has none; write `..` for members that are not needed".to_owned()
            }
            None => format!("the names that it knows are {}", listed(names())),
        };
        let message = format!("`{name}` is no parameter of `{}`", transition.name);
        Some((index, Diagnostic::error("COH0168", followed.at, message).help(help)))
    };
    strangers(transition).into_iter().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::specimen::{Bindings, Specimen, keep, parameter, spoken};
    use crate::model::{At, Consumption, Type};

    fn following(kind: usize, bindings: Bindings) -> Specimen {
        let mut order = Specimen::order();
        order.transitions[1].parameters = keep([parameter("by", Type::Text)]);
        order.transitions[kind].consumes = Some(Consumption { event: "Paid", bindings, at: At(80) });
        order
    }

    #[test]
    fn speaks_of_a_name_that_is_no_parameter() {
        assert_eq!(
            spoken(check, following(0, &[("order", "id"), ("sum", "amuont")])),
            ["COH0168 behaviour.rs:80"]
        );
        assert_eq!(
            spoken(check, following(1, &[("order", "identity"), ("name", "by")])),
            ["COH0168 behaviour.rs:80"]
        );
    }

    #[test]
    fn is_silent_about_parameters_and_the_id_of_an_update() {
        assert!(spoken(check, following(0, &[("order", "id"), ("sum", "amount")])).is_empty());
        assert!(spoken(check, following(1, &[("order", "id"), ("name", "by")])).is_empty());
    }
}
