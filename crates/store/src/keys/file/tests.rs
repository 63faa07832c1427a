#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise, and owns its files"
)]

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Barrier},
    thread,
};

use jiff::Timestamp;
use tempfile::TempDir;

use super::KeyFile;
use crate::{
    clock::{SystemClock, WallClock},
    error::KeyError,
    keys::{KeyId, KeyRing, Purpose},
};

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("keys");
    (folder, path)
}

fn fingerprint(ring: &KeyRing) -> Vec<String> {
    ring.iter().map(|key| format!("{key:?} {} {:?}", key.created_at(), key.secret())).collect()
}

#[test]
fn what_is_made_is_read_again() {
    let (folder, path) = folder();
    let made = KeyFile::load_or_create(&path).unwrap();
    assert_eq!(fingerprint(&KeyFile::load_or_create(&path).unwrap()), fingerprint(&made));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["keys"], "no draft is left");
}

#[test]
fn a_replaced_ring_is_read_again_with_its_states() {
    let (_folder, path) = folder();
    let ring = KeyFile::load_or_create(&path).unwrap();
    let ring = ring.rotated(Purpose::Seal, Timestamp::MAX).unwrap().rotated(Purpose::Sign, Timestamp::MAX).unwrap();
    KeyFile::replace(&path, &ring).unwrap();
    assert_eq!(fingerprint(&KeyFile::load(&path).unwrap()), fingerprint(&ring));
}

#[test]
fn those_who_start_at_once_get_the_same_keys() {
    let (_folder, path) = folder();
    let barrier = Arc::new(Barrier::new(8));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (path, barrier) = (path.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                fingerprint(&KeyFile::load_or_create(path).unwrap())
            })
        })
        .collect();
    let rings: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert!(rings.windows(2).all(|pair| pair.first() == pair.last()));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_have_access() {
    use std::os::unix::fs::PermissionsExt;

    let (_folder, path) = folder();
    KeyFile::load_or_create(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = KeyFile::load_or_create(&path).unwrap_err();
        assert!(matches!(error, KeyError::Exposed { mode: found, .. } if found == mode), "{error:?}");
    }
    let shown = KeyFile::load(&path).unwrap_err().to_string();
    assert!(shown.ends_with("can be read or written by others (mode 0644); run `chmod 600` on it"), "{shown}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(KeyFile::load_or_create(&path).is_ok());
}

#[test]
fn a_malformed_file_is_refused_and_not_quoted() {
    let (_folder, path) = folder();
    KeyFile::load_or_create(&path).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    let with = |from: &str, to: &str| good.replacen(from, to, 1);
    let id = good.split('"').find(|word| word.len() == 16 && word.bytes().all(|b| b.is_ascii_hexdigit())).unwrap();
    let bad = [
        (String::new(), "does not fit"),
        ("CANARY".to_owned(), "does not fit"),
        (good.get(..good.len() / 2).unwrap().to_owned(), "does not fit"),
        (with("\"purpose\": \"seal\"", "\"purpose\": \"canary\""), "does not fit"),
        (with("\"state\": \"active\"", "\"state\": \"verify_only\""), "it needs one active seal key"),
        (with("\"purpose\": \"tag\"", "\"purpose\": \"audit\""), "it needs one active tag key"),
        (with("\"purpose\": \"sign\"", "\"purpose\": \"audit\""), "the audit key"),
        (with("\"secret\": \"", "\"secret\": \"CANARY"), "is not usable"),
        (with(id, "canary"), "is not 16 hexadecimal digits"),
        (with("\"keys\"", "\"more\": 1, \"keys\""), "does not fit"),
        ("x".repeat(2 << 20), "it is too large"),
    ];
    for (text, reason) in bad {
        fs::write(&path, &text).unwrap();
        let error = KeyFile::load_or_create(&path).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(matches!(error, KeyError::Malformed { .. }) && shown.contains(reason), "{reason}: {shown}");
        assert!(!shown.to_lowercase().contains("canary"), "{shown}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "a file that is refused is left as it is");
    }
    fs::write(&path, with("\"format\": 1", "\"format\": 2")).unwrap();
    let error = KeyFile::load(&path).unwrap_err();
    assert!(matches!(error, KeyError::Format { found: 2, known: 1, .. }), "{error:?}");
}

#[test]
fn two_keys_of_one_id_are_refused() {
    let (_folder, path) = folder();
    let ring = KeyFile::load_or_create(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let (seal, tag) = (ring.of(Purpose::Seal).active().id(), ring.of(Purpose::Tag).active().id());
    fs::write(&path, text.replace(&seal.to_string(), &tag.to_string())).unwrap();
    assert!(KeyFile::load(&path).unwrap_err().to_string().ends_with("two keys have the same id"));
}

#[test]
fn a_folder_that_is_not_there_is_said() {
    let (_folder, path) = folder();
    let error = KeyFile::load_or_create(path.join("deeper")).unwrap_err();
    assert!(matches!(error, KeyError::Io { .. }), "{error:?}");
}

#[test]
fn processes_that_change_a_file_at_once_lose_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    KeyFile::load_or_create(&path).unwrap();
    let at = SystemClock.now();
    let change = |purpose| {
        KeyFile::change(&path, |ring| {
            let ring = ring.rotated(purpose, at)?;
            let id = ring.of(purpose).active().id();
            Ok((ring, id))
        })
        .unwrap()
        .1
    };
    let ids: Vec<KeyId> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| change(Purpose::Seal))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let ring = KeyFile::load(&path).unwrap();
    assert_eq!(ring.of(Purpose::Seal).iter().count(), 9);
    assert!(ids.iter().all(|id| ring.of(Purpose::Seal).find(*id).is_some()));
}

#[test]
fn a_key_is_superseded_when_the_next_one_is_made() {
    let at = |second| Timestamp::from_second(second).unwrap();
    let ring = KeyRing::generate(at(1)).unwrap();
    let first = ring.of(Purpose::Sign).active().id();
    let ring = ring.rotated(Purpose::Sign, at(5)).unwrap().rotated(Purpose::Sign, at(9)).unwrap();
    let keys = ring.of(Purpose::Sign);
    assert_eq!((keys.superseded_at(first), keys.superseded_at(keys.active().id())), (Some(at(5)), None));
}
