//! What surrounds an expression: the names when it is compiled, the values when it is evaluated.

use std::sync::Arc;

use jiff::Timestamp;

use super::dice::Dice;
use super::keys::{NamedKeys, NoKeys};
use crate::Value;

/// The names that an expression may use.
pub trait Names {
    /// The slot of a variable.
    fn variable(&self, name: &str) -> Option<u16>;
    /// The slot of a start parameter.
    fn parameter(&self, name: &str) -> Option<u16>;
    /// All variables, to guess what a wrong name meant.
    fn variables(&self) -> Vec<&str>;
    /// All start parameters, to guess what a wrong name meant.
    fn parameters(&self) -> Vec<&str>;
}

/// No names at all: for expressions that stand alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoNames;

impl Names for NoNames {
    fn variable(&self, _: &str) -> Option<u16> {
        None
    }

    fn parameter(&self, _: &str) -> Option<u16> {
        None
    }

    fn variables(&self) -> Vec<&str> {
        Vec::new()
    }

    fn parameters(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// The values that an evaluation reads.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The start parameters, by slot.
    pub parameters: &'a [Value],
    /// Their names, by slot.
    pub parameter_names: &'a [Arc<str>],
    /// The variables, by slot; `None` while unset.
    pub variables: &'a [Option<Value>],
    /// What does not belong to the journey itself.
    pub roots: Roots<'a>,
}

/// The values of the roots, wherever they lie.
#[derive(Debug, Clone, Copy)]
pub struct Roots<'a> {
    /// `@policy.userContext()`
    pub user: &'a Value,
    /// `@policy.userTokens()`
    pub tokens: &'a Value,
    /// `@policy.isUserAuthenticated()`
    pub authenticated: bool,
    /// `@policy.device()`
    pub device: &'a Value,
    /// `@policy.sdkSavedData()`
    pub saved: &'a Value,
    /// `@time()`
    pub now: Timestamp,
    /// Where random functions draw; without any they fail.
    pub dice: Option<&'a Dice>,
    /// The keys that functions may use by alias.
    pub keys: &'a dyn NamedKeys,
}

static NOTHING: Value = Value::Null;

impl Default for Roots<'_> {
    /// Nobody is known, it is 1970, nothing is random, and there are no keys.
    fn default() -> Self {
        Self {
            user: &NOTHING,
            tokens: &NOTHING,
            authenticated: false,
            device: &NOTHING,
            saved: &NOTHING,
            now: Timestamp::UNIX_EPOCH,
            dice: None,
            keys: &NoKeys,
        }
    }
}

/// A root: what an expression reads besides variables and single parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root {
    /// `@policy.request()` as a whole.
    Request,
    /// `@policy.request().params` as a whole.
    Parameters,
    /// `@policy.userContext()`
    UserContext,
    /// `@policy.userTokens()`
    UserTokens,
    /// `@policy.isUserAuthenticated()`
    IsUserAuthenticated,
    /// `@policy.device()`
    Device,
    /// `@policy.sdkSavedData()`
    SdkSavedData,
    /// `@time()`
    Time,
}

impl Root {
    /// All roots that are written as a call.
    pub const ALL: [Self; 7] = [
        Self::Request,
        Self::UserContext,
        Self::UserTokens,
        Self::IsUserAuthenticated,
        Self::Device,
        Self::SdkSavedData,
        Self::Time,
    ];

    /// The call as it is written, without `@` and brackets.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Request => "policy.request",
            Self::Parameters => "policy.request().params",
            Self::UserContext => "policy.userContext",
            Self::UserTokens => "policy.userTokens",
            Self::IsUserAuthenticated => "policy.isUserAuthenticated",
            Self::Device => "policy.device",
            Self::SdkSavedData => "policy.sdkSavedData",
            Self::Time => "time",
        }
    }
}
