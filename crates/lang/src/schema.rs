//! A catalogue comes in; the JSON Schema (2020-12) of journey files goes out, by which an editor completes, explains and checks.
//!
//! It never refuses what [`check`](crate::check()) accepts. What takes more than one place of the file to know, such as whether a
//! target exists or what a variable holds, it leaves to `check`.

mod chosen;
mod exits;
mod fields;
mod keys;
mod names;
mod step;
mod types;
mod values;

use serde_json::{Map, Value as Json, json};

use crate::catalog::Catalog;
use crate::journey::{JOURNEY_ORDER, KINDS, REQUIRED};

/// The schema of a journey file whose steps are those of `catalog`: the same catalogue gives the same schema, to the order
/// of its keys. It refers to nothing outside of itself.
///
/// Beside the vocabulary of 2020-12 it holds annotations of VS Code's, which other readers pass over: `markdownDescription`,
/// `markdownEnumDescriptions`, `patternErrorMessage`, `errorMessage`, `deprecationMessage`, `doNotSuggest`.
///
/// ```
/// use wayfarer_lang::{Catalog, schema::journey_schema};
///
/// let schema = journey_schema(&Catalog::forms());
/// assert_eq!(schema["required"], serde_json::json!(["journey", "steps"]));
/// ```
#[must_use]
pub fn journey_schema(catalog: &Catalog) -> Json {
    let keys = JOURNEY_ORDER.iter().filter_map(|key| Some(((*key).to_owned(), journey_key(key)?)));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:wayfarer:journey",
        "$comment": "Made by `wayfarer schema` from the catalogue of forms and steps.",
        "description": "A journey file of Wayfarer.",
        "type": "object",
        "properties": keys.collect::<Map<_, _>>(),
        "required": ["journey", "steps"],
        "additionalProperties": false,
        "$defs": {
            "step": step::step(catalog),
            "steps": step::steps(),
            "retry": step::retry(),
            "type": types::word_or_map(),
            "narrowed_type": types::narrowed(),
            "field": fields::word_or_map(),
            "described_field": fields::described(),
            "declarations": types::declarations(),
            "id": names::id(),
            "variable": names::variable(),
            "target": names::target(),
            "duration": names::duration(),
            "expression": values::expression(),
            "calculated": values::calculated(),
            "partly_calculated": values::partly_calculated(),
        },
    })
}

/// What stands under a key of the journey.
fn journey_key(key: &str) -> Option<Json> {
    let words = |words: &[(&str, &str)]| {
        let (words, docs): (Vec<_>, Vec<_>) = words.iter().copied().unzip();
        json!({ "enum": words, "markdownEnumDescriptions": docs })
    };
    let schema = match key {
        "journey" | "start" => reference("id"),
        "title" | "description" => json!({ "type": "string" }),
        "kind" => words(&KINDS.map(|(word, _)| (word, keys::of_kind(word)))),
        "requires" => words(&[(REQUIRED, "a user who is proven")]),
        "params" | "vars" | "outputs" => reference("declarations"),
        "steps" => reference("steps"),
        _ => return None,
    };
    Some(documented(schema, keys::of_journey(key)))
}

/// What another definition says.
fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// The schema with further keywords.
fn with<const N: usize>(mut schema: Json, keywords: [(&str, Json); N]) -> Json {
    if let Json::Object(map) = &mut schema {
        map.extend(keywords.map(|(name, value)| (name.to_owned(), value)));
    }
    schema
}

/// The schema with a text for people, which is Markdown: plain for readers who know no other.
fn documented(schema: Json, doc: &str) -> Json {
    let doc = doc.trim();
    if doc.is_empty() {
        return schema;
    }
    let plain = doc.replace("**", "").replace('`', "");
    with(schema, [("description", json!(plain)), ("markdownDescription", json!(doc))])
}

#[cfg(test)]
mod tests;
