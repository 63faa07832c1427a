//! What a project asks of the ways through its journeys comes in as data; the checker holds every journey to it.

use std::sync::Arc;

/// The most rules that are held at once: each is a walk through every journey.
pub const MOST_RULES: usize = 64;

/// The rules of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Each of them, in the order of the file; those beyond [`MOST_RULES`] are not held, which their reader refuses.
    pub rules: Vec<Rule>,
}

/// One rule: no way leads from `from` to `to` unless it passes `unless` between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What the project calls it.
    pub name: Arc<str>,
    /// The journeys that it is for, by their ids; none: all that somebody can start.
    pub journeys: Option<Vec<Glob>>,
    /// Where the way begins; none: at the start of the journey.
    pub from: Option<Place>,
    /// Where it must not lead.
    pub to: Place,
    /// What it must have passed to lead there.
    pub unless: Option<Place>,
    /// What the project says to those who break it.
    pub message: Option<Arc<str>>,
}

/// Steps, or exits of steps. What it does not say may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The step's id.
    pub id: Option<Glob>,
    /// The word after `type:`.
    pub type_name: Option<Glob>,
    /// The exit by which the way leaves the step; none: it is enough to come to the step.
    pub exit: Option<Arc<str>>,
}

/// A name in which `*` stands for any characters, none included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(Arc<str>);

impl Glob {
    /// The pattern of this text.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The text as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it stands for one name only.
    pub fn is_plain(&self) -> bool {
        !self.0.contains('*')
    }

    /// Whether a name is of this form.
    pub fn fits(&self, name: &str) -> bool {
        let mut parts = self.0.split('*');
        let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
        if self.is_plain() {
            return rest.is_empty();
        }
        let mut parts: Vec<_> = parts.collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            match rest.find(part) {
                Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
                None => return false,
            }
        }
        rest.ends_with(last)
    }
}

impl Place {
    /// Whether a step is one that it names, whichever exit is taken.
    pub fn names(&self, id: &str, type_name: &str) -> bool {
        let fits = |glob: &Option<Glob>, name: &str| glob.as_ref().is_none_or(|glob| glob.fits(name));
        fits(&self.id, id) && fits(&self.type_name, type_name)
    }
}

impl Rules {
    /// Those of them that are for a journey; `is_part` says that only other journeys start it.
    pub(crate) fn of<'r>(&'r self, journey: &'r str, is_part: bool) -> impl Iterator<Item = (usize, &'r Rule)> {
        self.held().filter(move |(_, rule)| match &rule.journeys {
            Some(globs) => globs.iter().any(|glob| glob.fits(journey)),
            None => !is_part,
        })
    }

    /// All that are held, by number.
    pub(crate) fn held(&self) -> impl Iterator<Item = (usize, &Rule)> {
        self.rules.iter().take(MOST_RULES).enumerate()
    }
}

#[cfg(test)]
mod tests;
