//! What is known of a value before any run: the kinds that it may be of, and what lies inside. It comes in by declarations and
//! constants, is joined where ways meet, and goes out as words for findings.

mod fields;
mod kinds;
mod of_type;
mod words;

use std::sync::Arc;

pub use self::fields::Fields;
pub use self::kinds::Kinds;
pub use self::of_type::{Fit, Misfit};
use crate::Value;

/// How many values are told apart before only their kinds are.
const MOST_VALUES: usize = 16;
/// How deep the inside is known.
const DEPTH: usize = 6;

/// What is known of a value. Nothing at all is known of no value: that is what an evaluation gives that always fails.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    kinds: Kinds,
    inside: Option<Arc<Inside>>,
}

/// What lies inside; each part speaks of the kinds that have it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Inside {
    /// Every text, number and boolean that it can be.
    values: Option<Vec<Value>>,
    /// What each item of an array is.
    items: Option<Known>,
    /// The fields of an object.
    fields: Option<Fields>,
    /// What a secret hides.
    secret: Option<Known>,
}

impl Known {
    /// Of these kinds, and nothing is known of the inside.
    pub const fn kinds(kinds: Kinds) -> Self {
        Self { kinds, inside: None }
    }

    /// Any value that is no secret.
    pub const fn anything() -> Self {
        Self::kinds(Kinds::ANY)
    }

    /// No value: the evaluation always fails, or nothing is set.
    pub const fn nothing() -> Self {
        Self::kinds(Kinds::NONE)
    }

    /// Null.
    pub const fn null() -> Self {
        Self::kinds(Kinds::NULL)
    }

    /// Exactly this value.
    pub fn constant(value: &Value) -> Self {
        Self::constant_within(value, DEPTH)
    }

    /// Any value of the same type.
    pub fn like(value: &Value) -> Self {
        Self::like_within(value, DEPTH)
    }

    fn like_within(value: &Value, depth: usize) -> Self {
        let kinds = Kinds::of(value);
        let Some(below) = depth.checked_sub(1) else { return Self::kinds(kinds) };
        match value {
            Value::Array(items) if !items.is_empty() => Self::array_of(
                items.iter().fold(Self::nothing(), |known, item| known.or(&Self::like_within(item, below))),
            ),
            Value::Object(fields) => {
                let known = fields.iter().map(|(name, field)| (Arc::clone(name), Self::like_within(field, below)));
                Self::object_of(Fields::closed(known))
            }
            Value::Secret(inner) => Self::secret(Self::like_within(inner.expose(), below).plain()),
            _ => Self::kinds(kinds),
        }
    }

    fn constant_within(value: &Value, depth: usize) -> Self {
        let kinds = Kinds::of(value);
        let Some(below) = depth.checked_sub(1) else { return Self::kinds(kinds) };
        match value {
            Value::Null => Self::null(),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
                Self::kinds(kinds).among(vec![value.clone()])
            }
            Value::Array(items) => {
                let item = |known: Self, item| known.or(&Self::constant_within(item, below));
                Self::array_of(items.iter().take(MOST_VALUES * 4).fold(Self::nothing(), item))
                    .or_blurred(items.len() > MOST_VALUES * 4)
            }
            Value::Object(fields) => {
                let known = fields.iter().map(|(name, field)| (Arc::clone(name), Self::constant_within(field, below)));
                Self::object_of(Fields::closed(known))
            }
            Value::Secret(inner) => Self::secret(Self::constant_within(inner.expose(), below).plain()),
        }
    }

    /// One of these values, of which none is null, an array or an object.
    fn among(self, values: Vec<Value>) -> Self {
        let values = (values.len() <= MOST_VALUES).then_some(values);
        self.with(|inside| inside.values = values)
    }

    /// An array of such items.
    pub fn array_of(items: Self) -> Self {
        Self::kinds(Kinds::ARRAY).with(|inside| inside.items = Some(items))
    }

    /// An object with these fields.
    pub fn object_of(fields: Fields) -> Self {
        Self::kinds(Kinds::OBJECT).with(|inside| inside.fields = Some(fields))
    }

    /// A secret that hides this.
    pub fn secret(hidden: Self) -> Self {
        Self::kinds(Kinds::SECRET).with(|inside| inside.secret = Some(hidden))
    }

    fn with(mut self, change: impl FnOnce(&mut Inside)) -> Self {
        let mut inside = self.inside.take().map(Arc::unwrap_or_clone).unwrap_or_default();
        change(&mut inside);
        self.inside = (inside != Inside::default()).then(|| Arc::new(inside));
        self
    }

    /// The kinds that it may be of.
    pub const fn may_be(&self) -> Kinds {
        self.kinds
    }

    /// Whether it can be no value at all.
    pub const fn is_nothing(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Whether it may be null.
    pub const fn may_be_null(&self) -> bool {
        self.kinds.has(Kinds::NULL)
    }

    /// Every value that it can be; none if they are not all told apart. Null is among them.
    pub fn values(&self) -> Option<Vec<Value>> {
        let scalars = self.kinds.and(Kinds::SCALAR);
        if !self.kinds.without(Kinds::SCALAR).without(Kinds::NULL).is_empty() {
            return None;
        }
        let mut values = match (&self.inside, scalars.is_empty()) {
            (_, true) => Vec::new(),
            (Some(inside), false) => inside.values.clone()?,
            (None, false) => return None,
        };
        if self.may_be_null() {
            values.push(Value::Null);
        }
        Some(values)
    }

    /// What an item is, if it is an array.
    pub fn items(&self) -> Self {
        self.inside.as_ref().and_then(|inside| inside.items.clone()).unwrap_or_else(Self::anything)
    }

    /// The fields, if it is an object.
    pub fn fields(&self) -> Fields {
        self.inside.as_ref().and_then(|inside| inside.fields.clone()).unwrap_or_default()
    }

    /// What it hides, if it is a secret.
    pub fn hidden(&self) -> Self {
        self.inside.as_ref().and_then(|inside| inside.secret.clone()).unwrap_or_else(Self::anything)
    }

    /// The same as long as it is of these kinds.
    #[must_use]
    pub fn only(&self, kinds: Kinds) -> Self {
        let kinds = self.kinds.and(kinds);
        let Some(inside) = &self.inside else { return Self::kinds(kinds) };
        let values = inside.values.as_ref().filter(|_| !kinds.and(Kinds::SCALAR).is_empty());
        let values = values.map(|values| values.iter().filter(|value| kinds.has(Kinds::of(value))).cloned().collect());
        let inside = Inside {
            values,
            items: inside.items.clone().filter(|_| kinds.has(Kinds::ARRAY)),
            fields: inside.fields.clone().filter(|_| kinds.has(Kinds::OBJECT)),
            secret: inside.secret.clone().filter(|_| kinds.has(Kinds::SECRET)),
        };
        Self { kinds, inside: (inside != Inside::default()).then(|| Arc::new(inside)) }.settled()
    }

    /// Kinds of which no value is left are none.
    fn settled(self) -> Self {
        let Some(values) = self.inside.as_ref().and_then(|inside| inside.values.as_ref()) else { return self };
        let left = values.iter().fold(Kinds::NONE, |kinds, value| kinds.or(Kinds::of(value)));
        let kinds = self.kinds.without(Kinds::SCALAR).or(left);
        let emptied = values.is_empty();
        let known = Self { kinds, ..self };
        if emptied { known.with(|inside| inside.values = None) } else { known }
    }

    /// The same, but not of these kinds.
    #[must_use]
    pub fn without(&self, kinds: Kinds) -> Self {
        self.only(Kinds::ALL.without(kinds))
    }

    /// The same, but not this text, number or boolean, if the values are told apart.
    #[must_use]
    pub fn without_value(&self, value: &Value) -> Self {
        let told = self.inside.as_ref().is_some_and(|inside| inside.values.is_some());
        if !told {
            // A boolean is one of two.
            if let (Value::Bool(gone), true) = (value, self.kinds.has(Kinds::BOOLEAN)) {
                let left = Self::constant(&Value::Bool(!gone));
                return if self.kinds.and(Kinds::SCALAR) == Kinds::BOOLEAN {
                    self.without(Kinds::BOOLEAN).or(&left)
                } else {
                    self.clone()
                };
            }
            return self.clone();
        }
        let mut known = self.clone();
        known = known.with(|inside| {
            if let Some(values) = &mut inside.values {
                values.retain(|one| one != value);
            }
        });
        known.settled()
    }

    /// What is known where it is either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.or_within(other, DEPTH)
    }

    fn or_within(&self, other: &Self, depth: usize) -> Self {
        if self.is_nothing() || self == other {
            return other.clone();
        }
        if other.is_nothing() {
            return self.clone();
        }
        let kinds = self.kinds.or(other.kinds);
        let Some(below) = depth.checked_sub(1) else { return Self::kinds(kinds) };
        let both = |kind: Kinds| (self.kinds.has(kind), other.kinds.has(kind));
        let either = |kind, read: fn(&Self) -> Option<&Self>| match both(kind) {
            (true, true) => read(self).zip(read(other)).map(|(one, two)| one.or_within(two, below)),
            (true, false) => read(self).cloned(),
            _ => read(other).cloned(),
        };
        let fields = match both(Kinds::OBJECT) {
            (true, true) => self.known_fields().zip(other.known_fields()).map(|(one, two)| one.or(two, below)),
            (true, false) => self.known_fields().cloned(),
            _ => other.known_fields().cloned(),
        };
        let items = either(Kinds::ARRAY, |known| known.inside.as_ref()?.items.as_ref());
        let secret = either(Kinds::SECRET, |known| known.inside.as_ref()?.secret.as_ref());
        let inside = Inside { values: self.values_or(other), items, fields, secret };
        Self { kinds, inside: (inside != Inside::default()).then(|| Arc::new(inside)) }
    }

    fn known_fields(&self) -> Option<&Fields> {
        self.inside.as_ref()?.fields.as_ref()
    }

    fn values_or(&self, other: &Self) -> Option<Vec<Value>> {
        let scalars = |known: &Self| !known.kinds.and(Kinds::SCALAR).is_empty();
        let told = |known: &Self| known.inside.as_ref().and_then(|inside| inside.values.clone());
        let (one, two) = match (scalars(self), scalars(other)) {
            (true, false) => return told(self),
            (false, true) => return told(other),
            (false, false) => return None,
            (true, true) => (told(self)?, told(other)?),
        };
        let mut all = one;
        for value in two {
            if !all.contains(&value) {
                all.push(value);
            }
        }
        (all.len() <= MOST_VALUES).then_some(all)
    }

    /// Only its kinds, if that is asked: what changes again and again is not followed for ever.
    #[must_use]
    pub fn or_blurred(self, blurred: bool) -> Self {
        if blurred { Self::kinds(self.kinds) } else { self }
    }

    /// Anything, if nothing is known of any value.
    #[must_use]
    pub fn or_anything_if_nothing(self) -> Self {
        if self.is_nothing() { Self::anything() } else { self }
    }

    /// The same without what secrets hide: how a value looks to those who may not see it.
    fn plain(self) -> Self {
        if self.kinds.has(Kinds::SECRET) { self.hidden().or(&self.without(Kinds::SECRET)) } else { self }
    }

    /// Whether a value of the one can be equal to a value of the other.
    pub fn can_equal(&self, other: &Self) -> bool {
        if let (Some(one), Some(two)) = (self.values(), other.values()) {
            return one.iter().any(|value| two.contains(value));
        }
        // The two kinds of number are equal where their values are.
        !self.kinds.numbers_alike().and(other.kinds.numbers_alike()).is_empty()
    }

    /// Whether all values of the one are equal to all of the other.
    pub fn must_equal(&self, other: &Self) -> bool {
        match (self.values().as_deref(), other.values().as_deref()) {
            (Some([one]), Some([two])) => one == two,
            _ => false,
        }
    }

    /// How it is judged as a condition, if that is the same for each of its values.
    pub fn truth(&self) -> Option<bool> {
        if self.is_nothing() || self.kinds.has(Kinds::SECRET) || self.kinds.has(Kinds::LAMBDA) {
            return None;
        }
        if let Some(values) = self.values() {
            let mut truths = values.iter().map(Value::truth);
            let first = truths.next()??;
            return truths.all(|truth| truth == Some(first)).then_some(first);
        }
        self.kinds.without(Kinds::ALWAYS_TRUE).is_empty().then_some(true)
    }

    /// What is left where it is judged so as a condition.
    #[must_use]
    pub fn judged(&self, truth: bool) -> Self {
        let known = if truth { self.without(Kinds::NULL) } else { self.without(Kinds::ALWAYS_TRUE) };
        match known.kinds.and(Kinds::SCALAR) == Kinds::BOOLEAN {
            true => known.without_value(&Value::Bool(!truth)),
            false => known,
        }
    }

    /// What is left where it equals a value of the other.
    #[must_use]
    pub fn meeting(&self, other: &Self) -> Self {
        let kinds = self.kinds.and(other.kinds.numbers_alike());
        let known = self.only(kinds);
        match other.values() {
            Some(values) => {
                let scalars: Vec<_> = values.into_iter().filter(|value| !matches!(value, Value::Null)).collect();
                let told = known.inside.as_ref().and_then(|inside| inside.values.clone());
                let left = match told {
                    Some(told) => told.into_iter().filter(|value| scalars.contains(value)).collect(),
                    None => scalars,
                };
                if known.kinds.and(Kinds::SCALAR).is_empty() {
                    known
                } else {
                    known.with(|inside| inside.values = Some(left)).settled()
                }
            }
            None => known,
        }
    }
}

#[cfg(test)]
mod tests;
