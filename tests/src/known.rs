//! What journeys of the project may use goes out: the forms, the built-in steps, and the step of the example.
#![expect(clippy::unwrap_used, reason = "what does not fit together here is what is looked for")]

use wayfarer::lang::Catalog;

/// What a step of a host declares, by its catalogue: that of the example.
const OWN: &str = r#"{ "wayfarer_catalog": 1, "steps": [{ "name": "country_gate", "version": 1, "origin": "step",
    "summary": "lets some countries through",
    "parameters": [{ "name": "country", "type": "string", "required": true }, { "name": "allowed", "type": "array", "required": true }],
    "exits": [{ "name": "allowed" }, { "name": "blocked" }], "output": { "type": "object", "properties": { "country": "string" } } }] }"#;

/// The forms and the built-in steps.
///
/// # Panics
/// When a declaration does not fit.
#[must_use]
pub fn built_in() -> Catalog {
    let mut catalog = Catalog::forms();
    for step in wayfarer::steps::all() {
        catalog.insert(step.declaration().unwrap()).unwrap();
    }
    catalog
}

/// The same, and the step of the example.
///
/// # Panics
/// When a declaration does not fit.
#[must_use]
pub fn with_own() -> Catalog {
    let mut catalog = built_in();
    catalog.merge(Catalog::from_json(OWN).unwrap()).unwrap();
    catalog
}
