//! What administration makes, by whom and why, and what it does not take.

use serde_json::{Value as Json, json};

use super::{Flows, RECORD, text};

impl Flows<'_> {
    /// Administration: what it makes, by whom and why, and what it does not take.
    pub(crate) async fn administration(&mut self) {
        let base = "/admin/v1/users/canary-user-id";
        let new = json!({ "expires_in": 900, "evidence": "canary-case" });
        let issued = self.manage("POST", &format!("{base}/codes"), new).await;
        self.canaries.keep("a code", &text(&issued.json()["code"]), &["POST /admin/v1/users/*/codes"]);
        self.manage("GET", &format!("{base}/codes"), Json::Null).await;
        self.manage("POST", &format!("{base}/codes/revoke"), json!({})).await;
        self.manage("POST", &format!("{base}/codes/unlock"), json!({ "reason": "canary-reason" })).await;
        for (name, value) in [("evidence", "canary-case"), ("a reason", "canary-reason")] {
            self.canaries.keep_on_record(name, value, RECORD);
        }
        for body in [
            json!({ "expires_in": "canary-seconds" }),
            json!({ "canary-name-of-code": 1 }),
            json!({ "evidence": ["canary-seconds"] }),
        ] {
            assert!(self.manage("POST", &format!("{base}/codes"), body).await.status >= 400);
        }
        self.canaries.keep("a lifetime that is none", "canary-seconds", &[]);
        self.canaries.keep_place("a name that there is not", "canary-name-of-code", &["POST /admin/v1/users/*/codes"]);
        self.manage("GET", base, Json::Null).await;
        self.manage("GET", "/admin/v1/users", Json::Null).await;
        self.manage(
            "POST",
            "/admin/v1/users/find",
            json!({ "identifier_type": "email", "identifier": "canary-mail@example.com" }),
        )
        .await;
        self.manage(
            "POST",
            "/admin/v1/users/find",
            json!({ "identifier_type": "canary-find", "identifier": "canary-find" }),
        )
        .await;
        self.manage("POST", "/admin/v1/users/find", json!({ "identifier_type": "email", "identifier": "canary-find" }))
            .await;
        self.manage("GET", "/admin/v1/users/canary-find", Json::Null).await;
        self.canaries.keep("who is not found", "canary-find", &[]);

        const CLIENTS: &[&str] = &["POST /admin/v1/clients*"];
        let added =
            self.manage("POST", "/admin/v1/clients", json!({ "client_id": "desk", "scopes": ["users:read"] })).await;
        let rotated = self.manage("POST", "/admin/v1/clients/desk/rotate", json!({})).await;
        for reply in [added, rotated] {
            self.canaries.keep("the secret of a new client", &text(&reply.json()["client_secret"]), CLIENTS);
        }
        for path in [
            "/admin/v1/clients",
            "/admin/v1/clients/desk",
            "/admin/v1/applications",
            "/admin/v1/clients?canary-asked=1",
            "/admin/v1/clients?after=canary-asked",
        ] {
            self.manage("GET", path, Json::Null).await;
        }
        self.canaries.keep("what a list does not take", "canary-asked", &[]);
        let odd =
            json!({ "client_secret": "canary-own-secret", "scopes": ["canary-scope"], "origins": ["canary-page"] });
        self.manage("POST", "/admin/v1/clients", odd).await;
        self.manage("POST", "/admin/v1/clients", json!({ "scopes": ["canary-scope"] })).await;
        self.manage("POST", "/admin/v1/clients", json!({ "origins": ["canary-page"] })).await;
        for value in ["canary-own-secret", "canary-scope", "canary-page"] {
            self.canaries.keep(value, value, &[]);
        }

        let runs = self.manage("GET", "/admin/v1/runs?limit=200", Json::Null).await.json();
        for run in runs["runs"].as_array().unwrap() {
            self.manage("GET", &format!("/admin/v1/runs/{}", text(&run["run_id"])), Json::Null).await;
        }
        self.manage("GET", "/admin/v1/runs?user_id=canary-user-id", Json::Null).await;
        self.manage("GET", "/admin/v1/runs?status=canary-status", Json::Null).await;
        self.canaries.keep("a status that there is not", "canary-status", &[]);
        self.manage("GET", "/admin/v1/audit?limit=200", Json::Null).await;
        self.manage("GET", "/admin/v1/audit/verify", Json::Null).await;
        self.manage("POST", &format!("{base}/disable"), json!({})).await;
        self.manage("POST", &format!("{base}/enable"), json!({})).await;
        let stranger = format!("{}canary-stranger", self.boss);
        self.world.manage("GET", "/admin/v1/users", &stranger, &Json::Null).await;
        self.canaries.keep("a token that is none", "canary-stranger", &[]);
    }
}
