//! The list of codes, each with what it says, why it matters and how to mend it. The error index is made of it.

mod declarations;
mod following;
mod rules;

use self::declarations::DECLARATIONS;
use self::following::FOLLOWING;
use self::rules::RULES;
use crate::diagnostic::Severity;

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code. It is never used again for something else.
    pub code: &'static str,
    /// The message, by way of an example.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// How much it matters. Errors cannot be allowed.
    pub severity: Severity,
    /// How much of a model has to be seen to find it.
    pub reach: Reach,
}

/// How much of a model has to be seen to find a mistake, which says where it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// A declaration, or a declaration and the entity it belongs to: the compiler shows it.
    Declaration,
    /// An entity: its test shows it.
    Entity,
    /// All entities of a system: the system's test shows it.
    System,
}

impl Code {
    /// An error that the compiler shows.
    const fn new(code: &'static str, title: &'static str, why: &'static str, fix: &'static str) -> Self {
        Self { code, title, why, fix, severity: Severity::Error, reach: Reach::Declaration }
    }

    /// The same code, with another severity.
    const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same code, shown by a test.
    const fn reach(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }
}

/// The code called `name`.
#[must_use]
pub fn of(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.code == name)
}

/// Every code, in order.
///
/// 00 is about attributes, 01 about entities, 02 about references, 03 about delivery, 06 about bodies, 07 about what
/// can happen at all; 04 about stores and 05 about HTTP are kept for these.
pub const CODES: &[Code] =
    &sorted::<{ DECLARATIONS.len() + FOLLOWING.len() + RULES.len() }>(&[DECLARATIONS, FOLLOWING, RULES]);

const fn sorted<const N: usize>(lists: &[&[Code]]) -> [Code; N] {
    let mut codes = [Code::new("", "", "", ""); N];
    let (mut list, mut index, mut len) = (0, 0, 0);
    while list < lists.len() {
        if index == lists[list].len() {
            (list, index) = (list + 1, 0);
            continue;
        }
        let code = lists[list][index];
        let mut place = len;
        while place > 0 && super::consts::before(code.code, codes[place - 1].code) {
            codes[place] = codes[place - 1];
            place -= 1;
        }
        codes[place] = code;
        (index, len) = (index + 1, len + 1);
    }
    codes
}

/// The error index as Markdown.
#[must_use]
pub fn index() -> String {
    use std::fmt::Write as _;
    let mut text = String::from(
        "<!-- Generated from cohesive-core/src/check/codes.rs: `UPDATE_EXPECT=1 cargo test --test tidy`. -->\n\n\
         # Error index\n\n\
         Every mistake in a model has a code. The codes are stable: none is used again for something else. All mistakes\n\
         of one declaration show in one compile, each at its word. What needs the whole entity or the whole system shows\n\
         in the test that `cohesive::check!` writes, each with its file and line. Warnings and hints can be allowed where\n\
         they are right: `allow(COH0702, reason = \"…\")`.\n",
    );
    for Code { code, title, why, fix, severity, reach } in CODES {
        let shown = match reach {
            Reach::Declaration => "shown by the compiler",
            Reach::Entity => "shown by the test of the entity",
            Reach::System => "shown by the test of the system",
        };
        let severity = severity.word();
        // Writing to a `String` cannot fail.
        let _ =
            write!(text, "\n## {code}\n\n> {severity}: {title}\n\n{why}\n\n**Fix:** {fix}\n\n*{shown}*\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{CODES, index};

    #[test]
    fn codes_are_in_order_and_distinct() {
        assert!(CODES.is_sorted_by(|one, other| one.code < other.code));
    }

    #[test]
    fn every_entry_is_whole() {
        for code in CODES {
            assert!(code.code.len() == 7 && code.title.len() <= 89, "{}", code.code);
            assert!(
                code.why.ends_with('.') && code.fix.ends_with('.') && !code.title.ends_with('.'),
                "{}",
                code.code
            );
            assert!(index().contains(code.code));
        }
    }
}
