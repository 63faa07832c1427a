//! A type comes in; the JSON Schema (2020-12) of the values that it accepts goes out, for clients that draw or check forms.

use serde_json::{Map, Value as Json, json};

use super::{Format, Type, TypeKind};
use crate::Value;

impl Type {
    /// The JSON Schema of the values that are accepted. A secret is marked as write-only.
    #[must_use]
    pub fn to_json_schema(&self) -> Json {
        let mut schema = Map::new();
        let word = match self.kind {
            TypeKind::Any => None,
            TypeKind::Date => Some("string"),
            kind => Some(kind.word()),
        };
        if let Some(word) = word {
            schema.insert("type".to_owned(), if self.nullable { json!([word, "null"]) } else { json!(word) });
        }
        let format = match (self.kind, self.format) {
            (TypeKind::Date, _) => Some("date"),
            (_, Some(Format::Email)) => Some("email"),
            _ => None,
        };
        let (least, most) = match self.kind {
            TypeKind::Array => ("minItems", "maxItems"),
            _ => ("minLength", "maxLength"),
        };
        let values = self.values.as_ref().map(|values| {
            let null = self.nullable.then_some(Json::Null);
            values.iter().map(Value::to_json_masked).chain(null).collect::<Json>()
        });
        let keywords = [
            ("description", self.description.as_deref().map(Json::from)),
            ("format", format.map(Json::from)),
            // What people type around the digits is taken away before the number is checked.
            ("pattern", (self.format == Some(Format::Phone)).then(|| json!("^[-+().\\s0-9]+$"))),
            ("enum", values),
            (least, self.min_length.map(Json::from)),
            (most, self.max_length.map(Json::from)),
            ("minimum", self.minimum.map(Json::from)),
            ("maximum", self.maximum.map(Json::from)),
            ("default", self.default.as_ref().map(Value::to_json_masked)),
            ("writeOnly", self.secret.then(|| json!(true))),
            ("items", self.items.as_ref().map(|items| items.to_json_schema())),
        ];
        schema.extend(keywords.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        if let Some(properties) = &self.properties {
            let required: Vec<_> =
                properties.iter().filter(|(_, ty)| ty.is_required()).map(|(name, _)| json!(&**name)).collect();
            let fields: Map<_, _> =
                properties.iter().map(|(name, ty)| (name.to_string(), ty.to_json_schema())).collect();
            schema.insert("properties".to_owned(), Json::Object(fields));
            schema.insert("required".to_owned(), Json::Array(required));
            schema.insert("additionalProperties".to_owned(), json!(false));
        }
        Json::Object(schema)
    }
}
