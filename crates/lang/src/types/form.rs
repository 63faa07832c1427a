//! The written form of a type comes in and goes out: one word, or a map.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::{Format, Type, TypeKind};
use crate::Value;

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Map {
    #[serde(rename = "type")]
    kind: TypeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    items: Option<Box<Type>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    properties: Option<IndexMap<Arc<str>, Type>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format: Option<Format>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    values: Option<Vec<Json>>,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    required: bool,
    // Twice optional: `default: null` is a default.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    default: Option<Json>,
    #[serde(default, skip_serializing_if = "is_false")]
    secret: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    nullable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    minimum: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maximum: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_false(value: &bool) -> bool {
    !*value
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if *self == Self::from(self.kind) {
            return self.kind.serialize(serializer);
        }
        let json = |value: &Value| value.to_json().map_err(S::Error::custom);
        let values = self.values.as_ref().map(|values| values.iter().map(json).collect()).transpose()?;
        Map {
            kind: self.kind,
            items: self.items.clone(),
            properties: self.properties.clone(),
            format: self.format,
            values,
            required: self.required,
            default: self.default.as_ref().map(json).transpose()?,
            secret: self.secret,
            nullable: self.nullable,
            min_length: self.min_length,
            max_length: self.max_length,
            minimum: self.minimum,
            maximum: self.maximum,
            description: self.description.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordOrMap;

        impl<'de> Visitor<'de> for WordOrMap {
            type Value = Type;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a type: a word such as `string`, or a map with `type`")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Type, E> {
                kind(word).map(Type::from)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Type, A::Error> {
                let map = Map::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Type {
                    kind: map.kind,
                    items: map.items,
                    properties: map.properties,
                    format: map.format,
                    values: map.values.map(|values| values.into_iter().map(Value::from).collect()),
                    required: map.required,
                    default: map.default.map(Value::from),
                    secret: map.secret,
                    nullable: map.nullable,
                    min_length: map.min_length,
                    max_length: map.max_length,
                    minimum: map.minimum,
                    maximum: map.maximum,
                    description: map.description,
                })
            }
        }

        deserializer.deserialize_any(WordOrMap)
    }
}

impl Serialize for TypeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for TypeKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        kind(&String::deserialize(deserializer)?)
    }
}

fn kind<E: Error>(word: &str) -> Result<TypeKind, E> {
    TypeKind::find(word).ok_or_else(|| {
        let words = TypeKind::ALL.map(TypeKind::word).join("`, `");
        E::custom(format_args!("there is no type `{word}`; the types are `{words}`"))
    })
}
