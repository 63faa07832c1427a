//! The functions of the language, one declaration each: checker, evaluator, reference page and editor all read it.

mod signature;
mod std;
mod strings;

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
