//! Names and what is known of the values under them come in; what a field gives goes out, whether it is there or not.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Known;

/// How many fields are told apart.
const MOST_FIELDS: usize = 64;

/// The fields of an object. A field that may be missing may be null: both read the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    known: IndexMap<Arc<str>, Known>,
    /// Whether there may be others.
    open: bool,
}

impl Default for Fields {
    /// Any fields.
    fn default() -> Self {
        Self { known: IndexMap::new(), open: true }
    }
}

impl Fields {
    /// These fields and no others.
    pub fn closed(fields: impl IntoIterator<Item = (Arc<str>, Known)>) -> Self {
        Self { known: fields.into_iter().collect(), open: false }.bounded()
    }

    /// These fields, and any others.
    pub fn open(fields: impl IntoIterator<Item = (Arc<str>, Known)>) -> Self {
        Self { known: fields.into_iter().collect(), open: true }.bounded()
    }

    fn bounded(self) -> Self {
        if self.known.len() > MOST_FIELDS { Self::default() } else { self }
    }

    /// What a field gives.
    pub fn get(&self, name: &str) -> Known {
        match self.known.get(name) {
            Some(known) => known.clone(),
            None if self.open => Known::anything(),
            None => Known::null(),
        }
    }

    /// What any field gives.
    pub fn any(&self) -> Known {
        if self.open {
            return Known::anything();
        }
        self.known.values().fold(Known::null(), |all, known| all.or(known))
    }

    /// What each field holds that is there.
    pub fn each(&self) -> Known {
        if self.open {
            Known::anything()
        } else {
            self.known.values().fold(Known::nothing(), |all, known| all.or(known))
        }
    }

    /// Whether there is no such field, for certain.
    pub fn lacks(&self, name: &str) -> bool {
        !self.open && !self.known.contains_key(name)
    }

    /// The names that are known.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.known.keys().map(|name| &**name)
    }

    /// The same with something else known of one field.
    #[must_use]
    pub fn with(mut self, name: &Arc<str>, known: Known) -> Self {
        self.known.insert(Arc::clone(name), known);
        self.bounded()
    }

    /// What is known where it is either.
    pub(super) fn or(&self, other: &Self, depth: usize) -> Self {
        let names = self.known.keys().chain(other.known.keys().filter(|name| !self.known.contains_key(*name)));
        let open = self.open || other.open;
        let both = names.map(|name| (Arc::clone(name), self.get(name).or_within(&other.get(name), depth)));
        Self { known: both.filter(|(_, known)| !open || *known != Known::anything()).collect(), open }.bounded()
    }
}
