//! A server and what to say to it come in; how long its answers took goes out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::runtime::Builder;

use super::child::Child;
use super::connection::Connection;
use super::talk::Talk;

/// Connections at a time.
const CONNECTIONS: usize = 64;

pub(super) struct Load<'a> {
    pub(super) server: &'a Child,
    pub(super) talk: Talk,
    pub(super) journeys: usize,
}

/// What a load took, in nanoseconds.
pub(super) struct Taken {
    /// The whole time for each request, which is not that of a request: others are under way.
    pub(super) each: f64,
    pub(super) p50: f64,
    pub(super) p99: f64,
}

impl Load<'_> {
    /// The first tenth of the journeys warms the server up and is not counted.
    pub(super) fn run(&self) -> Taken {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let next = AtomicUsize::new(0);
            self.all(&next, self.journeys / 10).await;
            let begun = Instant::now();
            let mut latencies = self.all(&next, self.journeys).await;
            let whole = begun.elapsed();
            latencies.sort_unstable();
            let at = |part: f64| latencies[((latencies.len() - 1) as f64 * part) as usize].as_nanos() as f64;
            Taken { each: whole.as_nanos() as f64 / latencies.len() as f64, p50: at(0.5), p99: at(0.99) }
        })
    }

    /// Journeys up to a number, on all connections.
    async fn all(&self, next: &AtomicUsize, end: usize) -> Vec<Duration> {
        let ready = &self.server.ready;
        let address = match self.talk {
            Talk::Health => ready.admin.unwrap(),
            _ => ready.address,
        };
        let one = || async {
            let mut connection = Connection::open(address).await;
            let mut latencies = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    // Whoever goes on from here finds the number that nobody took.
                    next.fetch_min(end, Ordering::Relaxed);
                    return latencies;
                }
                let first = self.talk.first(number);
                let begun = Instant::now();
                let (_, answer) = connection.ask(&first).await;
                latencies.push(begun.elapsed());
                let second = self.talk.second(number, ready, answer);
                let begun = Instant::now();
                let (status, answer) = connection.ask(&second).await;
                latencies.push(begun.elapsed());
                assert!(self.talk.is_good(status, answer), "{status}: {}", String::from_utf8_lossy(answer));
            }
        };
        join_all((0..CONNECTIONS).map(|_| one())).await.concat()
    }
}
