//! A call comes in; it goes over HTTP to the server on this machine, and the answer goes out.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, StatusCode, header};
use serde_json::Value as Json;
use tokio::net::TcpStream;

use crate::http::exchange;

/// Calls one server.
pub(super) struct Caller(SocketAddr);

/// What is sent, all by POST.
pub(super) struct Call {
    /// The address within the server.
    pub(super) path: &'static str,
    pub(super) body: Body,
    /// The access token, where one is needed.
    pub(super) token: Option<String>,
}

/// What is sent, in the form that the call takes.
pub(super) enum Body {
    /// `application/x-www-form-urlencoded`, of words that need no escape.
    Form(Vec<(&'static str, String)>),
    Json(Json),
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Json,
    /// The same as it came.
    pub(super) bytes: Bytes,
}

impl Caller {
    pub(super) const fn new(address: SocketAddr) -> Self {
        Self(address)
    }

    /// Where the server is.
    pub(super) const fn address(&self) -> SocketAddr {
        self.0
    }

    /// Sends a call on a connection of its own.
    pub(super) async fn call(&self, call: &Call) -> Result<Answer> {
        let (kind, body) = match &call.body {
            Body::Form(fields) => ("application/x-www-form-urlencoded", form(fields)),
            Body::Json(body) => ("application/json", body.to_string()),
        };
        let mut request = Request::post(call.path).header(header::HOST, self.0.to_string());
        request = request.header(header::CONTENT_TYPE, kind);
        if let Some(token) = &call.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        let (status, bytes) = exchange(connect(self.0).await?, request).await?;
        let body = serde_json::from_slice(&bytes).context("the answer is no JSON")?;
        Ok(Answer { status, body, bytes })
    }
}

/// Fields as they are sent.
pub(super) fn form(fields: &[(&'static str, String)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

#[expect(clippy::disallowed_methods, reason = "the demonstration calls the server of its own")]
async fn connect(address: SocketAddr) -> Result<TcpStream> {
    TcpStream::connect(address).await.context("the server of the demonstration cannot be reached")
}
