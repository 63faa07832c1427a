//! Steps come in; a look-up by type name and the catalogue of what they declare go out.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use wayfarer_lang::catalog::Catalog;
use wayfarer_lang::rules::Rules;
use wayfarer_step::AnyStep;

use crate::error::RegistryError;

/// The step types that journeys may use, beside the forms of the language, and the rules that they keep.
#[derive(Clone)]
pub struct Registry {
    steps: BTreeMap<Arc<str>, Registered>,
    catalog: Catalog,
    rules: Arc<Rules>,
}

#[derive(Clone)]
struct Registered {
    step: Arc<dyn AnyStep>,
    version: u32,
}

impl Default for Registry {
    fn default() -> Self {
        Self { steps: BTreeMap::new(), catalog: Catalog::forms(), rules: Arc::default() }
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.steps.keys()).finish()
    }
}

impl Registry {
    /// A registry without steps.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a step type.
    ///
    /// # Errors
    /// When its declaration contradicts itself or its name is taken.
    pub fn insert(&mut self, step: Arc<dyn AnyStep>) -> Result<(), RegistryError> {
        let declaration = step.declaration()?;
        let (name, version) = (declaration.name.clone(), declaration.version);
        if self.catalog.get(&name).is_some() {
            return Err(RegistryError::Taken { name });
        }
        self.catalog.insert(declaration)?;
        self.steps.insert(name, Registered { step, version });
        Ok(())
    }

    /// The same registry with one more step type.
    ///
    /// # Errors
    /// See [`insert`](Self::insert).
    pub fn with(mut self, step: impl AnyStep) -> Result<Self, RegistryError> {
        self.insert(Arc::new(step))?;
        Ok(self)
    }

    /// The same registry for journeys that keep these rules when they are loaded or deployed. What was deployed before serves
    /// on.
    #[must_use]
    pub fn under(mut self, rules: Arc<Rules>) -> Self {
        self.rules = rules;
        self
    }

    /// The rules that journeys keep.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What a journey may use: the forms and every registered step.
    #[must_use]
    pub const fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The step of this type, and its version.
    pub(crate) fn get(&self, name: &str) -> Option<(&Arc<dyn AnyStep>, u32)> {
        self.steps.get(name).map(|registered| (&registered.step, registered.version))
    }
}
