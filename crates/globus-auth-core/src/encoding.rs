//! The one way in which text is escaped in forms, queries and paths.
//!
//! Unescaped stay ASCII letters, digits and `-._~` (RFC 3986, section 2.3): fewer than HTML forms leave alone, and never
//! ambiguous. Text is appended, so that a whole URL or form is written into one buffer.

/// Appends `text` as a name or value of a form or query: a space becomes `+` (`application/x-www-form-urlencoded`).
///
/// ```
/// let mut url = "https://example.org/?name=".to_owned();
/// globus_auth_core::encoding::push_form(&mut url, "a b&c~é");
/// assert_eq!(url, "https://example.org/?name=a+b%26c~%C3%A9");
/// ```
pub fn push_form(out: &mut String, text: &str) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push('+');
        }
        push_segment(out, word);
    }
}

/// Appends `text` as one segment of a path: a slash in it is escaped, and a space becomes `%20`.
pub fn push_segment(out: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if is_unreserved(byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

/// The length of what [`push_form`] appends.
pub(crate) fn form_length(text: &str) -> usize {
    text.bytes().map(|byte| if byte == b' ' || is_unreserved(byte) { 1 } else { 3 }).sum()
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(text: &str) -> String {
        let mut out = String::new();
        push_form(&mut out, text);
        out
    }

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(form("aZ09-._~ *+/%\0é"), "aZ09-._~+%2A%2B%2F%25%00%C3%A9");
        let mut segment = "tasks/".to_owned();
        push_segment(&mut segment, "a/.. b");
        assert_eq!(segment, "tasks/a%2F..%20b");
    }

    proptest! {
        #[test]
        fn the_length_is_known_before(text in any::<String>()) {
            prop_assert_eq!(form(&text).len(), form_length(&text));
        }

        #[cfg(feature = "login-flow")]
        #[test]
        fn a_reader_of_forms_gets_the_text_back(text in any::<String>()) {
            let form = format!("k={}", form(&text));
            let read: Vec<_> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
            prop_assert_eq!(read, [("k".to_owned(), text)]);
        }
    }
}
