use super::*;

#[test]
fn a_seed_gives_the_same_bytes_and_none_twice() {
    let (one, same, other) =
        (Dice::new(Seed::new([1; 32])), Dice::new(Seed::new([1; 32])), Dice::new(Seed::new([2; 32])));
    let drawn: [[u8; 40]; 3] = [one.bytes(), one.bytes(), one.bytes()];
    assert_eq!(drawn, [same.bytes(), same.bytes(), same.bytes()]);
    assert_ne!(drawn[0], other.bytes());
    for (index, bytes) in drawn.iter().enumerate() {
        assert!(drawn.iter().skip(index + 1).all(|later| later[..8] != bytes[..8]), "{index}");
        assert_ne!(bytes[..8], bytes[32..], "a block is not used twice");
    }
}
