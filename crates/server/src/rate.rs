//! Who calls comes in; whether they may go on, or how long to wait, goes out (R43, R62).

mod table;

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::{Quota, RateLimiter};

use self::table::{Clock, Table};
use crate::address::Address;
use crate::refusal::Refusal;

/// How often something may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// In the long run.
    pub per_minute: NonZeroU32,
    /// At once, after a rest.
    pub burst: NonZeroU32,
}

impl Rate {
    /// So many a minute, and so many at once.
    #[must_use]
    pub const fn new(per_minute: NonZeroU32, burst: NonZeroU32) -> Self {
        Self { per_minute, burst }
    }

    const fn quota(self) -> Quota {
        Quota::per_minute(self.per_minute).allow_burst(self.burst)
    }
}

/// How often requests may come to the public listener; none: as often as they like. Codes are not guarded by these, but by the
/// count of each user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// From one address, or one network of IPv6 (64 bits).
    pub address: Option<Rate>,
    /// With the tokens of one client.
    pub client: Option<Rate>,
    /// From everybody together.
    pub global: Option<Rate>,
    /// Secrets of one client shown from one address, until one is right. Other addresses have their own count, so a stranger
    /// keeps no client out.
    pub secrets: Option<Rate>,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            address: rate(6_000, 1_000),
            client: rate(12_000, 2_000),
            global: rate(300_000, 10_000),
            secrets: rate(10, 20),
        }
    }
}

impl Rates {
    /// No limits: for benches, and where something before the server limits.
    #[must_use]
    pub const fn none() -> Self {
        Self { address: None, client: None, global: None, secrets: None }
    }
}

fn rate(per_minute: u32, burst: u32) -> Option<Rate> {
    Some(Rate::new(NonZeroU32::new(per_minute)?, NonZeroU32::new(burst)?))
}

/// All limits with what has come so far. A clone is the same.
#[derive(Clone)]
pub(crate) struct Throttle(Arc<Inner>);

struct Inner {
    addresses: Option<Keyed<Option<IpAddr>>>,
    clients: Option<Keyed<Arc<str>>>,
    all: Option<Keyed<()>>,
    secrets: Option<Keyed<(String, Option<IpAddr>)>>,
}

impl Throttle {
    pub(crate) fn new(rates: &Rates) -> Self {
        let clock = Clock::new();
        Self(Arc::new(Inner {
            addresses: rates.address.map(|rate| Keyed::new(rate, clock)),
            clients: rates.client.map(|rate| Keyed::new(rate, clock)),
            all: rates.global.map(|rate| Keyed::new(rate, clock)),
            secrets: rates.secrets.map(|rate| Keyed::new(rate, clock)),
        }))
    }

    /// A request has come. What one address has too much does not count for all.
    pub(crate) fn request(&self, address: Address) -> Result<(), Refusal> {
        count(self.0.addresses.as_ref(), &address.network())?;
        count(self.0.all.as_ref(), &())
    }

    /// A client has shown a good token.
    pub(crate) fn client(&self, client_id: &Arc<str>) -> Result<(), Refusal> {
        count(self.0.clients.as_ref(), client_id)
    }

    /// A secret is about to be compared.
    pub(crate) fn secret(&self, client_id: &str, address: Address) -> Result<(), Refusal> {
        count(self.0.secrets.as_ref(), &(client_id.to_owned(), address.network()))
    }

    /// The secret was right: whoever knows it does not guess.
    pub(crate) fn secret_was_right(&self, client_id: &str, address: Address) {
        if let Some(secrets) = &self.0.secrets {
            secrets.table.forget(&(client_id.to_owned(), address.network()));
        }
    }
}

fn count<K: Hash + Eq + Clone>(limit: Option<&Keyed<K>>, key: &K) -> Result<(), Refusal> {
    limit.map_or(Ok(()), |limit| limit.count(key))
}

struct Keyed<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, Table<K>, Clock, NoOpMiddleware<Duration>>,
    table: Table<K>,
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    fn new(rate: Rate, clock: Clock) -> Self {
        let quota = rate.quota();
        let table = Table::new(clock, quota.burst_size_replenished_in());
        Self { limiter: RateLimiter::new(quota, table.clone(), clock), table }
    }

    fn count(&self, key: &K) -> Result<(), Refusal> {
        self.limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.limiter.clock().now());
            Refusal::TooMany(wait + Duration::from_millis(999))
        })
    }
}

#[cfg(test)]
mod tests;
