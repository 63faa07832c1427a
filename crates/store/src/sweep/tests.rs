#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use jiff::SignedDuration;

use super::{STRETCH, sweep};
use crate::{Batch, Expect, Key, Kind, Store, TenantId, meddler::Meddler};

const THING: Kind = Kind::new("thing");

fn key(id: u32) -> Key {
    Key::new(&TenantId::default(), THING, id.to_be_bytes())
}

/// R113: what has expired is erased, all of it in the end, and nothing else.
#[tokio::test]
async fn what_has_expired_is_erased() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    let now = vault.now().await.unwrap();
    let (soon, later) = (now + SignedDuration::from_secs(1), now + SignedDuration::from_secs(9));
    let count = u32::try_from(STRETCH).unwrap() + 10;
    for id in 0..count {
        vault.commit(Batch::new().put(key(id), Expect::Absent, vec![], Some(soon), None)).await.unwrap();
    }
    vault.commit(Batch::new().put(key(count), Expect::Absent, vec![], Some(later), None)).await.unwrap();
    assert_eq!(sweep(&vault, now, 1000).await.unwrap().erased, 0);

    meddler.clock.advance(SignedDuration::from_secs(1));
    let now = vault.now().await.unwrap();
    assert_eq!(sweep(&vault, now, 100).await.unwrap().erased, 100, "at most the limit");
    assert_eq!(sweep(&vault, now, 1000).await.unwrap().erased, count as usize - 100);
    assert_eq!(sweep(&vault, now, 1000).await.unwrap().erased, 0);
    assert_eq!(meddler.due(later, 1000).await.unwrap().len(), 1, "the rows are gone, not only hidden");
    assert!(vault.get(&key(count)).await.unwrap().is_some());
}

#[tokio::test]
async fn wakes_come_until_they_are_moved() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    let wake = vault.now().await.unwrap() + SignedDuration::from_secs(1);
    vault.commit(Batch::new().put(key(1), Expect::Absent, vec![], None, Some(wake))).await.unwrap();
    meddler.clock.advance(SignedDuration::from_secs(1));
    for _ in 0..2 {
        let swept = sweep(&vault, wake, 10).await.unwrap();
        assert_eq!(swept.wakes.iter().map(|due| due.key.clone()).collect::<Vec<_>>(), [key(1)]);
    }
    vault.commit(Batch::new().put(key(1), Expect::Version(1), vec![], None, None)).await.unwrap();
    assert!(sweep(&vault, wake, 10).await.unwrap().wakes.is_empty());
}

#[tokio::test]
async fn every_log_of_every_tenant_is_sealed() {
    let (_, vault) = Meddler::with_vault().await.unwrap();
    let tenants: Vec<_> = (0..STRETCH + 3).map(|index| TenantId::new(&format!("t{index}")).unwrap()).collect();
    let batch = tenants
        .iter()
        .fold(Batch::new(), |batch, tenant| batch.append(tenant, "audit", vec![1]).append(tenant, "facts", vec![2]));
    vault.commit(batch).await.unwrap();
    let now = vault.now().await.unwrap();
    assert_eq!(sweep(&vault, now, 1).await.unwrap().segments, 2 * tenants.len());
    assert_eq!(sweep(&vault, now, 1).await.unwrap().segments, 0);
}

#[tokio::test]
async fn a_log_that_does_not_hold_is_told_and_holds_up_no_other() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    let (bad, good) = (TenantId::new("bad").unwrap(), TenantId::new("good").unwrap());
    vault.commit(Batch::new().append(&bad, "audit", vec![1]).append(&good, "audit", vec![2])).await.unwrap();
    let hash = meddler.read_log(&bad, "audit", None, 1).await.unwrap().pop().unwrap().hash;
    meddler.forge_entries(move |mut entries| {
        entries.iter_mut().filter(|entry| entry.hash == hash).for_each(|entry| entry.payload = b"forged".to_vec());
        entries
    });
    let swept = sweep(&vault, vault.now().await.unwrap(), 10).await.unwrap();
    assert_eq!(swept.segments, 1);
    let told: Vec<_> =
        swept.findings.iter().map(|(tenant, log, finding)| (tenant, log.as_str(), finding.sequence)).collect();
    assert_eq!(told, [(&bad, "audit", 1)]);
}
