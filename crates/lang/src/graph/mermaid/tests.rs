#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::Catalog;

fn draw(text: &str) -> String {
    let mut catalog = Catalog::forms();
    catalog.merge(Catalog::from_json(include_str!("../../check/tests/catalog.json")).unwrap()).unwrap();
    let checked = crate::check("test.yaml", text.as_bytes(), &catalog);
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    mermaid(&checked.graph().unwrap())
}

#[test]
fn the_reference_journey_is_drawn() {
    insta::assert_snapshot!(draw(include_str!("../../../../../journeys/temp_code_auth_journey.yaml")));
}

#[test]
fn every_sort_of_step_is_drawn_in_its_own_way() {
    let drawn = draw(include_str!("../../../../../journeys/recovery_after_loss.yaml"));
    for part in [
        "{\"was_device_lost<br/>",
        "[/\"remind<br/>",
        "[[\"verify_code<br/>",
        "([\"deny_access<br/>",
        " -.->|\"failure\"| abort",
    ] {
        assert!(drawn.contains(part), "{part} in {drawn}");
    }
}

#[test]
fn no_label_can_break_out() {
    assert_eq!(escaped("a\"]b<script>#quot;\n|`"), "a#34;]b#60;script#62;#35;quot; #124;#96;");
}
