//! The calls of Mosaic's interfaces come in, each with what its code declares; their part of the OpenAPI document goes out, with
//! how any of them may be refused, in the words of its interface.

pub(super) mod forms;
pub(super) mod letters;

use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder, Schema};

use crate::face::Face;
use crate::openapi::common::{headers, operations};

/// Where a client may get its token, too.
const TOKEN: [&str; 2] = ["/oidc/token", "/cis/oidc/token"];

/// How any call may be refused: the status, under which name the document keeps it, and the words for it in the interfaces of
/// codes and of tokens.
const REFUSALS: [(&str, &str, &str, &str); 9] = [
    ("400", "Malformed", "`system_invalid_input`", "`invalid_request`"),
    ("401", "Unauthorized", "`invalid_token`", "`invalid_client`"),
    ("403", "Forbidden", "`insufficient_scope`", ""),
    ("408", "Slow", "`request_timeout`", "`invalid_request`"),
    ("413", "TooLarge", "`too_large`", "`invalid_request`"),
    ("415", "MediaType", "`unsupported_media_type`", "`invalid_request`"),
    ("429", "TooMany", "`too_many_requests`", "`temporarily_unavailable`"),
    ("500", "Internal", "`internal`", "`server_error`"),
    ("503", "Unavailable", "`unavailable`, `too_many_requests_at_once`", "`temporarily_unavailable`"),
];

/// Completes the document of these calls.
pub(super) fn complete(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        let face = Face::of(path);
        operations(item).for_each(|operation| refusals(face, operation));
    }
    let components = document.components.get_or_insert_with(Components::new);
    for face in [Face::Codes, Face::Users, Face::Token, Face::Journeys] {
        for (status, name, codes, tokens) in REFUSALS {
            let words = match face {
                Face::Codes => codes,
                Face::Token => tokens,
                // It tells the status, and a sentence.
                _ => name,
            };
            let mut response = ResponseBuilder::new().description(words).build();
            told(face, status, &mut response);
            components.responses.insert(kept(face, name), RefOr::T(response));
        }
    }
    let [first, second] = TOKEN;
    if let Some(mut item) = document.paths.paths.get(first).cloned() {
        operations(&mut item).for_each(|operation| operation.operation_id = Some("issueTokenOfCis".to_owned()));
        document.paths.paths.insert(second.to_owned(), item);
    }
    document
}

/// The name of a refusal in the document.
fn kept(face: Face, name: &str) -> String {
    let face = match face {
        Face::Codes => "Codes",
        Face::Users => "Users",
        Face::Token => "Token",
        Face::Journeys => "Journeys",
        Face::Own => "",
    };
    format!("{face}{name}")
}

/// How any call of an interface may be refused, beside what this one declares.
fn refusals(face: Face, operation: &mut Operation) {
    let takes_body = operation.request_body.is_some();
    // A page shows no token.
    let shows = face != Face::Journeys || operation.security.is_some();
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.required = Some(Required::True);
    }
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        let RefOr::T(response) = response else { continue };
        headers(status, response);
        if status.starts_with(['4', '5']) {
            told(face, status, response);
        }
    }
    for (status, name, ..) in REFUSALS {
        let applies = match status {
            "401" => shows,
            "403" => face != Face::Token,
            "408" | "415" => takes_body,
            _ => true,
        };
        if applies && !responses.contains_key(status) {
            responses.insert(status.to_owned(), RefOr::Ref(Ref::from_response_name(kept(face, name))));
        }
    }
}

/// A refusal in the form of its interface, with the words that its description names.
fn told(face: Face, status: &str, response: &mut Response) {
    headers(status, response);
    let words: Vec<_> = response.description.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let schema = match face {
        Face::Token => object(&[("error", worded(words)), ("error_description", text())]),
        Face::Users => of_users(status, words),
        Face::Journeys => of_journeys(status),
        Face::Codes | Face::Own => object(&[("message", text()), ("error_code", worded(words))]),
    };
    response.content.insert("application/json".to_owned(), RefOr::T(Content::new(Some(schema))));
}

/// The interface of users has the status for a code.
fn of_users(status: &str, words: Vec<String>) -> Schema {
    let number =
        ObjectBuilder::new().schema_type(Type::Integer).enum_values(status.parse::<u16>().ok().map(|code| [code]));
    let message = match status {
        "400" => ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String)).into(),
        _ => text(),
    };
    let fields = [("message", message), ("error_code", number.into()), ("ts_error_code", worded(words))];
    let known = if status == "409" { &fields[..] } else { &fields[..2] };
    object(known)
}

/// The interface of journeys has an envelope in every case, whose data may be encrypted.
fn of_journeys(status: &str) -> Schema {
    let numbers: &[u16] = match status {
        "400" => &[4000, 4001],
        "401" => &[4001],
        "403" => &[4003],
        "404" => &[4004],
        "408" => &[4008],
        "409" => &[4009],
        "429" => &[4029],
        "500" => &[5000],
        "503" => &[5003],
        _ => &[4000],
    };
    let number = ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some(numbers.iter().copied()));
    let data = OneOfBuilder::new().item(ObjectBuilder::new()).item(text());
    let headers = ArrayBuilder::new().items(ObjectBuilder::new());
    let envelope = ObjectBuilder::new().property("error_code", number).property("error_message", text());
    let envelope = envelope.property("headers", headers).property("data", data);
    let required = ["error_code", "error_message", "data"];
    let envelope = required.into_iter().fold(envelope, ObjectBuilder::required);
    envelope.additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false))).into()
}

fn text() -> Schema {
    ObjectBuilder::new().schema_type(Type::String).into()
}

fn worded(words: Vec<String>) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

/// An object with these fields and no others.
fn object(fields: &[(&str, Schema)]) -> Schema {
    let object = fields
        .iter()
        .fold(ObjectBuilder::new(), |object, (name, schema)| object.property(*name, schema.clone()).required(*name));
    object.additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false))).into()
}
