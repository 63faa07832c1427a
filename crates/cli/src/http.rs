//! A connection and a request come in; the answer goes out, bounded.

use anyhow::Result;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::handshake;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

/// More than any answer has.
const LARGEST: usize = 4 << 20;

/// Sends a request on a connection of its own.
pub(crate) async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<(StatusCode, Bytes)> {
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    // What goes wrong on it is told by the call itself.
    let connection = tokio::spawn(async { drop(connection.await) });
    let (head, body) = sender.send_request(request).await?.into_parts();
    let bytes = Limited::new(body, LARGEST).collect().await.map_err(anyhow::Error::from_boxed)?.to_bytes();
    drop(sender);
    connection.await?;
    Ok((head.status, bytes))
}
