//! JSON of a name or of an application's own data comes in; its typed form goes out, and back.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use wayfarer_identity::{CustomData, PersonName};

use crate::mosaic::failure::Failure;
use crate::mosaic::fields::Fields;

pub(super) fn name(json: &Json) -> Result<PersonName, Failure> {
    let parts = Fields::new(json.clone(), &["title", "first_name", "middle_name", "last_name"], &[])?;
    let part = |name| parts.optional(name).map(|text| text.map(Arc::from));
    Ok(PersonName {
        title: part("title")?,
        first_name: part("first_name")?,
        middle_name: part("middle_name")?,
        last_name: part("last_name")?,
    })
}

pub(super) fn custom_data(json: &Json) -> Result<CustomData, Failure> {
    let Json::Object(fields) = json else { return Err(Failure::invalid("`custom_data` must be an object")) };
    Ok(CustomData::new(fields.clone())?)
}

pub(super) fn shown(name: &PersonName) -> Json {
    let parts = name.parts().into_iter();
    Json::Object(
        parts.filter_map(|(word, part)| Some((word.to_owned(), json!(part.as_deref()?)))).collect::<Map<_, _>>(),
    )
}
