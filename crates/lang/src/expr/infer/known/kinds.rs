//! Values come in; a set of kinds goes out, a bit each.

use crate::Value;

/// A set of kinds of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kinds(u16);

impl Kinds {
    /// None.
    pub const NONE: Self = Self(0);
    /// `null`
    pub const NULL: Self = Self(1);
    /// `true` and `false`
    pub const BOOLEAN: Self = Self(1 << 1);
    /// Whole numbers.
    pub const INTEGER: Self = Self(1 << 2);
    /// Numbers with a fraction.
    pub const FLOAT: Self = Self(1 << 3);
    /// Texts.
    pub const TEXT: Self = Self(1 << 4);
    /// Lists.
    pub const ARRAY: Self = Self(1 << 5);
    /// Named fields.
    pub const OBJECT: Self = Self(1 << 6);
    /// Secrets, whatever they hide.
    pub const SECRET: Self = Self(1 << 7);
    /// Lambdas.
    pub const LAMBDA: Self = Self(1 << 8);
    /// Any number.
    pub const NUMBER: Self = Self(Self::INTEGER.0 | Self::FLOAT.0);
    /// What has no inside.
    pub const SCALAR: Self = Self(Self::BOOLEAN.0 | Self::NUMBER.0 | Self::TEXT.0);
    /// What counts as true, whatever its value.
    pub const ALWAYS_TRUE: Self = Self(Self::TEXT.0 | Self::ARRAY.0 | Self::OBJECT.0);
    /// Every value that is no secret.
    pub const ANY: Self = Self(Self::NULL.0 | Self::SCALAR.0 | Self::ARRAY.0 | Self::OBJECT.0);
    /// Everything.
    pub const ALL: Self = Self(Self::ANY.0 | Self::SECRET.0 | Self::LAMBDA.0);

    /// Each kind and its word.
    const WORDS: [(Self, &'static str); 9] = [
        (Self::BOOLEAN, "a boolean"),
        (Self::INTEGER, "an integer"),
        (Self::FLOAT, "a number"),
        (Self::TEXT, "a string"),
        (Self::ARRAY, "an array"),
        (Self::OBJECT, "an object"),
        (Self::SECRET, "a secret"),
        (Self::LAMBDA, "a lambda"),
        (Self::NULL, "null"),
    ];

    /// The kind of a value.
    pub const fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Int(_) => Self::INTEGER,
            Value::Float(_) => Self::FLOAT,
            Value::Text(_) => Self::TEXT,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
            Value::Secret(_) => Self::SECRET,
        }
    }

    /// Those of both.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that both have.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that the other has not.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it has one of these.
    pub const fn has(self, kinds: Self) -> bool {
        self.0 & kinds.0 != 0
    }

    /// Whether all of it is among these.
    pub const fn within(self, kinds: Self) -> bool {
        self.0 & !kinds.0 == 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The same, with both kinds of number where one is: 1 equals 1.0.
    #[must_use]
    pub const fn numbers_alike(self) -> Self {
        if self.has(Self::NUMBER) { self.or(Self::NUMBER) } else { self }
    }

    /// `a string`, `a number or null`; numbers of both kinds are numbers.
    pub fn words(self) -> String {
        if self == Self::ANY {
            return "anything".to_owned();
        }
        let named = |(kind, _): &&(Self, &str)| self.has(*kind) && !(*kind == Self::INTEGER && self.has(Self::FLOAT));
        let words: Vec<_> = Self::WORDS.iter().filter(named).map(|(_, word)| *word).collect();
        match words.split_last() {
            None => "nothing".to_owned(),
            Some((last, [])) => (*last).to_owned(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        }
    }
}
