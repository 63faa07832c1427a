//! A document comes in; what every call has in common is written into each of them: how it may be refused, and by whom it may
//! be made.

use utoipa::ToSchema;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};
use wayfarer_identity::ClientScope;

use crate::problem::{MEDIA_TYPE, Problem};

/// By whom a call may be made: a client that shows a token, or a client without a secret that only names itself.
const CLIENT: &str = "client";
const PUBLIC: &str = "public";

/// Completes the document.
pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::new);
    let mut schemas = vec![(Problem::name().into_owned(), <Problem as utoipa::PartialSchema>::schema())];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.add_security_scheme(CLIENT, client());
    let named = ApiKeyValue::with_description(
        "client_id",
        "A client without a secret says its name. A browser's page is told by its `Origin`, and its runs are bound to the browser by a cookie.",
    );
    components.add_security_scheme(PUBLIC, SecurityScheme::ApiKey(ApiKey::Query(named)));
    for (name, status, description) in REFUSALS {
        let mut response = ResponseBuilder::new().description(description).build();
        told(status, &mut response);
        components.responses.insert(name.to_owned(), RefOr::T(response));
    }
    for (path, item) in &mut document.paths.paths {
        // How often operators come is nobody's limit but their own.
        let rated = !path.starts_with("/admin");
        operations(item).for_each(|operation| refusals(operation, rated));
    }
}

/// The operations of a path.
pub(crate) fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.delete, &mut item.patch].into_iter().flatten()
}

/// A token of a client, with every scope that there is.
fn client() -> SecurityScheme {
    let scopes = ClientScope::ALL.map(|scope| (scope.as_str(), scope.about()));
    let flow = ClientCredentials::new("/oidc/token", Scopes::from_iter(scopes));
    SecurityScheme::OAuth2(OAuth2::with_description(
        [Flow::ClientCredentials(flow)],
        "A token that a client gets for its secret (RFC 6749 section 4.4).",
    ))
}

/// The refusals that any call may meet: under which name the document keeps them, the status, and which problems have it.
const REFUSALS: [(&str, &str, &str); 9] = [
    ("Malformed", "400", "`malformed`, `invalid_input`"),
    ("Unauthorized", "401", "`unauthorized`"),
    ("Forbidden", "403", "`forbidden`, `origin_not_allowed`"),
    ("Slow", "408", "`request_timeout`"),
    ("TooLarge", "413", "`too_large`"),
    ("MediaType", "415", "`unsupported_media_type`"),
    ("TooMany", "429", "`too_many_requests`"),
    ("Internal", "500", "`internal`"),
    ("Unavailable", "503", "`unavailable`, `too_many_requests_at_once`"),
];

/// How any call may be refused; how this one in particular stands beside it, and its code says that.
fn refusals(operation: &mut Operation, rated: bool) {
    let takes_body = operation.request_body.is_some();
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.required = Some(Required::True);
    }
    let secured = operation.security.as_ref().is_some_and(|security| !security.is_empty());
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        let RefOr::T(response) = response else { continue };
        told(status, response);
    }
    for (name, status, _) in REFUSALS {
        let applies = match status {
            "401" | "403" => secured,
            "408" | "413" | "415" => takes_body,
            "429" => rated,
            _ => true,
        };
        if applies {
            responses.insert(status.to_owned(), RefOr::Ref(Ref::from_response_name(name)));
        }
    }
}

/// A refusal is told as problem details.
fn told(status: &str, response: &mut Response) {
    if status.starts_with(['4', '5']) {
        let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
        response.content.insert(MEDIA_TYPE.to_owned(), RefOr::T(problem));
    }
    headers(status, response);
}

/// What a token lacks is told beside a refusal (RFC 6750 section 3). Every answer has its name.
pub(crate) fn headers(status: &str, response: &mut Response) {
    let mut header = |name: &str, about: &str| {
        let schema = ObjectBuilder::new().schema_type(Type::String);
        let header = HeaderBuilder::new().description(Some(about)).schema(Some(schema)).build();
        response.headers.insert(name.to_owned(), RefOr::T(header));
    };
    header("trace-id", "Names the call in logs");
    if matches!(status, "401" | "403") {
        header("www-authenticate", "What the token lacks");
    }
    if status == "429" {
        header("retry-after", "The seconds after which to come again");
    }
}
