//! What the calls of the SDK and of its backends take and give, for the OpenAPI document: envelopes, plain and encrypted.
//!
//! What is asked of a page is the step's, and what comes back the author's: of that the form is not told.
#![expect(dead_code, reason = "only the form of it is told")]

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// A call that is encrypted under the key of a channel; one of its headers is of the type `encryption`.
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::Encrypted)]
pub(in crate::mosaic) struct Encrypted {
    /// `{type: "encryption", iv, crypto_session_id}`.
    headers: Vec<Json>,
    /// Each header of the call, in base64.
    #[schema(max_items = 32)]
    enc_headers: Vec<String>,
    /// The data of the call, in base64.
    data: String,
}

/// How a journey begins.
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::Begin)]
pub(in crate::mosaic) struct Begin {
    /// The journey's id.
    policy_request_id: String,
    /// Start parameters; those that the journey does not declare are not read.
    #[schema(value_type = Option<Object>)]
    params: Option<Json>,
}

/// A start.
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::BeginLetter)]
pub(in crate::mosaic) struct BeginLetter {
    /// Objects; that of the type `correlation_id` names the start.
    #[schema(required = false)]
    headers: Vec<Json>,
    data: Begin,
}

/// A start, plain or encrypted.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = mosaic::BeginCall)]
pub(in crate::mosaic) enum BeginCall {
    Plain(BeginLetter),
    Encrypted(Encrypted),
}

/// What is done with a step.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = mosaic::Assertion)]
pub(in crate::mosaic) enum Assertion {
    /// What was filled in is under `input`.
    Action,
    /// It is under `data`.
    Data,
    /// Another way on is taken: `data` has its `escape_id`, and `escape_params`.
    Escape,
    Resend,
}

/// An answer to a step.
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::Answer)]
pub(in crate::mosaic) struct Answer {
    /// The handle, which came with the step.
    assertion_id: String,
    /// The type of the step.
    #[schema(required = false)]
    action: Json,
    assert: Assertion,
    #[schema(required = false)]
    input: Json,
    #[schema(required = false)]
    data: Json,
}

/// An answer in its envelope.
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::AnswerLetter)]
pub(in crate::mosaic) struct AnswerLetter {
    #[schema(required = false)]
    headers: Vec<Json>,
    data: Answer,
}

/// An answer, plain or encrypted.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = mosaic::AnswerCall)]
pub(in crate::mosaic) enum AnswerCall {
    Plain(AnswerLetter),
    Encrypted(Encrypted),
}

/// A question whether a wait is over.
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::Poll)]
pub(in crate::mosaic) struct Poll {
    /// The `raw_ticket_id` of the step that waits.
    ticket_id: String,
}

/// The question in its envelope.
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::PollLetter)]
pub(in crate::mosaic) struct PollLetter {
    #[schema(required = false)]
    headers: Vec<Json>,
    data: Poll,
}

/// A question whether a wait is over, plain or encrypted.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = mosaic::PollCall)]
pub(in crate::mosaic) enum PollCall {
    Plain(PollLetter),
    Encrypted(Encrypted),
}

/// A wish for a channel.
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::KeyExchange)]
pub(in crate::mosaic) struct KeyExchange {
    /// One of them is `{type: "key_exchange", scheme: 3, y}`, where `y` is a point of P-256 in its uncompressed form, in base64.
    #[schema(min_items = 1)]
    headers: Vec<Json>,
    /// It comes back encrypted.
    #[schema(value_type = Object)]
    data: Json,
}

fn none() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([0])).build()
}

fn empty() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some([""])).build()
}

/// What came of it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = mosaic::Data)]
pub(in crate::mosaic) enum Data {
    Plain(serde_json::Map<String, Json>),
    /// In base64, as the call was encrypted.
    Encrypted(String),
}

/// The answer to a call of a page.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = mosaic::Envelope)]
pub(in crate::mosaic) struct Envelope {
    #[schema(schema_with = none)]
    error_code: u32,
    #[schema(schema_with = empty)]
    error_message: String,
    /// `session_id`, which comes with the answer to a start and is shown as `sid`; `encryption` and `key_exchange` of channels.
    headers: Vec<serde_json::Map<String, Json>>,
    data: Data,
}

/// A token of a journey.
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::IntrospectToken)]
pub(in crate::mosaic) struct IntrospectToken {
    token: String,
}

/// A code that a page got when its journey completed.
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::ExchangeCode)]
pub(in crate::mosaic) struct ExchangeCode {
    code: String,
}

/// What a token says.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = mosaic::Introspected)]
pub(in crate::mosaic) struct Introspected {
    #[schema(schema_with = none)]
    error_code: u32,
    #[schema(schema_with = empty)]
    error_message: String,
    /// The claims.
    data: serde_json::Map<String, Json>,
}

/// What a code stands for.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = mosaic::Exchanged)]
pub(in crate::mosaic) struct Exchanged {
    #[schema(schema_with = none)]
    error_code: u32,
    #[schema(schema_with = empty)]
    error_message: String,
    data: JourneyTokens,
}

/// The tokens of a run.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::JourneyTokens)]
struct JourneyTokens {
    access_token: String,
    id_token: String,
    token_type: String,
    /// Seconds.
    expires_in: u32,
    session_id: String,
    /// What the access token says.
    claims: serde_json::Map<String, Json>,
}
