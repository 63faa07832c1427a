//! The reference journey as somebody would write it without an engine: a request comes in, the answer in JSON goes out.

use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

pub(super) struct Journey<'a> {
    /// The SHA-256 of the right code.
    pub(super) hash: &'a [u8],
}

/// What has to be kept while the client looks for the code.
#[derive(Serialize, Deserialize)]
struct Session {
    run: Uuid,
    journey: String,
    step: String,
    visits: u32,
    params: Map<String, Json>,
}

impl Journey<'_> {
    /// One `async fn` that is suspended once; its state never leaves the memory.
    pub(super) fn at_once(&self, request: &Json, code: &str) -> String {
        let hold = Hold { asked: false, code };
        let mut journey = pin!(self.journey(request, hold));
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(answer) = journey.as_mut().poll(&mut context) {
                return answer;
            }
        }
    }

    async fn journey(&self, request: &Json, hold: Hold<'_>) -> String {
        if !is_admitted(request["risk_score"].as_i64(), request["country"].as_str()) {
            return told("rejected", &Json::Null, 2);
        }
        drop(black_box(super::prompt()));
        let code = hold.await;
        self.entered(code, &request["external_user_id"])
    }

    /// The same in two halves, with the state between them as JSON.
    pub(super) fn restored(&self, request: &Json, code: &str) -> String {
        let Json::Object(params) = request else { panic!("the request is no object") };
        if !is_admitted(params["risk_score"].as_i64(), params["country"].as_str()) {
            return told("rejected", &Json::Null, 2);
        }
        drop(black_box(super::prompt()));
        let session = Session {
            run: Uuid::nil(),
            journey: "reference".to_owned(),
            step: "ask_code".to_owned(),
            visits: 2,
            params: params.clone(),
        };
        let bytes = serde_json::to_vec(&session).unwrap();
        drop(session);
        let session: Session = serde_json::from_slice(black_box(&bytes)).unwrap();
        self.entered(code, &session.params["external_user_id"])
    }

    fn entered(&self, code: &str, user: &Json) -> String {
        if digest(&SHA256, code.as_bytes()).as_ref() == self.hash {
            told("completed", &json!({ "user": user, "verified": true }), 3)
        } else {
            told("rejected", &Json::Null, 3)
        }
    }
}

fn is_admitted(risk: Option<i64>, country: Option<&str>) -> bool {
    risk.is_some_and(|risk| risk <= 90) && matches!(country, Some("US" | "CA"))
}

fn told(outcome: &str, data: &Json, visits: u32) -> String {
    json!({ "run": Uuid::nil(), "outcome": outcome, "data": data, "visits": visits }).to_string()
}

/// Gives the code on the second look: between the two the client answered.
struct Hold<'a> {
    asked: bool,
    code: &'a str,
}

impl<'a> Future for Hold<'a> {
    type Output = &'a str;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<&'a str> {
        if self.asked {
            return Poll::Ready(self.code);
        }
        self.asked = true;
        Poll::Pending
    }
}
