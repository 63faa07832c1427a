use super::{Batch, Expect};
use crate::record::{Key, Kind, TenantId};

fn key(id: &str) -> Key {
    Key::new(&TenantId::default(), Kind::new("thing"), id)
}

fn refusal(batch: &Batch) -> Option<String> {
    batch.validate().err().map(|error| error.to_string())
}

#[test]
fn the_next_version_is_known_beforehand() {
    assert_eq!(Expect::Absent.next_version(), 1);
    assert_eq!(Expect::Version(7).next_version(), 8);
}

#[test]
fn a_key_may_be_required_and_written_but_not_written_twice() {
    let put = Batch::new().put(key("a"), Expect::Absent, vec![], None, None);
    assert_eq!(refusal(&put.clone().require(key("a"), Expect::Absent)), None);
    assert_eq!(refusal(&put.clone().delete(key("b"), Expect::Absent)), None);
    let twice = Some("the batch is refused: it writes a key twice".to_owned());
    assert_eq!(refusal(&put.clone().delete(key("a"), Expect::Absent)), twice);
    assert_eq!(refusal(&put.purge(key("a"))), twice);
}

#[test]
fn limits_are_exact() {
    let long = |length| Batch::new().require(key(&"k".repeat(length)), Expect::Absent);
    assert_eq!(refusal(&long(Key::LONGEST)), None);
    assert!(refusal(&long(Key::LONGEST + 1)).is_some());

    let large = |length| Batch::new().append(&TenantId::default(), "log", vec![0; length]);
    assert_eq!(refusal(&large(Batch::LARGEST_VALUE)), None);
    assert!(refusal(&large(Batch::LARGEST_VALUE + 1)).is_some());

    let many = |count| (0..count).fold(Batch::new(), |batch, _| batch.append(&TenantId::default(), "log", vec![]));
    assert_eq!(refusal(&many(Batch::LONGEST)), None);
    assert!(refusal(&many(Batch::LONGEST + 1)).is_some());
}

#[test]
fn debug_shows_no_value() {
    let batch = Batch::new().put(key("a"), Expect::Absent, b"canary".to_vec(), None, None);
    let batch = batch.append(&TenantId::default(), "log", b"canary".to_vec());
    assert!(!format!("{batch:?}").contains("canary"), "{batch:?}");
    assert!(!format!("{batch:?}").contains("99, 97, 110"), "{batch:?}");
}
