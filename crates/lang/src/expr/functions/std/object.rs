//! Values of any type come in, objects first of all; their keys, values, size and type go out.

use super::super::super::error::EvalCode;
use super::super::argument::{count, fields, object, text, value};
use super::super::{Function, Kind, Purity, one};
use super::T;
use super::search::SIZED;
use crate::Value;

const OBJECT: super::super::Parameter = one("object", Kind::Map(&T));

pub(in super::super) static KEYS: Function = Function {
    namespace: "std",
    name: "keys",
    parameters: &[one("object", Kind::Object)],
    returns: Kind::Array(&Kind::String),
    errors: &[],
    purity: Purity::Pure,
    doc: "The keys of an object, in the order in which they were written.",
    example: ("@std.keys({b: 1, a: 2})", "[\"b\", \"a\"]"),
    call: |machine, arguments| {
        let keys = fields(arguments, 0)?.map(|(key, _)| Value::Text(key.clone()));
        machine.admit(Value::from(keys.collect::<Vec<_>>()))
    },
};

pub(in super::super) static VALUES: Function = Function {
    namespace: "std",
    name: "values",
    parameters: &[OBJECT],
    returns: Kind::Array(&T),
    errors: &[],
    purity: Purity::Pure,
    doc: "The values of an object, in the order in which they were written.",
    example: ("@std.values({b: 1, a: 2})", "[1, 2]"),
    call: |machine, arguments| {
        let values = fields(arguments, 0)?.map(|(_, value)| value.clone());
        machine.admit(Value::from(values.collect::<Vec<_>>()))
    },
};

pub(in super::super) static KV: Function = Function {
    namespace: "std",
    name: "kv",
    parameters: &[OBJECT],
    returns: Kind::Array(&Kind::Map(&Kind::Any)),
    errors: &[],
    purity: Purity::Pure,
    doc: "The fields of an object as a list of `{key, value}`, in the order in which they were written. The shape is our choice.",
    example: ("@std.kv({a: 1})", "[{\"key\": \"a\", \"value\": 1}]"),
    call: |machine, arguments| {
        let pair = |(key, value): (&::std::sync::Arc<str>, &Value)| {
            object([("key", Value::Text(key.clone())), ("value", value.clone())])
        };
        machine.admit(Value::from(fields(arguments, 0)?.map(pair).collect::<Vec<_>>()))
    },
};

pub(in super::super) static LEGACY_FIELD: Function = Function {
    namespace: "std",
    name: "legacyField",
    parameters: &[one("of", Kind::Any), one("name", Kind::String)],
    returns: Kind::Any,
    errors: &[],
    purity: Purity::Pure,
    doc: "The field of that name; null where there is none, and of what has no fields. What it does is our choice: it reads as \
          `of?[name]` does.",
    example: ("@std.legacyField({a: 1}, \"a\")", "1"),
    call: |_, arguments| Ok(value(arguments, 0)?.get(text(arguments, 1)?).cloned().unwrap_or_default().into()),
};

pub(in super::super) static LEN: Function = Function {
    namespace: "std",
    name: "len",
    parameters: &[one("of", SIZED)],
    returns: Kind::Integer,
    errors: &[],
    purity: Purity::Pure,
    doc: "How many items an array has, characters a string, or keys an object. `@len(x)` is the same.",
    example: ("@len([1, 2, 3])", "3"),
    call: |machine, arguments| {
        let length = match value(arguments, 0)? {
            Value::Array(items) => items.len(),
            Value::Object(fields) => fields.len(),
            Value::Text(text) => {
                machine.charge(text.len() / 1024)?;
                text.chars().count()
            }
            _ => 0,
        };
        Ok(count(length).into())
    },
};

pub(in super::super) static TYPE_OF: Function = Function {
    namespace: "std",
    name: "typeOf",
    parameters: &[one("value", Kind::Any)],
    returns: Kind::String,
    errors: &[],
    purity: Purity::Pure,
    doc: "The name of the value's type: `null`, `boolean`, `number`, `string`, `array` or `object`.",
    example: ("@std.typeOf(1.5)", "\"number\""),
    call: |_, arguments| Ok(Value::from(value(arguments, 0)?.type_name()).into()),
};

pub(in super::super) static WRAP_PUSH_TOKEN: Function = Function {
    namespace: "std",
    name: "wrapPushToken",
    parameters: &[one("token", super::super::CARRIED)],
    returns: Kind::Map(&super::super::CARRIED),
    errors: &[EvalCode::BadArgument],
    purity: Purity::Pure,
    doc: "A device's token for push messages, as the object `{push_token: token}`. A secret stays one. The shape is our choice.",
    example: ("@std.wrapPushToken(\"abc\")", "{\"push_token\": \"abc\"}"),
    call: |machine, arguments| {
        let token = value(arguments, 0)?.clone();
        machine.admit(object([("push_token", token)]))
    },
};
