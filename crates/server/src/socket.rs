//! A socket that only the operator can open comes in; administration is served on it until it is time to stop (R89).

use crate::Limits;
use crate::edge::Edge;
use crate::stop::Stop;

/// The socket, where the system has such and one was given.
#[derive(Default)]
pub(crate) struct Socket {
    #[cfg(unix)]
    listener: Option<tokio::net::UnixListener>,
}

impl Socket {
    #[cfg(unix)]
    pub(crate) fn new(listener: tokio::net::UnixListener) -> Self {
        Self { listener: Some(listener) }
    }

    /// Serves as every listener does. Says how many connections were cut.
    #[cfg(unix)]
    pub(crate) async fn serve(self, edge: Edge, limits: Limits, stop: Stop) -> usize {
        match self.listener {
            Some(listener) => crate::listen::listen(listener, None, edge, limits, stop).await,
            None => 0,
        }
    }

    #[cfg(not(unix))]
    #[expect(clippy::unused_async, reason = "elsewhere it serves")]
    pub(crate) async fn serve(self, _: Edge, _: Limits, _: Stop) -> usize {
        0
    }
}
