//! Users with codes come in; they are let in over HTTP as one would write it by hand on axum, or nothing is done at all.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use super::child::{Ready, pin, user};
use crate::journey::disk::{Disk, Grouped, Memory, Redb};
use crate::journey::host::Host;
use crate::scratch;

/// The bare endpoint: JSON in, JSON out.
pub(super) fn hello() {
    let greet = |Json(body): Json<Value>| async move { Json(json!({ "hello": body["name"] })) };
    pin();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(serve(Router::new().route("/hello", post(greet)), Vec::new()));
}

pub(super) fn in_memory(users: usize) {
    journeys(Memory::default(), users);
}

pub(super) fn in_a_file(users: usize) {
    let folder = scratch::folder();
    journeys(Grouped::new(Redb::new(&folder.path().join("host.redb"))), users);
}

fn journeys<D: Disk>(disk: D, users: usize) {
    pin();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let host = Arc::new(Host::new(disk));
        let mut codes = Vec::with_capacity(users);
        for number in 0..users {
            codes.push(host.issue(&user(number)).await);
        }
        let router = Router::new().route("/start", post(start::<D>)).route("/submit", post(submit::<D>));
        serve(router.with_state(host), codes).await;
    });
}

async fn start<D: Disk>(State(host): State<Arc<Host<D>>>, Json(body): Json<Value>) -> Result<Json<Value>, StatusCode> {
    let user = body["external_user_id"].as_str().ok_or(StatusCode::BAD_REQUEST)?;
    Ok(Json(json!({ "handle": host.begin(user).await, "ask": { "temp_code": "code" } })))
}

async fn submit<D: Disk>(State(host): State<Arc<Host<D>>>, Json(body): Json<Value>) -> Result<Json<Value>, StatusCode> {
    let text = |name: &str| body[name].as_str().ok_or(StatusCode::BAD_REQUEST);
    let tokens = host.finish(text("handle")?, text("code")?).await.ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(Json(json!({ "token": tokens.access })))
}

async fn serve(router: Router, codes: Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    Ready { address: listener.local_addr().unwrap(), admin: None, codes }.say();
    axum::serve(listener, router).await.unwrap();
}
