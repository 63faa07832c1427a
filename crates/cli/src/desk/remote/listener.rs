//! The address of a server's listener for operators comes in, with the client of the environment; the way to it goes out, with a
//! token for its calls.
//!
//! That listener speaks plain HTTP, so nothing but this machine is spoken to: another machine's is reached through a tunnel.

use std::net::IpAddr;

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::http::request::Builder;
use hyper::{Method, Request, StatusCode, Uri, header};
use serde_json::Value as Json;
use tokio::net::TcpStream;
use wayfarer::step::Secret;

use super::segment;
use crate::failure::Failure;
use crate::http::exchange;

/// Where the client's name and secret are. They are no arguments: everybody on a machine can read those.
const CLIENT: [&str; 2] = ["WAYFARER_CLIENT_ID", "WAYFARER_CLIENT_SECRET"];

/// The listener, and the token that it is called with.
pub(super) struct Listener {
    host: String,
    token: Secret<String>,
}

impl Listener {
    /// Gets a token there.
    pub(super) async fn enter(server: &str) -> Result<Self> {
        let host = host(server)?;
        let [client_id, secret] = CLIENT.map(read);
        let (client_id, secret) = (client_id?, Secret::new(secret?));
        let form = Secret::new(format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            segment(&client_id),
            segment(secret.expose())
        ));
        let request = Request::builder().method(Method::POST).uri("/oidc/token").header(header::HOST, &host);
        let request = request
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form.expose().clone())))?;
        let (status, bytes) = exchange(connect(&host).await?, request).await.context("the server broke off")?;
        if status == StatusCode::UNAUTHORIZED {
            let message = "the server does not accept the client";
            let help = format!("look at {} and {}; `wayfarer client rotate` makes a new secret", CLIENT[0], CLIENT[1]);
            return Err(Failure::new("client_refused", message).help(help).into());
        }
        let answer: Json = serde_json::from_slice(&bytes).context("the answer of the server is no JSON")?;
        let token = answer.get("access_token").and_then(Json::as_str);
        let refused = || Failure::new("server_refused", format!("the server gives no token: {status}"));
        let token = Secret::new(token.ok_or_else(refused)?.to_owned());
        Ok(Self { host, token })
    }

    /// The request as the client's.
    pub(super) fn sign(&self, request: Builder) -> Builder {
        let request = request.header(header::HOST, &self.host);
        request.header(header::AUTHORIZATION, format!("Bearer {}", self.token.expose()))
    }

    /// A connection of its own.
    pub(super) async fn connect(&self) -> Result<TcpStream> {
        connect(&self.host).await
    }
}

/// Name and port of an address of this machine. It is not repeated: somebody may have put a secret into it.
fn host(server: &str) -> Result<String> {
    let wrong = || {
        let help = "the listener for operators speaks plain HTTP: reach that of another machine through a tunnel";
        Failure::usage("`--server` takes an address of this machine such as `http://127.0.0.1:9080`")
            .help(help.to_owned())
    };
    let address: Uri = server.parse().map_err(|_| wrong())?;
    let authority = address.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(wrong)?;
    let name = authority.host();
    let number = name.trim_start_matches('[').trim_end_matches(']');
    let is_here = name == "localhost" || number.parse().is_ok_and(|number: IpAddr| number.is_loopback());
    let is_plain = address.scheme_str() == Some("http") && address.path() == "/" && address.query().is_none();
    if !is_here || !is_plain {
        return Err(wrong().into());
    }
    Ok(format!("{name}:{}", authority.port_u16().unwrap_or(80)))
}

/// Whatever a name stands for here, no secret leaves this machine.
#[expect(clippy::disallowed_methods, reason = "the operator has said which server: this is the rim")]
async fn connect(host: &str) -> Result<TcpStream> {
    let failed = |error| {
        let help = "look whether it runs, and where its listener for operators is (`--admin-listen`)".to_owned();
        Failure::new("server_unreachable", format!("cannot reach the server on `{host}`")).because(error).help(help)
    };
    let stream = TcpStream::connect(host).await.map_err(failed)?;
    if !stream.peer_addr().map_err(failed)?.ip().to_canonical().is_loopback() {
        return Err(Failure::usage(format!("`{host}` is not this machine")).into());
    }
    Ok(stream)
}

#[expect(clippy::disallowed_methods, reason = "a secret must not be an argument: this is the rim")]
fn read(name: &'static str) -> Result<String> {
    let missing = |_| Failure::usage(format!("`--server` needs the environment's `{name}`"));
    Ok(std::env::var(name).map_err(missing)?)
}
