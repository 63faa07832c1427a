//! A listener and a service come in; connections are accepted, bounded and served until it is time to stop, and then drained.

mod accept;
mod patience;
mod timed;
mod tls;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use self::accept::Accept;
use self::patience::Patience;
use self::timed::Timed;
pub use self::tls::{Tls, TlsError};
use crate::Limits;
use crate::stop::Stop;

/// What answers requests.
pub(crate) trait Serve: Clone + Send + Sync + 'static {
    /// Answers one request.
    fn serve(&self, request: Request<Incoming>) -> impl Future<Output = Response<Body>> + Send;

    /// What is held as long as a connection is open.
    fn connected(&self) -> impl Send + 'static {}

    /// The same for the requests of one connection.
    #[must_use]
    fn of_peer(&self, _peer: SocketAddr) -> Self {
        self.clone()
    }
}

/// After the system has refused a connection, such as for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(250);

/// Serves until it is time to stop, and then until every connection has ended or the time for that is up. Says how many
/// connections were cut.
pub(crate) async fn listen(
    listener: impl Accept,
    tls: Option<Tls>,
    service: impl Serve,
    limits: Limits,
    mut stop: Stop,
) -> usize {
    let room = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    loop {
        let accepted = async {
            let seat = room.clone().acquire_owned().await;
            (listener.accept().await, seat)
        };
        let (accepted, seat) = tokio::select! {
            () = stop.wanted() => break,
            Some(_) = connections.join_next() => continue,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let service = peer.map_or_else(|| service.clone(), |peer| service.of_peer(peer));
                let (tls, limits, stop) = (tls.clone(), limits.clone(), stop.clone());
                connections.spawn(async move {
                    let connected = service.connected();
                    match tls {
                        None => connection(stream, service, &limits, stop).await,
                        Some(tls) => encrypted(&tls, stream, service, &limits, stop).await,
                    }
                    drop((seat, connected));
                });
            }
            Err(error) if is_of_the_caller(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted");
                pause().await;
            }
        }
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(limits.drain, all).await.is_ok() {
        return 0;
    }
    let cut = connections.len();
    connections.shutdown().await;
    cut
}

/// Serves one encrypted connection to its end.
async fn encrypted<I>(tls: &Tls, stream: I, service: impl Serve, limits: &Limits, mut stop: Stop)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let accepted = tokio::select! {
        accepted = tls.accept(stream, limits) => accepted,
        () = stop.wanted() => return,
    };
    match accepted {
        Ok((stream, shaken)) => {
            connection(stream, service, limits, stop).await;
            drop(shaken);
        }
        Err(error) => tracing::debug!(%error, "a caller did not shake hands"),
    }
}

/// Serves one connection to its end.
async fn connection<I>(stream: I, service: impl Serve, limits: &Limits, mut stop: Stop)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let patience = Patience::new(limits);
    let stream = TokioIo::new(Timed::new(stream, patience.clone(), limits.request));
    let service = service_fn(|request: Request<Incoming>| {
        let (busy, service) = (patience.begin(), service.clone());
        async move {
            let response = service.serve(request).await;
            drop(busy);
            Ok::<_, Infallible>(response)
        }
    });
    let builder = builder(limits);
    let mut served = pin!(builder.serve_connection(stream, service));
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stop.wanted() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // The deadlines are those of `Timed`, which also hold before the version is known.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(limits.header_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX));
    builder
}

/// Whether only this one connection is lost.
fn is_of_the_caller(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[expect(clippy::disallowed_methods, reason = "a system that is out of something is not asked again at once")]
async fn pause() {
    tokio::time::sleep(PAUSE).await;
}

#[cfg(test)]
mod tests;
