//! The id of a cross-session message comes in; the message goes out as it is kept, and back with what was done to it.
//!
//! The record is the truth; the signal to its waiter is only a nudge to look. Whoever looks and acts does so at the version
//! that it read, so of two that race one wins.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_step::jiff::{SignedDuration, Timestamp};
use wayfarer_step::serde_json::{self, Map, Value as Json};
use wayfarer_step::{Context, Expected, Failure, Reply, StepError, Subject, Write};

const KIND: &str = "step-message";

/// How long a message is kept at most, whatever is set, in seconds.
pub(crate) const LONGEST_LIFE: u32 = 259_200;

/// How long it can still be told from a message that never was, once it has expired.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// The bytes of everything that was put into a message.
const LARGEST: usize = 64 << 10;

/// The longest id that is looked up.
const LONGEST_ID: usize = 64;

/// A message, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) created_at: Timestamp,
    /// The user that the run of the creator had proven.
    pub(crate) created_by: Option<Arc<str>>,
    /// The run of the creator, for the audit trail.
    pub(crate) creator: Uuid,
    pub(crate) expires_at: Timestamp,
    pub(crate) data: Map<String, Json>,
    pub(crate) attachment: Json,
    /// The one run that may have the reply.
    pub(crate) waiter: Option<Uuid>,
    pub(crate) processed: Option<Processed>,
}

/// What became of it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Processed {
    pub(crate) at: Timestamp,
    /// The user that the processing run had proven.
    pub(crate) by: Option<Arc<str>>,
    /// For the waiter; none once it has it.
    pub(crate) reply: Option<Map<String, Json>>,
    /// Whether the waiter erases the message when it has the reply.
    pub(crate) erased: bool,
}

/// What a message holds, for an author.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Contents {
    /// What the creator wrote.
    data: Map<String, Json>,
    /// What an update has attached; null if nothing.
    attachment: Json,
    /// When it was created, by RFC 3339.
    created_at: String,
    /// When it expires, by RFC 3339.
    expires_at: String,
    /// The id of the user whom the creator's journey had proven; null if nobody. It proves nothing here.
    created_by: Option<String>,
}

/// Why a message cannot be used. A client never learns which (law 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is no such message, or none any more.
    Unknown,
    /// It was not processed in time.
    Expired,
    /// It was processed, and whoever waited has the reply.
    Used,
    /// Another run waits for it.
    WaitedFor,
}

impl Refused {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown_message",
            Self::Expired => "expired_message",
            Self::Used => "used_message",
            Self::WaitedFor => "message_waited_for",
        }
    }

    pub(crate) fn reply<State, Output>(self) -> Reply<State, Output> {
        Reply::failed("failure", Failure::new(self.code(), "the message cannot be used"))
    }
}

/// A message that was looked up, and where it stands.
pub(crate) struct Kept {
    pub(crate) message: Message,
    place: Place,
    expected: Expected,
}

/// Where a message is kept, and under which key its waiter is spoken to. Another application has other places.
struct Place(String);

impl Place {
    /// None if the text can be no id: it comes from anywhere.
    fn of(cx: &Context, id: &str) -> Option<Self> {
        let id = id.trim();
        let known = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let fits = (1..=LONGEST_ID).contains(&id.len()) && id.chars().all(known);
        // People may type an id, and both sorts are the same in small letters.
        fits.then(|| Self(format!("{}/{}", cx.scope().application, id.to_ascii_lowercase())))
    }

    fn id(&self) -> Vec<u8> {
        self.0.as_bytes().to_vec()
    }

    fn key(&self) -> String {
        format!("{KIND}/{}", self.0)
    }
}

impl Kept {
    /// Looks a message up, expired ones included for as long as they are remembered.
    pub(crate) async fn find(cx: &Context, id: &str) -> Result<Option<Self>, StepError> {
        let Some(place) = Place::of(cx, id) else { return Ok(None) };
        let Some(found) = cx.record(KIND, &place.id()).await? else { return Ok(None) };
        let unreadable = |_| StepError::failed("message_not_readable", "the message cannot be read");
        let message = serde_json::from_slice(&found.value).map_err(unreadable)?;
        Ok(Some(Self { message, place, expected: found.expected() }))
    }

    /// A message that was neither processed nor has expired.
    pub(crate) async fn find_open(cx: &Context, id: &str) -> Result<Result<Self, Refused>, StepError> {
        Ok(match Self::find(cx, id).await? {
            None => Err(Refused::Unknown),
            Some(kept) if kept.message.processed.is_some() => Err(Refused::Used),
            Some(kept) if kept.message.is_expired(cx.now()) => Err(Refused::Expired),
            Some(kept) => Ok(kept),
        })
    }

    /// Keeps it as it is now, if nobody else has changed it.
    pub(crate) fn put(&self, cx: &mut Context) -> Result<(), StepError> {
        self.message.put(cx, &self.place, self.expected)
    }

    /// Lets the visit count only if nobody else has changed it.
    pub(crate) fn require(&self, cx: &mut Context) {
        cx.stage(Write::Require { kind: KIND, id: self.place.id(), expected: self.expected });
    }

    /// Erases it, if nobody else has changed it.
    pub(crate) fn erase(&self, cx: &mut Context) {
        cx.stage(Write::Delete { kind: KIND, id: self.place.id(), expected: self.expected });
    }

    /// Under which key the waiter is spoken to.
    pub(crate) fn key(&self) -> Arc<str> {
        Arc::from(self.place.key())
    }
}

impl Message {
    /// Keeps a new message under an id that nobody has.
    pub(crate) fn create(&self, cx: &mut Context, id: &str) -> Result<(), StepError> {
        let unfit = || StepError::failed("message_not_readable", "the id is none");
        let place = Place::of(cx, id).ok_or_else(unfit)?;
        self.put(cx, &place, Expected::Absent)
    }

    fn put(&self, cx: &mut Context, place: &Place, expected: Expected) -> Result<(), StepError> {
        let kept_until = later(self.expires_at, REMEMBERED).min(later(self.created_at, seconds(LONGEST_LIFE)));
        let value = serde_json::to_vec(self).map_err(|error| StepError::failed("invalid_data", error.to_string()))?;
        if value.len() > LARGEST {
            return Err(StepError::failed("too_large", format!("a message holds {LARGEST} bytes at most")));
        }
        cx.stage(Write::Put { kind: KIND, id: place.id(), expected, value, expires_at: Some(kept_until) });
        Ok(())
    }

    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// Lets it live for so many seconds from now, but never longer than messages are kept.
    pub(crate) fn live(&mut self, now: Timestamp, expires_in: u32) -> Result<(), StepError> {
        let expires_at = later(now, within("expires_in", expires_in)?);
        self.expires_at = expires_at.min(later(self.created_at, seconds(LONGEST_LIFE)));
        Ok(())
    }

    pub(crate) fn contents(&self) -> Contents {
        Contents {
            data: self.data.clone(),
            attachment: self.attachment.clone(),
            created_at: self.created_at.to_string(),
            expires_at: self.expires_at.to_string(),
            created_by: self.created_by.as_deref().map(str::to_owned),
        }
    }
}

/// The id of the user that the run has proven.
pub(crate) fn proven(cx: &Context) -> Option<Arc<str>> {
    cx.proven_subject().map(|Subject { user_id, .. }| user_id.clone())
}

/// A number of seconds that was given, if it may be: an expression can give any.
pub(crate) fn within(name: &str, given: u32) -> Result<SignedDuration, StepError> {
    let out_of_bounds = || format!("`{name}` is 1 to {LONGEST_LIFE} seconds");
    let fits = (1..=LONGEST_LIFE).contains(&given);
    fits.then(|| seconds(given)).ok_or_else(|| StepError::failed("invalid_parameters", out_of_bounds()))
}

pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

fn seconds(number: u32) -> SignedDuration {
    SignedDuration::from_secs(i64::from(number))
}

#[cfg(test)]
pub(crate) mod tests;
