//! Values inside stored records: secrets go only into bytes that the vault seals at once.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wayfarer_lang::Value;
use wayfarer_lang::value::stored::Stored;

/// For `Vec<Value>`.
pub(crate) mod values {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(values: &[Value], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| Stored(value.clone())))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Value>, D::Error> {
        Ok(Vec::<Stored<Value>>::deserialize(deserializer)?.into_iter().map(|stored| stored.0).collect())
    }
}

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
