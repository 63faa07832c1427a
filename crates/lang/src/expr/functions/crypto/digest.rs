//! A text comes in, perhaps with the alias of a key; its digest or its code of authentication goes out.

use aws_lc_rs::{digest, hmac};

use super::super::argument::{carried, text_or};
use super::super::{CARRIED, Function, Kind, Purity, maybe, one};
use super::{KEY, symmetric};
use crate::expr::error::{EvalCode, Outcome, fault};

pub(in super::super) static HASH: Function = Function {
    namespace: "crypto",
    name: "hash",
    parameters: &[one("text", CARRIED), maybe("algorithm", Kind::String)],
    returns: CARRIED,
    errors: &[],
    purity: Purity::Pure,
    doc: "The digest of a text's bytes (UTF-8) in lower hexadecimal digits, by `sha256` (where the algorithm is left out), `sha384` or \
          `sha512` (FIPS 180-4). Of a secret it is a secret. It is no way to keep passwords.",
    example: ("@crypto.hash(\"abc\")", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""),
    call: |machine, arguments| {
        let text = carried(arguments, 0)?;
        let algorithm = algorithm(text_or(arguments, 1, "sha256")?)?;
        machine.charge(4 + text.text.len() / 256)?;
        text.give(machine, hex(digest::digest(algorithm.digest(), text.text.as_bytes()).as_ref()))
    },
};

pub(in super::super) static HMAC: Function = Function {
    namespace: "crypto",
    name: "hmac",
    parameters: &[one("text", CARRIED), KEY, maybe("algorithm", Kind::String)],
    returns: CARRIED,
    errors: &[EvalCode::UnknownKey],
    purity: Purity::Keys,
    doc: "The HMAC (RFC 2104) of a text's bytes (UTF-8) under the key of an alias, in lower hexadecimal digits, with `sha256` (where the \
          algorithm is left out), `sha384` or `sha512`. Of a secret it is a secret.",
    example: (
        "@crypto.hmac(\"abc\", \"demo\")",
        "\"f0133729c4163dede81e21cd47839256da58171238c8a0d874397c73b14e1e47\"",
    ),
    call: |machine, arguments| {
        let text = carried(arguments, 0)?;
        let algorithm = algorithm(text_or(arguments, 2, "sha256")?)?;
        let key = hmac::Key::new(algorithm.hmac(), symmetric(machine, arguments, 1)?);
        machine.charge(8 + text.text.len() / 256)?;
        text.give(machine, hex(hmac::sign(&key, text.text.as_bytes()).as_ref()))
    },
};

#[derive(Clone, Copy)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    fn digest(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    fn hmac(self) -> hmac::Algorithm {
        match self {
            Self::Sha256 => hmac::HMAC_SHA256,
            Self::Sha384 => hmac::HMAC_SHA384,
            Self::Sha512 => hmac::HMAC_SHA512,
        }
    }
}

fn algorithm(word: &str) -> Outcome<Algorithm> {
    match word {
        "sha256" => Ok(Algorithm::Sha256),
        "sha384" => Ok(Algorithm::Sha384),
        "sha512" => Ok(Algorithm::Sha512),
        _ => fault(EvalCode::BadArgument, "`algorithm` is `sha256`, `sha384` or `sha512`"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
