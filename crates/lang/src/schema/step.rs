//! A catalogue comes in; the schema of a step goes out: its type, and all that a step of that type may say.

use serde_json::{Map, Value as Json, json};

use super::chosen::{Choice, by_type};
use super::{documented, exits, keys, names, reference, values, with};
use crate::catalog::{Catalog, Declaration, Parameter, Place};
use crate::check::{COMPLETE, LOOP, refuses_retry};
use crate::journey::{MOST_RETRIES, RETRY_KEYS, STEP_ORDER};

/// Steps under their ids.
pub(super) fn steps() -> Json {
    json!({
        "type": "object",
        "minProperties": 1,
        "propertyNames": names::step_id(),
        "additionalProperties": reference("step"),
    })
}

/// A step of any type.
pub(super) fn step(catalog: &Catalog) -> Json {
    let choices = catalog.iter().map(|declaration| Choice {
        word: &declaration.name,
        doc: declaration.summary.clone(),
        whole: whole(declaration),
    });
    by_type(&choices.collect::<Vec<_>>(), &STEP_ORDER, keys::of_step("type"))
}

/// How often a step is tried again.
pub(super) fn retry() -> Json {
    let key = |key: &&str| {
        let schema = match *key {
            "times" => json!({ "type": "integer", "minimum": 1, "maximum": MOST_RETRIES }),
            _ => reference("duration"),
        };
        ((*key).to_owned(), documented(schema, keys::of_retry(key)))
    };
    json!({
        "type": "object",
        "properties": RETRY_KEYS.iter().map(key).collect::<Map<_, _>>(),
        "required": ["times"],
        "additionalProperties": false,
    })
}

/// A step of one type.
fn whole(declaration: &Declaration) -> Json {
    let keys = STEP_ORDER.iter().filter_map(|name| Some(((*name).to_owned(), key(declaration, name)?)));
    let parameters = declaration.parameters.iter().any(|parameter| parameter.required).then_some("with");
    let body = (&*declaration.name == LOOP).then_some("steps");
    let whole = json!({
        "properties": keys.collect::<Map<_, _>>(),
        "required": parameters.into_iter().chain(body).collect::<Vec<_>>(),
        "additionalProperties": false,
        "allOf": exits::rules(declaration),
    });
    documented(whole, &headline(declaration))
}

/// What stands under a key of a step of this type.
fn key(declaration: &Declaration, key: &str) -> Option<Json> {
    let is = |name: &str| &*declaration.name == name;
    let idle = idle(declaration, key);
    // What must not be suggested says so itself: readers do not look for it beside a reference.
    let shared = |name: &str, whole: fn() -> Json| if idle.is_some() { whole() } else { reference(name) };
    let schema = match key {
        "type" => return Some(documented(json!({}), &page(declaration))),
        "note" => json!({ "type": "string" }),
        "with" => parameters(declaration),
        "output" | "error_output" => shared("variable", names::variable),
        "timeout" => shared("duration", names::duration),
        "retry" if refuses_retry(declaration).is_none() => shared("retry", retry),
        "steps" if is(LOOP) => reference("steps"),
        "unauthenticated" if is(COMPLETE) => json!({ "type": "boolean" }),
        "branches" if declaration.ends() => with(exits::branches(declaration), [("doNotSuggest", json!(true))]),
        "branches" => exits::branches(declaration),
        "next" if declaration.takes_next() => reference("target"),
        _ => return None,
    };
    let schema = documented(schema, keys::of_step(key));
    Some(match idle {
        None => schema,
        Some(why) => {
            let message = format!("`{key}` has no effect: `{}` {why}.", declaration.name);
            with(schema, [("deprecated", json!(true)), ("deprecationMessage", json!(message))])
        }
    })
}

/// Why a key has no effect, which the checker warns of.
fn idle(declaration: &Declaration, key: &str) -> Option<&'static str> {
    match key {
        "output" if declaration.output.is_none() => Some("gives no output"),
        "error_output" | "timeout" | "retry" if declaration.ends() => Some("ends the journey"),
        "timeout" | "retry" if declaration.is_instant() => Some("decides at once"),
        _ => None,
    }
}

/// What a step of this type does, for who points at the step.
fn headline(declaration: &Declaration) -> String {
    format!("**{}**: {}", declaration.name, declaration.summary)
}

/// The same and more, for who points at the type.
fn page(declaration: &Declaration) -> String {
    format!("{}\n\n{}", headline(declaration), declaration.doc.trim())
}

/// What stands under `with`.
fn parameters(declaration: &Declaration) -> Json {
    let parameters = || declaration.parameters.iter();
    let properties = parameters().map(|parameter| (parameter.name.to_string(), value(declaration, parameter)));
    let required: Vec<_> = parameters().filter(|one| one.required).map(|one| &*one.name).collect();
    json!({
        "type": "object",
        "properties": properties.collect::<Map<_, _>>(),
        "required": required,
        "additionalProperties": false,
    })
}

fn value(declaration: &Declaration, parameter: &Parameter) -> Json {
    let mapping = |names: Json| json!({ "type": "object", "propertyNames": names });
    let mut schema = match parameter.place {
        // The bound of a loop must be known before any run.
        Place::Value if &*declaration.name == LOOP => values::literal(&parameter.ty),
        Place::Value => values::value(&parameter.ty),
        Place::Expression => reference("expression"),
        Place::Assignments | Place::Arguments => mapping(reference("variable")),
        Place::Fields => with(mapping(reference("variable")), [("additionalProperties", reference("field"))]),
        Place::Cases => json!({ "type": "object", "minProperties": 1 }),
        Place::Journey => reference("id"),
    };
    if declaration.exits_from.as_deref() == Some(&*parameter.name) {
        schema = with(schema, [("propertyNames", exits::of_parameter(declaration))]);
    }
    let secret = if parameter.secret { " It may be a secret." } else { "" };
    documented(schema, &format!("{}{secret}", parameter.doc.trim()))
}
