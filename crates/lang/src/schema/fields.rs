//! The schema of a form's field: a word, or a mapping with the word under `type`, what narrows it, and how it is shown.
//!
//! What depends on the run may stand under any key but `type`: whether it fits is seen when the form is asked.

use serde_json::{Map, Value as Json, json};

use super::chosen::{Choice, by_type, words};
use super::{documented, keys, reference, types};
use crate::journey::TYPE_KEYS;
use crate::types::{FIELD_KEYS, FIELD_WORDS, Field, TypeKind};

/// A word or a mapping. A `select` needs its options, and so is no word alone.
pub(super) fn word_or_map() -> Json {
    let alone = all_words().into_iter().filter(|word| *word != Field::SELECT);
    json!({ "anyOf": [words(alone.map(|word| (word, keys::of_word(word)))), reference("described_field")] })
}

/// The mapping.
pub(super) fn described() -> Json {
    let known: Vec<_> = TYPE_KEYS.into_iter().chain(FIELD_KEYS).collect();
    let choice = |word: &'static str| {
        let keys = known.iter().filter(|key| Field::takes(word, key));
        let properties: Map<_, _> = keys.map(|key| ((*key).to_owned(), property(word, key))).collect();
        let mut whole = json!({ "properties": properties, "additionalProperties": false });
        if word == Field::SELECT {
            whole = super::with(whole, [("required", json!(["options"]))]);
        }
        Choice { word, doc: keys::of_word(word).to_owned(), whole }
    };
    by_type(&all_words().into_iter().map(choice).collect::<Vec<_>>(), &known, keys::of_type("type"))
}

fn all_words() -> Vec<&'static str> {
    TypeKind::ALL.map(TypeKind::word).into_iter().chain(FIELD_WORDS).collect()
}

fn property(word: &str, key: &str) -> Json {
    let kind = TypeKind::find(word).unwrap_or(TypeKind::String);
    let schema = match key {
        "type" => return documented(json!({}), keys::of_word(word)),
        "label" => json!({ "type": ["string", "null"] }),
        // Its options take their place, whatever they are.
        "values" if word == Field::SELECT => json!({ "type": "array" }),
        "options" => json!({ "anyOf": [
            { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "type": "string" } },
            { "type": "object", "minProperties": 1 },
        ] }),
        _ => types::key(kind, key).unwrap_or_else(|| json!(true)),
    };
    let either = json!({ "anyOf": [schema, reference("partly_calculated")] });
    documented(either, keys::of_type(key))
}
