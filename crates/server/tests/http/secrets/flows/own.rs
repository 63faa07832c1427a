//! What goes through our own interface: of a browser, of a backend, over HTTP/1.1 and HTTP/2.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value as Json, json};
use tokio::net::TcpStream;

use super::{CODE, Flows, WRONG, text};
use crate::own::Caller;
use crate::rig::ORIGIN;

impl Flows<'_> {
    /// Our own interface, from a browser.
    pub(crate) async fn own(&mut self) {
        let world = self.world;
        const STEP: &[&str] = &["POST /v1/journeys/*/runs", "POST /v1/runs/submit", "GET /v1/runs/current"];
        let page = || Caller::new(world).with("origin", ORIGIN);
        let asks = || page().with("idempotency-key", "canary-idempotency");
        let begun = asks().start("asked", json!({ "note": "canary-own-note" })).await;
        let cookie = begun.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let key = cookie.strip_prefix("__Host-wayfarer=").unwrap();
        self.canaries.keep("a cookie", key, &["POST /v1/journeys/*/runs"]);
        let bytes = URL_SAFE_NO_PAD.decode(key).unwrap();
        self.canaries.keep_bytes("the key in a cookie", &bytes, &["POST /v1/journeys/*/runs"]);
        let mine = || page().with("cookie", &cookie);
        let again = mine().with("idempotency-key", "canary-idempotency");
        let handle = text(&again.start("asked", json!({ "note": "canary-own-note" })).await.json()["handle"]);
        assert_eq!(again.start("asked", json!({ "note": "canary-own-late" })).await.status, 409);
        mine().with("idempotency-key", &"canary-idempotency".repeat(20)).start("asked", json!({})).await;
        self.canaries.keep_handle("a handle", &text(&begun.json()["handle"]), STEP);
        self.canaries.keep_handle("a handle", &handle, STEP);
        mine().current(&handle).await;
        page().current(&handle).await;
        page().current("canary-handle.canary-handle").await;
        mine().submit(&handle, json!({ "word": "canary-own-word", "plan": 7 })).await;
        mine()
            .submit(&handle, json!({ "word": "canary-own-word", "plan": "canary-own-plan", "canary-own-field": 1 }))
            .await;
        let filled = json!({ "word": "canary-own-word", "plan": "canary-own-plan" });
        for _ in 0..2 {
            assert_eq!(mine().submit(&handle, filled.clone()).await.status, 200);
        }
        for value in ["canary-idempotency", "canary-own-note", "canary-own-late", "canary-own-word", "canary-handle"] {
            self.canaries.keep(value, value, &[]);
        }
        self.canaries.keep("what was filled in", "canary-own-plan", STEP);
        mine().start("asked", json!({ "canary-param": "x" })).await;
        mine().start("canary-journey", json!({})).await;
        let odd = json!({ "params": {}, "canary-member": "x" });
        mine().call("POST", "/v1/journeys/asked/runs", None, Some(&odd)).await;
        for (path, value) in [
            ("/v1/runs/current?canary-query=1", "canary-query"),
            ("/v1/runs/current?access_token=canary-token", "canary-token"),
            ("/v1/canary-path", "canary-path"),
            ("/canary-path?code=canary-query", "canary-query"),
        ] {
            world.send("GET", path, &[("wayfarer-handle", "x")], "").await;
            self.canaries.keep(value, value, &[]);
        }
        self.canaries.keep("a journey that there is not", "canary-journey", &[]);
        const PLACES: &[&str] = &["POST /v1/journeys/asked/runs", "POST /v1/runs/submit"];
        for place in ["canary-own-field", "canary-param", "canary-member"] {
            self.canaries.keep_place("a name that there is not", place, PLACES);
        }

        let code = self.code().await;
        let params = |code: &str| json!({ "external_user_id": "canary-external-id", "temp_code": code });
        mine().start(CODE, params(WRONG)).await;
        let done = mine().start(CODE, params(&code)).await.json();
        for name in ["access_token", "id_token"] {
            self.canaries.keep_token("a token of a run", &text(&done["tokens"][name]), &["POST /v1/journeys/*/runs"]);
        }
        let left = text(&mine().start("asked", json!({})).await.json()["handle"]);
        self.canaries.keep_handle("a handle that is given up", &left, STEP);
        assert_eq!(mine().call("POST", "/v1/runs/cancel", Some(&left), Some(&json!({}))).await.status, 200);

        let counted = "/v1/journeys/counted";
        assert_eq!(self.call("POST", counted, json!({ "params": { "note": "canary-backend" } })).await.status, 200);
        self.call("POST", counted, json!({ "params": { "note": ["canary-no-note"] } })).await;
        self.canaries.keep("what a backend says", "canary-backend", &["POST /v1/journeys/counted"]);
        self.canaries.keep("what does not fit", "canary-no-note", &[]);
    }

    /// The same over HTTP/2, whose frames others look at and log.
    pub(crate) async fn frames(&mut self) {
        let code = self.code().await;
        let wire = TcpStream::connect(self.world.public).await.unwrap();
        let (mut sender, wire) = http2::handshake(TokioExecutor::new(), TokioIo::new(wire)).await.unwrap();
        let wire = tokio::spawn(wire);
        let path = format!("http://x/v1/journeys/{CODE}/runs");
        let body = json!({ "params": { "external_user_id": "canary-external-id", "temp_code": code } });
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.header("authorization", format!("Bearer {}", self.boss));
        let request = request.header("idempotency-key", "canary-frame").header("cookie", "session=canary-frame");
        let answer =
            sender.send_request(request.body(Full::new(Bytes::from(body.to_string()))).unwrap()).await.unwrap();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let done: Json = serde_json::from_slice(&body).unwrap();
        self.canaries.keep_token("a token by HTTP/2", &text(&done["tokens"]["access_token"]), &[]);
        self.canaries.keep("a key by HTTP/2", "canary-frame", &[]);
        self.canaries.see(&format!("canary-frame {done}"));
        drop(sender);
        wire.await.unwrap().unwrap();
    }
}
