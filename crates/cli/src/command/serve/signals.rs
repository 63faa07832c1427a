//! The system's wish to stop comes in; whoever waits for it is told.

use anyhow::{Context, Result};

/// SIGTERM and SIGINT; where there is no SIGTERM, the interrupt of the terminal.
pub(in crate::command) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(in crate::command) fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let heard = |kind| signal(kind).context("cannot hear signals");
        Ok(Self { terminate: heard(SignalKind::terminate())?, interrupt: heard(SignalKind::interrupt())? })
    }

    /// Comes back at the next signal.
    pub(in crate::command) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
    pub(in crate::command) fn new() -> Result<Self> {
        Ok(Self {})
    }

    /// Comes back at the next interrupt.
    pub(in crate::command) async fn next(&mut self) {
        if let Err(error) = tokio::signal::ctrl_c().await.context("cannot hear signals") {
            tracing::error!(%error, "the server has to be ended by force");
            std::future::pending::<()>().await;
        }
    }
}
