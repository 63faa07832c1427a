use super::generated;

#[test]
fn how_much_was_done_is_read_from_the_report() {
    let said = "Test cases:\n  1181 generated, 3 found 3 unique failures\n\nSeed: 1";
    assert_eq!(generated(said).as_deref(), Some("1181 cases"));
    assert_eq!(generated("nothing"), None);
}
