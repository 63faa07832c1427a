//! The bounds of every connection and request, in one place (R83, R84, R85).

use std::time::Duration;

use crate::rate::Rates;

/// How long a caller may take, and how much it may send. They are settings; tests make them small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the opening of a connection to its first byte.
    pub first_byte: Duration,
    /// From the first byte of a request to the end of its headers.
    pub headers: Duration,
    /// From the end of the headers to the end of the body.
    pub body: Duration,
    /// From the end of the headers to the answer, and for each stretch of it that the caller is slow to take.
    pub request: Duration,
    /// Answers about a secret that was not accepted leave at multiples of this time after the request came, so that the
    /// time that they take does not tell why (R39). Zero: at once.
    pub refusal_beat: Duration,
    /// From one request of a connection to the next.
    pub idle: Duration,
    /// From the wish to stop to the end of what is under way.
    pub drain: Duration,
    /// Connections at a time; further ones wait in the system's queue.
    pub connections: usize,
    /// Requests at a time on one connection (HTTP/2).
    pub streams: u32,
    /// Requests at a time; further ones are asked to come again.
    pub requests: usize,
    /// Bytes of all headers of a request.
    pub header_bytes: usize,
    /// Bytes of a body.
    pub body_bytes: usize,
    /// Arrays and objects within one another.
    pub json_depth: usize,
    /// Keys of all objects of a body.
    pub json_keys: usize,
    /// How often requests may come.
    pub rates: Rates,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(5),
            headers: Duration::from_secs(10),
            body: Duration::from_secs(15),
            request: Duration::from_secs(30),
            refusal_beat: Duration::from_millis(25),
            idle: Duration::from_secs(60),
            drain: Duration::from_secs(30),
            connections: 4_096,
            streams: 64,
            requests: 1_024,
            header_bytes: 16 << 10,
            body_bytes: 64 << 10,
            json_depth: 32,
            json_keys: 1_000,
            rates: Rates::default(),
        }
    }
}
