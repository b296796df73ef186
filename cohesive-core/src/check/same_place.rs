//! COH0202: two entities of a system with one name, one table or one path.

use super::findings::{About, Findings};
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Structure};

type Of = fn(&Structure) -> &'static str;

/// What two entities may have in common, in words.
const PLACES: [(&str, Of, &str, &str); 3] = [
    ("are both called", |structure| structure.name, "name", "name"),
    ("are both stored in the table", |structure| structure.table, "table", "table"),
    ("are both found at the path", |structure| structure.plural, "path", "plural"),
];

pub(super) fn check(entities: &[&'static Entity], findings: &mut Findings) {
    for (index, entity) in entities.iter().enumerate() {
        let structure = entity.structure;
        let others = entities.iter().take(index).map(|other| other.structure);
        for other in others.filter(|other| !std::ptr::eq(*other, structure)) {
            let same = PLACES.iter().find(|(_, of, _, _)| of(other) == of(structure));
            let Some((verb, of, word, argument)) = same else { continue };
            let message = format!("`{}` and `{}` {verb} `{}`", other.name, structure.name, of(structure));
            findings.push(
                About::Entity(structure.name),
                Diagnostic::error("COH0202", structure.at, message)
                    .note(format!("the other one is in {}:{}", other.file, other.at.0))
                    .help(format!("give one of them another {word} with `#[entity({argument} = \"…\")]`"))
                    .file(structure.file),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::findings::Findings;
    use crate::check::specimen::{Specimen, keep};
    use crate::model::{Entity, Structure};

    fn messages(change: impl Fn(&mut Structure)) -> Vec<String> {
        let order = Specimen::order().entity();
        let mut structure =
            Structure { name: "Parcel", table: "parcel", plural: "parcels", ..*order.structure };
        change(&mut structure);
        let parcel = keep(Entity { structure: keep(structure), ..*order });
        let mut findings = Findings::default();
        check(&[order, parcel], &mut findings);
        findings.0.into_iter().map(|found| found.diagnostic.message).collect()
    }

    #[test]
    fn speaks_of_one_place_for_two() {
        let same = |name: &str| format!("`Order` and `{name}` are both");
        assert_eq!(messages(|it| it.name = "Order"), [format!("{} called `Order`", same("Order"))]);
        assert_eq!(
            messages(|it| it.table = "Order"),
            [format!("{} stored in the table `Order`", same("Parcel"))]
        );
        assert_eq!(
            messages(|it| it.plural = "Order"),
            [format!("{} found at the path `Order`", same("Parcel"))]
        );
    }

    #[test]
    fn is_silent_about_places_of_their_own() {
        assert!(messages(|_| {}).is_empty());
    }
}
