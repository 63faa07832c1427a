#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use uuid::Uuid;
use wayfarer_step::testing::SeededEntropy;

use super::{Handle, read, same};

#[test]
fn r46_a_handle_reads_back_and_no_other_text_does() {
    let entropy = SeededEntropy::new(1);
    let run = Uuid::from_u128(7);
    let (handle, hash) = Handle::roll(run, &entropy).unwrap();
    let presented = read(handle.expose()).unwrap();
    assert!(presented.run == run && same(&hash, &presented.hash));
    let (other, _) = Handle::roll(run, &entropy).unwrap();
    assert!(!same(&hash, &read(other.expose()).unwrap().hash));
    let padded = format!("{}=", handle.expose());
    for text in ["", "A", "AAAA", padded.as_str(), &"A".repeat(63), &"A".repeat(65), &"A".repeat(100_000)] {
        assert!(read(text).is_none(), "{text}");
    }
}

#[test]
fn r114_a_handle_does_not_print() {
    let (handle, _) = Handle::roll(Uuid::nil(), &SeededEntropy::new(1)).unwrap();
    assert_eq!(format!("{handle:?}"), "Handle([secret])");
}
