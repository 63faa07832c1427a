use super::*;

fn place(source: &Source, offset: u32) -> (u32, u32) {
    let position = source.position(offset);
    (position.line, position.column)
}

#[test]
fn columns_count_characters_and_lines_end_in_three_ways() {
    let source = Source::new("a.yaml", "aé\r\nb\rc\n😀d");
    assert_eq!(place(&source, 0), (1, 1));
    assert_eq!(place(&source, 3), (1, 3));
    assert_eq!(place(&source, 5), (2, 1));
    assert_eq!(place(&source, 7), (3, 1));
    assert_eq!(place(&source, 9), (4, 1));
    assert_eq!(place(&source, 13), (4, 2));
    assert_eq!(source.line(1), Some("aé"));
    assert_eq!(source.line(4), Some("😀d"));
    assert_eq!(source.line(5), None);
    assert_eq!(source.line(0), None);
}

#[test]
fn odd_offsets_have_a_place() {
    let source = Source::new("a.yaml", "é\n");
    assert_eq!(place(&source, 1), (1, 1), "inside a character");
    assert_eq!(place(&source, 3), (2, 1), "at the end");
    assert_eq!(place(&source, u32::MAX), (2, 1), "past the end");
    assert_eq!(place(&Source::new("", ""), 7), (1, 1));
}

#[test]
fn a_byte_order_mark_takes_no_column() {
    let source = Source::new("a.yaml", "\u{feff}ab");
    assert_eq!(place(&source, 3), (1, 1));
    assert_eq!(place(&source, 4), (1, 2));
}

#[test]
fn unreadable_bytes_keep_the_places_before_them() {
    let source = Source::from_bytes("a.yaml", b"ab\n\xff\xfe");
    assert_eq!(place(&source, 3), (2, 1));
    assert_eq!(Source::from_bytes("a.yaml", &vec![b'a'; LARGEST + 1]).text().len(), LARGEST, "R90");
}

#[test]
fn spans_are_plain_ranges() {
    let (a, b) = (Span::new(2, 5), Span::new(7, 9));
    assert_eq!(a.cover(b), Span::new(2, 9));
    assert_eq!(Span::new(5, 2), Span::at(5));
    assert_eq!(Span::from_range(3..4).range(), 3..4);
    assert!(a.touches(5) && !a.touches(6));
    assert_eq!(Source::new("", "héllo").slice(Span::new(0, 3)), "hé");
    assert_eq!(Source::new("", "héllo").slice(Span::new(0, 2)), "", "not on a character's edge");
}
