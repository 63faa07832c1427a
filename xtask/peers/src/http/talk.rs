//! A server's answers come in; the requests that a client of it sends go out.

use serde_json::{Value, json};

use super::child::{Ready, user};
use super::connection::post;

/// The client of a public journey.
pub(super) const CLIENT: &str = "web";

/// What is said to which server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Talk {
    /// Two requests that a bare endpoint answers.
    Hello,
    /// Two requests whether the server lives.
    Health,
    /// A journey on the hand-written server.
    Hand,
    /// A journey on ours, as the official SDK would have it.
    Ours,
}

impl Talk {
    pub(super) fn first(self, number: usize) -> Vec<u8> {
        match self {
            Self::Hello => post("/hello", &json!({ "name": user(number) }).to_string()),
            Self::Health => b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec(),
            Self::Hand => post("/start", &json!({ "external_user_id": user(number) }).to_string()),
            Self::Ours => {
                let params = json!({ "external_user_id": user(number) });
                let data = json!({ "policy_request_id": "recovery", "params": params });
                call("anonymous_invoke", "", &data)
            }
        }
    }

    pub(super) fn second(self, number: usize, ready: &Ready, answer: &[u8]) -> Vec<u8> {
        let json = || serde_json::from_slice::<Value>(answer).unwrap();
        match self {
            Self::Hello | Self::Health => self.first(number),
            Self::Hand => {
                post("/submit", &json!({ "handle": json()["handle"], "code": ready.codes[number] }).to_string())
            }
            Self::Ours => {
                let json = json();
                let step = &json["data"]["control_flow"][0];
                let sid = json["headers"][0]["session_id"].as_str().expect("the run has a name");
                let input = json!({ "temp_code": ready.codes[number] });
                let data = json!({
                    "assertion_id": step["assertion_id"], "action": "form", "assert": "action", "input": input,
                });
                call("assert", sid, &data)
            }
        }
    }

    /// Whether the second answer is what was wanted.
    pub(super) fn is_good(self, status: u16, answer: &[u8]) -> bool {
        let token = |name| {
            let json = serde_json::from_slice::<Value>(answer).unwrap();
            json.pointer(name).is_some_and(|token| token.as_str().is_some_and(|token| token.len() > 100))
        };
        status == 200
            && match self {
                Self::Hello | Self::Health => true,
                Self::Hand => token("/token"),
                Self::Ours => token("/data/token"),
            }
    }
}

/// A call of the SDK.
pub(super) fn call(operation: &str, sid: &str, data: &Value) -> Vec<u8> {
    let sid = if sid.is_empty() { String::new() } else { format!("&sid={sid}") };
    let path = format!("/ido/api/v2/auth/{operation}?aid=default_application&clientId={CLIENT}&locale=en-US{sid}");
    post(&path, &json!({ "headers": [], "data": data }).to_string())
}
