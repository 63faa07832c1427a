//! What a form or a step declares of itself: checker, schema, hover and reference read this one declaration.

mod forms;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::types::Type;

/// Everything that may stand after `type:`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    entries: BTreeMap<Arc<str>, Declaration>,
}

/// Whether the language itself or a registered step does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Steers the run; part of the language.
    Form,
    /// Does work; registered by the host or built in.
    Step,
}

/// One form or step type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The word after `type:`.
    pub name: Arc<str>,
    /// Grows when the meaning of parameters or state changes.
    pub version: u32,
    /// Form or step.
    pub origin: Origin,
    /// One sentence.
    pub summary: String,
    /// Further prose, in Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// What stands under `with:`, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// The ways out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exits: Vec<Exit>,
    /// The parameter whose keys are further exits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exits_from: Option<String>,
    /// The type of what `output` takes; none: the step gives nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Type>,
    /// Whether it waits for the client.
    #[serde(default)]
    pub prompts: bool,
    /// Whether it waits at all.
    #[serde(default)]
    pub waits: bool,
    /// The codes that `error_output` may hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub error_codes: Vec<ErrorCode>,
    /// The method whose secret it checks; its success exit then needs a proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifies: Option<Verifies>,
    /// Whether it may say which user the run speaks of, without proving it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub identifies: bool,
    /// Whether it acts on the outside world.
    #[serde(default)]
    pub outward: Outward,
}

/// What a verifying step checks, and which exit says that it was right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verifies {
    /// The method, such as `temp_code`.
    pub method: Arc<str>,
    /// The exit that needs a proof.
    pub exit: Arc<str>,
}

/// Whether a visit acts on the outside world, and whether doing it twice does harm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outward {
    /// It does not.
    #[default]
    None,
    /// It does, under the visit's key: a call in doubt is repeated.
    Idempotent,
    /// It does, and a call in doubt must not be repeated: the step fails instead.
    Once,
}

/// One entry under `with:`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its key.
    pub name: Arc<str>,
    /// What it means.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// What it takes.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether it must stand there.
    #[serde(default)]
    pub required: bool,
    /// How its text is read.
    #[serde(default)]
    pub place: Place,
    /// Whether it may take a secret.
    #[serde(default)]
    pub secret: bool,
}

/// How the text of a parameter is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A value, in which `@…` and `${…}` are expressions.
    #[default]
    Value,
    /// Always an expression.
    Expression,
    /// A mapping from variable names to values.
    Assignments,
    /// A mapping from names to fields of a form; what they take is what the step gives.
    Fields,
    /// A mapping from exits to the values that lead to them.
    Cases,
    /// The id of a sub-journey, written out.
    Journey,
    /// A mapping from the parameters of that sub-journey to what they take.
    Arguments,
}

/// A way out of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exit {
    /// Its name under `branches:`.
    pub name: Arc<str>,
    /// When it is taken.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// What it means to leave it unlinked.
    #[serde(default)]
    pub unlinked: Unlinked,
    /// Whether the output is always there when it is taken.
    #[serde(default, skip_serializing_if = "is_false")]
    pub gives: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it so")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// What it means to leave an exit unlinked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unlinked {
    /// It is a mistake.
    #[default]
    Error,
    /// It goes where the named exit goes.
    Follows(Arc<str>),
    /// The journey ends as failed.
    Aborts,
}

/// A code that `error_output` may hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// The stable word.
    pub code: String,
    /// When it is given.
    pub doc: String,
}

/// A catalogue cannot be read or joined.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The file is not a catalogue.
    #[error("this is not a step catalogue: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Its format is newer than this program.
    #[error("the catalogue has format {found}, and this program reads format 1")]
    Format {
        /// The number found.
        found: u32,
    },
    /// Two different declarations bear one name.
    #[error("`{name}` is declared twice, in different ways")]
    Clash {
        /// The step type.
        name: Arc<str>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogFile {
    wayfarer_catalog: u32,
    steps: Vec<Declaration>,
}

impl Catalog {
    /// The forms of the language, and no steps.
    #[must_use]
    pub fn forms() -> Self {
        forms::all()
    }

    /// Adds a declaration.
    ///
    /// # Errors
    /// When another declaration bears the same name. The very same one again is accepted.
    pub fn insert(&mut self, declaration: Declaration) -> Result<(), CatalogError> {
        match self.entries.get(&declaration.name) {
            Some(known) if *known != declaration => Err(CatalogError::Clash { name: declaration.name }),
            _ => {
                self.entries.insert(declaration.name.clone(), declaration);
                Ok(())
            }
        }
    }

    /// Adds all declarations of another catalogue.
    ///
    /// # Errors
    /// When two different declarations bear one name.
    pub fn merge(&mut self, other: Self) -> Result<(), CatalogError> {
        other.entries.into_values().try_for_each(|declaration| self.insert(declaration))
    }

    /// The declaration of a type.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Declaration> {
        self.entries.get(name)
    }

    /// All declarations, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Declaration> {
        self.entries.values()
    }

    /// The catalogue file: every step, without the forms, which each program knows.
    ///
    /// # Errors
    /// Never in practice; the signature is that of the JSON writer.
    pub fn to_json(&self) -> Result<String, CatalogError> {
        let steps = self.iter().filter(|entry| entry.origin == Origin::Step).cloned().collect();
        Ok(serde_json::to_string_pretty(&CatalogFile { wayfarer_catalog: 1, steps })?)
    }

    /// Reads a catalogue file.
    ///
    /// # Errors
    /// When it is not one, or of a later format.
    pub fn from_json(text: &str) -> Result<Self, CatalogError> {
        let file: CatalogFile = serde_json::from_str(text)?;
        if file.wayfarer_catalog != 1 {
            return Err(CatalogError::Format { found: file.wayfarer_catalog });
        }
        let mut catalog = Self::default();
        for declaration in file.steps {
            catalog.insert(Declaration { origin: Origin::Step, ..declaration })?;
        }
        Ok(catalog)
    }
}

impl Declaration {
    /// The parameter of this name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| &*parameter.name == name)
    }

    /// Whether the run ends here: there is no way out.
    #[must_use]
    pub fn ends(&self) -> bool {
        self.exits.is_empty() && self.exits_from.is_none()
    }

    /// Whether `next: target` links it: the one exit that it declares is called so.
    #[must_use]
    pub fn takes_next(&self) -> bool {
        matches!(self.exits.as_slice(), [only] if &*only.name == "next")
    }

    /// Whether a visit is over as soon as it begins: a form that waits for nothing. There is nothing to time out then, and
    /// what it decides would be the same if it were tried again.
    #[must_use]
    pub fn is_instant(&self) -> bool {
        self.origin == Origin::Form && !self.waits
    }
}
