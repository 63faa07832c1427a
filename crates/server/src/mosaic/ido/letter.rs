//! The body of a call comes in, plain or encrypted; its headers and data go out. Further fields and headers are left alone, as
//! newer SDKs send some.

use axum::body::Body;
use axum::http::HeaderMap;
use serde_json::{Map, Value as Json};

use super::channel::Channel;
use super::envelope::Denial;
use super::visitor::Visitor;
use crate::app::App;
use crate::body;

/// What a call says.
pub(super) struct Letter {
    pub(super) headers: Vec<Json>,
    pub(super) data: Map<String, Json>,
}

impl Letter {
    /// Reads the body, and by which channel the answer goes if it came by one.
    pub(super) async fn read(
        app: &App,
        visitor: &Visitor,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<(Self, Option<Channel>), Denial> {
        let Json::Object(mut fields) = body::read_json(headers, body, app.limits()).await? else {
            return Err(Denial::malformed());
        };
        let headers = match fields.remove("headers") {
            None => Vec::new(),
            Some(Json::Array(headers)) => headers,
            Some(_) => return Err(Denial::malformed()),
        };
        if let Some(encryption) = typed(&headers, "encryption") {
            let channel = Channel::named(app, visitor, encryption).await?;
            let letter = channel.read(app, encryption, &fields)?;
            return Ok((letter, Some(channel)));
        }
        match fields.remove("data") {
            Some(Json::Object(data)) => Ok((Self { headers, data }, None)),
            _ => Err(Denial::malformed()),
        }
    }

    /// The value of the first header of a type, which it holds under the name of that type.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|header| header.get(name)?.as_str())
    }

    /// A text of the data.
    pub(super) fn text(&self, name: &str) -> Result<&str, Denial> {
        self.data.get(name).and_then(Json::as_str).ok_or_else(Denial::malformed)
    }
}

/// The first header of a type.
pub(super) fn typed<'a>(headers: &'a [Json], kind: &str) -> Option<&'a Json> {
    headers.iter().find(|header| header.get("type").and_then(Json::as_str) == Some(kind))
}
