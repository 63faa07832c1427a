//! A call of administration comes in; it goes to the server on its socket or its listener for operators, and what it answers goes
//! out, or the error that the store would have given.

mod listener;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use crate::args::{Place, Who};
use crate::command::user::kind;
use crate::compose::actor_name;
use crate::failure::Failure;
use crate::http::exchange;

use self::listener::Listener;

/// Longer than a server takes for any answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server, and as whom it is called.
pub(crate) struct Remote {
    way: Way,
    actor: String,
}

/// How it is reached.
enum Way {
    /// By the operator of its machine.
    Socket(PathBuf),
    /// By a client of it.
    Listener(Listener),
}

impl Remote {
    /// The server that holds the store of a place, if one answers there.
    pub(super) async fn find(place: &Place) -> Result<Option<Self>> {
        let (socket, actor) = (place.store.socket(), actor_name(&place.actor)?);
        match connect(&socket).await {
            Ok(_) => Ok(Some(Self { way: Way::Socket(socket), actor })),
            // Its socket is there and is another user's.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(unreachable(&socket, error).into()),
            Err(_) => Ok(None),
        }
    }

    /// The server at an address, as the client of the environment.
    pub(super) async fn at(server: &str, place: &Place) -> Result<Self> {
        let actor = actor_name(&place.actor)?;
        if !actor.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Failure::usage("with `--server`, `--as` takes visible ASCII characters and no spaces").into());
        }
        Ok(Self { way: Way::Listener(Listener::enter(server).await?), actor })
    }

    /// What lies there.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.call(Method::GET, path, None).await
    }

    /// What comes of an order.
    pub(super) async fn post<T: DeserializeOwned>(&self, path: &str, body: &Json) -> Result<T> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// The same of a change.
    pub(super) async fn patch<T: DeserializeOwned>(&self, path: &str, body: &Json) -> Result<T> {
        self.call(Method::PATCH, path, Some(body)).await
    }

    /// Has something deleted.
    pub(super) async fn delete(&self, path: &str) -> Result<()> {
        self.call(Method::DELETE, path, None).await
    }

    async fn call<T: DeserializeOwned>(&self, method: Method, path: &str, body: Option<&Json>) -> Result<T> {
        let answer = self.ask(method, path, body).await?.map_err(|problem| refused(&problem))?;
        serde_json::from_value(answer).context("the server answers otherwise than this program expects")
    }

    /// What is answered, or the problem.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Json>,
    ) -> Result<std::result::Result<Json, Json>> {
        let request = Request::builder().method(method).uri(format!("/admin/v1{path}"));
        let request = request.header("wayfarer-agent", self.actor.as_bytes());
        let request = match &self.way {
            Way::Socket(_) => request.header(header::HOST, "localhost"),
            Way::Listener(listener) => listener.sign(request),
        };
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Full::new(Bytes::from(body.to_string())))?,
            None => request.body(Full::new(Bytes::new()))?,
        };
        let answered = async {
            match &self.way {
                Way::Socket(socket) => {
                    exchange(connect(socket).await.map_err(|error| unreachable(socket, error))?, request).await
                }
                Way::Listener(listener) => exchange(listener.connect().await?, request).await,
            }
        };
        let silent = |_| Failure::new("server_unreachable", "the server does not answer");
        let (status, bytes) = timeout(PATIENCE, answered).await.map_err(silent)?.context("the server broke off")?;
        if status == StatusCode::NO_CONTENT {
            return Ok(Ok(Json::Null));
        }
        let answer = serde_json::from_slice(&bytes).context("the answer of the server is no JSON")?;
        Ok(if status.is_success() { Ok(answer) } else { Err(answer) })
    }

    /// The id of the user whom the arguments name.
    pub(super) async fn user_id(&self, who: &Who) -> Result<String> {
        let found: Json = self.find_user(who).await?;
        let id = found.get("user_id").and_then(Json::as_str).context("the server names no user id")?;
        Ok(segment(id))
    }

    /// The user whom the arguments name.
    pub(super) async fn find_user<T: DeserializeOwned>(&self, who: &Who) -> Result<T> {
        let wanted = json!({ "identifier_type": kind(who).as_str(), "identifier": who.identifier });
        self.post("/users/find", &wanted).await
    }
}

/// The types of problems whose words are those of the errors for which they stand.
const KNOWN: [&str; 20] = [
    "unknown_user",
    "unknown_client",
    "identifier_taken",
    "user_disabled",
    "method_disabled",
    "unknown_application",
    "unknown_journey",
    "unknown_version",
    "nothing_before",
    "live_already",
    "other_parameters",
    "cannot_run",
    "conflict",
    "key_in_use",
    "key_not_retirable",
    "too_many_keys",
    "too_large",
    "forbidden",
    "invalid_input",
    "unavailable",
];

/// The word for a type of problem.
pub(super) fn word(problem: &Json) -> &str {
    let kind = problem.get("type").and_then(Json::as_str);
    kind.and_then(|kind| kind.rsplit('#').next()).unwrap_or_default()
}

/// The problem details of the server, as the error for which they stand.
pub(super) fn refused(problem: &Json) -> Failure {
    let code = match word(problem) {
        "unauthorized" => "client_refused",
        "rule_broken" => "invalid_input",
        "too_many_requests_at_once" => "unavailable",
        word => KNOWN.into_iter().find(|known| *known == word).unwrap_or("server_refused"),
    };
    let help = match code {
        "forbidden" => Some("use a client that has the scope; `wayfarer client list` shows who has which"),
        "client_refused" => Some("the client was disabled or its secret was taken back meanwhile"),
        "too_large" => Some("deploy fewer files at once, or raise `limits.http.body_bytes` of the server"),
        "server_refused" => Some("look whether it is the listener for operators, and of this version"),
        _ => None,
    };
    let detail = problem.get("detail").and_then(Json::as_str).unwrap_or("the server refuses the call");
    Failure::new(code, detail).help(help.map(str::to_owned))
}

fn unreachable(socket: &Path, error: io::Error) -> Failure {
    Failure::new("server_unreachable", format!("cannot reach the server on `{}`", socket.display())).because(error)
}

/// A text as one part of an address (RFC 3986 section 2.3).
pub(super) fn segment(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(unix)]
async fn connect(socket: &Path) -> io::Result<impl AsyncRead + AsyncWrite + Unpin + Send + 'static> {
    tokio::net::UnixStream::connect(socket).await
}

/// There, servers have none.
#[cfg(not(unix))]
#[expect(clippy::unused_async, reason = "elsewhere it connects")]
async fn connect(_: &Path) -> io::Result<impl AsyncRead + AsyncWrite + Unpin + Send + 'static> {
    Err::<tokio::net::TcpStream, _>(io::ErrorKind::Unsupported.into())
}
