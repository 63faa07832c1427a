//! A text comes in; the same in the signs of JSON, Base64 or a URL goes out, or back.

use base64::Engine;
use base64::alphabet::{STANDARD as ALPHABET, URL_SAFE as URL_ALPHABET};
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::super::argument::{Arguments, carried, fits, give, text, value};
use super::super::{CARRIED, Function, Kind, Parameter, Purity, one};
use super::TEXT;
use crate::Value;
use crate::expr::error::{EvalCode, Outcome, fault};
use crate::expr::eval::{Evaluated, Machine};
use crate::expr::text::json;

const CARRIES: &[Parameter] = &[one("text", CARRIED)];
/// Readers of Base64 with or without the signs that fill it up.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const READ: GeneralPurpose = GeneralPurpose::new(&ALPHABET, LENIENT);
const READ_URL: GeneralPurpose = GeneralPurpose::new(&URL_ALPHABET, LENIENT);

pub(in super::super) static TO_JSON: Function = Function {
    namespace: "strings",
    name: "toJson",
    parameters: &[one("value", Kind::Any)],
    returns: Kind::String,
    errors: &[EvalCode::TooLarge, EvalCode::SecretUse],
    purity: Purity::Pure,
    doc: "A value as JSON text, without blanks.",
    example: ("@strings.toJson({a: [1, \"b\"]})", "\"{\\\"a\\\":[1,\\\"b\\\"]}\""),
    call: to_json,
};

pub(in super::super) static FROM_JSON: Function = Function {
    namespace: "strings",
    name: "fromJson",
    parameters: &[one("text", CARRIED)],
    returns: Kind::Either(&[Kind::Any, Kind::Secret(&Kind::Any)]),
    errors: &[EvalCode::Unreadable],
    purity: Purity::Pure,
    doc: "The value that a JSON text (RFC 8259) is. Of a secret it is a secret. The last of equal keys counts; a whole number of more \
          than 64 bits becomes the nearest float.",
    example: ("@strings.fromJson(\"[1, {\\\"a\\\": null}]\")", "[1, {\"a\": null}]"),
    call: from_json,
};

pub(in super::super) static TO_BASE64: Function = Function {
    namespace: "strings",
    name: "toBase64",
    parameters: CARRIES,
    returns: CARRIED,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "The bytes of a text (UTF-8) in Base64 (RFC 4648 section 4, padded). Of a secret it is a secret.",
    example: ("@strings.toBase64(\"é?>\")", "\"w6k/Pg==\""),
    call: |machine, arguments| encode(machine, arguments, &STANDARD),
};

pub(in super::super) static FROM_BASE64: Function = Function {
    namespace: "strings",
    name: "fromBase64",
    parameters: CARRIES,
    returns: CARRIED,
    errors: &[EvalCode::Unreadable],
    purity: Purity::Pure,
    doc: "The text whose bytes (UTF-8) stand in Base64, padded or not. Of a secret it is a secret.",
    example: ("@strings.fromBase64(\"w6k/Pg==\")", "\"é?>\""),
    call: |machine, arguments| decode(machine, arguments, &READ),
};

pub(in super::super) static TO_BASE64_URL: Function = Function {
    namespace: "strings",
    name: "toBase64Url",
    parameters: CARRIES,
    returns: CARRIED,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "The bytes of a text (UTF-8) in the Base64 of URLs (RFC 4648 section 5, not padded). Of a secret it is a secret.",
    example: ("@strings.toBase64Url(\"é?>\")", "\"w6k_Pg\""),
    call: |machine, arguments| encode(machine, arguments, &URL_SAFE_NO_PAD),
};

pub(in super::super) static FROM_BASE64_URL: Function = Function {
    namespace: "strings",
    name: "fromBase64Url",
    parameters: CARRIES,
    returns: CARRIED,
    errors: &[EvalCode::Unreadable],
    purity: Purity::Pure,
    doc: "The text whose bytes (UTF-8) stand in the Base64 of URLs, padded or not. Of a secret it is a secret.",
    example: ("@strings.fromBase64Url(\"w6k_Pg\")", "\"é?>\""),
    call: |machine, arguments| decode(machine, arguments, &READ_URL),
};

pub(in super::super) static URL_ENCODE: Function = Function {
    namespace: "strings",
    name: "urlEncode",
    parameters: CARRIES,
    returns: CARRIED,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "A text as part of a URL: every byte (UTF-8) but letters, digits and `-._~` as `%` and two digits (RFC 3986). Of a secret it \
          is a secret.",
    example: ("@strings.urlEncode(\"a b&ü\")", "\"a%20b%26%C3%BC\""),
    call: |machine, arguments| {
        let text = carried(arguments, 0)?;
        machine.charge(text.text.len() / 256)?;
        let mut out = String::with_capacity(text.text.len());
        for byte in text.text.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
                byte => out.push_str(&format!("%{byte:02X}")),
            }
        }
        text.give(machine, out)
    },
};

pub(in super::super) static URL_DECODE: Function = Function {
    namespace: "strings",
    name: "urlDecode",
    parameters: &[TEXT],
    returns: Kind::String,
    errors: &[EvalCode::Unreadable],
    purity: Purity::Pure,
    doc: "The text that a part of a URL stands for. A `+` stays one.",
    example: ("@strings.urlDecode(\"a%20b%26%C3%BC\")", "\"a b&ü\""),
    call: |machine, arguments| {
        let text = text(arguments, 0)?;
        machine.charge(text.len() / 256)?;
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            let byte = if byte == b'%' { hex(rest.next(), rest.next()) } else { Some(byte) };
            match byte {
                Some(byte) => bytes.push(byte),
                None => return fault(EvalCode::Unreadable, "`%` stands before two hexadecimal digits"),
            }
        }
        match String::from_utf8(bytes) {
            Ok(text) => give(machine, text),
            Err(_) => not_text(),
        }
    },
};

/// A value as JSON text.
pub(in super::super) fn to_json<'a>(
    machine: &mut Machine<'_, 'a>,
    arguments: Arguments<'_, 'a>,
) -> Outcome<Evaluated<'a>> {
    let mut out = String::new();
    json(value(arguments, 0)?, &mut out)?;
    give(machine, out)
}

/// The value of a JSON text.
pub(in super::super) fn from_json<'a>(
    machine: &mut Machine<'_, 'a>,
    arguments: Arguments<'_, 'a>,
) -> Outcome<Evaluated<'a>> {
    let text = carried(arguments, 0)?;
    machine.charge(text.text.len() / 128)?;
    let Ok(json) = serde_json::from_str::<serde_json::Value>(text.text) else {
        return fault(EvalCode::Unreadable, "this text is no JSON");
    };
    let value = Value::from(json);
    machine.admit(if text.is_secret() { value.into_secret() } else { value })
}

fn encode<'a>(
    machine: &mut Machine<'_, 'a>,
    arguments: Arguments<'_, 'a>,
    engine: &GeneralPurpose,
) -> Outcome<Evaluated<'a>> {
    let text = carried(arguments, 0)?;
    machine.charge(text.text.len() / 512)?;
    fits(text.text.len().div_ceil(3) * 4)?;
    text.give(machine, engine.encode(text.text))
}

fn decode<'a>(
    machine: &mut Machine<'_, 'a>,
    arguments: Arguments<'_, 'a>,
    engine: &GeneralPurpose,
) -> Outcome<Evaluated<'a>> {
    let text = carried(arguments, 0)?;
    machine.charge(text.text.len() / 512)?;
    let Ok(bytes) = engine.decode(text.text) else {
        return fault(EvalCode::Unreadable, "this text is no Base64");
    };
    match String::from_utf8(bytes) {
        Ok(plain) => text.give(machine, plain),
        Err(_) => not_text(),
    }
}

fn not_text<'a>() -> Outcome<Evaluated<'a>> {
    fault(EvalCode::Unreadable, "these bytes are no text in UTF-8")
}

fn hex(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}
