//! Users are added and looked up by any identifier; they go out in the documented shape.

pub(super) mod change;
pub(super) mod list;
mod profile;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::{Map, Value as Json, json};
use wayfarer_identity::{ClientScope, IdentifierType, NewUser, User, UserRef};

use super::caller::Caller;
use super::described::forms::{Kind, NewUser as NewForm, OneUser};
use super::failure::Failure;
use super::fields::Fields;
use crate::address::Address;
use crate::app::App;
use crate::{body, form, reply};

/// What a user may have besides the id.
const CHANGEABLE: [&str; 6] = ["external_user_id", "email", "phone_number", "username", "name", "custom_data"];

/// What a new user may have.
const KNOWN: [&str; 7] = ["user_id", "external_user_id", "email", "phone_number", "username", "name", "custom_data"];

/// What the documentation names beyond that.
const NOT_DONE: [&str; 9] = [
    "secondary_emails",
    "secondary_phone_numbers",
    "birthday",
    "address",
    "external_account_id",
    "custom_app_data",
    "picture",
    "language",
    "credentials",
];

/// Add a user
#[utoipa::path(
    post, path = "/cis/v1/users", tag = "mosaic users", operation_id = "createUser",
    request_body = NewForm,
    responses(
        (status = 201, description = "The user", body = OneUser, links(
            ("userById" = (operation_id = "userById", parameters(("user_id" = "$response.body#/result/user_id")))),
            ("updateUser" = (operation_id = "updateUser", parameters(("user_id" = "$response.body#/result/user_id")))),
            ("deleteUser" = (operation_id = "deleteUser", parameters(("user_id" = "$response.body#/result/user_id")))),
        )),
        (status = 409, description = "`identifier_taken`"),
    ),
    security(("client" = ["users:write"])),
)]
pub(super) async fn create(State(app): State<App>, request: Request) -> Response<Body> {
    add(&app, request).await.unwrap_or_else(Failure::of_users)
}

async fn add(app: &App, request: Request) -> Result<Response<Body>, Failure> {
    let (parts, body) = request.into_parts();
    let caller = Caller::of(app, &parts.headers, Address::of(&parts)).await?;
    caller.needs(app, ClientScope::UsersWrite)?;
    let body = body::read_json(&parts.headers, body, app.limits()).await?;
    let fields = Fields::new(body, &KNOWN, &NOT_DONE)?;
    let field = |name| fields.optional(name).map(|text| text.map(str::to_owned));
    let new = NewUser {
        user_id: field("user_id")?,
        external_user_id: field("external_user_id")?,
        email: field("email")?,
        phone_number: field("phone_number")?,
        username: field("username")?,
        name: fields.value("name").map(profile::name).transpose()?,
        custom_data: fields.value("custom_data").map(profile::custom_data).transpose()?,
    };
    let named = [&new.external_user_id, &new.email, &new.phone_number, &new.username];
    if named.iter().all(|identifier| identifier.is_none()) {
        return Err(Failure::invalid("one of `email`, `phone_number`, `username`, `external_user_id` is required"));
    }
    let user = app.identity().add_user(app.tenant(), &caller.actor(), &new).await?;
    Ok(reply::json(StatusCode::CREATED, &json!({ "result": shown(&user) })))
}

/// Look a user up by id
///
/// `external_user_id` is accepted, too: the two share one namespace.
#[utoipa::path(
    get, path = "/cis/v1/users/{user_id}", tag = "mosaic users", operation_id = "userById",
    params(("user_id" = String, Path, description = "The user's id", min_length = 1, max_length = 254)),
    responses((status = 200, description = "The user", body = OneUser), (status = 404, description = "There is no such user")),
    security(("client" = ["users:read"])),
)]
pub(super) async fn by_id(
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Response<Body> {
    by(IdentifierType::UserId, State(app), address, headers, path).await
}

/// Look a user up by mail address
#[utoipa::path(
    get, path = "/cis/v1/users/email/{value}", tag = "mosaic users", operation_id = "userByEmail",
    params(("value" = String, Path, description = "The mail address", min_length = 3, max_length = 254)),
    responses((status = 200, description = "The user", body = OneUser), (status = 404, description = "There is no such user")),
    security(("client" = ["users:read"])),
)]
pub(super) async fn by_email(
    app: State<App>,
    address: Address,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Response<Body> {
    by(IdentifierType::Email, app, address, headers, path).await
}

/// Look a user up by chosen name
#[utoipa::path(
    get, path = "/cis/v1/users/username/{value}", tag = "mosaic users", operation_id = "userByUsername",
    params(("value" = String, Path, description = "The chosen name", min_length = 1, max_length = 254)),
    responses((status = 200, description = "The user", body = OneUser), (status = 404, description = "There is no such user")),
    security(("client" = ["users:read"])),
)]
pub(super) async fn by_username(
    app: State<App>,
    address: Address,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Response<Body> {
    by(IdentifierType::Username, app, address, headers, path).await
}

/// Look a user up by external id
#[utoipa::path(
    get, path = "/cis/v1/users/external-user-id/{value}", tag = "mosaic users", operation_id = "userByExternalId",
    params(("value" = String, Path, description = "The external id", min_length = 1, max_length = 254)),
    responses((status = 200, description = "The user", body = OneUser), (status = 404, description = "There is no such user")),
    security(("client" = ["users:read"])),
)]
pub(super) async fn by_external_id(
    app: State<App>,
    address: Address,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Response<Body> {
    by(IdentifierType::ExternalUserId, app, address, headers, path).await
}

/// Look a user up by phone number
#[utoipa::path(
    get, path = "/cis/v1/users/phone-number/{value}", tag = "mosaic users", operation_id = "userByPhoneNumber",
    params(("value" = String, Path, description = "The phone number", min_length = 8, max_length = 254)),
    responses((status = 200, description = "The user", body = OneUser), (status = 404, description = "There is no such user")),
    security(("client" = ["users:read"])),
)]
pub(super) async fn by_phone_number(
    app: State<App>,
    address: Address,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Response<Body> {
    by(IdentifierType::PhoneNumber, app, address, headers, path).await
}

/// The user who has an identifier of one kind.
async fn by(
    kind: IdentifierType,
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Response<Body> {
    let value = path.map(|Path(value)| value).map_err(|_| Failure::invalid("the identifier is not UTF-8"));
    found(&app, address, &headers, value.map(|value| (kind, value))).await.unwrap_or_else(Failure::of_users)
}

/// Look a user up by an identifier of a kind
#[utoipa::path(
    get, path = "/cis/v1/users/identifier", tag = "mosaic users", operation_id = "userByIdentifier",
    params(
        ("identifier_name" = Kind, Query, description = "The kind"),
        ("identifier_value" = String, Query, description = "The identifier", min_length = 1, max_length = 254),
    ),
    responses((status = 200, description = "The user", body = OneUser), (status = 404, description = "There is no such user")),
    security(("client" = ["users:read"])),
)]
pub(super) async fn by_identifier(
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    found(&app, address, &headers, named(query.as_deref())).await.unwrap_or_else(Failure::of_users)
}

fn named(query: Option<&str>) -> Result<(IdentifierType, String), Failure> {
    let query = form::read(query.unwrap_or_default().as_bytes())?;
    let text = |name| query.get(name).ok_or_else(|| Failure::invalid(format!("`{name}` is required")));
    let (kind, value) = (text("identifier_name")?, text("identifier_value")?);
    Ok((kind.parse()?, value.to_owned()))
}

async fn found(
    app: &App,
    address: Address,
    headers: &HeaderMap,
    wanted: Result<(IdentifierType, String), Failure>,
) -> Result<Response<Body>, Failure> {
    Caller::of(app, headers, address).await?.needs(app, ClientScope::UsersRead)?;
    let (kind, value) = wanted?;
    let user = app.identity().user(app.tenant(), &UserRef::new(kind, &value)?).await?;
    Ok(reply::json(StatusCode::OK, &json!({ "result": shown(&user) })))
}

/// Times are whole seconds since 1970.
fn shown(user: &User) -> Json {
    let mut result = Map::new();
    let mut put = |name: &str, value: Json| result.insert(name.to_owned(), value);
    put("user_id", json!(user.user_id));
    put("status", json!(if user.active { "Active" } else { "Disabled" }));
    put("created_at", json!(user.created_at.as_second()));
    put("updated_at", json!(user.updated_at.as_second()));
    if let Some(id) = &user.external_user_id {
        put("external_user_id", json!(id));
    }
    if let Some(name) = &user.username {
        put("username", json!(name));
    }
    // Nothing verifies an address or a number yet.
    if let Some(address) = &user.email {
        put("email", json!({ "value": address, "email_verified": false }));
    }
    if let Some(number) = &user.phone_number {
        put("phone_number", json!({ "value": number, "phone_number_verified": false }));
    }
    if let Some(name) = &user.name {
        put("name", profile::shown(name));
    }
    if let Some(data) = &user.custom_data {
        put("custom_data", data.to_json());
    }
    Json::Object(result)
}
