//! A declared type comes in; the schema of what an author may write for it goes out: a value of that type, or an expression.

use serde_json::{Map, Value as Json, json};

use super::reference;
use crate::Value;
use crate::types::{Format, Type, TypeKind};

/// A text that an expression makes, or holds.
const CALCULATED: &str = r"^@|\$\{";

/// A day, as RFC 3339 writes it.
const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

/// A value of this type, without expressions.
pub(super) fn literal(ty: &Type) -> Json {
    of(ty, false)
}

/// A value of this type, or an expression in its place or in the place of something inside.
pub(super) fn value(ty: &Type) -> Json {
    of(ty, true)
}

/// A field that is always an expression. A number, a boolean or null stands for itself.
pub(super) fn expression() -> Json {
    json!({ "type": ["string", "number", "boolean", "null"] })
}

/// A text that is an expression, or holds one.
pub(super) fn calculated() -> Json {
    json!({
        "type": "string",
        "pattern": CALCULATED,
        "patternErrorMessage": "Write a value of the type that is expected here, or an expression: `@…`, or a text with `${…}`.",
    })
}

/// A value that is not known before the run, because there is an expression somewhere in it.
pub(super) fn partly_calculated() -> Json {
    let inside = reference("partly_calculated");
    json!({ "anyOf": [
        reference("calculated"),
        { "type": "array", "contains": inside },
        { "type": "object", "not": { "additionalProperties": { "not": inside } } },
    ] })
}

fn of(ty: &Type, expressions: bool) -> Json {
    let mut schema = Map::new();
    let mut put = |name: &str, value: Json| schema.insert(name.to_owned(), value);
    if let Some(word) = json_type(ty.kind) {
        put("type", if ty.nullable { json!([word, "null"]) } else { json!(word) });
    }
    if let Some(pattern) = pattern(ty) {
        put("pattern", json!(pattern));
    }
    if let Some(items) = &ty.items {
        put("items", of(items, expressions));
    }
    if let Some(properties) = &ty.properties {
        let required: Vec<_> = properties.iter().filter(|(_, ty)| ty.is_required()).map(|(name, _)| &**name).collect();
        put("required", json!(required));
        let fields = properties.iter().map(|(name, ty)| (name.to_string(), described(of(ty, expressions), ty)));
        put("properties", Json::Object(fields.collect()));
        put("additionalProperties", json!(false));
    }
    let bounds = bounds(ty);
    let whole = matches!(ty.kind, TypeKind::Object | TypeKind::Array | TypeKind::Any);
    if !expressions {
        schema.extend(bounds);
        return Json::Object(schema);
    }
    if whole && !bounds.is_empty() {
        // What is not known yet is not held against the bounds.
        schema.insert("if".to_owned(), reference("partly_calculated"));
        schema.insert("else".to_owned(), Json::Object(bounds));
    } else {
        schema.extend(bounds);
    }
    // A text without bounds, or anything, takes in an expression as it is.
    let open = match ty.kind {
        TypeKind::Any => true,
        TypeKind::String => schema.len() == 1,
        _ => false,
    };
    let schema = Json::Object(schema);
    if open { schema } else { json!({ "anyOf": [schema, reference("calculated")] }) }
}

/// What the values must keep to beyond their shape. Where a value is brought to another form before it is held against its
/// bounds, such as a phone number, nothing can be said of what is written.
fn bounds(ty: &Type) -> Map<String, Json> {
    if ty.format.is_some() {
        return Map::new();
    }
    let (least, most) = match ty.kind {
        TypeKind::Array => ("minItems", "maxItems"),
        _ => ("minLength", "maxLength"),
    };
    let formed = matches!(ty.kind, TypeKind::Object | TypeKind::Array);
    let values = ty.values.as_ref().filter(|_| !formed).map(|values| {
        // A type's null is accepted before its values are looked at.
        let null = (ty.nullable || ty.kind == TypeKind::Any).then_some(Json::Null);
        values.iter().map(Value::to_json_masked).chain(null).collect::<Json>()
    });
    let keywords = [
        ("enum", values),
        (least, ty.min_length.map(Json::from)),
        (most, ty.max_length.map(Json::from)),
        ("minimum", ty.minimum.map(Json::from)),
        ("maximum", ty.maximum.map(Json::from)),
    ];
    keywords.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn described(schema: Json, ty: &Type) -> Json {
    super::documented(schema, ty.description.as_deref().unwrap_or_default())
}

const fn json_type(kind: TypeKind) -> Option<&'static str> {
    match kind {
        TypeKind::String | TypeKind::Date => Some("string"),
        TypeKind::Number => Some("number"),
        TypeKind::Integer => Some("integer"),
        TypeKind::Boolean => Some("boolean"),
        TypeKind::Object => Some("object"),
        TypeKind::Array => Some("array"),
        TypeKind::Any => None,
    }
}

/// How a text must look, at least: blanks around a mail address and between the digits of a phone number are accepted.
const fn pattern(ty: &Type) -> Option<&'static str> {
    match (ty.kind, ty.format) {
        (TypeKind::Date, _) => Some(DATE),
        (TypeKind::String, Some(Format::Email)) => Some(".@.+\\."),
        (TypeKind::String, Some(Format::Phone)) => Some("\\+.*[0-9]"),
        _ => None,
    }
}
