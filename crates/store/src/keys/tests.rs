#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::HashSet;

use jiff::Timestamp;

use super::{KeyFile, KeyId, KeyRing, KeyState, Purpose};
use crate::error::KeyError;

#[test]
fn every_purpose_has_a_key_of_its_own() {
    let ring = KeyRing::ephemeral().unwrap();
    let ids: HashSet<_> = ring.iter().map(|key| key.id()).collect();
    let secrets: HashSet<_> = ring.iter().map(|key| key.secret().to_vec()).collect();
    assert_eq!((ids.len(), secrets.len()), (Purpose::ALL.len(), Purpose::ALL.len()));
}

#[test]
fn only_a_signing_key_leaves_the_crate() {
    let ring = KeyRing::ephemeral().unwrap();
    for key in ring.iter() {
        assert_eq!(key.pkcs8().is_some(), key.purpose() == Purpose::Sign, "{key:?}");
    }
}

#[test]
fn debug_shows_ids_only() {
    let ring = KeyRing::ephemeral().unwrap();
    let shown = format!("{ring:?} {ring:#?}");
    for key in ring.iter() {
        assert!(shown.contains(&key.id().to_string()));
        assert!(!shown.contains(&format!("{:?}", key.secret())));
    }
    assert!(shown.len() < 2000, "{shown}");
}

#[test]
fn rotation_leaves_one_active_key_and_the_old_one_for_opening() {
    let at = Timestamp::UNIX_EPOCH;
    let first = KeyRing::generate(at).unwrap();
    let second = first.rotated(Purpose::Tag, at).unwrap().rotated(Purpose::Tag, at).unwrap();
    let states: Vec<_> = second.of(Purpose::Tag).iter().map(|key| key.state()).collect();
    assert_eq!(states, [KeyState::Active, KeyState::VerifyOnly, KeyState::VerifyOnly]);
    assert_eq!(second.of(Purpose::Tag).iter().last().unwrap().id(), first.of(Purpose::Tag).active().id());
    assert_eq!(second.of(Purpose::Seal).iter().count(), 1);
}

#[test]
fn lookup_keys_stay_and_active_keys_do_not_retire() {
    let ring = KeyRing::ephemeral().unwrap();
    assert!(matches!(
        ring.rotated(Purpose::Lookup, Timestamp::UNIX_EPOCH),
        Err(KeyError::Fixed { purpose: Purpose::Lookup })
    ));
    let active = ring.of(Purpose::Seal).active().id();
    assert!(matches!(ring.retired(active), Err(KeyError::NotRetirable)));
}

#[test]
fn a_ring_grows_no_further_than_its_file_may() {
    let folder = tempfile::tempdir().unwrap();
    let mut ring = KeyRing::ephemeral().unwrap();
    for purpose in Purpose::ALL.into_iter().filter(|purpose| *purpose != Purpose::Lookup) {
        for _ in 1..1_000 {
            ring = ring.rotated(purpose, Timestamp::MAX).unwrap();
        }
        assert!(matches!(ring.rotated(purpose, Timestamp::MAX), Err(KeyError::TooMany { .. })), "{purpose}");
    }
    let path = folder.path().join("keys");
    KeyFile::load_or_create(&path).unwrap();
    KeyFile::replace(&path, &ring).unwrap();
    assert_eq!(KeyFile::load(&path).unwrap().iter().count(), 4_001);
}

#[test]
fn a_key_id_has_one_spelling() {
    let id = KeyId::parse("00ab000000000001").unwrap();
    assert_eq!(id.to_string(), "00ab000000000001");
    for bad in ["", "1", "00AB000000000001", "+0ab000000000001", "00ab0000000000011", "00ab00000000000g"] {
        assert_eq!(KeyId::parse(bad), None, "{bad}");
    }
}
