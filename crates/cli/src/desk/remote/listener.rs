//! The address of a server's listener for operators comes in, with the client of the environment; the way to it goes out, with a
//! token for its calls.
//!
//! That listener speaks plain HTTP, so nothing but this machine is spoken to: another machine's is reached through a tunnel.

use std::net::IpAddr;

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::http::request::Builder;
use hyper::{Method, Request, StatusCode, header};
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

/// Name and port of an address of this machine.
fn host(server: &str) -> Result<String> {
    let wrong = || {
        let help = "the listener for operators speaks plain HTTP: reach that of another machine through a tunnel";
        Failure::usage(format!(
            "`--server` takes an address of this machine such as `http://127.0.0.1:9080`, not `{server}`"
        ))
        .help(help.to_owned())
    };
    let host = server.strip_prefix("http://").ok_or_else(wrong)?.trim_end_matches('/');
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let is_here = name == "localhost" || address.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    if !is_here || port.parse::<u16>().is_err() {
        return Err(wrong().into());
    }
    Ok(format!("{name}:{port}"))
}

#[expect(clippy::disallowed_methods, reason = "the operator has said which server: this is the rim")]
async fn connect(host: &str) -> Result<TcpStream> {
    let failed =
        |error| Failure::new("server_unreachable", format!("cannot reach the server on `{host}`")).because(error);
    Ok(TcpStream::connect(host).await.map_err(failed)?)
}

#[expect(clippy::disallowed_methods, reason = "a secret must not be an argument: this is the rim")]
fn read(name: &'static str) -> Result<String> {
    let missing = |_| Failure::usage(format!("`--server` needs the environment's `{name}`"));
    Ok(std::env::var(name).map_err(missing)?)
}
