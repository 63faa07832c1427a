//! Values and moments inside stored records: secrets go only into bytes that the vault seals at once.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wayfarer_lang::Value;
use wayfarer_lang::value::stored::Stored;

/// For `Vec<Option<Value>>`.
pub(crate) mod slots {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(slots: &[Option<Value>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(slots.iter().map(|slot| slot.clone().map(Stored)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<Value>>, D::Error> {
        let slots = Vec::<Option<Stored<Value>>>::deserialize(deserializer)?;
        Ok(slots.into_iter().map(|slot| slot.map(|stored| stored.0)).collect())
    }
}

/// For `Option<Value>`.
pub(crate) mod option {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &Option<Value>, serializer: S) -> Result<S::Ok, S::Error> {
        value.clone().map(Stored).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
        Ok(Option::<Stored<Value>>::deserialize(deserializer)?.map(|stored| stored.0))
    }
}

/// For [`Timestamp`](jiff::Timestamp), as nanoseconds: a text would have to be made and parsed each time.
pub(crate) mod time {
    use jiff::Timestamp;
    use serde::de::Error as _;

    use super::*;

    pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i128(at.as_nanosecond())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        Timestamp::from_nanosecond(i128::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// For `Option<Timestamp>`.
pub(crate) mod time_option {
    use jiff::Timestamp;
    use serde::de::Error as _;

    use super::*;

    pub(crate) fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        at.map(Timestamp::as_nanosecond).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
        let at = Option::<i128>::deserialize(deserializer)?;
        at.map(Timestamp::from_nanosecond).transpose().map_err(D::Error::custom)
    }
}
