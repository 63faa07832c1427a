//! What the calls of the interfaces for codes, users and tokens take and give, for the OpenAPI document: the calls themselves
//! read field by field, to refuse in their own words.
#![expect(dead_code, reason = "only the form of them is told")]

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// A client's wish for a token (RFC 6749 section 4.4).
#[derive(Deserialize, ToSchema)]
#[schema(as = mosaic::TokenRequest)]
pub(in crate::mosaic) struct TokenRequest {
    #[schema(schema_with = grant)]
    grant_type: String,
    /// The client, unless it shows itself as `Basic`.
    #[schema(required = false)]
    client_id: String,
    /// Its secret, unless it shows itself as `Basic`.
    #[schema(required = false)]
    client_secret: String,
    /// The scopes, with a blank between two; all that the client has if not said.
    #[schema(required = false)]
    scope: String,
    /// For what; there is one thing.
    #[schema(required = false, schema_with = resource)]
    resource: String,
}

fn one(word: &str) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some([word])).build()
}

fn grant() -> Object {
    one("client_credentials")
}

fn resource() -> Object {
    one("userid-api")
}

fn bearer() -> Object {
    one("Bearer")
}

/// A client's token.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::Token)]
pub(in crate::mosaic) struct Token {
    access_token: String,
    #[schema(schema_with = bearer)]
    token_type: String,
    /// Seconds.
    expires_in: u32,
    /// The scopes, with a blank between two.
    scope: String,
}

/// The kinds of identifier.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = mosaic::IdentifierType)]
pub(in crate::mosaic) enum Kind {
    UserId,
    ExternalUserId,
    Email,
    PhoneNumber,
    Username,
}

/// How a code reaches the user.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = mosaic::Channel)]
enum Channel {
    /// It is in the answer, and the caller tells it to the user.
    Direct,
    Email,
    Sms,
}

/// Whom the caller says it serves. It goes to the audit trail and decides nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = mosaic::ClientAttributes)]
struct ClientAttributes {
    #[schema(required = false, min_length = 1, max_length = 512)]
    user_agent: String,
    /// An IP address.
    #[schema(required = false, min_length = 2, max_length = 45)]
    ip_address: String,
}

/// A wish for a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = mosaic::SendCode)]
pub(in crate::mosaic) struct SendCode {
    channel: Channel,
    identifier_type: Kind,
    /// Who the code is for.
    #[schema(min_length = 1, max_length = 254)]
    identifier: String,
    /// Seconds; the application's setting if not said.
    #[schema(required = false, minimum = 60, maximum = 3600)]
    expires_in: i64,
    #[schema(required = false)]
    client_attributes: ClientAttributes,
    #[schema(required = false, schema_with = no)]
    generate_request_id: bool,
}

fn no() -> Object {
    ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([false])).build()
}

/// A code, at the only moment at which it can be read.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::SentCode)]
pub(in crate::mosaic) struct SentCode {
    message: String,
    #[schema(pattern = "^[0-9]{6,}$")]
    code: String,
}

/// A code that a backend was told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = mosaic::CheckCode)]
pub(in crate::mosaic) struct CheckCode {
    #[schema(min_length = 1, max_length = 64)]
    passcode: String,
    identifier_type: Kind,
    #[schema(min_length = 1, max_length = 254)]
    identifier: String,
    #[schema(required = false)]
    client_attributes: ClientAttributes,
}

/// Tokens of a user.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::UserTokens)]
pub(in crate::mosaic) struct UserTokens {
    access_token: String,
    id_token: String,
    #[schema(schema_with = bearer)]
    token_type: String,
    /// Seconds.
    expires_in: u32,
    #[schema(format = "uuid")]
    session_id: String,
}

/// What a user is called.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = mosaic::Name)]
struct Name {
    #[schema(required = false, min_length = 1, max_length = 128)]
    title: String,
    #[schema(required = false, min_length = 1, max_length = 128)]
    first_name: String,
    #[schema(required = false, min_length = 1, max_length = 128)]
    middle_name: String,
    #[schema(required = false, min_length = 1, max_length = 128)]
    last_name: String,
}

/// A user to be added. At least one identifier besides `user_id` is needed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = mosaic::NewUser)]
pub(in crate::mosaic) struct NewUser {
    /// The id that never changes; made up if not given.
    #[schema(required = false, min_length = 1, max_length = 254)]
    user_id: String,
    #[schema(required = false, min_length = 1, max_length = 254)]
    external_user_id: String,
    #[schema(required = false, min_length = 3, max_length = 254)]
    email: String,
    /// With `+` and country code.
    #[schema(required = false, min_length = 8, max_length = 254)]
    phone_number: String,
    #[schema(required = false, min_length = 1, max_length = 254)]
    username: String,
    #[schema(required = false)]
    name: Name,
    /// The application's own: at most 16 KiB.
    #[schema(required = false, value_type = Object)]
    custom_data: serde_json::Value,
}

/// Changes of a user: what is given becomes so, null takes away, the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = mosaic::UserChanges)]
pub(in crate::mosaic) struct UserChanges {
    #[schema(min_length = 1, max_length = 254)]
    external_user_id: Option<String>,
    #[schema(min_length = 3, max_length = 254)]
    email: Option<String>,
    /// With `+` and country code.
    #[schema(min_length = 8, max_length = 254)]
    phone_number: Option<String>,
    #[schema(min_length = 1, max_length = 254)]
    username: Option<String>,
    name: Option<Name>,
    /// The application's own: at most 16 KiB.
    #[schema(value_type = Option<Object>)]
    custom_data: Option<serde_json::Value>,
}

/// A mail address.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::Email)]
struct Email {
    value: String,
    email_verified: bool,
}

/// A phone number.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::PhoneNumber)]
struct PhoneNumber {
    #[schema(pattern = "^\\+[0-9]{7,15}$")]
    value: String,
    phone_number_verified: bool,
}

/// Whether a user may sign in.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::UserStatus)]
enum Status {
    Active,
    Disabled,
}

/// A user.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::User)]
struct User {
    user_id: String,
    status: Status,
    /// Seconds since 1970.
    created_at: i64,
    /// Seconds since 1970.
    updated_at: i64,
    #[schema(required = false)]
    external_user_id: String,
    #[schema(required = false)]
    username: String,
    #[schema(required = false)]
    email: Email,
    #[schema(required = false)]
    phone_number: PhoneNumber,
    #[schema(required = false)]
    name: Name,
    #[schema(required = false, value_type = Object)]
    custom_data: serde_json::Value,
}

/// One user.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::UserAnswer)]
pub(in crate::mosaic) struct OneUser {
    result: User,
}

/// Where a page of a list lies.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::PageInfo)]
struct PageInfo {
    page_offset: u64,
    page_limit: u32,
    /// How many are on it.
    count: u32,
}

/// A page of users.
#[derive(Serialize, ToSchema)]
#[schema(as = mosaic::UserList)]
pub(in crate::mosaic) struct UserList {
    /// How many there are, on all pages.
    total_count: u64,
    page_info: PageInfo,
    result: Vec<User>,
}
