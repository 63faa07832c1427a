//! Turns a step's Rust types and shape into its [`Declaration`]: the schema of `Params` becomes the list under `with:`.

use std::sync::Arc;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value as Json, json};
use wayfarer_lang::catalog::{Declaration, Origin, Parameter, Place, Unlinked};
use wayfarer_lang::types::Type;

use crate::{Shape, Step};

/// A step declares something that the journey language cannot say.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShapeError {
    /// The parameters are not a struct with named fields.
    #[error("the parameters of `{step}` are not a struct with named fields")]
    NotAnObject {
        /// The step type.
        step: &'static str,
    },
    /// A field's schema has no counterpart among the journey types.
    #[error("`{field}` of `{step}` has a type that journeys cannot write: {reason}")]
    Untypable {
        /// The step type.
        step: &'static str,
        /// The field.
        field: String,
        /// Why.
        reason: String,
    },
    /// The shape names a parameter or an exit that is not there.
    #[error("the shape of `{step}` names `{name}`, which it does not declare")]
    Dangling {
        /// The step type.
        step: &'static str,
        /// The unknown name.
        name: String,
    },
}

/// What the checker, the catalogue and the reference know of a step.
///
/// # Errors
/// When the shape contradicts itself or a parameter has no counterpart in the journey language.
pub fn declaration<S: Step>() -> Result<Declaration, ShapeError> {
    let step = S::TYPE;
    let shape = S::shape();
    let parameters = parameters::<S>(&shape)?;
    let known = |name: &str| parameters.iter().any(|parameter| &*parameter.name == name);
    let exit = |name: &str| shape.exits.iter().any(|exit| &*exit.name == name);
    let dangling = |name: &str| ShapeError::Dangling { step, name: name.to_owned() };

    for name in shape.expressions.iter().copied().chain(shape.exits_from.as_deref()).chain(shape.fields) {
        known(name).then_some(()).ok_or_else(|| dangling(name))?;
    }
    for other in shape.exits.iter().filter_map(|exit| match &exit.unlinked {
        Unlinked::Follows(other) => Some(other),
        Unlinked::Error | Unlinked::Aborts => None,
    }) {
        exit(other).then_some(()).ok_or_else(|| dangling(other))?;
    }
    if let Some(verifies) = &shape.verifies {
        exit(&verifies.exit).then_some(()).ok_or_else(|| dangling(&verifies.exit))?;
    }

    let output = schema_of::<S::Output>();
    let output = match output.get("type") {
        Some(Json::String(word)) if word == "null" => None,
        _ => Some(to_type(step, "output", &output)?),
    };
    Ok(Declaration {
        name: Arc::from(step),
        version: S::VERSION,
        origin: Origin::Step,
        summary: shape.summary,
        doc: shape.doc,
        parameters,
        exits: shape.exits,
        exits_from: shape.exits_from,
        output,
        prompts: shape.prompts,
        waits: shape.waits,
        error_codes: shape.error_codes,
        verifies: shape.verifies,
        identifies: shape.identifies,
        outward: shape.outward,
    })
}

fn parameters<S: Step>(shape: &Shape) -> Result<Vec<Parameter>, ShapeError> {
    let schema = schema_of::<S::Params>();
    if schema.get("type").and_then(Json::as_str) != Some("object") {
        return Err(ShapeError::NotAnObject { step: S::TYPE });
    }
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else {
        return Ok(Vec::new());
    };
    let required = |name: &str| {
        schema.get("required").and_then(Json::as_array).is_some_and(|list| list.iter().any(|item| item == name))
    };
    properties
        .iter()
        .map(|(name, property)| {
            let place = match name.as_str() {
                name if shape.expressions.contains(&name) => Place::Expression,
                name if shape.fields == Some(name) => Place::Fields,
                _ => Place::Value,
            };
            Ok(Parameter {
                name: Arc::from(name.as_str()),
                doc: text(property, "description"),
                ty: property
                    .as_object()
                    .map(|property| to_type(S::TYPE, name, property))
                    .transpose()?
                    .unwrap_or_else(Type::any),
                required: required(name),
                place,
                secret: property.get(SECRET).is_some(),
            })
        })
        .collect()
}

const SECRET: &str = wayfarer_lang::secret::SCHEMA_KEY;

fn text(schema: &Json, key: &str) -> String {
    schema.get(key).and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn schema_of<T: JsonSchema>() -> Map<String, Json> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.meta_schema = None;
        settings.inline_subschemas = true;
    });
    let schema: Schema = settings.into_generator().into_root_schema_for::<T>();
    match schema.to_value() {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

/// Writes a JSON Schema in the words of the journey file's type grammar and reads it as such.
fn to_type(step: &'static str, field: &str, schema: &Map<String, Json>) -> Result<Type, ShapeError> {
    let untypable = |reason: String| ShapeError::Untypable { step, field: field.to_owned(), reason };
    let written = write_type(schema).map_err(untypable)?;
    serde_json::from_value(written).map_err(|error| untypable(error.to_string()))
}

fn write_type(schema: &Map<String, Json>) -> Result<Json, String> {
    let (schema, nullable) = without_null(schema);
    let mut written = Map::new();
    let unsaid = if schema.contains_key("enum") { "string" } else { "any" };
    let word = schema.get("type").and_then(Json::as_str);
    written.insert("type".into(), word.unwrap_or(unsaid).into());
    for (theirs, ours) in [
        ("description", "description"),
        ("default", "default"),
        ("enum", "values"),
        ("maxLength", "max_length"),
        ("minLength", "min_length"),
        ("maximum", "maximum"),
        ("minimum", "minimum"),
    ] {
        match schema.get(theirs) {
            None | Some(Json::Null) => continue,
            Some(Json::Array(values)) => {
                written.insert(ours.into(), values.iter().filter(|value| !value.is_null()).cloned().collect())
            }
            Some(value) => written.insert(ours.into(), value.clone()),
        };
    }
    if let Some(Json::Object(items)) = schema.get("items") {
        written.insert("items".into(), write_type(items)?);
    }
    if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        written.insert("properties".into(), write_properties(&schema, properties)?);
    }
    if nullable {
        written.insert("nullable".into(), true.into());
    }
    Ok(Json::Object(written))
}

fn write_properties(schema: &Map<String, Json>, properties: &Map<String, Json>) -> Result<Json, String> {
    let required = schema.get("required").and_then(Json::as_array);
    let mut written = Map::new();
    for (name, property) in properties {
        let mut entry = match property {
            Json::Object(property) => write_type(property)?,
            // The schema `true` takes anything: a field of JSON.
            Json::Bool(true) => json!({ "type": "any" }),
            _ => return Err(format!("`{name}` takes nothing")),
        };
        let optional = !required.is_some_and(|list| list.iter().any(|item| item == name));
        if let (true, Some(entry)) = (optional, entry.as_object_mut()) {
            entry.insert("required".into(), false.into());
        }
        written.insert(name.clone(), entry);
    }
    Ok(Json::Object(written))
}

/// Takes the «or null» of an `Option` out of a schema.
fn without_null(schema: &Map<String, Json>) -> (Map<String, Json>, bool) {
    if let Some(Json::Array(words)) = schema.get("type") {
        let mut rest = schema.clone();
        let words: Vec<_> = words.iter().filter(|word| *word != "null").cloned().collect();
        let word = if let [word] = words.as_slice() { word.clone() } else { json!("any") };
        rest.insert("type".into(), word);
        return (rest, true);
    }
    if let Some(Json::Array(choices)) = schema.get("anyOf") {
        let is_null = |choice: &&Json| choice.get("type").is_some_and(|word| word == "null");
        let mut others = choices.iter().filter(|choice| !is_null(choice));
        if let (Some(Json::Object(only)), None) = (others.next(), others.next()) {
            let mut merged = only.clone();
            merged.extend(
                schema.iter().filter(|(key, _)| *key != "anyOf").map(|(key, value)| (key.clone(), value.clone())),
            );
            return (merged, choices.iter().any(|choice| is_null(&choice)));
        }
    }
    (schema.clone(), false)
}

#[cfg(test)]
mod tests;
