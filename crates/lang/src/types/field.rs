//! A field of a form as it is declared comes in; what it takes, and how it is shown, goes out.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::{Format, Type, TypeError, TypeKind};
use crate::Value;

/// The words of a form's fields beside those of the type grammar.
pub const FIELD_WORDS: [&str; 5] = ["email", "phone", "password", "code", "select"];

/// The keys of a field beside those of the type grammar.
pub const FIELD_KEYS: [&str; 2] = ["label", "options"];

/// One field of a form.
///
/// ```
/// use wayfarer_lang::Value;
/// use wayfarer_lang::types::Field;
///
/// let field = Field::read(&Value::from(serde_json::json!({ "type": "code", "label": "The code", "max_length": 8 })));
/// assert!(field.unwrap().ty.secret);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its word: `string`, `password`, `select`…
    pub word: Arc<str>,
    /// What stands beside the field.
    pub label: Option<String>,
    /// What it takes.
    pub ty: Type,
    /// The options of a `select`: what is sent, and what is shown.
    pub options: Vec<(Arc<str>, String)>,
}

impl Field {
    /// The word of a field that is one of its options.
    pub const SELECT: &str = "select";

    /// Whether a field of that word may have that key.
    pub fn takes(word: &str, key: &str) -> bool {
        match key {
            "label" => true,
            "options" => word == Self::SELECT,
            // Two words say it already, and of what is secret no default is shown.
            "secret" => word == TypeKind::String.word(),
            "default" => !is_secret(word),
            _ => TypeKind::find(word).unwrap_or(TypeKind::String).takes(key),
        }
    }

    /// Reads a field: a word, or a map with the word under `type`, what narrows it, a `label`, and a select's `options`.
    ///
    /// # Errors
    /// The first thing that is wrong with it, with its key as the path.
    pub fn read(declared: &Value) -> Result<Self, TypeError> {
        let mut map = match declared.to_json().map_err(|_| wrong("", "a field's declaration holds no secret"))? {
            Json::String(word) => Map::from_iter([("type".to_owned(), Json::String(word))]),
            Json::Object(map) => map,
            _ => return Err(wrong("", "expected a word such as `string`, or a map with `type`")),
        };
        let Some(Json::String(word)) = map.get("type").cloned() else {
            return Err(wrong("type", "expected a word such as `string`"));
        };
        let label = match map.shift_remove("label") {
            None | Some(Json::Null) => None,
            Some(Json::String(label)) => Some(label),
            Some(_) => return Err(wrong("label", "expected a text")),
        };
        let options = match (&*word, map.shift_remove("options")) {
            (Self::SELECT, Some(listed)) => options(&listed)?,
            (Self::SELECT, None) => return Err(wrong("options", "a `select` needs its options")),
            (_, Some(_)) => return Err(wrong("options", "only a `select` has options")),
            (_, None) => Vec::new(),
        };
        if map.contains_key("secret") && word != "string" {
            return Err(wrong("secret", "`password` and `code` are the secret fields of a form"));
        }
        let (kind, format) = match &*word {
            "email" => (TypeKind::String, Some(Format::Email)),
            "phone" => (TypeKind::String, Some(Format::Phone)),
            "password" | "code" | "select" => (TypeKind::String, None),
            other => (TypeKind::find(other).ok_or_else(|| unknown(other))?, None),
        };
        map.insert("type".to_owned(), json!(kind.word()));
        let mut ty: Type = serde_json::from_value(Json::Object(map)).map_err(|error| wrong("", &error.to_string()))?;
        ty.format = ty.format.or(format);
        ty.secret |= is_secret(&word);
        if !options.is_empty() {
            ty.values = Some(options.iter().map(|(id, _)| Value::from(&**id)).collect());
        }
        if ty.secret && ty.default.is_some() {
            return Err(wrong("default", "a secret field has no default: the client would see it"));
        }
        ty.validate()?;
        // An empty text is no answer to what must be answered.
        if ty.kind == TypeKind::String && ty.is_required() && ty.values.is_none() {
            ty.min_length = ty.min_length.or(Some(1));
        }
        Ok(Self { word: Arc::from(word), label, ty, options })
    }

    /// What a client is shown of it. There is no secret in it.
    #[must_use]
    pub fn shown(&self) -> Value {
        let mut shown = Map::from_iter([("type".to_owned(), json!(&*self.word))]);
        let options = self.options.iter().map(|(id, label)| json!({ "id": &**id, "label": label })).collect::<Json>();
        let further = [
            ("label", self.label.as_deref().map(Json::from)),
            ("description", self.ty.description.as_deref().map(Json::from)),
            ("required", Some(json!(self.ty.is_required()))),
            ("default", self.ty.default.as_ref().map(Value::to_json_masked)),
            ("options", (!self.options.is_empty()).then_some(options)),
        ];
        shown.extend(further.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        Value::from(Json::Object(shown))
    }
}

/// Whether what a field of that word takes is always a secret.
fn is_secret(word: &str) -> bool {
    matches!(word, "password" | "code")
}

/// `[id, …]` or `{ id: label }`.
fn options(listed: &Json) -> Result<Vec<(Arc<str>, String)>, TypeError> {
    let option = |id: &str, label: &Json| Some((Arc::from(id), label.as_str()?.to_owned()));
    let read: Option<Vec<_>> = match listed {
        Json::Array(ids) => ids.iter().map(|id| option(id.as_str()?, id)).collect(),
        Json::Object(labels) => labels.iter().map(|(id, label)| option(id, label)).collect(),
        _ => None,
    };
    let read = read.ok_or_else(|| wrong("options", "expected a list of texts, or a map of ids and labels"))?;
    let twice = read.iter().enumerate().any(|(index, (id, _))| read.iter().take(index).any(|(other, _)| other == id));
    match read.as_slice() {
        [] => Err(wrong("options", "at least one option is needed")),
        _ if twice => Err(wrong("options", "an option stands there twice")),
        _ => Ok(read),
    }
}

fn unknown(word: &str) -> TypeError {
    let words: Vec<_> = TypeKind::ALL.map(TypeKind::word).into_iter().chain(FIELD_WORDS).collect();
    wrong("type", &format!("there is no field type `{word}`; the types are `{}`", words.join("`, `")))
}

fn wrong(key: &str, message: &str) -> TypeError {
    TypeError { path: key.to_owned(), message: message.to_owned() }
}
