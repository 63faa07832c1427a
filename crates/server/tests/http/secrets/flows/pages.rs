//! What the pages of the SDK send, plain and encrypted, and their backends after that.

use serde_json::json;
use wayfarer::identity::{ClientScope, Completion, NewClient};

use super::{CODE, Flows, WRONG, text};
use crate::channels::{Channel, post, typed};
use crate::rig::{Page, WEB};

impl Flows<'_> {
    /// The pages of the SDK: a form, a wait, a sign-in, and what the backend does with what came of it.
    pub(crate) async fn pages(&mut self) {
        let world = self.world;
        const STEP: &[&str] = &["POST /ido/api/v2/auth/a*"];
        let mut page = Page::new(world);
        page.correlation = "canary-correlation".to_owned();
        page.start("asked", json!({ "note": "canary-note", "canary_undeclared": "canary-more" })).await;
        for value in ["canary-correlation", "canary-note", "canary_undeclared", "canary-more"] {
            self.canaries.keep(value, value, &[]);
        }
        self.canaries.keep("the name of a run", page.sid.as_ref().unwrap(), STEP);
        let handle = text(&page.element()["assertion_id"]);
        self.canaries.keep_handle("a handle of the SDK", &handle, STEP);
        page.input(json!({ "word": "canary-word", "plan": 7 })).await;
        let mut sent = page.assertion("action");
        sent["input"] = json!({ "word": "canary-word", "plan": "canary-plan" });
        let first = page.post("assert", &sent).await;
        assert_eq!((first.status, page.post("assert", &sent).await.timeless()), (200, first.timeless()));
        sent["input"]["plan"] = json!("canary-other");
        assert_eq!(page.post("assert", &sent).await.status, 409);
        self.canaries.keep("a password", "canary-word", &[]);
        self.canaries.keep("what was filled in", "canary-plan", STEP);
        self.canaries.keep("what came too late", "canary-other", &[]);

        let mut kiosk = Page::new(world);
        kiosk.start("hand_over_start", json!({ "device_name": "canary-device" })).await;
        self.canaries.keep("a device", "canary-device", STEP);
        self.canaries.keep("a handle of a wait", &text(&kiosk.element()["assertion_id"]), STEP);
        let message = text(&kiosk.element()["content"]);
        self.canaries.keep("the id of a message", &message, STEP);
        let ticket = json!({ "ticket_id": kiosk.element()["raw_ticket_id"], "type": "ticket" });
        kiosk.post("poll", &ticket).await;
        let code = self.code().await;
        let mut phone = Page::new(world);
        phone.start("hand_over_finish", json!({ "message_id": message })).await;
        phone.input(json!({ "identifier": "canary-external-id", "temp_code": code })).await;
        self.canaries.keep_token("the token of a page", &text(&phone.last["data"]["token"]), STEP);

        for origin in ["https://canary-origin.example", "canary-origin"] {
            Page { origin: Some(origin.to_owned()), ..Page::new(world) }.begin("asked", json!({})).await;
        }
        self.canaries.keep("an origin", "canary-origin", &[]);
        self.exchanged().await;
    }

    async fn exchanged(&mut self) {
        let world = self.world;
        let new = NewClient {
            client_id: Some("both".to_owned()),
            completion: Completion::Both,
            ..NewClient::confidential("default")
        };
        world.client(&new.scopes([ClientScope::JourneysRun])).await;
        let code = self.code().await;
        let other = || Page { client: "both".to_owned(), origin: None, ..Page::new(world) };
        other().start(CODE, json!({ "external_user_id": "canary-external-id", "temp_code": WRONG })).await;
        let mut page = other();
        page.start(CODE, json!({ "external_user_id": "canary-external-id", "temp_code": code })).await;
        let (token, done) = (text(&page.last["data"]["token"]), text(&page.last["data"]["code"]));
        const START: &[&str] = &["POST /ido/api/v2/auth/anonymous_invoke"];
        self.canaries.keep_token(
            "the token of a page",
            &token,
            &["POST /ido/api/v2/auth/anonymous_invoke", "POST /ido/api/v2/token/exchange"],
        );
        self.canaries.keep("a completion code", &done, START);
        let ask = |word: &str| format!("/ido/api/v2/token/{word}?clientId=both");
        assert_eq!(self.call("POST", &ask("introspect"), json!({ "token": token })).await.status, 200);
        assert_eq!(self.call("POST", &ask("introspect"), json!({ "token": format!("{token}x") })).await.status, 400);
        assert_eq!(self.call("POST", &ask("exchange"), json!({ "code": "canary-completion" })).await.status, 400);
        self.canaries.keep("what is no completion code", "canary-completion", &[]);
        let exchanged = self.call("POST", &ask("exchange"), json!({ "code": done })).await.json();
        let id = text(&exchanged["data"]["id_token"]);
        self.canaries.keep_token("an identity token", &id, &["POST /ido/api/v2/token/exchange"]);
        assert_eq!(self.call("POST", &ask("exchange"), json!({ "code": done })).await.status, 400);
    }

    /// A page that encrypts what it sends.
    pub(crate) async fn channels(&mut self) {
        let world = self.world;
        let channel = Channel::open(world, WEB).await;
        self.canaries.keep("the name of a channel", &channel.id, &["POST /ido/api/v2/auth/key_exchange"]);
        self.canaries.keep_unsaid("the key of a channel", &channel.key);
        let code = self.code().await;
        let begin = json!({ "policy_request_id": CODE, "params": { "external_user_id": "canary-external-id", "temp_code": code } });
        let begun = post(world, WEB, "anonymous_invoke", "", &channel.seal(&[], &begin)).await.json();
        let data = channel.open_data(&begun);
        self.canaries.keep_token("a token by a channel", &text(&data["token"]), &[]);
        self.canaries.see(&data.to_string());

        let headers = [json!({ "type": "correlation_id", "correlation_id": "canary-hidden-name" })];
        let begin = json!({ "policy_request_id": "asked", "params": { "note": "canary-hidden-note" } });
        let begun = post(world, WEB, "anonymous_invoke", "", &channel.seal(&headers, &begin)).await.json();
        let handle = channel.open_data(&begun)["control_flow"][0]["assertion_id"].clone();
        let sid = format!("&sid={}", text(&typed(&begun, "session_id")["session_id"]));
        let input = json!({ "word": "canary-hidden-word", "plan": "canary-hidden-plan" });
        let answer = json!({ "assertion_id": handle, "action": "form", "assert": "action", "input": input });
        let done = post(world, WEB, "assert", &sid, &channel.seal(&[], &answer)).await.json();
        self.canaries.keep_handle("a handle by a channel", &text(&handle), &[]);
        for value in ["canary-hidden-name", "canary-hidden-note", "canary-hidden-word", "canary-hidden-plan"] {
            self.canaries.keep(value, value, &[]);
        }
        let told = channel.open_data(&done);
        assert_eq!(told["data"]["plan"], "canary-hidden-plan", "{told}");
        // What was said within is as good as said: the end hands out the plan, so the rest has come through, too.
        self.canaries.see(&format!("{headers:?} {begin} {answer} {told}"));
        let mut broken = channel.seal(&[], &answer);
        broken["headers"][0]["crypto_session_id"] = json!("canary-no-channel");
        post(world, WEB, "assert", &sid, &broken).await;
        self.canaries.keep("what is no channel", "canary-no-channel", &[]);
    }
}
