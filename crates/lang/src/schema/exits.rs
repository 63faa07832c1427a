//! A declaration comes in; what `branches` and `next` may say for a step of that type goes out.

use serde_json::{Map, Value as Json, json};

use super::{documented, names, reference};
use crate::catalog::{Declaration, Exit, Unlinked};
use crate::check::{FAILURE, TIMEOUT};

/// What stands under `branches`. The keys of a parameter that are exits, too, are known only from the file.
pub(super) fn branches(declaration: &Declaration) -> Json {
    let mut exits: Map<_, _> = declaration.exits.iter().map(|exit| (exit.name.to_string(), target(exit))).collect();
    if !exits.contains_key(TIMEOUT) {
        let doc = "It is taken when the time of the step's `timeout` is over.";
        exits.insert(TIMEOUT.to_owned(), documented(reference("target"), doc));
    }
    let further = match &declaration.exits_from {
        Some(_) => reference("target"),
        None => json!(false),
    };
    json!({
        "type": "object",
        "properties": exits,
        "required": must(declaration),
        "additionalProperties": further,
    })
}

/// What must hold of the keys of a step besides what each of them says.
pub(super) fn rules(declaration: &Declaration) -> Vec<Json> {
    let must = must(declaration);
    let linked = match (must.as_slice(), declaration.takes_next()) {
        ([], false) => None,
        ([], true) => Some(json!({ "not": { "required": ["branches", "next"] } })),
        (_, false) => Some(json!({ "required": ["branches"] })),
        (_, true) => Some(json!({
            "if": { "required": ["branches"] },
            "then": { "properties": { "next": false }, "errorMessage": "A step has either `branches` or `next`." },
            "else": { "required": ["next"] },
        })),
    };
    let time = (!declares(declaration, TIMEOUT)).then(|| {
        let none = json!({ "properties": { TIMEOUT: false }, "errorMessage": "Give the step a `timeout`, and it has this exit." });
        json!({ "if": { "required": ["timeout"] }, "else": { "properties": { "branches": none } } })
    });
    linked.into_iter().chain(time).chain(unfed(declaration)).collect()
}

/// Without the parameter that makes them there are no further exits.
fn unfed(declaration: &Declaration) -> Option<Json> {
    let parameter = declaration.exits_from.as_deref()?;
    let known = declaration.exits.iter().map(|exit| &*exit.name).chain([TIMEOUT]).collect::<Vec<_>>();
    Some(json!({
        "if": { "required": ["with"], "properties": { "with": { "required": [parameter] } } },
        "else": { "properties": { "branches": { "propertyNames": { "enum": known } } } },
    }))
}

/// How the keys of the parameter must look that makes further exits.
pub(super) fn of_parameter(declaration: &Declaration) -> Json {
    let taken = declaration.exits.iter().map(|exit| &*exit.name);
    let further = [TIMEOUT, FAILURE].into_iter().filter(|name| !declares(declaration, name));
    names::exit_id(&taken.chain(further).collect::<Vec<_>>())
}

fn declares(declaration: &Declaration, name: &str) -> bool {
    declaration.exits.iter().any(|exit| &*exit.name == name)
}

/// The exits that must be linked.
fn must(declaration: &Declaration) -> Vec<&str> {
    let must = declaration.exits.iter().filter(|exit| exit.unlinked == Unlinked::Error);
    must.map(|exit| &*exit.name).collect()
}

fn target(exit: &Exit) -> Json {
    let unlinked = match &exit.unlinked {
        Unlinked::Error => String::new(),
        Unlinked::Follows(other) => format!(" If it is not linked, it goes where `{other}` goes."),
        Unlinked::Aborts => " If it is not linked, the journey ends as failed.".to_owned(),
    };
    let when = if exit.doc.is_empty() { String::new() } else { format!("It is taken when {}.", exit.doc) };
    let doc = format!("{when}{unlinked}");
    documented(reference("target"), &doc)
}
