//! What happens on a connection comes in; until when the caller may be silent goes out.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

use tokio::time::Instant;

use crate::Limits;

/// How HTTP/2 introduces itself (RFC 9113 section 3.4).
const HTTP2: &[u8] = b"PRI * HTTP/2.0";

/// The patience with one caller. A clone is the same.
#[derive(Clone)]
pub(super) struct Patience(Arc<Mutex<State>>);

struct State {
    limits: Limits,
    /// Requests under way: they have limits of their own.
    busy: usize,
    /// Whether a request has begun whose headers are not complete.
    begun: bool,
    /// Whether any byte has come.
    heard: bool,
    http2: bool,
    until: Instant,
    /// Who reads while a request is under way: there is a moment to heed again when that is over.
    reader: Option<Waker>,
}

/// A request under way; when it is dropped, it is over.
pub(super) struct Busy(Patience);

impl Patience {
    pub(super) fn new(limits: &Limits) -> Self {
        let until = now() + limits.first_byte;
        let limits = limits.clone();
        let state = State { limits, busy: 0, begun: false, heard: false, http2: false, until, reader: None };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Bytes have come. Only the first ones of a request count: whoever sends one at a time gains nothing. On HTTP/2 they
    /// need not be of a request, so there only the first of the connection do.
    pub(super) fn heard(&self, bytes: &[u8]) {
        self.with(|state| {
            if !state.heard {
                state.http2 = HTTP2.starts_with(bytes.get(..HTTP2.len()).unwrap_or(bytes)) && bytes.len() > 2;
            }
            let first = !std::mem::replace(&mut state.heard, true);
            if first || state.busy == 0 && !state.begun && !state.http2 {
                state.begun = true;
                state.until = now() + state.limits.headers;
            }
        });
    }

    /// The headers of a request are complete.
    pub(super) fn begin(&self) -> Busy {
        self.with(|state| {
            state.busy += 1;
            state.begun = false;
        });
        Busy(self.clone())
    }

    /// Until when the next bytes must come; none while a request is under way, and then the reader is woken when it is over.
    pub(super) fn until(&self, reader: &Waker) -> Option<Instant> {
        self.with(|state| {
            if state.busy == 0 {
                return Some(state.until);
            }
            state.reader = Some(reader.clone());
            None
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.with(|state| {
            state.busy -= 1;
            state.until = now() + state.limits.idle;
            if let Some(reader) = state.reader.take() {
                reader.wake();
            }
        });
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a caller may be silent is the rim's own affair")]
pub(super) fn now() -> Instant {
    Instant::now()
}
