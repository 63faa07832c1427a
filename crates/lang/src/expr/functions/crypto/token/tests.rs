#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::*;
use crate::Secret;
use crate::expr::{NoNames, PublicKey, Roots, Scope, SignatureAlgorithm, compile, parse};

type Keys = BTreeMap<String, NamedKey>;

fn keys<const N: usize>(keys: [(&str, NamedKey); N]) -> Keys {
    keys.map(|(alias, key)| (alias.to_owned(), key)).into()
}

const NOW: i64 = 1_800_000_000;

fn verify(keys: &Keys, token: &str, alias: &str) -> Result<Value, EvalCode> {
    evaluate(keys, &format!("@crypto.verifyExternalToken(\"{token}\", \"{alias}\")"))
}

fn evaluate(keys: &Keys, text: &str) -> Result<Value, EvalCode> {
    let roots = Roots { keys, now: Timestamp::from_second(NOW).unwrap(), ..Roots::default() };
    let scope = Scope { parameters: &[], parameter_names: &[], variables: &[], roots };
    compile(&parse(text).unwrap(), &NoNames).unwrap().evaluate(&scope).map_err(|error| error.code)
}

/// A key as `openssl genrsa 1024 | openssl rsa -pubout` gives it.
const SHORT_RSA: &str = "\
    MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDAxPDsEofDfaBJYGVRHDuXHTc7hqv0OTsfc8B0jpw8addf1RaghJIgopkYIKsv\
    tD7sOR/tol5gdZZEk105IoP2LRiOnQmv8JDvkkiMfRRMp2z/odDve5fubxaO82n+M0qdVLX8nYhZHKy2NO4pXP9ojf6Y1a9gB7u8\
    BonynmuGmwIDAQAB";

fn token(header: &str, claims: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

fn symmetric_key(bytes: Vec<u8>) -> NamedKey {
    NamedKey::Symmetric(Secret::new(bytes))
}

fn hs256(key: &[u8], signed: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed).as_ref().to_vec()
}

fn public(algorithm: SignatureAlgorithm, key: &impl AsDer<PublicKeyX509Der<'static>>) -> NamedKey {
    let read = PublicKey::from_der(key.as_der().unwrap().as_ref()).unwrap();
    assert_eq!(read.algorithm, algorithm);
    NamedKey::Public(read)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the signature of a test may be blinded by any dice")]
fn each_sort_of_key_verifies_its_own_tokens_and_no_others() {
    let dice = SystemRandom::new();
    let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let ed = Ed25519KeyPair::generate().unwrap();
    let rsa = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    let shared = vec![9; 32];
    let keys = keys([
        ("ec", public(SignatureAlgorithm::Es256, ec.public_key())),
        ("ed", public(SignatureAlgorithm::EdDsa, ed.public_key())),
        ("rsa", public(SignatureAlgorithm::Rs256, rsa.public_key())),
        ("shared", symmetric_key(shared.clone())),
    ]);
    let sign_rsa = |signed: &[u8]| {
        let mut signature = vec![0; rsa.public_modulus_len()];
        rsa.sign(&RSA_PKCS1_SHA256, &dice, signed, &mut signature).unwrap();
        signature
    };
    let tokens = [
        ("ec", token("{\"alg\":\"ES256\"}", "{\"n\":1}", |signed| ec.sign(&dice, signed).unwrap().as_ref().to_vec())),
        ("ed", token("{\"alg\":\"EdDSA\"}", "{\"n\":1}", |signed| ed.sign(signed).as_ref().to_vec())),
        ("rsa", token("{\"alg\":\"RS256\"}", "{\"n\":1}", sign_rsa)),
        ("shared", token("{\"alg\":\"HS256\"}", "{\"n\":1}", |signed| hs256(&shared, signed))),
    ];
    for (owner, token) in &tokens {
        for (alias, _) in &tokens {
            let verified = verify(&keys, token, alias);
            let wanted =
                if alias == owner { Ok(object_of(&[("n", Value::Int(1))])) } else { Err(EvalCode::NotAuthentic) };
            assert_eq!(verified, wanted, "a token of {owner}, verified by {alias}");
        }
        let cut = token.rsplit_once('.').unwrap().0.to_owned() + ".AAAA";
        assert_eq!(verify(&keys, &cut, owner), Err(EvalCode::NotAuthentic), "{owner}");
    }
}

/// A public key is no shared secret, whatever the token says (RFC 8725 section 2.1).
#[test]
fn a_key_of_another_sort_is_none() {
    let ec = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let p384: PublicKeyX509Der<'_> = ec.public_key().as_der().unwrap();
    assert!(PublicKey::from_der(p384.as_ref()).is_none());
    // RSA with 1024 bits.
    let short = STANDARD.decode(SHORT_RSA).unwrap();
    assert!(PublicKey::from_der(&short).is_none());
    let ed = Ed25519KeyPair::generate().unwrap();
    let whole: PublicKeyX509Der<'_> = ed.public_key().as_der().unwrap();
    let whole = whole.as_ref();
    assert!(PublicKey::from_der(whole).is_some());
    let longer = [whole, &[0]].concat();
    for part in [&whole[..whole.len() - 1], &whole[..12], &longer, b"", b"-----BEGIN PUBLIC KEY-----"] {
        assert!(PublicKey::from_der(part).is_none(), "{part:?}");
    }
}

#[test]
fn a_header_does_not_choose_how_it_is_verified() {
    let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let key = public(SignatureAlgorithm::Es256, ec.public_key());
    let NamedKey::Public(PublicKey { der, .. }) = key.clone() else { return };
    let keys = keys([("ec", key), ("shared", symmetric_key(vec![9; 32])), ("short", symmetric_key(vec![9; 31]))]);
    let confused = token("{\"alg\":\"HS256\"}", "{}", |signed| hs256(&der, signed));
    assert_eq!(verify(&keys, &confused, "ec"), Err(EvalCode::NotAuthentic));
    let none = token("{\"alg\":\"none\"}", "{}", |_| Vec::new());
    assert_eq!(verify(&keys, &none, "shared"), Err(EvalCode::NotAuthentic));
    let critical = token("{\"alg\":\"HS256\",\"crit\":[\"b64\"]}", "{}", |signed| hs256(&[9; 32], signed));
    assert_eq!(verify(&keys, &critical, "shared"), Err(EvalCode::NotAuthentic));
    let short = token("{\"alg\":\"HS256\"}", "{}", |signed| hs256(&[9; 31], signed));
    assert_eq!(verify(&keys, &short, "short"), Err(EvalCode::UnknownKey));
}

#[test]
fn times_hold_to_the_second() {
    let keys = keys([("shared", symmetric_key(vec![9; 32]))]);
    for (claims, holds) in [
        (format!("{{\"exp\":{}}}", NOW + 1), true),
        (format!("{{\"exp\":{NOW}}}"), false),
        (format!("{{\"nbf\":{NOW}}}"), true),
        (format!("{{\"nbf\":{}}}", NOW + 1), false),
        ("{\"exp\":\"tomorrow\"}".to_owned(), false),
    ] {
        let token = token("{\"alg\":\"HS256\"}", &claims, |signed| hs256(&[9; 32], signed));
        assert_eq!(verify(&keys, &token, "shared").is_ok(), holds, "{claims}");
    }
}

#[test]
fn a_token_is_decrypted_and_then_verified() {
    let keys = keys([("sign", symmetric_key(vec![9; 32])), ("seal", symmetric_key(vec![8; 32]))]);
    let inner = token("{\"alg\":\"HS256\"}", "{\"sub\":\"ann\"}", |signed| hs256(&[9; 32], signed));
    let seal = |header: &str, key: &[u8]| {
        let head = URL_SAFE_NO_PAD.encode(header);
        let (nonce, mut sealed) = ([5; NONCE_LEN], inner.clone().into_bytes());
        let also = aws_lc_rs::aead::Aad::from(head.as_bytes());
        let key = cipher::key(key).unwrap();
        key.seal_in_place_append_tag(aws_lc_rs::aead::Nonce::assume_unique_for_key(nonce), also, &mut sealed).unwrap();
        let (sealed, tag) = sealed.split_at(sealed.len() - 16);
        let [nonce, sealed, tag] = [nonce.as_slice(), sealed, tag].map(|part| URL_SAFE_NO_PAD.encode(part));
        format!("{head}..{nonce}.{sealed}.{tag}")
    };
    let open = |token: &str| {
        evaluate(
            &keys,
            &format!("@crypto.verifyAndDecryptExternalToken(\"{token}\", \"sign\", \"db\", \"seal\", \"db\").sub"),
        )
    };
    let header = "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}";
    assert_eq!(open(&seal(header, &[8; 32])), Ok(Value::from("ann")));
    assert_eq!(open(&seal(header, &[7; 32])), Err(EvalCode::NotAuthentic));
    for header in
        ["{\"alg\":\"dir\",\"enc\":\"A128GCM\"}", "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"}", "{}"]
    {
        assert_eq!(open(&seal(header, &[8; 32])), Err(EvalCode::NotAuthentic), "{header}");
    }
    assert_eq!(open(&inner), Err(EvalCode::Unreadable));
}

fn object_of(fields: &[(&str, Value)]) -> Value {
    Value::from(fields.iter().map(|(key, value)| ((*key).into(), value.clone())).collect::<crate::Object>())
}
