#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise, and panics on purpose"
)]

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use axum::routing::get;
use http_body_util::BodyExt;
use serde_json::Value as Json;
use tokio::sync::Notify;
use tokio::time::timeout;
use wayfarer_step::PortError;
use wayfarer_step::port::Entropy;

use super::Edge;
use crate::Limits;
use crate::stop::{AllWork, work};

struct Zeros;

impl Entropy for Zeros {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        bytes.fill(0);
        Ok(())
    }
}

struct Empty;

impl Entropy for Empty {
    fn fill(&self, _: &mut [u8]) -> Result<(), PortError> {
        Err(PortError::unavailable("entropy", "empty"))
    }
}

fn edge(router: Router, limits: Limits) -> (Edge, AllWork) {
    let (work, all_work) = work();
    (Edge::new(router, Arc::new(Zeros), limits, false, work), all_work)
}

fn request(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

async fn told(response: Response<Body>) -> (u16, Json) {
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

async fn panics() -> &'static str {
    panic!("s3cr3t")
}

#[tokio::test]
async fn r121_a_panic_is_a_failure_in_the_words_of_its_interface_and_the_next_is_served() {
    let router = Router::new().route("/", get(panics)).route("/ido/x", get(panics)).route("/good", get(async || "1"));
    let (edge, _) = edge(router, Limits::default());
    let (status, json) = told(edge.answer(request("/")).await).await;
    assert_eq!((status, &json["status"], json["detail"].as_str()), (500, &Json::from(500), Some("the server failed")));
    let (status, json) = told(edge.answer(request("/ido/x")).await).await;
    assert_eq!((status, &json["error_code"]), (500, &Json::from(5_000)));
    assert!(!json.to_string().contains("s3cr3t"));
    assert_eq!(told(edge.answer(request("/good")).await).await, (200, Json::from(1)));
}

#[tokio::test(start_paused = true)]
async fn r84_an_answer_that_takes_too_long_is_not_waited_for() {
    let (edge, _) = edge(Router::new().route("/", get(pending::<String>)), Limits::default());
    let response = timeout(Duration::from_millis(30_001), edge.answer(request("/"))).await;
    assert_eq!(told(response.unwrap()).await.0, 503);
}

#[tokio::test(start_paused = true)]
async fn more_requests_at_once_than_there_is_room_for_are_asked_to_come_again() {
    let (edge, _) = edge(Router::new().route("/", get(pending::<String>)), Limits { requests: 2, ..Limits::default() });
    let soon = || timeout(Duration::from_secs(1), edge.answer(request("/")));
    assert!(soon().await.is_err() && soon().await.is_err());
    let (status, json) = told(edge.answer(request("/")).await).await;
    assert_eq!(status, 503);
    assert!(json["type"].as_str().unwrap().ends_with("#too_many_requests_at_once"));
}

#[tokio::test(start_paused = true)]
async fn what_has_begun_is_carried_out_though_the_caller_has_left() {
    let (gate, done) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
    let (wait, note) = (gate.clone(), done.clone());
    let work = async move || {
        wait.notified().await;
        note.store(true, Ordering::SeqCst);
    };
    let (edge, all_work) = edge(Router::new().route("/", get(work)), Limits::default());
    assert!(timeout(Duration::from_secs(1), edge.answer(request("/"))).await.is_err(), "the caller leaves");
    drop(edge);
    let mut all_done = Box::pin(all_work.done());
    assert!(timeout(Duration::from_secs(1), &mut all_done).await.is_err(), "it is under way");
    gate.notify_one();
    all_done.await;
    assert!(done.load(Ordering::SeqCst));
}

#[tokio::test]
async fn without_random_bytes_nothing_is_done() {
    let (work, _) = work();
    let router = Router::new().route("/", get(panics));
    let edge = Edge::new(router, Arc::new(Empty), Limits::default(), false, work);
    assert_eq!(told(edge.answer(request("/")).await).await.0, 503);
}
