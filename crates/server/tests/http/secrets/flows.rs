//! A world comes in; what is secret goes through every call that takes or gives it, right and wrong.

mod operators;
mod own;
mod pages;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient};

use super::canaries::Canaries;
use crate::rig::{FORM, Reply, World};

/// A form with a password, and an end that hands out what was filled in.
pub(super) const ASKED: &str = r#"
journey: asked
params: { note: { type: string, default: "" } }
steps:
  ask:
    type: collect_information
    with: { fields: { word: { type: password }, plan: { type: string, max_length: 40 } } }
    output: answers
    branches: { submit: done, cancel: no }
  done: { type: complete_journey, with: { data: { plan: "@answers.plan" } } }
  no: { type: reject_access }
"#;

/// For a backend.
pub(super) const COUNTED: &str = r#"
journey: counted
kind: backend
params: { note: string }
steps:
  done:
    type: complete_journey
    with: { headers: { x-note: "@policy.request().params.note" }, data: { note: "@policy.request().params.note" } }
"#;

const SEND: &str = "/cis/v1/auth/otp/send";
const CODE: &str = "temp_code_auth_journey";

/// A code of the right form that nobody was given.
const WRONG: &str = "61937204";

/// Who asks and why, which the trail is for.
const RECORD: &[&str] = &["GET /admin/v1/audit", "GET /admin/v1/runs/*", "GET /admin/v1/users/*/codes"];

/// Where a user is shown to those who look after users.
const USERS: &[&str] = &[
    "POST /cis/v1/users",
    "GET /cis/v1/users*",
    "PUT /cis/v1/users/*",
    "POST /admin/v1/users",
    "POST /admin/v1/users/find",
    "GET /admin/v1/users",
    "GET /admin/v1/users/canary-user-id",
    "POST /admin/v1/users/*able",
];

/// Where the identity of a user is told: it is what tokens and the trail are about, too.
const SUBJECT: &[&str] = &[
    "POST /cis/v1/auth/otp/authenticate",
    "POST /ido/api/v2/auth/a*",
    "POST /v1/journeys/*/runs",
    "POST /cis/v1/users",
    "GET /cis/v1/users*",
    "PUT /cis/v1/users/*",
    "POST /ido/api/v2/token/*",
    "POST /admin/v1/users*",
    "GET /admin/v1/*",
];

pub(super) struct Flows<'a> {
    pub(super) world: &'a World,
    pub(super) canaries: Canaries,
    /// The token of the client of support, and of one that may do everything.
    support: String,
    boss: String,
}

impl<'a> Flows<'a> {
    pub(super) async fn new(world: &'a World) -> Self {
        let mut canaries = Canaries::default();
        canaries.keep("the secret of support", &world.secret, &[]);
        let new = NewClient { client_id: Some("boss".to_owned()), ..NewClient::confidential("default") };
        let (_, secret) = world.client(&new.scopes(ClientScope::ALL)).await;
        canaries.keep("the secret of a client", &secret, &[]);
        let basic = STANDARD.encode(format!("boss:{secret}"));
        canaries.keep("credentials", &basic, &[]);
        let shown = format!("Basic {basic}");
        let headers = [FORM, &[("authorization", shown.as_str())]].concat();
        let given = world.send("POST", "/oidc/token", &headers, "grant_type=client_credentials").await;
        world.token_of("boss", &secret, "").await;
        let (support, boss) = (world.token().await, text(&given.json()["access_token"]));
        for token in [&support, &boss] {
            canaries.keep_token("the token of a client", token, &["POST /oidc/token"]);
        }
        let almost = format!("{}x", world.secret);
        let bad = format!("grant_type=client_credentials&client_id=support&client_secret={almost}");
        world.send("POST", "/oidc/token", FORM, &bad).await;
        world
            .send("POST", "/oidc/token", FORM, "grant_type=canary-grant&client_id=canary-client&client_secret=x")
            .await;
        canaries.keep("a grant that there is not", "canary-grant", &[]);
        canaries.keep("a client that there is not", "canary-client", &[]);
        Self { world, canaries, support, boss }
    }

    async fn call(&self, method: &str, path: &str, body: Json) -> Reply {
        self.world.call(method, path, &self.boss, &body).await
    }

    async fn manage(&self, method: &str, path: &str, body: Json) -> Reply {
        self.world.manage(method, path, &self.boss, &body).await
    }

    /// A new code of support's for the user, which is searched for from now on.
    async fn code(&mut self) -> String {
        let body = json!({ "channel": "direct", "identifier_type": "user_id", "identifier": "canary-user-id", "expires_in": 900 });
        let code = text(&self.call("POST", SEND, body).await.json()["code"]);
        self.canaries.keep("a code", &code, &["POST /cis/v1/auth/otp/send"]);
        code
    }

    /// Users, by every identifier, changed, listed and refused.
    pub(super) async fn users(&mut self) {
        let new = json!({
            "user_id": "canary-user-id", "external_user_id": "canary-external-id", "email": "canary-mail@example.com",
            "phone_number": "+4915758203947", "username": "canary-username",
            "name": { "first_name": "canary-first-name" }, "custom_data": { "canary-key": "canary-data" },
        });
        assert_eq!(self.call("POST", "/cis/v1/users", new).await.status, 201);
        self.canaries.keep_on_record("a user id", "canary-user-id", SUBJECT);
        self.canaries.keep("an external user id", "canary-external-id", SUBJECT);
        for value in [
            "canary-mail@example.com",
            "4915758203947",
            "canary-username",
            "canary-first-name",
            "canary-key",
            "canary-data",
        ] {
            self.canaries.keep(value, value, USERS);
        }
        let paths = [
            "email/canary-mail%40example.com",
            "phone-number/%2B4915758203947",
            "username/canary-username",
            "external-user-id/canary-external-id",
            "canary-user-id",
            "identifier?identifier_name=email&identifier_value=canary-mail%40example.com",
        ];
        for path in paths {
            assert_eq!(self.call("GET", &format!("/cis/v1/users/{path}"), Json::Null).await.status, 200, "{path}");
        }
        self.call("GET", "/cis/v1/users?search=username%20sw%20%22canary-username%22", Json::Null).await;
        self.call("PUT", "/cis/v1/users/canary-user-id", json!({ "name": { "last_name": "canary-last-name" } })).await;
        self.canaries.keep("a last name", "canary-last-name", USERS);
        self.call("POST", "/cis/v1/users", json!({ "email": "canary-mail@example.com" })).await;
        for path in [
            "/cis/v1/users/email/canary-nobody%40example.com",
            "/cis/v1/users/email/canary-nobody",
            "/cis/v1/users?canary-nobody=1",
        ] {
            assert!(self.call("GET", path, Json::Null).await.status >= 400, "{path}");
        }
        self.canaries.keep("who is nobody", "canary-nobody", &[]);
        for body in [
            json!({ "canary-field": 1 }),
            json!({ "email": "canary-field" }),
            json!({ "name": { "canary-field": "x" } }),
        ] {
            assert_eq!(self.call("POST", "/cis/v1/users", body).await.status, 400);
        }
        self.canaries.keep("a field that there is not", "canary-field", &[]);
    }

    /// Codes, by whoever of support's people asked; checked by a backend.
    pub(super) async fn codes(&mut self) {
        let world = self.world;
        let bearer = format!("Bearer {}", self.support);
        let send = json!({
            "channel": "direct", "identifier_type": "email", "identifier": "canary-mail@example.com", "expires_in": 900,
            "client_attributes": { "user_agent": "canary-browser", "ip_address": "203.0.113.7" },
        });
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("wayfarer-agent", "canary-agent"),
            ("wayfarer-evidence", "canary-evidence"),
        ];
        let sent = world.send("POST", SEND, &headers, &send.to_string()).await;
        let first = text(&sent.json()["code"]);
        self.canaries.keep("a code", &first, &["POST /cis/v1/auth/otp/send"]);
        for (name, value) in
            [("an agent", "canary-agent"), ("evidence", "canary-evidence"), ("a browser", "canary-browser")]
        {
            self.canaries.keep_on_record(name, value, RECORD);
        }
        let long = format!("canary-nameless-{}", "x".repeat(64));
        for (name, value) in [("wayfarer-agent", long.as_str()), ("wayfarer-evidence", &long)] {
            let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), (name, value)];
            assert_eq!(world.send("POST", SEND, &headers, &send.to_string()).await.status, 400);
        }
        self.canaries.keep("an agent that is none", "canary-nameless", &[]);
        let odd = json!({ "channel": "canary-channel", "identifier_type": "canary-kind", "identifier": "canary-person", "password": "canary-password" });
        world.call("POST", SEND, &self.support, &odd).await;
        let odd = json!({ "channel": "canary-channel", "identifier_type": "email", "identifier": "canary-person" });
        self.call("POST", SEND, odd).await;
        for value in ["canary-channel", "canary-kind", "canary-person", "canary-password"] {
            self.canaries.keep(value, value, &[]);
        }

        let check =
            |code: &str| json!({ "passcode": code, "identifier_type": "user_id", "identifier": "canary-user-id" });
        let path = "/cis/v1/auth/otp/authenticate";
        assert_eq!(self.call("POST", path, check(WRONG)).await.status, 400);
        self.canaries.keep("a wrong code", WRONG, &[]);
        assert_eq!(self.call("POST", path, check(&"canary-code-".repeat(9))).await.status, 400);
        self.canaries.keep("what is no code", "canary-code", &[]);
        let good = self.call("POST", path, check(&first)).await.json();
        for name in ["access_token", "id_token"] {
            self.canaries.keep_token("a token by a code", &text(&good[name]), &["POST /cis/v1/auth/otp/authenticate"]);
        }
        assert_eq!(self.call("POST", path, check(&first)).await.status, 400);
    }

    /// What no call takes, in every part of a request and to every interface.
    pub(super) async fn odd(&mut self) {
        let headers = [
            ("cookie", "__Host-wayfarer=canary-cookie; session=canary-cookie"),
            ("authorization", "Basic canary-basic"),
            ("user-agent", "canary-program"),
            ("referer", "https://canary-page-before.example"),
            ("traceparent", "canary-trace"),
            ("x-forwarded-for", "canary-proxy"),
            ("content-type", "application/canary-type"),
        ];
        for path in [
            "/canary-place",
            "/v1/canary-place",
            "/v1/runs/submit",
            "/cis/v1/users/canary-place",
            SEND,
            "/cis/oidc/token",
            "/ido/canary-place",
            "/ido/api/v2/auth/assert",
        ] {
            for method in ["GET", "POST", "CANARY-METHOD"] {
                self.world.send(method, path, &headers, "{\"canary-body\": canary-body}").await;
                let headers = [("authorization", "Bearer canary-bearer"), ("content-type", "application/json")];
                self.world.send(method, path, &headers, "{\"canary-body\": canary-body}").await;
            }
        }
        for value in [
            "canary-cookie",
            "canary-basic",
            "canary-program",
            "canary-page-before",
            "canary-trace",
            "canary-proxy",
            "canary-type",
            "canary-place",
            "CANARY-METHOD",
            "canary-body",
            "canary-bearer",
        ] {
            self.canaries.keep(value, value, &[]);
        }
        // Whoever is deleted leaves nothing but the id.
        assert_eq!(self.call("DELETE", "/cis/v1/manage/users/canary-user-id", Json::Null).await.status, 204);
    }
}

#[track_caller]
fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("no text: {json}")).to_owned()
}
