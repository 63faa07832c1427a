//! What the system wishes comes in, to stop or to read everything anew; whoever waits for it is told.

use anyhow::{Context, Result};

/// What a signal wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::command) enum Wish {
    /// To end.
    Stop,
    /// To read journeys and keys anew.
    Reload,
}

/// SIGTERM, SIGINT and SIGHUP; where there is no SIGTERM, the interrupt of the terminal.
pub(in crate::command) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(in crate::command) fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let heard = |kind| signal(kind).context("cannot hear signals");
        let (terminate, interrupt) = (heard(SignalKind::terminate())?, heard(SignalKind::interrupt())?);
        Ok(Self { terminate, interrupt, hangup: heard(SignalKind::hangup())? })
    }

    /// Comes back at the next signal.
    pub(in crate::command) async fn next(&mut self) -> Wish {
        tokio::select! {
            _ = self.terminate.recv() => Wish::Stop,
            _ = self.interrupt.recv() => Wish::Stop,
            _ = self.hangup.recv() => Wish::Reload,
        }
    }
}

impl Signals {
    /// Comes back when it is time to stop.
    pub(in crate::command) async fn stop(&mut self) {
        while self.next().await != Wish::Stop {}
    }
}

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
    pub(in crate::command) fn new() -> Result<Self> {
        Ok(Self {})
    }

    /// Comes back at the next interrupt.
    pub(in crate::command) async fn next(&mut self) -> Wish {
        if let Err(error) = tokio::signal::ctrl_c().await.context("cannot hear signals") {
            tracing::error!(%error, "the server has to be ended by force");
            std::future::pending::<()>().await;
        }
        Wish::Stop
    }
}
