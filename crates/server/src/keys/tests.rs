#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::yield_now;
use wayfarer_identity::{IdentityError, KeyId, Purpose};
use wayfarer_step::{Actor, async_trait};

use super::{Keeper, Keys};

/// Lets others go first in the middle of each order, and counts how many were carried out at once.
#[derive(Default)]
struct Slow {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Slow {
    async fn work(&self) {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        yield_now().await;
        self.now.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Keeper for Slow {
    async fn rotate(&self, _: &Actor, _: Purpose) -> Result<KeyId, IdentityError> {
        self.work().await;
        Ok(KeyId::parse("0123456789abcdef").unwrap())
    }

    async fn retire(&self, _: &Actor, _: KeyId) -> Result<(), IdentityError> {
        self.work().await;
        Ok(())
    }
}

#[tokio::test]
async fn orders_at_the_same_moment_wait_for_each_other() {
    let (slow, actor) = (Arc::new(Slow::default()), Actor::system());
    let keys = Keys::new(Some(slow.clone()));
    let id = KeyId::parse("0123456789abcdef").unwrap();
    let (one, two, three) =
        tokio::join!(keys.rotate(&actor, Purpose::Sign), keys.retire(&actor, id), keys.rotate(&actor, Purpose::Tag));
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(slow.most.load(Ordering::SeqCst), 1);
}
