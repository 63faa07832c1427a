//! A token that another party made and the alias of its key come in; the claims go out, once they have been verified.

use aws_lc_rs::aead::NONCE_LEN;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value as Json};

use super::super::argument::{carried, text};
use super::super::{CARRIED, Function, Kind, Purity, one};
use super::{KEY, cipher, key, symmetric};
use crate::Value;
use crate::expr::error::{EvalCode, Outcome, fault};
use crate::expr::eval::{Evaluated, Machine};
use crate::expr::keys::NamedKey;

/// Longer tokens are not looked at.
const LONGEST: usize = 16 * 1024;
const ERRORS: &[EvalCode] = &[EvalCode::Unreadable, EvalCode::UnknownKey, EvalCode::NotAuthentic];

pub(in super::super) static VERIFY: Function = Function {
    namespace: "crypto",
    name: "verifyExternalToken",
    parameters: &[one("token", CARRIED), KEY],
    returns: Kind::Object,
    errors: ERRORS,
    purity: Purity::Time,
    doc: "The claims of a signed token (RFC 7519, compact). The key of the alias says how it must be signed: ES256, RS256 or EdDSA for a \
          public key, HS256 for a symmetric one of 32 bytes at least. If it has `exp` or `nbf`, these must hold at the run's time, to \
          the second. Issuer and audience are yours to compare. The claims are no secret, even if the token is.",
    example: (
        "@crypto.verifyExternalToken(\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.uUcV1u7HmY3UnDDYdPHKxUfQ_N577s_7Y6mCMZ-EJVg\", \"demo\").sub",
        "\"ann\"",
    ),
    call: |machine, arguments| {
        let token = carried(arguments, 0)?.text;
        let key = key(machine, arguments, 1)?;
        paid(machine, token)?;
        verified(machine, token, key)
    },
};

pub(in super::super) static VERIFY_AND_DECRYPT: Function = Function {
    namespace: "crypto",
    name: "verifyAndDecryptExternalToken",
    parameters: &[
        one("token", CARRIED),
        one("verifyKey", Kind::String),
        one("verifyKeyFrom", Kind::String),
        one("decryptKey", Kind::String),
        one("decryptKeyFrom", Kind::String),
    ],
    returns: Kind::Object,
    errors: ERRORS,
    purity: Purity::Time,
    doc: "The claims of a token that was signed and then encrypted (RFC 7519 section 11.2): it is decrypted with one key (RFC 7516, `dir` \
          with `A128GCM` or `A256GCM`), and what it holds is verified with the other, as by `verifyExternalToken`. Keys are named by \
          their aliases, and come from `\"db\"`. What it takes and gives is secret or not as there. \
          That this is the order is our choice.",
    example: (
        "try @crypto.verifyAndDecryptExternalToken(\"a.b\", \"demo\", \"db\", \"demo\", \"db\") catch \"no token\"",
        "\"no token\"",
    ),
    call: |machine, arguments| {
        let token = carried(arguments, 0)?.text;
        for index in [2, 4] {
            if text(arguments, index)? != "db" {
                return fault(EvalCode::BadArgument, "keys come from `\"db\"`");
            }
        }
        let (key, opener) = (key(machine, arguments, 1)?, symmetric(machine, arguments, 3)?);
        paid(machine, token)?;
        let inner = decrypted(token, opener)?;
        verified(machine, &inner, key)
    },
};

fn paid(machine: &mut Machine<'_, '_>, token: &str) -> Outcome<()> {
    if token.len() > LONGEST {
        return fault(EvalCode::Unreadable, "the token is longer than 16 KiB");
    }
    // A signature of a public key is dear.
    machine.charge(100 + token.len() / 128)
}

fn verified<'a>(machine: &mut Machine<'_, 'a>, token: &str, key: &NamedKey) -> Outcome<Evaluated<'a>> {
    let parts: Vec<&str> = token.split('.').collect();
    let [head, claims, signature] = parts.as_slice() else { return no_token() };
    let algorithm = match key {
        NamedKey::Symmetric(_) => "HS256",
        NamedKey::Public(key) => key.algorithm.word(),
    };
    header(head, |header| header.get("alg").and_then(Json::as_str) == Some(algorithm))?;
    let signed = token.get(..head.len() + 1 + claims.len()).unwrap_or_default().as_bytes();
    let signature = bytes(signature)?;
    let is_right = match key {
        NamedKey::Symmetric(secret) if secret.expose().len() < 32 => {
            return fault(EvalCode::UnknownKey, "a key for HS256 has 32 bytes at least");
        }
        NamedKey::Symmetric(secret) => {
            hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, secret.expose()), signed, &signature).is_ok()
        }
        NamedKey::Public(key) => key.verifies(signed, &signature),
    };
    if !is_right {
        return fault(EvalCode::NotAuthentic, "the token is not signed with that key");
    }
    let claims = object(claims)?;
    in_time(&claims, machine.roots().now.as_second())?;
    machine.admit(Value::from(Json::Object(claims)))
}

/// A token of five parts, of which the second is empty: the key is known to both sides.
fn decrypted(token: &str, key: &[u8]) -> Outcome<String> {
    let parts: Vec<&str> = token.split('.').collect();
    let [head, "", nonce, sealed, tag] = parts.as_slice() else { return no_token() };
    let method = if key.len() == 16 { "A128GCM" } else { "A256GCM" };
    let word =
        |header: &Map<String, Json>, name: &str, wanted: &str| header.get(name).and_then(Json::as_str) == Some(wanted);
    header(head, |header| word(header, "alg", "dir") && word(header, "enc", method) && !header.contains_key("zip"))?;
    let (Ok(nonce), tag) = (<[u8; NONCE_LEN]>::try_from(bytes(nonce)?), bytes(tag)?) else { return no_token() };
    if tag.len() != 16 {
        return no_token();
    }
    let plain = cipher::open(&cipher::key(key)?, nonce, head.as_bytes(), &[bytes(sealed)?, tag].concat())?;
    String::from_utf8(plain).or_else(|_| no_token())
}

/// The header must be as the key wants it, and must not ask for what is not understood (RFC 7515 section 4.1.11).
fn header(part: &str, fits: impl FnOnce(&Map<String, Json>) -> bool) -> Outcome<()> {
    let header = object(part)?;
    if header.contains_key("crit") || !fits(&header) {
        return fault(EvalCode::NotAuthentic, "the token is not made as its key says");
    }
    Ok(())
}

fn in_time(claims: &Map<String, Json>, now: i64) -> Outcome<()> {
    let seconds = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(claim) => match claim.as_f64() {
            Some(seconds) => Ok(Some(seconds)),
            None => fault(EvalCode::NotAuthentic, format!("the token's `{name}` is no time")),
        },
    };
    #[expect(clippy::cast_precision_loss, reason = "seconds of ten thousand years are exact")]
    let now = now as f64;
    if seconds("exp")?.is_some_and(|end| now >= end) {
        return fault(EvalCode::NotAuthentic, "the token has expired");
    }
    if seconds("nbf")?.is_some_and(|start| now < start) {
        return fault(EvalCode::NotAuthentic, "the token is not valid yet");
    }
    Ok(())
}

fn bytes(part: &str) -> Outcome<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).or_else(|_| no_token())
}

fn object(part: &str) -> Outcome<Map<String, Json>> {
    serde_json::from_slice(&bytes(part)?).or_else(|_| no_token())
}

fn no_token<T>() -> Outcome<T> {
    fault(EvalCode::Unreadable, "this is no token")
}

#[cfg(test)]
mod tests;
