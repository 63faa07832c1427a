use serde_json::json;

use super::{Part, parts};

fn told(wanted: &[&str]) -> Vec<String> {
    let document = json!({ "paths": {
        "/v1/runs": {}, "/v1/runs/{run}": {}, "/v1/journeys/{journey}/runs": {},
        "/ido/api/v2/auth/assert": {}, "/ido/api/v2/token/introspect": {},
        "/cis/v1/users": {}, "/cis/v1/auth/otp/send": {}, "/cis/oidc/token": {}, "/oidc/token": {},
        "/admin/v1/users/{user_id}/code": {}, "/admin/v1/keys": { "get": { "responses": { "200": { "links": {} } } } }, "/openapi.json": {},
    } });
    let line = |part: &Part| {
        let linked = if part.linked { " (linked)" } else { "" };
        format!("{}: {}{linked}", part.attack.name, part.paths.join(" "))
    };
    parts(&document, wanted).iter().map(line).collect()
}

#[test]
fn every_call_that_is_attacked_is_in_a_part_with_those_that_it_leads_to() {
    assert_eq!(
        told(&[]),
        [
            "pages: /v1/runs$ /v1/runs/{run}$ /v1/journeys/{journey}/runs$",
            "backend: /v1/runs$ /v1/runs/{run}$ /v1/journeys/{journey}/runs$",
            "pages of Mosaic's SDK: /ido/api/v2/auth/assert$",
            "backend of Mosaic's calls: /ido/api/v2/token/introspect$ /cis/v1/users$ /cis/v1/auth/otp/send$ /cis/oidc/token$ /oidc/token$",
            "administration: /admin/v1/keys$ (linked)",
            "administration: /admin/v1/users/{user_id}/code$",
        ]
    );
}

#[test]
fn what_begins_so_is_wanted() {
    assert_eq!(
        told(&["/admin/v1/u", "/oidc"]),
        ["backend of Mosaic's calls: /oidc/token$", "administration: /admin/v1/users/{user_id}/code$"]
    );
    assert_eq!(told(&["/elsewhere"]), Vec::<String>::new());
}
