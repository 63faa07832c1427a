use super::*;

#[test]
fn columns_are_aligned_by_characters() {
    let rows = [["é".to_owned(), "x".to_owned()], ["long".to_owned(), String::new()]];
    assert_eq!(columns(&rows), ["é     x", "long"]);
}
