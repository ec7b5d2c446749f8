//! [`Key`]: by what an identity is known.

/// An id or a username, in the spelling of the service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    text: String,
    is_id: bool,
}

impl Key {
    /// Reads what someone wrote. `None` for what cannot be an id or username: nothing, or with a comma, which would make it several.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.contains(|c: char| c == ',' || c.is_control()) {
            return None;
        }
        Some(match uuid(text) {
            Some(text) => Self { text, is_id: true },
            None => Self { text: text.to_lowercase(), is_id: false },
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn is_id(&self) -> bool {
        self.is_id
    }
}

/// A UUID in small letters with hyphens, whatever it was written with.
fn uuid(text: &str) -> Option<String> {
    let digits = text.replace('-', "").to_ascii_lowercase();
    if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut uuid = String::with_capacity(36);
    for (index, digit) in digits.chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            uuid.push('-');
        }
        uuid.push(digit);
    }
    Some(uuid)
}
