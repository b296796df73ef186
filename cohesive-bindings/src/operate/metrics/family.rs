//! Numbers with names, apart from how they are written.

use std::borrow::Cow;
use std::collections::HashSet;

/// Numbers of one name.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// The name: base units, `_total` at the end of a counter, `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    pub name: Cow<'static, str>,
    /// What it counts or measures.
    pub help: Cow<'static, str>,
    /// How it behaves.
    pub kind: Kind,
    /// The numbers, each with labels that no other has.
    pub samples: Vec<Sample>,
}

/// How a number behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It only rises, from 0 at the start of the process.
    Counter,
    /// It rises and falls.
    Gauge,
    /// It counts values by size.
    Histogram,
}

impl Kind {
    /// The kind as one lower-case word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// One number.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Names and values. A name is `[a-zA-Z_][a-zA-Z0-9_]*` and does not begin with two underscores. A value is one of a few that
    /// are known beforehand, from the model or from code; never an id.
    pub labels: Vec<(&'static str, String)>,
    /// The number.
    pub value: Value,
}

/// A number, or several.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number.
    Count(u64),
    /// Any number.
    Number(f64),
    /// How many values were up to each bound, the last count being those beyond all; and all values together.
    Histogram {
        /// The upper ends, ascending.
        bounds: Vec<f64>,
        /// How many values lie between each bound and the one before; one more than there are bounds.
        counts: Vec<u64>,
        /// All values together.
        sum: f64,
    },
}

impl Family {
    /// A counter without numbers.
    #[must_use]
    pub fn counter(name: impl Into<Cow<'static, str>>, help: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), help: help.into(), kind: Kind::Counter, samples: Vec::new() }
    }

    /// A gauge without numbers.
    #[must_use]
    pub fn gauge(name: impl Into<Cow<'static, str>>, help: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), help: help.into(), kind: Kind::Gauge, samples: Vec::new() }
    }

    /// A histogram without numbers.
    #[must_use]
    pub fn histogram(name: impl Into<Cow<'static, str>>, help: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), help: help.into(), kind: Kind::Histogram, samples: Vec::new() }
    }

    /// The same with one more number.
    #[must_use]
    pub fn with(mut self, labels: &[(&'static str, &str)], value: impl Into<Value>) -> Self {
        let labels = labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.samples.push(Sample { labels, value: value.into() });
        self
    }

    /// Why it cannot be written.
    fn flaw(&self) -> Option<&'static str> {
        let rest = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let begins = |name: &str| name.bytes().next().is_some_and(|first| !first.is_ascii_digit());
        let name = begins(&self.name) && self.name.bytes().all(|byte| rest(byte) || byte == b':');
        if !name || (self.kind == Kind::Counter) != self.name.ends_with("_total") {
            return Some("its name is not one for numbers of this kind");
        }
        let label = |name: &str| {
            begins(name)
                && name.bytes().all(rest)
                && !name.starts_with("__")
                && !matches!(name, "le" | "quantile")
        };
        if !self.samples.iter().flat_map(|sample| &sample.labels).all(|(name, _)| label(name)) {
            return Some("a label's name is none");
        }
        let fits = |sample: &Sample| match &sample.value {
            Value::Count(_) | Value::Number(_) => self.kind != Kind::Histogram,
            Value::Histogram { bounds, counts, .. } => {
                self.kind == Kind::Histogram
                    && counts.len() == bounds.len() + 1
                    && bounds.is_sorted_by(|one, next| one < next)
            }
        };
        (!self.samples.iter().all(fits)).then_some("a number is not of its kind")
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// Families of several sources, those of one name together. What cannot be written is left out and told, because one bad line
/// makes a reader refuse them all.
pub(super) fn joined(sources: impl IntoIterator<Item = Family>) -> Vec<Family> {
    let mut families: Vec<Family> = Vec::new();
    for family in sources {
        if let Some(flaw) = family.flaw() {
            tracing::warn!(name = &*family.name, flaw, "numbers are left out");
            continue;
        }
        match families.iter_mut().find(|other| other.name == family.name) {
            Some(other) if other.kind == family.kind => other.samples.extend(family.samples),
            Some(_) => tracing::warn!(name = &*family.name, "numbers of two kinds have one name"),
            None => families.push(family),
        }
    }
    for family in &mut families {
        let (name, mut seen) = (family.name.clone(), HashSet::new());
        family.samples.retain(|sample| {
            let mut labels = sample.labels.clone();
            labels.sort_unstable();
            let named_twice = labels.windows(2).any(|pair| matches!(pair, [one, other] if one.0 == other.0));
            let keep = !named_twice && seen.insert(labels);
            if !keep {
                tracing::warn!(name = &*name, "two numbers have the same labels");
            }
            keep
        });
    }
    families
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_left_out_and_nothing_else() {
        let bad_histogram = Value::Histogram { bounds: vec![2.0, 1.0], counts: vec![0, 0, 0], sum: 0.0 };
        let families = joined([
            Family::counter("a_total", "A.").with(&[("x", "1")], 1_u64),
            Family::gauge("b", "B.").with(&[("x-y", "1")], 1_u64),
            Family::gauge("c d", "C.").with(&[], 1_u64),
            Family::counter("e", "A counter without its ending.").with(&[], 1_u64),
            Family::gauge("f_total", "A gauge with the ending of a counter.").with(&[], 1_u64),
            Family::histogram("g", "G.").with(&[], 1_u64),
            Family::histogram("h", "H.").with(&[], bad_histogram),
            Family::gauge("i", "I.").with(&[("le", "1")], 1_u64),
            Family::gauge("", "J.").with(&[], 1_u64),
            // Two sources, one of which gives what is there already.
            Family::counter("a_total", "A.").with(&[("x", "2")], 2_u64).with(&[("x", "1")], 3_u64),
            Family::gauge("k", "K.").with(&[("x", "1"), ("x", "2")], 1_u64).with(&[], 0.5),
        ]);
        let expected = [
            Family::counter("a_total", "A.").with(&[("x", "1")], 1_u64).with(&[("x", "2")], 2_u64),
            Family::gauge("k", "K.").with(&[], 0.5),
        ];
        assert_eq!(families, expected);
    }
}
