//! The schema of a type as authors write it: a word, or a mapping with the word under `type` and what narrows it.

use serde_json::{Map, Value as Json, json};

use super::chosen::{Choice, by_type, words};
use super::{documented, keys, reference, values};
use crate::journey::TYPE_KEYS;
use crate::types::{Format, Type, TypeKind};

/// A word or a mapping.
pub(super) fn word_or_map() -> Json {
    let words = words(TypeKind::ALL.map(TypeKind::word).map(|word| (word, keys::of_word(word))));
    json!({ "anyOf": [words, reference("narrowed_type")] })
}

/// The mapping.
pub(super) fn narrowed() -> Json {
    let choice = |kind: TypeKind| {
        let properties = TYPE_KEYS.iter().filter(|key| kind.takes(key)).filter_map(|name| {
            let (schema, doc) = match *name {
                "type" => (json!({}), keys::of_word(kind.word())),
                name => (key(kind, name)?, keys::of_type(name)),
            };
            Some(((*name).to_owned(), documented(schema, doc)))
        });
        let properties: Map<_, _> = properties.collect();
        let whole = json!({ "properties": properties, "additionalProperties": false });
        Choice { word: kind.word(), doc: keys::of_word(kind.word()).to_owned(), whole }
    };
    by_type(&TypeKind::ALL.map(choice), &TYPE_KEYS, keys::of_type("type"))
}

/// Names and their types: parameters, variables, outputs.
pub(super) fn declarations() -> Json {
    json!({
        "type": "object",
        "propertyNames": reference("variable"),
        "additionalProperties": reference("type"),
    })
}

/// What stands under a key of a type of this kind, but for `type`.
pub(super) fn key(kind: TypeKind, key: &str) -> Option<Json> {
    // Whether null is accepted is said by another key.
    let value = || values::literal(&Type::from(kind).nullable());
    Some(match key {
        "items" => reference("type"),
        "properties" => json!({ "type": "object", "additionalProperties": reference("type") }),
        "format" => json!({ "enum": Format::ALL.map(Format::word) }),
        "values" => json!({ "type": "array", "minItems": 1, "items": value() }),
        "default" => value(),
        "required" | "secret" | "nullable" => json!({ "type": "boolean" }),
        "min_length" | "max_length" => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        "minimum" | "maximum" => json!({ "type": "number" }),
        "description" => json!({ "type": "string" }),
        _ => return None,
    })
}
