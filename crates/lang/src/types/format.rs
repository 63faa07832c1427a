//! A text comes in; it goes out in the usual form of a mail address or a phone number, or is refused.

use serde::{Deserialize, Serialize};

/// What a text is, beyond being a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A mail address, as HTML's `input type=email` takes it, with a dot in its domain.
    Email,
    /// A phone number with its country: `+` and 8 to 15 digits (ITU-T E.164).
    Phone,
}

/// The longest mail address that can be delivered to (RFC 5321, section 4.5.3.1.3, without the brackets).
const LONGEST_EMAIL: usize = 254;

impl Format {
    /// All.
    pub const ALL: [Self; 2] = [Self::Email, Self::Phone];

    /// The word in a journey file and in a form.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// The text without the blanks around it and, for a phone number, without what only makes it readable.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn accept(self, text: &str) -> Result<String, &'static str> {
        match self {
            Self::Email if is_email(text.trim()) => Ok(text.trim().to_owned()),
            Self::Email => Err("expected a mail address such as `ann@example.com`"),
            Self::Phone => {
                let digits: String = text.chars().filter(|c| !c.is_whitespace() && !"-().".contains(*c)).collect();
                if is_phone(&digits) { Ok(digits) } else { Err("expected a phone number such as `+4930123456`") }
            }
        }
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let in_local = |c: char| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let label = |label: &str| {
        let edge = |c: char| c == '-';
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with(edge)
            && !label.ends_with(edge)
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= LONGEST_EMAIL
        && !local.is_empty()
        && local.chars().all(in_local)
        && domain.contains('.')
        && domain.split('.').all(label)
}

fn is_phone(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    (8..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0')
}
