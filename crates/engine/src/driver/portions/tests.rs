#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use wayfarer_store::{Batch, Expect, Key, Kind, TenantId};

use super::{BYTES, PARTS, Portions};

const KIND: Kind = Kind::new("change");

fn change(number: usize, puts: usize, bytes: usize) -> Batch {
    let tenant = TenantId::new("acme").unwrap();
    (0..puts).fold(Batch::new(), |batch, put| {
        let key = Key::new(&tenant, KIND, format!("{number}-{put}").as_bytes());
        batch.put(key, Expect::Absent, vec![0; bytes], None, None)
    })
}

/// What is told in each portion.
fn told(changes: impl IntoIterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut portions = Portions::new();
    for (number, (puts, bytes)) in changes.into_iter().enumerate() {
        portions.add(change(number, puts, bytes), [number]);
    }
    portions
        .into_iter()
        .map(|portion| {
            portion.batch.validate().unwrap();
            portion.told
        })
        .collect()
}

#[test]
fn few_changes_are_one_commit() {
    assert_eq!(told([(1, 10), (2, 10), (3, 10)]), [vec![0, 1, 2]]);
    assert!(told([]).is_empty());
}

#[test]
fn no_portion_has_more_parts_than_it_may() {
    assert_eq!(told([(PARTS - 1, 0), (1, 0), (1, 0)]), [vec![0, 1], vec![2]]);
    assert_eq!(told([(1, 0), (PARTS, 0), (1, 0)]), [vec![0], vec![1], vec![2]]);
}

#[test]
fn no_portion_has_more_bytes_than_it_may() {
    assert_eq!(told([(1, BYTES - 1), (1, 1), (1, 1)]), [vec![0, 1], vec![2]]);
}

#[test]
fn a_change_is_never_split() {
    assert_eq!(told([(PARTS + 1, 0), (1, 0)]), [vec![0], vec![1]]);
}
