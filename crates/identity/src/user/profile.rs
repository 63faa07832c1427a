//! What else is known of a user comes in; it goes out within its bounds, and decides nothing.

use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};

use crate::IdentityError;

/// The longest part of a name, in characters.
const LONGEST: usize = 128;

/// The most that an application may keep with a user, in bytes of JSON.
const MOST: usize = 16 << 10;

/// What a user is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    /// Such as `Dr.`.
    pub title: Option<Arc<str>>,
    /// The given name.
    pub first_name: Option<Arc<str>>,
    /// Further given names.
    pub middle_name: Option<Arc<str>>,
    /// The family name.
    pub last_name: Option<Arc<str>>,
}

impl PersonName {
    /// The parts, by the words of the interfaces.
    #[must_use]
    pub const fn parts(&self) -> [(&'static str, &Option<Arc<str>>); 4] {
        [
            ("title", &self.title),
            ("first_name", &self.first_name),
            ("middle_name", &self.middle_name),
            ("last_name", &self.last_name),
        ]
    }

    /// The same, if every part is within its bounds.
    pub(super) fn checked(self) -> Result<Self, IdentityError> {
        let fits = |text: &str| (1..=LONGEST).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if self.parts().into_iter().all(|(_, part)| part.as_deref().is_none_or(fits)) {
            Ok(self)
        } else {
            let reason = format!("must have parts of 1 to {LONGEST} characters without control characters");
            Err(IdentityError::invalid("name", reason))
        }
    }
}

/// What an application keeps with a user: an object of JSON. It is sealed like all of the user, and no journey reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomData(Arc<str>);

impl CustomData {
    /// Takes an object.
    ///
    /// # Errors
    /// When it takes more than 16 KiB.
    pub fn new(fields: Map<String, Json>) -> Result<Self, IdentityError> {
        let text = Json::Object(fields).to_string();
        if text.len() > MOST {
            return Err(IdentityError::invalid("custom_data", format!("must take at most {MOST} bytes")));
        }
        Ok(Self(text.into()))
    }

    /// The object.
    #[must_use]
    pub fn to_json(&self) -> Json {
        // It was written from a value, so it reads.
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl Serialize for CustomData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { self.to_json().serialize(serializer) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for CustomData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Self::new(Map::deserialize(deserializer)?).map_err(D::Error::custom)
        } else {
            Arc::deserialize(deserializer).map(Self)
        }
    }
}
