#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;

use super::{Ciphers, Place, key_id};
use crate::{
    keys::{KeyRing, Purpose},
    record::TenantId,
};

const PLAIN: &[u8] = b"the canary sings";

fn place<'a>(tenant: &'a TenantId, domain: &'static str, parts: &'a [&'a [u8]]) -> Place<'a> {
    Place { tenant, domain, parts }
}

#[test]
fn a_value_opens_only_where_it_belongs() {
    let ciphers = Ciphers::default();
    let ring = KeyRing::ephemeral().unwrap();
    let keys = ring.of(Purpose::Seal);
    let (mine, other) = (TenantId::default(), TenantId::new("other").unwrap());
    let home = place(&mine, "record", &[b"ab", b"c"]);
    let sealed = ciphers.seal(keys, &home, PLAIN.to_vec()).unwrap();
    assert_eq!(ciphers.open(keys, &home, &sealed).as_deref(), Some(PLAIN));

    assert_eq!(ciphers.open(keys, &place(&other, "record", &[b"ab", b"c"]), &sealed), None, "R111: another tenant");
    assert_eq!(ciphers.open(keys, &place(&mine, "entry", &[b"ab", b"c"]), &sealed), None, "another domain");
    assert_eq!(ciphers.open(keys, &place(&mine, "record", &[b"a", b"bc"]), &sealed), None, "R106: a moved border");
    assert_eq!(ciphers.open(keys, &place(&mine, "record", &[b"ab"]), &sealed), None, "a part less");
    assert_eq!(ciphers.open(KeyRing::ephemeral().unwrap().of(Purpose::Seal), &home, &sealed), None, "other keys");
}

#[test]
fn a_flipped_bit_anywhere_is_refused() {
    let ciphers = Ciphers::default();
    let ring = KeyRing::ephemeral().unwrap();
    let (keys, tenant) = (ring.of(Purpose::Seal), TenantId::default());
    let home = place(&tenant, "record", &[]);
    let sealed = ciphers.seal(keys, &home, PLAIN.to_vec()).unwrap();
    for index in 0..sealed.len() * 8 {
        let mut flipped = sealed.clone();
        *flipped.get_mut(index / 8).unwrap() ^= 1 << (index % 8);
        assert_eq!(ciphers.open(keys, &home, &flipped), None, "bit {index}");
    }
    for length in 0..sealed.len() {
        assert_eq!(ciphers.open(keys, &home, sealed.get(..length).unwrap()), None, "cut to {length} bytes");
    }
}

/// R108: every sealed value bears its key's id; old keys open, the newest seals, a retired one opens nothing.
#[test]
fn a_rotated_key_still_opens_and_a_retired_one_does_not() {
    let ciphers = Ciphers::default();
    let first = KeyRing::ephemeral().unwrap();
    let second = first.rotated(Purpose::Seal, jiff::Timestamp::UNIX_EPOCH).unwrap();
    let (old, new) = (first.of(Purpose::Seal).active().id(), second.of(Purpose::Seal).active().id());
    let tenant = TenantId::default();
    let home = place(&tenant, "record", &[]);
    let before = ciphers.seal(first.of(Purpose::Seal), &home, PLAIN.to_vec()).unwrap();
    let after = ciphers.seal(second.of(Purpose::Seal), &home, PLAIN.to_vec()).unwrap();
    assert_eq!((key_id(&before), key_id(&after)), (Some(old), Some(new)));
    assert_eq!(ciphers.open(second.of(Purpose::Seal), &home, &before).as_deref(), Some(PLAIN));
    let third = second.retired(old).unwrap();
    assert_eq!(ciphers.open(third.of(Purpose::Seal), &home, &before), None);
    assert_eq!(ciphers.open(third.of(Purpose::Seal), &home, &after).as_deref(), Some(PLAIN));
}

#[test]
fn the_same_value_never_seals_to_the_same_bytes() {
    let ciphers = Ciphers::default();
    let ring = KeyRing::ephemeral().unwrap();
    let (keys, tenant) = (ring.of(Purpose::Seal), TenantId::default());
    let home = place(&tenant, "record", &[]);
    let (one, two) =
        (ciphers.seal(keys, &home, PLAIN.to_vec()).unwrap(), ciphers.seal(keys, &home, PLAIN.to_vec()).unwrap());
    assert_ne!(one, two);
    assert!(!one.windows(4).any(|window| PLAIN.windows(4).any(|plain| plain == window)));
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens_again(plain: Vec<u8>, part: Vec<u8>) {
    let ciphers = Ciphers::default();
        let ring = KeyRing::ephemeral().unwrap();
        let (keys, tenant) = (ring.of(Purpose::Seal), TenantId::default());
        let parts: [&[u8]; 1] = [&part];
        let home = place(&tenant, "record", &parts);
        let sealed = ciphers.seal(keys, &home, plain.clone()).unwrap();
        prop_assert_eq!(ciphers.open(keys, &home, &sealed), Some(plain));
    }

    #[test]
    fn no_bytes_make_opening_stumble(bytes: Vec<u8>) {
    let ciphers = Ciphers::default();
        let ring = KeyRing::ephemeral().unwrap();
        let tenant = TenantId::default();
        prop_assert_eq!(ciphers.open(ring.of(Purpose::Seal), &place(&tenant, "record", &[]), &bytes), None);
    }
}
