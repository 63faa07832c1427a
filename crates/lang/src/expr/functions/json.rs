//! Arguments of `@json` functions come in, texts and values; their values go out.

use super::argument::{text, value};
use super::signature::pattern;
use super::{CARRIED, Function, Kind, Parameter, Purity, one};
use crate::Value;
use crate::expr::error::{EvalCode, Outcome, fault};
use crate::expr::eval::Machine;
use crate::expr::pattern::Language;

const DEEPEST: usize = 64;
const VALUE: Parameter = one("value", Kind::Any);

pub(super) static GET: Function = Function {
    namespace: "json",
    name: "get",
    parameters: &[VALUE, one("pointer", Kind::String)],
    returns: Kind::Any,
    errors: &[],
    purity: Purity::Pure,
    doc: "What a JSON Pointer (RFC 6901) such as `/a/0` points at in a value; null where there is nothing.",
    example: ("@json.get({a: [1, {\"b/c\": 2}]}, \"/a/1/b~1c\")", "2"),
    call: |machine, arguments| {
        let (mut found, pointer) = (value(arguments, 0)?, text(arguments, 1)?);
        machine.charge(pointer.len() / 64)?;
        if pointer.is_empty() {
            return Ok(found.clone().into());
        }
        let Some(pointer) = pointer.strip_prefix('/') else {
            return fault(EvalCode::BadArgument, "a JSON Pointer begins with `/`, or is empty");
        };
        for token in pointer.split('/') {
            let token = token.replace("~1", "/").replace("~0", "~");
            let next = match found {
                Value::Object(fields) => fields.get(&*token),
                Value::Array(items) => index(&token).and_then(|index| items.get(index)),
                _ => None,
            };
            match next {
                Some(next) => found = next,
                None => return Ok(Value::Null.into()),
            }
        }
        Ok(found.clone().into())
    },
};

pub(super) static MERGE: Function = Function {
    namespace: "json",
    name: "merge",
    parameters: &[one("into", Kind::Any), one("patch", Kind::Any)],
    returns: Kind::Any,
    errors: &[EvalCode::TooDeep],
    purity: Purity::Pure,
    doc: "A value changed by a JSON Merge Patch (RFC 7396): the fields of `patch` are put into it, objects go into each other, and null \
          takes a field away.",
    example: ("@json.merge({a: 1, b: {c: 2}}, {a: null, b: {d: 3}})", "{\"b\": {\"c\": 2, \"d\": 3}}"),
    call: |machine, arguments| {
        let merged = merge(machine, value(arguments, 0)?, value(arguments, 1)?, DEEPEST)?;
        machine.admit(merged)
    },
};

pub(super) static PARSE: Function = Function {
    namespace: "json",
    name: "parse",
    parameters: &[one("text", CARRIED)],
    returns: Kind::Either(&[Kind::Any, Kind::Secret(&Kind::Any)]),
    errors: &[EvalCode::Unreadable],
    purity: Purity::Pure,
    doc: "The same as `@strings.fromJson`; of a secret it is a secret.",
    example: ("@json.parse(\"{\\\"a\\\": 1.5}\")", "{\"a\": 1.5}"),
    call: super::strings::code::from_json,
};

pub(super) static PATH: Function = Function {
    namespace: "json",
    name: "path",
    parameters: &[VALUE, pattern("path", Language::JsonPath)],
    returns: Kind::Array(&Kind::Any),
    errors: &[EvalCode::SecretUse],
    purity: Purity::Pure,
    doc: "The same as `@std.jsonPath`.",
    example: ("@json.path({a: [1, 2]}, \"$.a[*]\")", "[1, 2]"),
    call: super::std::query::find,
};

pub(super) static STRINGIFY: Function = Function {
    namespace: "json",
    name: "stringify",
    parameters: &[VALUE],
    returns: Kind::String,
    errors: &[EvalCode::TooLarge, EvalCode::SecretUse],
    purity: Purity::Pure,
    doc: "The same as `@strings.toJson`.",
    example: ("@json.stringify([1, \"a\", null])", "\"[1,\\\"a\\\",null]\""),
    call: super::strings::code::to_json,
};

/// The place that a token of a pointer names: digits, and no zero before others.
fn index(token: &str) -> Option<usize> {
    let plain = token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
    plain.then(|| token.parse().ok()).flatten()
}

fn merge(machine: &mut Machine<'_, '_>, into: &Value, patch: &Value, depth: usize) -> Outcome<Value> {
    let Some(below) = depth.checked_sub(1) else {
        return fault(EvalCode::TooDeep, "the value is nested too deeply");
    };
    let Value::Object(changes) = patch else { return Ok(patch.clone()) };
    let mut fields = into.as_object().cloned().unwrap_or_default();
    machine.charge(1 + (fields.len() + changes.len()) / 16)?;
    for (key, change) in changes.iter() {
        if matches!(change, Value::Null) {
            fields.shift_remove(key);
        } else {
            let old = fields.get(key).cloned().unwrap_or_default();
            let merged = merge(machine, &old, change, below)?;
            fields.insert(key.clone(), merged);
        }
    }
    Ok(Value::from(fields))
}
