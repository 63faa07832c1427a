//! Random types, values and fields: what the checker accepts of them, the schema accepts, and, where no expression is in it, what
//! it refuses as a value of a type, the schema refuses.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value as Json, json};
use wayfarer::lang::types::{Field, TypeKind};
use wayfarer::lang::{Catalog, Checked, Journey, Type, Value, check, yaml};
use wayfarer_tests::known::built_in;

use crate::{refused, validator};

const CASES: u32 = 3_000;

/// Fewer for values: each type takes a schema of its own, and is tried with several of them.
const TYPES: u32 = 1_000;

/// The same cases each time.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 1_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// A value, which may hold expressions, or texts that look like them.
fn anything() -> BoxedStrategy<Json> {
    let leaves = json!([
        null,
        true,
        false,
        0,
        1,
        2,
        2.0,
        1.5,
        -3,
        99,
        "",
        "a",
        "ab",
        "abc",
        "abcd",
        "7",
        "2026-11-23",
        "2026-02-30",
        "ann@example.com",
        "+49 30 123456",
        "@1 + 1",
        "@@a",
        "${2}",
        "x ${'b'}",
        "$${",
        "object",
        "string",
        "email",
    ]);
    let leaf = select(leaves.as_array().unwrap().clone());
    let inner = leaf.prop_recursive(2, 6, 3, |inner| {
        let map = prop::collection::btree_map(select(vec!["a", "b", "c"]), inner.clone(), 0..3);
        prop_oneof![prop::collection::vec(inner, 0..3).prop_map(Json::from), map.prop_map(|map| json!(map))]
    });
    inner.boxed()
}

/// What may stand under the keys of a type: mostly what belongs there.
fn part(key: &'static str, inner: BoxedStrategy<Json>) -> BoxedStrategy<(String, Json)> {
    let list = |values: Json| select(values.as_array().unwrap().clone()).boxed();
    let right = match key {
        "items" => inner,
        "properties" => {
            prop::collection::btree_map(select(vec!["a", "b"]), inner, 0..3).prop_map(|map| json!(map)).boxed()
        }
        "format" => list(json!(["email", "phone"])),
        "values" => prop::collection::vec(anything(), 0..4).prop_map(Json::from).boxed(),
        "required" | "secret" | "nullable" => list(json!([true, false])),
        "min_length" | "max_length" => list(json!([0, 1, 2, 3])),
        "minimum" | "maximum" => list(json!([-1, 0, 1, 2, 1.5])),
        "options" => list(json!([["a", "b"], { "a": "A" }, [], {}, ["a", "a"], ["@1"], { "a": 1 }])),
        "description" | "label" => list(json!(["what it is"])),
        // Null is a default of its own.
        "default" => prop_oneof![1 => Just(Json::Null), 3 => anything()].boxed(),
        _ => anything(),
    };
    prop_oneof![12 => right, 1 => anything()].prop_map(move |value| (key.to_owned(), value)).boxed()
}

/// A type or a field, which may be wrong: some of its keys may be none that its word takes.
fn described(
    words: &'static [&'static str],
    keys: &'static [&'static str],
    takes: fn(&str, &str) -> bool,
) -> BoxedStrategy<Json> {
    let word = select(words).prop_map(|word| json!(word)).boxed();
    let narrowed = move |inner: BoxedStrategy<Json>| {
        let chosen = (select(words), prop::bool::weighted(0.9)).prop_flat_map(move |(word, fitting)| {
            let keys: Vec<_> = keys.iter().copied().filter(|key| !fitting || takes(word, key)).collect();
            let inner = inner.clone();
            let parts = subsequence(keys, 0..4)
                .prop_flat_map(move |keys| keys.into_iter().map(|key| part(key, inner.clone())).collect::<Vec<_>>());
            (Just(word), parts)
        });
        chosen.prop_map(|(word, parts)| {
            let word = ("type".to_owned(), json!(word));
            Json::Object([word].into_iter().chain(parts).collect::<Map<_, _>>())
        })
    };
    word.prop_recursive(2, 8, 3, move |inner| prop_oneof![1 => inner.clone(), 4 => narrowed(inner.boxed())]).boxed()
}

const KINDS: &[&str] = &["string", "number", "integer", "boolean", "date", "object", "array", "any", "text"];

const WORDS: &[&str] =
    &["string", "integer", "array", "object", "boolean", "email", "phone", "password", "code", "select", "text"];

const KEYS: &[&str] = &[
    "items",
    "properties",
    "format",
    "values",
    "required",
    "default",
    "secret",
    "nullable",
    "min_length",
    "max_length",
    "minimum",
    "maximum",
    "description",
    "max",
];

const FIELD_KEYS: &[&str] = &[
    "label",
    "options",
    "label",
    "options",
    "items",
    "properties",
    "format",
    "values",
    "required",
    "default",
    "secret",
    "nullable",
    "min_length",
    "max_length",
    "minimum",
    "description",
    "max",
];

fn kind_takes(word: &str, key: &str) -> bool {
    TypeKind::find(word).is_none_or(|kind| kind.takes(key))
}

fn step(ty: &str, with: &Json) -> Json {
    json!({
        "journey": "a",
        "steps": {
            "b": { "type": ty, "with": with, "branches": { "submit": "c" } },
            "c": { "type": "complete_journey" },
        },
    })
}

fn checked(journey: &Json, catalog: &Catalog) -> Checked {
    check("journey.yaml", yaml::write(journey).unwrap().as_bytes(), catalog)
}

#[test]
fn a_type_that_can_be_read_is_accepted() {
    let validator = validator(&built_in());
    let good = Cell::new(0);
    runner(CASES)
        .run(&described(KINDS, KEYS, kind_takes), |ty| {
            let journey =
                json!({ "journey": "a", "params": { "p": ty }, "steps": { "c": { "type": "complete_journey" } } });
            if Journey::from_value("journey.yaml", &journey).is_ok() {
                good.set(good.get() + 1);
                prop_assert_eq!(refused(&validator, &journey), Vec::<String>::new());
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(good.get() > CASES / 5, "{} can be read", good.get());
}

#[test]
fn a_field_that_can_be_asked_for_is_accepted() {
    let catalog = built_in();
    let validator = validator(&catalog);
    let good = Cell::new(0);
    runner(CASES)
        .run(&described(WORDS, FIELD_KEYS, Field::takes), |field| {
            let journey = step("collect_information", &json!({ "fields": { "f": field } }));
            if checked(&journey, &catalog).program.is_some() {
                good.set(good.get() + 1);
                prop_assert_eq!(refused(&validator, &journey), Vec::<String>::new());
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(good.get() > CASES / 5, "{} can be asked for", good.get());
}

/// Whether there is an expression in it, or a text that would be one.
fn calculated(value: &Json) -> bool {
    match value {
        Json::String(text) => text.starts_with('@') || text.contains("${"),
        Json::Array(items) => items.iter().any(calculated),
        Json::Object(fields) => fields.values().any(calculated),
        _ => false,
    }
}

/// Whether the type brings values to another form before it holds them against bounds, or bounds what has parts.
fn forms(ty: &Json) -> bool {
    let Json::Object(keys) = ty else { return matches!(ty.as_str(), Some("date")) };
    let parts = ["items", "properties"].iter().filter_map(|key| keys.get(*key));
    keys.contains_key("format")
        || keys["type"] == "date"
        || keys.contains_key("values") && matches!(keys["type"].as_str(), Some("object" | "array"))
        || parts
            .flat_map(|part| part.as_object().map_or_else(|| vec![part], |map| map.values().chain([part]).collect()))
            .any(|part| {
                part != ty && (part.is_string() || part.get("type").is_some_and(Json::is_string)) && forms(part)
            })
}

#[test]
fn a_value_that_fits_its_type_is_accepted_and_one_that_does_not_is_refused() {
    let (good, bad) = (Cell::new(0), Cell::new(0));
    runner(TYPES)
        .run(&(described(KINDS, KEYS, kind_takes), prop::collection::vec(anything(), 1..9)), |(written, values)| {
            let Ok(ty) = serde_json::from_value::<Type>(written.clone()) else { return Ok(()) };
            if ty.validate().is_err() {
                return Ok(());
            }
            let file = json!({ "wayfarer_catalog": 1, "steps": [{
                "name": "probe", "version": 1, "origin": "step", "summary": "takes a value",
                "parameters": [{ "name": "it", "type": written, "required": true, "secret": true }],
                "exits": [{ "name": "submit" }],
            }] });
            let mut catalog = built_in();
            catalog.merge(Catalog::from_json(&file.to_string()).unwrap()).unwrap();
            let validator = validator(&catalog);
            for value in values {
                let journey = step("probe", &json!({ "it": value }));
                let refused = refused(&validator, &journey);
                if checked(&journey, &catalog).program.is_some() {
                    good.set(good.get() + 1);
                    prop_assert_eq!(refused, Vec::<String>::new(), "{}", value);
                } else if !calculated(&value) && ty.accept(&Value::from(value.clone())).is_err() && !forms(&written) {
                    bad.set(bad.get() + 1);
                    prop_assert!(!refused.is_empty(), "{} is accepted", value);
                }
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(good.get() > TYPES / 5 && bad.get() > TYPES / 5, "{} fit, {} do not", good.get(), bad.get());
}
