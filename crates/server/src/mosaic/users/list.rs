//! A question about users comes in; a page of those that it fits goes out, and how many there are.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::{Value as Json, json};
use wayfarer_identity::{ClientScope, UserFilter};

use super::shown;
use crate::address::Address;
use crate::app::App;
use crate::form::{self, Parameters};
use crate::mosaic::caller::Caller;
use crate::mosaic::described::forms::UserList;
use crate::mosaic::failure::Failure;
use crate::reply;

/// What the call takes.
const KNOWN: [&str; 3] = ["search", "page_offset", "page_limit"];

/// Users of a page, at most, and unless said otherwise.
const MOST: usize = 100;
const USUAL: usize = 20;

/// Users before a page, at most: what others can write down as a whole number, too.
const FARTHEST: usize = usize::MAX >> 1;

/// List users
///
/// Where there are more than 100,000, lists are refused.
#[utoipa::path(
    get, path = "/cis/v1/users", tag = "mosaic users", operation_id = "searchUsers",
    params(
        ("search" = Option<String>, Query, description = "One comparison: a kind of identifier, `eq`, `sw` or `co`, and a text in double quotes, such as `email co \"@example.com\"`"),
        ("page_offset" = Option<i64>, Query, description = "How many are left out before; none if not said", minimum = 0),
        ("page_limit" = Option<i32>, Query, description = "At most so many; 20 if not said", minimum = 1, maximum = 100),
    ),
    responses((status = 200, description = "A page of users", body = UserList)),
    security(("client" = ["users:read"])),
)]
pub(in crate::mosaic) async fn list(
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    page(&app, address, &headers, query.as_deref()).await.unwrap_or_else(Failure::of_users)
}

async fn page(
    app: &App,
    address: Address,
    headers: &HeaderMap,
    query: Option<&str>,
) -> Result<Response<Body>, Failure> {
    Caller::of(app, headers, address).await?.needs(app, ClientScope::UsersRead)?;
    let query = form::read(query.unwrap_or_default().as_bytes())?;
    if !query.has_only(&KNOWN) {
        return Err(Failure::invalid("a parameter is unknown; there is `search`, `page_offset`, `page_limit`"));
    }
    if query.has_empty() {
        return Err(Failure::invalid("a parameter is empty"));
    }
    let filter: Option<UserFilter> = query.get("search").map(str::parse).transpose()?;
    let offset = number(&query, "page_offset", 0, 0, FARTHEST)?;
    let limit = number(&query, "page_limit", USUAL, 1, MOST)?;
    let found = app.identity().find_users(app.tenant(), filter.as_ref(), offset, limit).await?;
    let users: Vec<Json> = found.users.iter().map(shown).collect();
    let body = json!({
        "total_count": found.total,
        "page_info": { "page_offset": offset, "page_limit": limit, "count": users.len() },
        "result": users,
    });
    Ok(reply::json(StatusCode::OK, &body))
}

fn number(query: &Parameters, name: &str, usual: usize, least: usize, most: usize) -> Result<usize, Failure> {
    let Some(text) = query.get(name) else { return Ok(usual) };
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| plain && (least..=most).contains(number));
    number.ok_or_else(|| Failure::invalid(format!("`{name}` must be a whole number from {least} to {most}")))
}
