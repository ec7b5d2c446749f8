//! [`Printable`]: text from outside in a message of ours.

use std::fmt::{self, Write};

/// Text from outside, fit for a line of a log or a terminal: what would break the line, steer the terminal, turn the reading
/// direction around or not be seen becomes a space, and what is longer than 1000 characters is cut off.
///
/// It does not make text fit for a page: escape it there.
///
/// ```
/// use globus_auth_core::Printable;
///
/// assert_eq!(Printable::new("two\r\nlines\u{202e}").to_string(), "two  lines ");
/// assert_eq!(Printable::new("abcdef").at_most(3).to_string(), "abc…");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Printable<'a> {
    text: &'a str,
    most: usize,
}

impl<'a> Printable<'a> {
    /// The text of which up to 1000 characters are printed.
    pub const fn new(text: &'a str) -> Self {
        Self { text, most: 1000 }
    }

    /// The same with another limit, in characters.
    #[must_use]
    pub const fn at_most(mut self, characters: usize) -> Self {
        self.most = characters;
        self
    }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.text.chars();
        for c in rest.by_ref().take(self.most) {
            f.write_char(if is_harmful(c) { ' ' } else { c })?;
        }
        if rest.next().is_some() { f.write_char('…') } else { Ok(()) }
    }
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_or_hides_becomes_a_space() {
        let shown =
            Printable::new("a\u{1b}[31m\r\n\t\0\u{9b}\u{7f}\u{202e}\u{2066}\u{200b}\u{feff}z").to_string();
        assert_eq!(shown.replace(' ', ""), "a[31mz");
        for text in ["naïve – “quoted” 𝒳", "ش\u{200c}ب", "👩\u{200d}🚀"] {
            assert_eq!(Printable::new(text).to_string(), text);
        }
    }

    #[test]
    fn long_text_is_cut_off_between_characters() {
        assert_eq!(Printable::new(&"ä".repeat(1000)).to_string(), "ä".repeat(1000));
        assert_eq!(Printable::new(&"ä".repeat(1001)).to_string().chars().count(), 1001);
        assert_eq!(Printable::new("äöü").at_most(2).to_string(), "äö…");
        assert_eq!(Printable::new("ä").at_most(0).to_string(), "…");
    }
}
