#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use axum::http::{HeaderMap, HeaderValue, header};
use wayfarer_identity::SystemEntropy;

use super::Browser;

fn with(cookies: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for cookie in cookies {
        headers.append(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
    }
    headers
}

#[test]
fn a_key_comes_back_as_it_was_set_and_only_once() {
    let page = Browser::of(&HeaderMap::new(), true);
    assert!(page.is_new() && page.proof().is_none());
    let (known, cookie) = page.with_key(&SystemEntropy).unwrap();
    let cookie = cookie.unwrap().to_str().unwrap().to_owned();
    let pair = cookie.split(';').next().unwrap();
    let other = format!("a=b; {pair}; c=d");
    assert_eq!(Browser::of(&with(&[&other]), true).proof(), known.proof());
    assert_eq!(Browser::of(&with(&["a=b", pair]), true).proof(), known.proof(), "HTTP/2 may split them");
    for bad in [&[pair, pair][..], &["__Host-wayfarer=x"], &["__Host-wayfarer="], &[&"x".repeat(100)], &["wayfarer=x"]]
    {
        assert!(Browser::of(&with(bad), true).is_new(), "{bad:?}");
    }
    assert_eq!(Browser::of(&HeaderMap::new(), false).proof(), Some(&[][..]), "no browser is there");
}

#[test]
fn r81_the_cookie_has_every_mark() {
    let set = |site: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("sec-fetch-site", HeaderValue::from_str(site).unwrap());
        let (_, cookie) = Browser::of(&headers, true).with_key(&SystemEntropy).unwrap();
        let cookie = cookie.unwrap().to_str().unwrap().to_owned();
        cookie.split_once("; ").unwrap().1.to_owned()
    };
    for site in ["same-origin", "same-site", ""] {
        assert_eq!(set(site), "Path=/; Secure; HttpOnly; SameSite=Strict");
    }
    assert_eq!(set("cross-site"), "Path=/; Secure; HttpOnly; SameSite=None; Partitioned");
}
