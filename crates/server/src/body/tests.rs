#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use serde_json::json;

use super::{is_of_type, read_form, read_json};
use crate::Limits;
use crate::refusal::Refusal;

fn typed(types: &[&str]) -> HeaderMap {
    types.iter().map(|text| (header::CONTENT_TYPE, HeaderValue::from_str(text).unwrap())).collect()
}

#[test]
fn r80_the_type_is_exact() {
    let json = |types: &[&str]| is_of_type("application/json", &typed(types));
    let good = [
        "application/json",
        "Application/JSON",
        "application/json;charset=UTF-8",
        "application/json; charset=\"utf-8\"",
    ];
    assert!(good.iter().all(|text| json(&[text])));
    let bad = [
        "text/plain",
        "application/json;charset=latin1",
        "application/json; a=b",
        "application/jsonp",
        "",
        "application/json; charset=utf-8; charset=utf-8",
        "text/plain, application/json",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
    ];
    for text in bad {
        assert!(!json(&[text]), "{text}");
    }
    assert!(!json(&[]) && !json(&["application/json", "application/json"]));
}

#[tokio::test]
async fn a_body_is_read_by_its_type() {
    let limits = Limits::default();
    let headers = typed(&["application/json"]);
    assert_eq!(read_json(&headers, Body::from("{\"a\":1}"), &limits).await, Ok(json!({ "a": 1 })));
    let refused = read_form(&headers, Body::from("a=1"), &limits).await.unwrap_err();
    assert_eq!(refused, Refusal::MediaType("application/x-www-form-urlencoded"));
    let mut packed = headers.clone();
    packed.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    assert_eq!(read_json(&packed, Body::from("{}"), &limits).await, Err(Refusal::MediaType("application/json")));
}

#[tokio::test]
async fn r83_a_body_has_its_size_and_no_byte_more() {
    let limits = Limits { body_bytes: 10, ..Limits::default() };
    let headers = typed(&["application/json"]);
    assert!(read_json(&headers, Body::from("\"12345678\""), &limits).await.is_ok());
    assert_eq!(read_json(&headers, Body::from("\"123456789\""), &limits).await, Err(Refusal::TooLarge));
}
