//! Text that is made up.

use super::Maker;

/// Letters in the order of their simplicity.
const LETTERS: &[char] = &['a', 'b', 'c', 'x', 'y', 'z', 'A', 'B', 'Z', '0', '1', '9'];

/// Characters that text handling gets wrong.
const ODD: &[char] = &[
    ' ', '\n', '\t', '"', '\'', '\\', '/', '<', '&', '%', '{', '}', 'é', 'ß', 'İ', '漢', '\u{301}',
    '\u{200b}', '\u{202e}', '🦀', '\u{feff}', '\u{7f}', '\0',
];

impl Maker<'_> {
    /// Text with a number of characters within `lengths`.
    pub(super) fn text(&mut self, (least, greatest): (u64, u64)) -> String {
        let usual = if self.choices.once_in(24) { 300 } else { 7 };
        let room = greatest.saturating_sub(least).saturating_add(1).min(usual);
        let length = least.saturating_add(self.choices.below(room)).min(512);
        let odd = self.choices.once_in(6);
        let text = (0..length).map(|_| {
            let letters = if odd && self.choices.once_in(3) { ODD } else { LETTERS };
            self.choices.one_of(letters).copied().unwrap_or('a')
        });
        text.collect()
    }

    /// Text that may identify something, and now and then text that may not.
    pub(super) fn id_text(&mut self) -> String {
        // Drawn in every case, so that the simplest way takes no more choices than the others.
        let letter = self.choices.one_of(LETTERS).copied().unwrap_or('a');
        match self.choices.weighted(&[24, 6, 1, 1, 1]) {
            0 => letter.to_string(),
            1 => {
                let length = 1 + self.choices.below(8);
                self.text((length, length))
            }
            2 => "a".repeat(255),
            3 => "a".repeat(256),
            _ => String::from(" "),
        }
    }
}
