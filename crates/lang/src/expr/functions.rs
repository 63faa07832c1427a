//! The functions of the language, one declaration each: checker, evaluator, reference page and editor all read it.

mod std;
mod strings;

use super::error::Outcome;
use super::eval::{Evaluated, Machine};

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
    pub returns: Word,
    /// Whether the same arguments always give the same value.
    pub purity: Purity,
    /// What it does, in Markdown.
    pub doc: &'static str,
    /// An expression and the JSON of its value; a test runs it.
    pub example: (&'static str, &'static str),
    pub(super) call: Call,
}

pub(super) type Call = for<'s, 'a> fn(&mut Machine<'s, 'a>, &[Evaluated<'a>]) -> Outcome<Evaluated<'a>>;

/// What a function takes at one place.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in the reference.
    pub name: &'static str,
    /// The types that it takes.
    pub accepts: &'static [Word],
    /// Whether it may be left out; only the last may.
    pub optional: bool,
}

/// A type's word, as `@std.typeOf` says it, or one that the language has only for functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Word {
    /// `true` or `false`
    Boolean,
    /// Any number.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// Named fields.
    Object,
    /// A lambda.
    Lambda,
    /// Any value; a lambda is none.
    Any,
}

/// Whether a function's value depends on more than its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purity {
    /// On nothing more; such a call may be made once, at load.
    Pure,
    /// On the run's time.
    Time,
    /// On the run's random numbers.
    Random,
}

impl Word {
    /// The word.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
            Self::Lambda => "lambda",
            Self::Any => "any",
        }
    }
}

impl Function {
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
}

/// A parameter that must be given.
const fn one(name: &'static str, accepts: &'static [Word]) -> Parameter {
    Parameter { name, accepts, optional: false }
}

/// A parameter that may be left out.
const fn maybe(name: &'static str, accepts: &'static [Word]) -> Parameter {
    Parameter { name, accepts, optional: true }
}

/// All functions, ordered by namespace and name.
pub fn all() -> &'static [&'static Function] {
    const ALL: &[&Function] = &[
        &std::CONTAINS,
        &std::FILTER,
        &std::KEYS,
        &std::LEN,
        &std::MAP,
        &std::MAX,
        &std::MIN,
        &std::REDUCE,
        &std::TYPE_OF,
        &std::VALUES,
        &strings::LENGTH,
        &strings::SUBSTRING,
    ];
    ALL
}

/// The function of that name.
pub fn find(namespace: &str, name: &str) -> Option<&'static Function> {
    all().iter().copied().find(|function| function.namespace == namespace && function.name == name)
}

#[cfg(test)]
mod tests;
