//! The tables, for people and for programs.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::expansion::Lines;
use crate::measure::{Pair, Spread};

/// One comparison, in seconds.
#[derive(Debug, Serialize)]
pub struct Row {
    case: &'static str,
    against: &'static str,
    ours: Spread,
    theirs: Spread,
    ratio: Spread,
}

impl Row {
    pub fn new(case: &'static str, against: &'static str, pair: Pair) -> Self {
        let Pair { ours, theirs, ratio } = pair;
        Self { case, against, ours, theirs, ratio }
    }
}

/// Everything that one run found, and where.
#[derive(Debug, Serialize)]
pub struct Report {
    pub date: String,
    pub machine: String,
    pub compiler: String,
    pub load_before: String,
    pub load_after: String,
    pub entities: usize,
    /// Of each entity, beside its creation.
    pub transitions: usize,
    pub rows: Vec<Row>,
    pub lines: Vec<(&'static str, Lines)>,
}

impl Report {
    pub fn markdown(&self) -> String {
        let Self { date, machine, compiler, load_before, load_after, entities, transitions, rows, lines } =
            self;
        let mut text = format!(
            "# What the compiler takes\n\n{date} · {machine} · {compiler}\n\nLoad average before {load_before}, after \
             {load_after}. Seconds of `cargo check` for one package of {entities} entities with {transitions} \
             transitions and a creation each, the dependencies being there. Method: ../README.md. A ratio is ours \
             divided by theirs, measured in rounds, side by side; trust it rather than the seconds.\n\n\
             | case | against | ours | theirs | ratio: median | min | max |\n|---|---|---|---|---|---|---|\n"
        );
        for Row { case, against, ours, theirs, ratio } in rows {
            let _ = writeln!(
                text,
                "| {case} | {against} | {:.2} s | {:.2} s | {:.2} | {:.2} | {:.2} |",
                ours.median, theirs.median, ratio.median, ratio.min, ratio.max
            );
        }
        text.push_str(
            "\nLines that the compiler sees, all macros expanded and formatted.\n\n\
             | package | written, per entity | seen: an entity with a creation | seen: each transition more |\n\
             |---|---|---|---|\n",
        );
        for (package, Lines { written, entity, transition }) in lines {
            let _ = writeln!(text, "| {package} | {written} | {entity} | {transition} |");
        }
        text
    }

    /// Writes both forms into this folder.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::write(folder.join("compile-time.md"), self.markdown())?;
        let json = serde_json::to_string_pretty(self).map_err(std::io::Error::other)?;
        std::fs::write(folder.join("compile-time.json"), json + "\n")
    }
}
