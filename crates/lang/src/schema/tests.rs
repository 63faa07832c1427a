#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use super::*;
use crate::catalog::CatalogError;
use crate::journey::{RETRY_KEYS, STEP_ORDER, TYPE_KEYS};
use crate::types::{FIELD_KEYS, FIELD_WORDS, TypeKind};

const CATALOG: &str = include_str!("../check/tests/catalog.json");

fn catalog() -> Catalog {
    let mut catalog = Catalog::forms();
    catalog.merge(Catalog::from_json(CATALOG).unwrap()).unwrap();
    catalog
}

/// Every schema in it, with the way to it.
fn parts<'a>(schema: &'a Json, way: &str, found: &mut Vec<(String, &'a Json)>) {
    found.push((way.to_owned(), schema));
    match schema {
        Json::Object(map) => map.iter().for_each(|(key, value)| parts(value, &format!("{way}/{key}"), found)),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| parts(item, &format!("{way}/{index}"), found));
        }
        _ => {}
    }
}

/// The keys that the cases of a definition name, all together.
fn of_cases(definition: &Json) -> BTreeSet<String> {
    let cases = definition["allOf"].as_array().unwrap().iter();
    cases.filter_map(|case| case["then"]["properties"].as_object()).flat_map(|keys| keys.keys().cloned()).collect()
}

fn named<'a>(keys: impl IntoIterator<Item = &'a &'a str>) -> BTreeSet<String> {
    keys.into_iter().map(|key| (*key).to_owned()).collect()
}

fn keys(schema: &Json) -> BTreeSet<String> {
    schema["properties"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn it_knows_the_keys_that_a_journey_may_have_and_no_others() {
    let schema = journey_schema(&catalog());
    let definitions = &schema["$defs"];
    assert_eq!(keys(&schema), named(&JOURNEY_ORDER));
    assert_eq!(of_cases(&definitions["step"]), named(&STEP_ORDER));
    assert_eq!(keys(&definitions["retry"]), named(&RETRY_KEYS));
    assert_eq!(of_cases(&definitions["narrowed_type"]), named(&TYPE_KEYS));
    assert_eq!(of_cases(&definitions["described_field"]), named(TYPE_KEYS.iter().chain(&FIELD_KEYS)));
}

#[test]
fn every_key_and_word_has_a_text_for_people() {
    let words = TypeKind::ALL.map(TypeKind::word);
    for (texts, of) in [
        (named(&JOURNEY_ORDER), keys::of_journey as fn(&str) -> &str),
        (named(&STEP_ORDER), keys::of_step),
        (named(&RETRY_KEYS), keys::of_retry),
        (named(TYPE_KEYS.iter().chain(&FIELD_KEYS)), keys::of_type),
        (named(words.iter().chain(&FIELD_WORDS)), keys::of_word),
        (named(&KINDS.map(|(word, _)| word)), keys::of_kind),
    ] {
        let bare: Vec<_> = texts.iter().filter(|key| of(key).is_empty()).collect();
        assert_eq!(bare, Vec::<&String>::new());
    }
}

#[test]
fn it_says_what_every_type_parameter_and_exit_is_for() {
    let catalog = catalog();
    let schema = journey_schema(&catalog);
    for (case, declaration) in schema["$defs"]["step"]["allOf"].as_array().unwrap().iter().zip(catalog.iter()) {
        assert_eq!(case["if"]["properties"]["type"]["const"], *declaration.name);
        let keys = &case["then"]["properties"];
        let page = keys["type"]["markdownDescription"].as_str().unwrap();
        assert!(page.contains(&declaration.summary) && page.contains(declaration.doc.trim()), "{page}");
        for parameter in declaration.parameters.iter().filter(|parameter| !parameter.doc.is_empty()) {
            let doc = &keys["with"]["properties"][&*parameter.name]["markdownDescription"];
            assert!(doc.as_str().unwrap().starts_with(parameter.doc.trim()), "{}: {doc}", parameter.name);
        }
        for exit in declaration.exits.iter().filter(|exit| !exit.doc.is_empty()) {
            let doc = &keys["branches"]["properties"][&*exit.name]["markdownDescription"];
            assert!(doc.as_str().unwrap().contains(&exit.doc), "{}: {doc}", exit.name);
        }
    }
}

#[test]
fn it_refers_to_nothing_but_itself() {
    let schema = journey_schema(&catalog());
    let mut found = Vec::new();
    parts(&schema, "", &mut found);
    let references: Vec<_> = found.iter().filter_map(|(way, part)| Some((way, part.get("$ref")?.as_str()?))).collect();
    assert!(references.len() > 50);
    for (way, target) in &references {
        assert!(schema.pointer(target.strip_prefix('#').unwrap()).is_some(), "{way}: {target}");
    }
    let used: BTreeSet<_> = references.iter().map(|(_, target)| target.trim_start_matches("#/$defs/")).collect();
    assert_eq!(schema["$defs"].as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>(), used);
}

#[test]
fn the_same_catalogue_gives_the_same_bytes() -> Result<(), CatalogError> {
    let mut turned = Catalog::from_json(CATALOG)?;
    turned.merge(Catalog::forms())?;
    assert_eq!(journey_schema(&catalog()).to_string(), journey_schema(&turned).to_string());
    Ok(())
}
