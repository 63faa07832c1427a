//! Text that names a user comes in; its one normal form goes out, or the rule that it breaks.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

use crate::IdentityError;

/// The kinds of identifier, in the words of the interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierType {
    /// The immutable id.
    UserId,
    /// The id under which the application knows the user. It shares one namespace with `user_id`: either is accepted
    /// where the other is asked for.
    ExternalUserId,
    /// A mail address.
    Email,
    /// A phone number in E.164 form.
    PhoneNumber,
    /// A name that the user chose.
    Username,
}

impl IdentifierType {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::UserId, Self::ExternalUserId, Self::Email, Self::PhoneNumber, Self::Username];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserId => "user_id",
            Self::ExternalUserId => "external_user_id",
            Self::Email => "email",
            Self::PhoneNumber => "phone_number",
            Self::Username => "username",
        }
    }

    /// Within which two users may not have the same value.
    pub(super) const fn namespace(self) -> &'static str {
        match self {
            Self::UserId | Self::ExternalUserId => "id",
            Self::Email | Self::PhoneNumber | Self::Username => self.as_str(),
        }
    }

    /// The normal form of a value.
    ///
    /// Canonically equal texts become one (NFC), and what the standards call equal does; characters that only look alike
    /// never do (T21).
    ///
    /// # Errors
    /// When the value breaks the rule for its kind.
    pub fn normalise(self, value: &str) -> Result<String, IdentityError> {
        let value: String = value.trim().nfc().collect();
        if value.is_empty() || value.chars().count() > LONGEST {
            return Err(self.refused("must have 1 to 254 characters"));
        }
        if value.chars().any(is_invisible) {
            return Err(self.refused("must hold no control or direction characters"));
        }
        match self {
            Self::UserId | Self::ExternalUserId | Self::Username => Ok(value),
            Self::Email => {
                email(&value).ok_or_else(|| self.refused("must be one mail address, as in `ann@example.com`"))
            }
            Self::PhoneNumber => phone(&value).ok_or_else(|| {
                self.refused("must be a phone number with `+` and country code, as in `+4915112345678`")
            }),
        }
    }

    fn refused(self, rule: &str) -> IdentityError {
        IdentityError::invalid(self.as_str(), rule)
    }
}

impl fmt::Display for IdentifierType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for IdentifierType {
    type Err = IdentityError;

    fn from_str(word: &str) -> Result<Self, IdentityError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|kind| format!("`{kind}`")).collect();
            IdentityError::invalid("identifier_type", format!("must be one of {}", known.join(", ")))
        })
    }
}

/// The longest identifier, in characters: that of a mail address (RFC 5321 section 4.5.3.1.3).
const LONGEST: usize = 254;

/// Control characters, and those that turn the direction of what follows in a log or on a page (R116).
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The domain is compared without case (RFC 1035 section 2.3.3); so, as people expect, are the ASCII letters before it.
fn email(value: &str) -> Option<String> {
    let (local, domain) = value.split_once('@')?;
    let blank = |part: &str| part.is_empty() || part.chars().any(char::is_whitespace);
    if blank(local) || blank(domain) || domain.contains('@') || domain.starts_with('.') || domain.ends_with('.') {
        return None;
    }
    Some(format!("{}@{}", local.to_ascii_lowercase(), domain.to_lowercase()))
}

/// `+`, then 7 to 15 digits (ITU-T E.164); the marks that people write between them are dropped.
fn phone(value: &str) -> Option<String> {
    let digits: String =
        value.strip_prefix('+')?.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/')).collect();
    let valid = (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    valid.then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests;
