//! A text and the alias of a key come in; the text sealed under the key, or opened, goes out.

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::super::argument::{carried, fits, give, text};
use super::super::std::random::dice;
use super::super::{CARRIED, Function, Kind, Purity, one};
use super::{KEY, symmetric};
use crate::Value;
use crate::expr::error::{EvalCode, Outcome, fault};

pub(in super::super) static AES_ENCRYPT: Function = Function {
    namespace: "crypto",
    name: "aesEncrypt",
    parameters: &[one("text", CARRIED), KEY],
    returns: Kind::String,
    errors: &[EvalCode::UnknownKey, EvalCode::NotAvailable, EvalCode::TooLarge],
    purity: Purity::Random,
    doc: "A text (UTF-8) sealed with AES-GCM (NIST SP 800-38D) under the key of an alias, 16 or 32 bytes: a fresh nonce of 12 bytes, what \
          was encrypted, and a tag of 16 bytes, together in the Base64 of URLs. Each call gives another text. A secret may go in; what \
          comes out is none any more.",
    example: ("@len(@crypto.aesEncrypt(\"hello\", \"demo\"))", "44"),
    call: |machine, arguments| {
        let text = carried(arguments, 0)?;
        let key = key(symmetric(machine, arguments, 1)?)?;
        machine.charge(8 + text.text.len() / 128)?;
        fits(text.text.len().div_ceil(3) * 4 + 64)?;
        let nonce = dice(machine)?.bytes::<NONCE_LEN>();
        let mut sealed = text.text.as_bytes().to_vec();
        let Ok(()) = key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
        else {
            return fault(EvalCode::NotAvailable, "the text cannot be encrypted");
        };
        give(machine, URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    },
};

pub(in super::super) static AES_DECRYPT: Function = Function {
    namespace: "crypto",
    name: "aesDecrypt",
    parameters: &[one("sealed", Kind::String), KEY],
    returns: Kind::Secret(&Kind::String),
    errors: &[EvalCode::Unreadable, EvalCode::UnknownKey, EvalCode::NotAuthentic],
    purity: Purity::Keys,
    doc: "The text that `aesEncrypt` sealed, as a secret.",
    example: ("@crypto.aesDecrypt(@crypto.aesEncrypt(\"hello\", \"demo\"), \"demo\") != null", "true"),
    call: |machine, arguments| {
        let sealed = text(arguments, 0)?;
        let key = key(symmetric(machine, arguments, 1)?)?;
        machine.charge(8 + sealed.len() / 128)?;
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok();
        let Some((nonce, sealed)) = bytes.as_deref().and_then(|bytes| bytes.split_first_chunk::<NONCE_LEN>()) else {
            return fault(EvalCode::Unreadable, "this text is no sealed one");
        };
        let plain = open(&key, *nonce, &[], sealed)?;
        match String::from_utf8(plain) {
            Ok(text) => Ok(Value::from(text).into_secret().into()),
            Err(_) => fault(EvalCode::Unreadable, "these bytes are no text in UTF-8"),
        }
    },
};

/// A key for AES-GCM; its length says which.
pub(super) fn key(bytes: &[u8]) -> Outcome<LessSafeKey> {
    let algorithm = match bytes.len() {
        16 => &AES_128_GCM,
        _ => &AES_256_GCM,
    };
    match UnboundKey::new(algorithm, bytes) {
        Ok(key) => Ok(LessSafeKey::new(key)),
        Err(_) => fault(EvalCode::UnknownKey, "a key for AES has 16 or 32 bytes"),
    }
}

/// What was sealed, if the tag at its end is right.
pub(super) fn open(key: &LessSafeKey, nonce: [u8; NONCE_LEN], also: &[u8], sealed: &[u8]) -> Outcome<Vec<u8>> {
    let mut bytes = sealed.to_vec();
    match key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(also), &mut bytes) {
        Ok(plain) => Ok(plain.to_vec()),
        Err(_) => fault(EvalCode::NotAuthentic, "this text was not sealed with that key, or has been changed"),
    }
}
