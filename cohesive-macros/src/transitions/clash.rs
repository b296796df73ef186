//! Names that one block would give to two things.

use super::parse::Block;
use crate::attr::path_text;
use crate::name::snake;
use crate::report::Report;

pub(super) fn check(report: &mut Report, block: &Block) {
    messages(report, block);
    rules(report, block);
}

/// COH0134: two messages of one name. The name is that of a variant, and that under which it is published.
fn messages(report: &mut Report, block: &Block) {
    let mut known: Vec<&syn::Path> = Vec::new();
    for (path, _) in block.transitions.iter().flat_map(|declared| &declared.outline.messages) {
        let Some(last) = path.segments.last() else { continue };
        let other =
            known.iter().find(|other| other.segments.last().is_some_and(|known| known.ident == last.ident));
        match other {
            Some(other) if *other != path => {
                let message = format!(
                    "`{}` and `{}` are two messages with one name",
                    path_text(other),
                    path_text(path)
                );
                report.error_with_help(
                    "COH0134",
                    last.ident.span(),
                    message,
                    "rename one, or write both the same way",
                );
            }
            Some(_) => {}
            None => known.push(path),
        }
    }
}

/// COH0132: a refusal of a transition that is called like an invariant, so that their codes are the same.
fn rules(report: &mut Report, block: &Block) {
    let invariants: Vec<&str> = block.invariants.iter().map(|invariant| invariant.model.name).collect();
    for declared in &block.transitions {
        let guards = declared.model.guards.iter().map(|guard| (guard.name, guard.at));
        let cases = declared.model.rejections.iter().map(|case| (case.name, case.at));
        for (name, at) in guards.chain(cases).filter(|(name, _)| invariants.contains(&snake(name).as_str())) {
            let message = format!("`{name}` names an invariant of `{}` already", block.name);
            report.error_with_help("COH0132", report.span(at), message, "give the refusal a name of its own");
        }
    }
}
