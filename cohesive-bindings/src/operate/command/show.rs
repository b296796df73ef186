//! Texts for people: tables, times, ages.

use std::fmt::Write as _;

use cohesive_core::value::Timestamp;

/// A column of a table.
pub(super) struct Column {
    pub(super) title: &'static str,
    /// How many letters are shown at the most; longer texts are cut.
    pub(super) most: usize,
    /// Whether it holds numbers, which stand to the right.
    pub(super) numbers: bool,
}

/// A column of texts.
pub(super) const fn text(title: &'static str, most: usize) -> Column {
    Column { title, most, numbers: false }
}

/// A column of numbers.
pub(super) const fn numbers(title: &'static str) -> Column {
    Column { title, most: 20, numbers: true }
}

/// Rows below each other, each cell below its title.
pub(super) fn table<const N: usize>(columns: &[Column; N], rows: &[[String; N]]) -> String {
    let cells: Vec<[String; N]> = rows
        .iter()
        .map(|row| std::array::from_fn(|place| cut(&plain(&row[place]), columns[place].most)))
        .collect();
    let titles: [String; N] = std::array::from_fn(|place| columns[place].title.to_owned());
    let width = |place: usize| {
        std::iter::once(&titles).chain(&cells).map(|row| row[place].chars().count()).max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut all = String::new();
    for row in std::iter::once(&titles).chain(&cells) {
        let mut line = String::new();
        for ((cell, column), width) in row.iter().zip(columns).zip(widths) {
            // Writing to a string does not fail.
            let _ = if column.numbers {
                write!(line, "{cell:>width$}  ")
            } else {
                write!(line, "{cell:<width$}  ")
            };
        }
        all.push_str(line.trim_end());
        all.push('\n');
    }
    all
}

/// A table, and whether there is more.
pub(super) fn listed(table: String, more: bool, limit: usize) -> String {
    if more { format!("{table}there are more than these {limit}; `--limit` shows more\n") } else { table }
}

/// A text in one line, without what could steer a terminal or turn the writing round.
pub(super) fn plain(text: &str) -> String {
    let steers = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if steers(letter) { shown.extend(letter.escape_default()) } else { shown.push(letter) }
    }
    shown
}

/// A text that is not longer than this, with a sign that it was.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// An instant to the second, and how long ago that is.
pub(super) fn when(at: Timestamp, now: Timestamp) -> String {
    let whole = at.as_micros().div_euclid(1_000_000) * 1_000_000;
    let whole = Timestamp::from_micros(whole).unwrap_or(at);
    let elapsed = u64::try_from(now.as_micros() - at.as_micros()).unwrap_or(0) / 1_000_000;
    if elapsed == 0 { format!("{whole} (now)") } else { format!("{whole} ({} ago)", span(elapsed)) }
}

/// A number of seconds in the unit that suits it.
pub(super) fn span(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// How many there are of something, in words.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_aligned_and_no_text_steers_the_terminal() {
        let columns = [numbers("no"), text("what", 8), text("why", 60)];
        let rows = [
            ["7", "short", "\u{1b}[2Jgone\r\nnext \u{202e}edis"].map(str::to_owned),
            ["1234", "much too long", ""].map(str::to_owned),
            ["56", "äöüäöüäö", "x"].map(str::to_owned),
        ];
        let expected = "  no  what      why\n   \
                        7  short     \\u{1b}[2Jgone\\r\\nnext \\u{202e}edis\n\
                        1234  much to…\n  \
                        56  äöüäöüäö  x\n";
        assert_eq!(table(&columns, &rows), expected);
    }

    #[test]
    fn times_have_an_age() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let parked = at("2026-03-01T12:00:00.999999Z");
        for (now, expected) in [
            ("2026-03-01T12:00:01Z", "2026-03-01T12:00:00Z (now)"),
            ("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z (now)"),
            ("2026-03-01T12:01:31Z", "2026-03-01T12:00:00Z (90 s ago)"),
            ("2026-03-01T12:50:00Z", "2026-03-01T12:00:00Z (49 min ago)"),
            ("2026-03-02T12:00:00Z", "2026-03-01T12:00:00Z (23 h ago)"),
            ("2026-05-01T12:00:00Z", "2026-03-01T12:00:00Z (60 d ago)"),
        ] {
            assert_eq!(when(parked, at(now)), expected);
        }
    }
}
