//! Tokens that are not ours, or not what they seem (R69, R70, R71).
#![expect(clippy::disallowed_methods, reason = "a forger brings his own dice")]

use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use wayfarer_step::Secret;
use wayfarer_store::keys::Purpose;

use super::{Claims, Proven, TokenError, TokenKind};
use crate::fixture::Fixture;

/// A live token taken apart, so that it can be put together again with one thing changed.
struct Parts {
    run: Proven,
    header: Json,
    claims: Json,
}

fn json_of(part: &str) -> Json {
    serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap()
}

impl Parts {
    async fn new() -> Self {
        let run = Proven::new(&Arc::new(Fixture::new().await), "ann").await;
        run.complete().await;
        let mut parts = run.access.expose().split('.');
        let (header, claims) = (json_of(parts.next().unwrap()), json_of(parts.next().unwrap()));
        Self { run, header, claims }
    }

    fn sign(&self, message: &str, algorithm: &'static aws_lc_rs::signature::EcdsaSigningAlgorithm) -> String {
        let ring = self.run.f.vault.keys();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, ring.of(Purpose::Sign).active().pkcs8().unwrap()).unwrap();
        BASE64.encode(pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap())
    }

    /// Signed with the right key, whatever it says.
    fn token(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims));
        let signature = self.sign(&message, &ECDSA_P256_SHA256_FIXED_SIGNING);
        format!("{message}.{signature}")
    }

    fn with_header(&self, name: &str, value: Option<Json>) -> String {
        self.token(&changed(&self.header, name, value), &self.claims.to_string())
    }

    fn with_claim(&self, name: &str, value: Option<Json>) -> String {
        self.token(&self.header.to_string(), &changed(&self.claims, name, value))
    }

    async fn shown(&self, token: &str) -> Result<Claims, TokenError> {
        let f = &self.run.f;
        let token = Secret::new(token.to_owned());
        f.identity.introspect(&f.tenant, "default", TokenKind::Access, &token).await.unwrap()
    }
}

fn changed(object: &Json, name: &str, value: Option<Json>) -> String {
    let mut object = object.as_object().unwrap().clone();
    match value {
        Some(value) => object.insert(name.to_owned(), value),
        None => object.remove(name),
    };
    Json::Object(object).to_string()
}

#[tokio::test]
async fn what_is_put_together_unchanged_is_accepted() {
    let parts = Parts::new().await;
    assert!(parts.shown(&parts.token(&parts.header.to_string(), &parts.claims.to_string())).await.is_ok());
    let members = parts.header.as_object().unwrap();
    assert_eq!(members.len(), 3);
    assert_eq!((&members["alg"], &members["typ"]), (&json!("ES256"), &json!("at+jwt")));
    assert_eq!(members["kid"], parts.run.f.identity.jwks()["keys"][0]["kid"]);
}

#[tokio::test]
async fn r69_only_our_header_is_read() {
    let parts = Parts::new().await;
    for (name, value) in [
        ("alg", Some(json!("none"))),
        ("alg", Some(json!("None"))),
        ("alg", Some(json!("es256"))),
        ("alg", Some(json!("HS256"))),
        ("alg", Some(json!("RS256"))),
        ("alg", Some(json!("ES384"))),
        ("alg", None),
        ("typ", None),
        ("typ", Some(json!("JWT"))),
        ("typ", Some(json!("AT+JWT"))),
        ("kid", None),
        ("kid", Some(json!(null))),
        ("jwk", Some(parts.run.f.identity.jwks()["keys"][0].clone())),
        ("jku", Some(json!("https://evil.example/jwks"))),
        ("x5u", Some(json!("https://evil.example/cert"))),
        ("x5c", Some(json!(["MIIB"]))),
        ("crit", Some(json!(["exp"]))),
        ("b64", Some(json!(false))),
        ("zip", Some(json!("DEF"))),
    ] {
        let token = parts.with_header(name, value.clone());
        assert_eq!(parts.shown(&token).await, Err(TokenError::Header), "{name} {value:?}");
    }
    for kid in ["", "0", "../../keys/other", "' OR 1=1 --", "\u{0}", &"k".repeat(500)] {
        let token = parts.with_header("kid", Some(json!(kid)));
        assert_eq!(parts.shown(&token).await, Err(TokenError::UnknownKey), "{kid}");
    }
    let twice = parts.header.to_string().replacen('{', r#"{"alg":"none","#, 1);
    assert_eq!(parts.shown(&parts.token(&twice, &parts.claims.to_string())).await, Err(TokenError::Header));
}

#[tokio::test]
async fn r69_only_our_signature_counts() {
    let parts = Parts::new().await;
    let message = format!("{}.{}", BASE64.encode(parts.header.to_string()), BASE64.encode(parts.claims.to_string()));
    let signature = parts.sign(&message, &ECDSA_P256_SHA256_FIXED_SIGNING);
    assert!(parts.shown(&format!("{message}.{signature}")).await.is_ok());

    let x = parts.run.f.identity.jwks()["keys"][0]["x"].as_str().unwrap().to_owned();
    let swapped = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, x.as_bytes()), message.as_bytes());
    let other = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let other = other.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    let mut flipped = BASE64.decode(&signature).unwrap();
    flipped[40] ^= 1;
    for (what, wrong) in [
        ("none", String::new()),
        ("zeros", BASE64.encode([0; 64])),
        ("DER", parts.sign(&message, &ECDSA_P256_SHA256_ASN1_SIGNING)),
        ("a bit flipped", BASE64.encode(flipped)),
        ("cut", signature.chars().take(80).collect()),
        ("another key", BASE64.encode(other)),
        ("HMAC with the public key", BASE64.encode(swapped)),
    ] {
        let shown = parts.shown(&format!("{message}.{wrong}")).await;
        assert!(matches!(shown, Err(TokenError::Signature | TokenError::Malformed)), "{what}: {shown:?}");
    }
    for (what, token) in [
        ("nothing", String::new()),
        ("no signature", message.clone()),
        ("one part more", format!("{message}.{signature}.x")),
        ("padding", format!("{message}.{signature}==")),
        ("a space", format!(" {message}.{signature}")),
        ("too long", format!("{message}.{signature}{}", "A".repeat(5_000))),
    ] {
        assert!(parts.shown(&token).await.is_err(), "{what}");
    }
}

/// CVE-2026-25537: a claim of a wrong type that counted as absent, and so as fine.
#[tokio::test]
async fn r70_every_claim_is_required_and_has_its_type() {
    let parts = Parts::new().await;
    let required = ["iss", "sub", "aud", "client_id", "exp", "iat", "nbf", "jti", "sid", "amr", "acr", "auth_time"];
    assert_eq!(parts.claims.as_object().unwrap().len(), required.len());
    for name in required {
        let mut bad = vec![None, Some(json!(null)), Some(json!({})), Some(json!(true)), Some(json!([1]))];
        if parts.claims[name].is_number() {
            let number = parts.claims[name].as_i64().unwrap();
            bad.extend([json!(number.to_string()), json!(number as f64), json!(u64::MAX), json!([number])].map(Some));
        } else {
            bad.extend([json!(1), json!(0.5)].map(Some));
        }
        for value in bad {
            let shown = parts.shown(&parts.with_claim(name, value.clone())).await;
            assert_eq!(shown, Err(TokenError::Claims), "{name} {value:?}");
        }
    }
    let twice = parts.claims.to_string().replacen('{', r#"{"exp":99999999999,"#, 1);
    assert_eq!(parts.shown(&parts.token(&parts.header.to_string(), &twice)).await, Err(TokenError::Claims));
}

#[tokio::test]
async fn r70_claims_that_contradict_each_other_are_refused() {
    let parts = Parts::new().await;
    let iat = parts.claims["iat"].as_i64().unwrap();
    for (name, value, error) in [
        ("exp", json!(iat), TokenError::Claims),
        ("exp", json!(iat + 3_601), TokenError::Claims),
        ("exp", json!(i64::MAX), TokenError::Claims),
        ("exp", json!(i64::MIN), TokenError::Claims),
        ("iat", json!(i64::MIN), TokenError::Claims),
        ("iat", json!(iat + 60), TokenError::Claims),
        ("nbf", json!(iat + 1), TokenError::Claims),
        ("nbf", json!(iat - 1), TokenError::Claims),
        ("iss", json!("https://evil.example"), TokenError::Issuer),
        ("iss", json!(""), TokenError::Issuer),
        ("aud", json!("shop"), TokenError::Audience),
        ("aud", json!(["default"]), TokenError::Claims),
        ("client_id", json!("shop"), TokenError::Audience),
        ("sid", json!("not a session"), TokenError::Claims),
        ("sid", json!(uuid::Uuid::nil().to_string()), TokenError::NotLive),
        ("jti", json!(uuid::Uuid::nil().to_string()), TokenError::NotLive),
        ("sub", json!("somebody else"), TokenError::NotLive),
    ] {
        let shown = parts.shown(&parts.with_claim(name, Some(value.clone()))).await;
        assert_eq!(shown, Err(error), "{name} {value}");
    }
}

#[tokio::test]
async fn r71_no_kind_of_token_passes_for_another() {
    let parts = Parts::new().await;
    let f = &parts.run.f;
    let as_id = f.identity.introspect(&f.tenant, "default", TokenKind::Id, &parts.run.access).await.unwrap();
    assert_eq!(as_id, Err(TokenError::Header));
    assert_eq!(parts.shown(parts.run.id.expose()).await, Err(TokenError::Header));
    // Even with the other's header, the registration knows which is which.
    let mut id = parts.run.id.expose().split('.');
    let claims = json_of(id.nth(1).unwrap()).to_string();
    assert_eq!(parts.shown(&parts.token(&parts.header.to_string(), &claims)).await, Err(TokenError::NotLive));
}

#[test]
fn r69_no_text_is_taken_for_a_token_or_breaks_the_reader() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let parts = runtime.block_on(Parts::new());
    let real = parts.run.access.expose().clone();
    proptest!(|(text in "\\PC{0,200}", at in 0_usize..600, with in "[A-Za-z0-9_.-]")| {
        prop_assert!(runtime.block_on(parts.shown(&text)).is_err());
        let at = at % real.len();
        let (before, after) = real.split_at(at);
        let mutated: String = before.chars().chain(with.chars()).chain(after.chars().skip(1)).collect();
        if mutated != real {
            prop_assert!(runtime.block_on(parts.shown(&mutated)).is_err(), "{at} {with}");
        }
    });
}
