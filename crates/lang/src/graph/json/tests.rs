#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::Catalog;

#[test]
fn the_shape_is_kept() {
    let mut catalog = Catalog::forms();
    catalog.merge(Catalog::from_json(include_str!("../../check/tests/catalog.json")).unwrap()).unwrap();
    let text = include_str!("../../../../../journeys/recovery_three_tries.yaml");
    let graph = crate::check("test.yaml", text.as_bytes(), &catalog).graph().unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&json(&graph)).unwrap());
}
