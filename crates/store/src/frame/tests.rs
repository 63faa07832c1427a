use proptest::prelude::*;

use super::frame;

fn framed(parts: &[Vec<u8>]) -> Vec<u8> {
    frame(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

proptest! {
    /// R106: moved field borders never collide.
    #[test]
    fn different_lists_give_different_bytes(
        one in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 0..4),
        two in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 0..4),
    ) {
        prop_assert_eq!(one == two, framed(&one) == framed(&two));
    }
}

#[test]
fn a_moved_border_changes_the_bytes() {
    assert_ne!(frame(&[b"ab", b"c"]), frame(&[b"a", b"bc"]));
    assert_ne!(frame(&[b"ab"]), frame(&[b"ab", b""]));
}
