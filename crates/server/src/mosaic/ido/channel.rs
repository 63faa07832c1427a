//! A page that wants to encrypt what it sends comes in; a key that it shares with us goes out, and what both send is encrypted
//! under it.
//!
//! The key is in the name of the channel, sealed: it takes no room here, and a restart does not end it.

use jiff::SignedDuration;
use serde_json::{Map, Value as Json, json};
use wayfarer_step::Secret;

use super::cipher::{Encrypted, agree_with, decrypt, encrypt};
use super::envelope::{Denial, Envelope};
use super::letter::{Letter, typed};
use super::visitor::Visitor;
use crate::app::App;
use crate::json;
use crate::refusal::Refusal;

/// Keeps the names of channels apart from all else that is sealed for a client.
const PURPOSE: &str = "ido channel 1";

/// Longer than any run may take, as a page begins one journey on each channel.
const LIFETIME: SignedDuration = SignedDuration::from_hours(2);

/// The only scheme of the SDK that is known.
const SCHEME: u32 = 3;

/// More than any SDK sends.
const MOST_HEADERS: usize = 32;

/// A key that a page and we know.
pub(super) struct Channel(Secret<Vec<u8>>);

impl Channel {
    /// Opens the channel that a header of the envelope names. Whatever is wrong with it, or with what was encrypted, is one
    /// refusal: the page learns nothing about its padding.
    pub(super) async fn named(app: &App, visitor: &Visitor, header: &Json) -> Result<Self, Denial> {
        let id = header.get("crypto_session_id").and_then(Json::as_str).ok_or(Denial::Rejected)?;
        let client = &visitor.client.client_id;
        let key = app.identity().take_back(app.tenant(), PURPOSE, client, id).await.map_err(away)?;
        key.map(Self).ok_or(Denial::Rejected)
    }

    /// The letter in an encrypted one.
    pub(super) fn read(&self, app: &App, header: &Json, fields: &Map<String, Json>) -> Result<Letter, Denial> {
        self.decrypted(app, header, fields).ok_or(Denial::Rejected)
    }

    fn decrypted(&self, app: &App, header: &Json, fields: &Map<String, Json>) -> Option<Letter> {
        let iv = header.get("iv")?.as_str()?;
        let one = |text: &Json| {
            let plain = decrypt(&self.0, iv, text.as_str()?)?;
            json::read(plain.expose(), app.limits()).ok()
        };
        let Json::Object(data) = one(fields.get("data")?)? else { return None };
        let headers = fields.get("enc_headers")?.as_array()?;
        if headers.len() > MOST_HEADERS {
            return None;
        }
        Some(Letter { headers: headers.iter().map(one).collect::<Option<_>>()?, data })
    }

    /// The answer with its data encrypted.
    pub(super) fn seal(&self, envelope: Envelope) -> Result<Envelope, Denial> {
        let encrypted = encrypt(&self.0, &envelope.data().to_string());
        let Encrypted { iv, text } = encrypted.ok_or(Refusal::Internal)?;
        Ok(envelope.with_data(json!(text)).with(json!({ "type": "encryption", "iv": iv })))
    }
}

/// Agrees on a key. What the page sent goes back encrypted, so that it sees that both have the same one.
pub(super) async fn exchange(app: &App, visitor: &Visitor, letter: Letter) -> Result<Envelope, Denial> {
    let header = typed(&letter.headers, "key_exchange").ok_or_else(Denial::malformed)?;
    if header.get("scheme").and_then(Json::as_u64) != Some(SCHEME.into()) {
        return Err(Denial::malformed());
    }
    let agreed = header.get("y").and_then(Json::as_str).and_then(agree_with).ok_or_else(Denial::malformed)?;
    let client = &visitor.client.client_id;
    let id = app.identity().hand_out(app.tenant(), PURPOSE, client, &agreed.key, LIFETIME).await.map_err(away)?;
    let header = json!({ "type": "key_exchange", "scheme": SCHEME, "y": agreed.point, "crypto_session_id": id });
    Channel(agreed.key).seal(Envelope::good(Json::Object(letter.data)).with(header))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where an error is mapped")]
fn away(error: wayfarer_identity::IdentityError) -> Denial {
    tracing::warn!(code = error.code(), "a channel cannot be opened");
    Refusal::Unavailable.into()
}
