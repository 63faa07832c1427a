//! The schema of journey files is held against JSON Schema itself, against the journeys and the mistakes of all pages, and, by
//! chance, against the checker: what the checker accepts, the schema accepts.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod random;
mod samples;

use std::path::Path;

use jsonschema::Validator;
use serde_json::Value as Json;
use wayfarer::lang::Catalog;
use wayfarer::lang::schema::journey_schema;
use wayfarer::lang::yaml::{self, Budget};
use wayfarer_tests::known::built_in;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn validator(catalog: &Catalog) -> Validator {
    jsonschema::draft202012::new(&journey_schema(catalog)).unwrap()
}

/// The value of a journey file, as an editor reads it; none if it is not the YAML that journeys are written in.
fn value(text: &str) -> Option<Json> {
    let (document, findings) = yaml::read(text.as_bytes(), &Budget::default());
    document.filter(|_| !findings.has_errors())?.root().to_value().to_json().ok()
}

/// Where the schema refuses a value, each place once.
fn refused(validator: &Validator, value: &Json) -> Vec<String> {
    let mut places = Vec::new();
    for error in validator.iter_errors(value) {
        let place = error.instance_path().to_string();
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

#[test]
fn it_is_a_schema() {
    let schema = journey_schema(&built_in());
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[test]
fn the_committed_schema_is_fresh() {
    let committed = std::fs::read_to_string(root().join("docs/reference/journey.schema.json")).unwrap();
    let fresh = serde_json::to_string_pretty(&journey_schema(&built_in())).unwrap();
    assert!(committed.trim_end() == fresh, "run `cargo xtask docs`");
}
