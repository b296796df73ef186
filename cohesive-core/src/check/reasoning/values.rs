//! Sets of values of one term.

use std::collections::BTreeSet;

use super::ranges::Ranges;

/// Some of the values that a term can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Values {
    /// Numbers.
    Numbers(Ranges),
    /// Names or texts: the listed ones, or all but these.
    Names {
        /// Whether the listed ones are meant, or all others.
        listed: bool,
        /// The names.
        names: BTreeSet<String>,
    },
    /// A few cases, one bit for each of `all`: the two truth values, or the outcomes of a comparison.
    Cases {
        /// The cases that are meant.
        some: u8,
        /// All cases that there are.
        all: u8,
    },
}

/// The outcomes of comparing two terms, of which one occurs.
pub(super) mod outcome {
    /// The first is less.
    pub(in super::super) const LESS: u8 = 1;
    /// They are equal.
    pub(in super::super) const EQUAL: u8 = 2;
    /// The first is greater.
    pub(in super::super) const GREATER: u8 = 4;
    /// They cannot be compared, as with amounts of two currencies.
    pub(in super::super) const NEITHER: u8 = 8;
    /// Any of these.
    pub(in super::super) const ALL: u8 = 15;
}

impl Values {
    /// The truth value `truth`.
    pub(super) const fn truth(truth: bool) -> Self {
        Self::Cases { some: if truth { 2 } else { 1 }, all: 3 }
    }

    /// One of these outcomes of a comparison.
    pub(super) const fn outcomes(some: u8) -> Self {
        Self::Cases { some, all: outcome::ALL }
    }

    /// These names.
    pub(super) fn names(names: impl IntoIterator<Item = String>) -> Self {
        Self::Names { listed: true, names: names.into_iter().collect() }
    }

    pub(super) fn complement(&self) -> Self {
        match self {
            Self::Numbers(ranges) => Self::Numbers(ranges.complement()),
            Self::Names { listed, names } => Self::Names { listed: !listed, names: names.clone() },
            Self::Cases { some, all } => Self::Cases { some: all & !some, all: *all },
        }
    }

    /// The values of both; nothing where they are of different kinds.
    pub(super) fn intersection(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Numbers(one), Self::Numbers(other)) => Some(Self::Numbers(one.intersection(other))),
            (Self::Cases { some: one, all }, Self::Cases { some: other, all: same }) if all == same => {
                Some(Self::Cases { some: one & other, all: *all })
            }
            (Self::Names { listed: one, names }, Self::Names { listed: other, names: others }) => {
                let (listed, names) = match (one, other) {
                    (true, true) => (true, names & others),
                    (true, false) => (true, names - others),
                    (false, true) => (true, others - names),
                    (false, false) => (false, names | others),
                };
                Some(Self::Names { listed, names })
            }
            _ => None,
        }
    }

    /// The values of either; nothing where they are of different kinds.
    pub(super) fn union(&self, other: &Self) -> Option<Self> {
        if let (Self::Numbers(one), Self::Numbers(other)) = (self, other) {
            return Some(Self::Numbers(one.union(other)));
        }
        Some(self.complement().intersection(&other.complement())?.complement())
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Numbers(ranges) => ranges.is_empty(),
            Self::Names { listed, names } => *listed && names.is_empty(),
            Self::Cases { some, .. } => *some == 0,
        }
    }

    /// Whether every one of these is one of the others.
    pub(super) fn within(&self, others: &Self) -> bool {
        self.intersection(&others.complement()).is_some_and(|outside| outside.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::Values;

    #[test]
    fn listed_names_and_all_others_go_together() {
        let one = Values::names(["a".to_owned(), "b".to_owned()]);
        let other = Values::names(["b".to_owned()]);
        assert_eq!(one.intersection(&other.complement()), Some(Values::names(["a".to_owned()])));
        assert_eq!(one.union(&other.complement()), Some(Values::names([]).complement()));
        assert!(other.within(&one) && !one.within(&other) && !one.complement().within(&one));
    }

    #[test]
    fn kinds_do_not_mix() {
        assert_eq!(Values::truth(true).intersection(&Values::names([])), None);
        assert!(!Values::truth(true).within(&Values::names([])));
        assert!(Values::truth(true).union(&Values::truth(false)).unwrap().complement().is_empty());
    }
}
