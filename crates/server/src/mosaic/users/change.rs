//! Users are changed and deleted.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::{Value as Json, json};
use wayfarer_identity::{Change, ClientScope, IdentifierType, UserChanges, UserRef};

use super::{CHANGEABLE, NOT_DONE, profile, shown};
use crate::address::Address;
use crate::app::App;
use crate::mosaic::caller::Caller;
use crate::mosaic::described::forms::{OneUser, UserChanges as ChangeForm};
use crate::mosaic::failure::Failure;
use crate::mosaic::fields::Fields;
use crate::{body, reply};

/// Change a user
///
/// What is given becomes so, `null` takes away, and the rest stays. One identifier besides the id must stay.
#[utoipa::path(
    put, path = "/cis/v1/users/{user_id}", tag = "mosaic users", operation_id = "updateUser",
    params(("user_id" = String, Path, description = "The user's id", min_length = 1, max_length = 254)),
    request_body = ChangeForm,
    responses(
        (status = 200, description = "The user", body = OneUser),
        (status = 404, description = "There is no such user"),
        (status = 409, description = "`identifier_taken`"),
    ),
    security(("client" = ["users:write"])),
)]
pub(in crate::mosaic) async fn update(
    State(app): State<App>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response<Body> {
    change(&app, path, request).await.unwrap_or_else(Failure::of_users)
}

async fn change(
    app: &App,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response<Body>, Failure> {
    let (parts, body) = request.into_parts();
    let caller = Caller::of(app, &parts.headers, Address::of(&parts)).await?;
    caller.needs(app, ClientScope::UsersWrite)?;
    let user = of_path(path)?;
    let body = body::read_json(&parts.headers, body, app.limits()).await?;
    let fields = Fields::new(body, &CHANGEABLE, &NOT_DONE)?;
    let text = |name| field(&fields, name, |json| read_text(name, json));
    let changes = UserChanges {
        external_user_id: text("external_user_id")?,
        email: text("email")?,
        phone_number: text("phone_number")?,
        username: text("username")?,
        name: field(&fields, "name", profile::name)?,
        custom_data: field(&fields, "custom_data", profile::custom_data)?,
    };
    let user = app.identity().update_user(app.tenant(), &caller.actor(), &user, &changes).await?;
    Ok(reply::json(StatusCode::OK, &json!({ "result": shown(&user) })))
}

/// Delete a user
///
/// For good: the id stays taken, so that it never means somebody else.
#[utoipa::path(
    delete, path = "/cis/v1/manage/users/{user_id}", tag = "mosaic users", operation_id = "deleteUser",
    params(("user_id" = String, Path, description = "The user's id", min_length = 1, max_length = 254)),
    responses((status = 204, description = "The user is gone"), (status = 404, description = "There is no such user")),
    security(("client" = ["users:write"])),
)]
pub(in crate::mosaic) async fn delete(
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Response<Body> {
    gone(&app, address, &headers, path).await.unwrap_or_else(Failure::of_users)
}

async fn gone(
    app: &App,
    address: Address,
    headers: &HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response<Body>, Failure> {
    let caller = Caller::of(app, headers, address).await?;
    caller.needs(app, ClientScope::UsersWrite)?;
    app.identity().delete_user(app.tenant(), &caller.actor(), &of_path(path)?).await?;
    Ok(reply::empty(StatusCode::NO_CONTENT))
}

fn of_path(path: Result<Path<String>, PathRejection>) -> Result<UserRef, Failure> {
    let Path(id) = path.map_err(|_| Failure::invalid("the user id is not UTF-8"))?;
    Ok(UserRef::new(IdentifierType::UserId, &id)?)
}

fn field<T>(fields: &Fields, name: &str, read: impl FnOnce(&Json) -> Result<T, Failure>) -> Result<Change<T>, Failure> {
    match fields.value(name) {
        None => Ok(Change::Keep),
        Some(Json::Null) => Ok(Change::Remove),
        Some(json) => read(json).map(Change::Set),
    }
}

fn read_text(name: &str, json: &Json) -> Result<String, Failure> {
    json.as_str().map(str::to_owned).ok_or_else(|| Failure::invalid(format!("`{name}` must be a text or null")))
}
