//! One table, for people and for programs.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::measure::{Pair, Spread};

/// One comparison.
#[derive(Debug, Serialize)]
pub struct Row {
    name: String,
    unit: &'static str,
    ours: Spread,
    theirs: Spread,
    ratio: Spread,
    target: Option<String>,
    met: Option<bool>,
    note: String,
}

impl Row {
    /// A comparison in which more is better.
    pub fn at_least(name: &str, unit: &'static str, pair: Pair, target: f64, note: &str) -> Self {
        Self::new(name, unit, pair, Some((format!("≥ {target}"), pair.ratio.median >= target)), note)
    }

    /// A comparison in which less is better.
    pub fn at_most(name: &str, unit: &'static str, pair: Pair, target: f64, note: &str) -> Self {
        Self::new(name, unit, pair, Some((format!("≤ {target}"), pair.ratio.median <= target)), note)
    }

    /// A comparison without a target.
    pub fn open(name: &str, unit: &'static str, pair: Pair, note: &str) -> Self {
        Self::new(name, unit, pair, None, note)
    }

    fn new(name: &str, unit: &'static str, pair: Pair, target: Option<(String, bool)>, note: &str) -> Self {
        let (target, met) = target.unzip();
        let Pair { ours, theirs, ratio } = pair;
        Self { name: name.to_owned(), unit, ours, theirs, ratio, target, met, note: note.to_owned() }
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
    /// Microseconds to append a page to a file and sync it.
    pub sync: Spread,
    pub rows: Vec<Row>,
}

impl Report {
    pub fn markdown(&self) -> String {
        let Self { date, machine, compiler, load_before, load_after, sync, rows } = self;
        let mut text = format!(
            "# Cohesive beside the same work by hand\n\n{date} · {machine} · {compiler}\n\n\
             Load average before {load_before}, after {load_after}. A page appended and synced: median {:.0} µs, from \
             {:.0} to {:.0}. Method: README.md. A ratio is ours divided by theirs, measured in pairs, side by side; \
             trust it rather than the absolute numbers.\n\n\
             | case | ours | by hand | ratio: median | min | max | target | met | notes |\n\
             |---|---|---|---|---|---|---|---|---|\n",
            sync.median, sync.min, sync.max
        );
        for Row { name, unit, ours, theirs, ratio, target, met, note } in rows {
            let met = met.map_or("", |met| if met { "yes" } else { "no" });
            let _ = writeln!(
                text,
                "| {name} | {} {unit} | {} {unit} | {:.2} | {:.2} | {:.2} | {} | {met} | {note} |",
                shown(ours.median),
                shown(theirs.median),
                ratio.median,
                ratio.min,
                ratio.max,
                target.as_deref().unwrap_or(""),
            );
        }
        text
    }

    /// Writes both forms into this folder.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("latest.md"), self.markdown())?;
        let json = serde_json::to_string_pretty(self).map_err(std::io::Error::other)?;
        std::fs::write(folder.join("latest.json"), json + "\n")
    }
}

fn shown(value: f64) -> String {
    if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}
