//! A caller's stream comes in; the same stream goes out, and breaks off where the caller is too slow (R84).

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::patience::{Patience, now};

/// A stream with deadlines for what is read, and for each stretch that is written.
pub(super) struct Timed<I> {
    stream: I,
    patience: Patience,
    reading: Alarm,
    writing: Alarm,
    /// How long the caller may take nothing of what is written.
    stall: Duration,
    stalled: Option<Instant>,
}

impl<I> Timed<I> {
    pub(super) fn new(stream: I, patience: Patience, stall: Duration) -> Self {
        Self { stream, patience, reading: Alarm::default(), writing: Alarm::default(), stall, stalled: None }
    }

    /// Notes whether writing gets on.
    fn watch<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let until = *self.stalled.get_or_insert_with(|| now() + self.stall);
        ready!(self.writing.poll(cx, until));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

/// Wakes its task at a moment, which may move.
#[derive(Default)]
struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    #[expect(clippy::disallowed_methods, reason = "how long a caller may be silent is the rim's own affair")]
    fn poll(&mut self, cx: &mut Context<'_>, at: Instant) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(at)));
        if sleep.deadline() != at {
            sleep.as_mut().reset(at);
        }
        sleep.as_mut().poll(cx)
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Timed<I> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut this.stream).poll_read(cx, buffer) {
            if let Some(bytes @ [_, ..]) = buffer.filled().get(before..) {
                this.patience.heard(bytes);
            }
            return Poll::Ready(read);
        }
        match this.patience.until(cx.waker()) {
            None => Poll::Pending,
            Some(until) => {
                ready!(this.reading.poll(cx, until));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Timed<I> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.watch(cx, written)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(cx);
        this.watch(cx, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let shut = Pin::new(&mut this.stream).poll_shutdown(cx);
        this.watch(cx, shut)
    }
}
