//! The functions of the language, one declaration each: checker, evaluator, reference page and editor all read it.

mod argument;
mod crypto;
mod json;
mod math;
mod signature;
mod std;
mod strings;
mod time;

use super::error::{EvalCode, Outcome};
use super::eval::{Evaluated, Machine};

pub use self::signature::{Kind, Parameter};
use self::signature::{maybe, one};

/// A function.
#[derive(Debug)]
pub struct Function {
    /// What stands before the dot.
    pub namespace: &'static str,
    /// What stands behind it.
    pub name: &'static str,
    /// What it takes, in order.
    pub parameters: &'static [Parameter],
    /// What it gives.
    pub returns: Kind,
    /// What it can fail with, beside a wrong argument and the limits.
    pub errors: &'static [EvalCode],
    /// Whether the same arguments always give the same value.
    pub purity: Purity,
    /// What it does, in Markdown.
    pub doc: &'static str,
    /// An expression and the JSON of its value; a test runs it.
    pub example: (&'static str, &'static str),
    pub(super) call: Call,
}

pub(super) type Call = for<'s, 'a> fn(&mut Machine<'s, 'a>, &[Evaluated<'a>]) -> Outcome<Evaluated<'a>>;

/// Whether a function's value depends on more than its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purity {
    /// On nothing more; such a call may be made once, at load.
    Pure,
    /// On the run's time.
    Time,
    /// On the run's random numbers.
    Random,
    /// On the keys that go by their aliases here.
    Keys,
}

/// A text that may be secret; what is made of it then is one, too.
const CARRIED: Kind = Kind::Either(&[Kind::String, Kind::Secret(&Kind::String)]);

impl Function {
    /// Whether it takes a secret and gives what is none any more.
    pub(super) fn reveals(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.kind.has_secret()) && self.returns.is_public()
    }

    /// How a call is written: `@std.map(list, function)`, what may be left out in brackets.
    pub fn signature(&self) -> String {
        let mut out = format!("@{}.{}(", self.namespace, self.name);
        for (index, parameter) in self.parameters.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            if parameter.optional {
                out.push_str(&format!("[{comma}{}]", parameter.name));
            } else {
                out.push_str(&format!("{comma}{}", parameter.name));
            }
        }
        out.push(')');
        out
    }

    /// What it takes and gives: `@std.map(list: array of T, make: (T) => U) -> array of U`.
    pub fn types(&self) -> String {
        let parameters = self.parameters.iter().map(|parameter| {
            let mark = if parameter.optional { "?" } else { "" };
            format!("{}{mark}: {}", parameter.name, parameter.kind)
        });
        let parameters: Vec<_> = parameters.collect();
        format!("@{}.{}({}) -> {}", self.namespace, self.name, parameters.join(", "), self.returns)
    }
}

/// All functions, ordered by namespace and name.
pub fn all() -> &'static [&'static Function] {
    const ALL: &[&Function] = &[
        &crypto::cipher::AES_DECRYPT,
        &crypto::cipher::AES_ENCRYPT,
        &crypto::digest::HASH,
        &crypto::digest::HMAC,
        &crypto::random::RANDOM,
        &crypto::token::VERIFY_AND_DECRYPT,
        &crypto::token::VERIFY,
        &json::GET,
        &json::MERGE,
        &json::PARSE,
        &json::PATH,
        &json::STRINGIFY,
        &math::round::ABS,
        &math::round::CEIL,
        &math::round::CLAMP,
        &math::curve::COS,
        &math::curve::EXP,
        &math::round::FLOOR,
        &math::curve::LOG,
        &math::curve::LOG10,
        &math::round::REMAINDER,
        &math::curve::POW,
        &math::random::RANDOM,
        &math::random::RANDOM_INTEGER,
        &math::round::ROUND,
        &math::round::SIGN,
        &math::curve::SIN,
        &math::curve::SQRT,
        &math::curve::TAN,
        &math::round::TRUNC,
        &std::number::AVG,
        &std::search::CONTAINS,
        &std::search::CONTAINS_IF,
        &std::order::DISTINCT,
        &std::list::FILTER,
        &std::search::FIND,
        &std::search::FIND_FIRST,
        &std::picture::GENERATE_QR_CODE,
        &std::phone::GET_E164_NUMBER,
        &std::phone::GET_E164_NUMBER_COMPONENTS,
        &std::phone::IS_VALID_E164_NUMBER,
        &std::query::JSON_PATH,
        &std::xml::JSON_TO_XML,
        &std::object::KEYS,
        &std::object::KV,
        &std::object::LEGACY_FIELD,
        &std::object::LEN,
        &std::list::MAP,
        &std::number::MAX,
        &std::number::MIN,
        &std::random::RANDOM_BASE64,
        &std::list::RANGE,
        &std::list::REDUCE,
        &std::list::REVERSE,
        &std::search::RFIND,
        &std::list::SLICE,
        &std::order::SORT,
        &std::list::SPLICE,
        &std::number::STDEV,
        &std::number::STR_TO_DOUBLE,
        &std::number::STR_TO_INT,
        &std::number::SUM,
        &std::object::TYPE_OF,
        &std::random::UUID,
        &std::object::VALUES,
        &std::object::WRAP_PUSH_TOKEN,
        &std::xml::XML_TO_JSON,
        &strings::part::CONTAINS,
        &strings::part::ENDS_WITH,
        &strings::pattern::EXTRACT,
        &strings::code::FROM_BASE64,
        &strings::code::FROM_BASE64_URL,
        &strings::code::FROM_JSON,
        &strings::part::INDEX_OF,
        &strings::part::JOIN,
        &strings::shape::LENGTH,
        &strings::shape::LOWER,
        &strings::mask::MASK,
        &strings::pattern::MATCHES,
        &strings::pad::PAD_END,
        &strings::pad::PAD_START,
        &strings::shape::REPLACE,
        &strings::pattern::REPLACE_PATTERN,
        &strings::part::SPLIT,
        &strings::part::STARTS_WITH,
        &strings::part::SUBSTRING,
        &strings::code::TO_BASE64,
        &strings::code::TO_BASE64_URL,
        &strings::code::TO_JSON,
        &strings::shape::TRIM,
        &strings::shape::TRIM_END,
        &strings::shape::TRIM_START,
        &strings::shape::UPPER,
        &strings::code::URL_DECODE,
        &strings::code::URL_ENCODE,
        &time::ADD,
        &time::DIFF,
        &time::FORMAT,
        &time::NOW,
        &time::PARSE,
    ];
    ALL
}

/// The function of that name.
pub fn find(namespace: &str, name: &str) -> Option<&'static Function> {
    all().iter().copied().find(|function| function.namespace == namespace && function.name == name)
}

#[cfg(test)]
mod tests;
