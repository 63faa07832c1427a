//! Journey texts come in; a checked bundle and its hash go out, and the form in which it is stored for the runs on it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use wayfarer_lang::catalog::Catalog;
use wayfarer_lang::check_all_with;
use wayfarer_lang::diagnostic::Findings;
use wayfarer_lang::program::Program;
use wayfarer_lang::rules::Rules;
use wayfarer_lang::text::Source;

use crate::registry::Registry;

/// The version of the journey language. It is part of each bundle's hash: the same text may mean something else later.
pub const LANGUAGE: u32 = 1;

/// What a run stays on from its first step to its last (law 6; R56): a journey, every sub-journey that it can reach, and
/// the versions of the steps that they use.
#[derive(Clone, Debug)]
pub struct Bundle {
    hash: BundleHash,
    programs: Vec<Program>,
    /// For each program, the places of the journeys that it invokes.
    callees: Vec<Vec<u16>>,
    step_versions: Vec<(Arc<str>, u32)>,
}

/// SHA-256 over everything that decides what a bundle does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BundleHash(pub [u8; 32]);

/// A bundle at rest.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredBundle {
    language: u32,
    journeys: Vec<(String, String)>,
    step_versions: Vec<(Arc<str>, u32)>,
}

impl Bundle {
    /// The bundle of one checked journey. If it invokes others, its runs fail where they would: see [`link`](Self::link).
    #[must_use]
    pub fn new(program: Program) -> Self {
        let step_versions = program.step_versions();
        let journeys = [(&**program.id(), &**program.text())];
        let hash = hash(LANGUAGE, &journeys, &step_versions);
        Self { hash, programs: vec![program], callees: Vec::new(), step_versions }
    }

    /// The bundle of a checked journey and, out of `library`, of those that it can reach. None if one of these is not there.
    #[must_use]
    pub fn link(program: Program, library: &HashMap<Arc<str>, Program>) -> Option<Self> {
        let mut places = HashMap::from([(program.id().clone(), 0)]);
        let mut programs = vec![program];
        let mut callees = Vec::new();
        while let Some(program) = programs.get(callees.len()) {
            let mut invoked = Vec::new();
            for id in program.callees().to_vec() {
                let place = match places.get(&id) {
                    Some(place) => *place,
                    None => {
                        let place = u16::try_from(programs.len()).ok()?;
                        programs.push(library.get(&id)?.clone());
                        places.insert(id, place);
                        place
                    }
                };
                invoked.push(place);
            }
            callees.push(invoked);
        }
        let step_versions: BTreeMap<_, _> = programs.iter().flat_map(Program::step_versions).collect();
        let step_versions: Vec<_> = step_versions.into_iter().collect();
        let journeys: Vec<_> = programs.iter().map(|program| (&**program.id(), &**program.text())).collect();
        Some(Self { hash: hash(LANGUAGE, &journeys, &step_versions), programs, callees, step_versions })
    }

    /// In the place of a bundle that is gone or does not check any more: every run on it fails closed.
    pub(crate) const fn unreadable(hash: [u8; 32]) -> Self {
        Self { hash: BundleHash(hash), programs: Vec::new(), callees: Vec::new(), step_versions: Vec::new() }
    }

    /// Its name: equal hashes, equal behaviour.
    #[must_use]
    pub const fn hash(&self) -> BundleHash {
        self.hash
    }

    /// SHA-256 over the texts alone, whatever the versions of their steps.
    pub(crate) fn content(&self) -> BundleHash {
        let journeys = self.programs.iter().map(|program| (&**program.id(), &**program.text()));
        hash(LANGUAGE, &journeys.collect::<Vec<_>>(), &[])
    }

    /// Whether every step is of the version that is registered now: only such a bundle can begin runs.
    pub(crate) fn is_current(&self, registry: &Registry) -> bool {
        let known = |(name, version): &(Arc<str>, u32)| registry.get(name).is_some_and(|(_, now)| now == *version);
        !self.programs.is_empty() && self.step_versions.iter().all(known)
    }

    /// Whether it holds the journey `id`, as the one that is started or as one that it can reach.
    pub(crate) fn holds(&self, id: &str) -> bool {
        self.programs.iter().any(|program| **program.id() == *id)
    }

    /// The journey at a place; the one that is started stands at 0.
    #[must_use]
    pub fn program(&self, journey: u16) -> Option<&Program> {
        self.programs.get(usize::from(journey))
    }

    /// The place of the journey that one at `journey` invokes as its `callee`.
    pub(crate) fn callee(&self, journey: u16, callee: u16) -> Option<u16> {
        self.callees.get(usize::from(journey))?.get(usize::from(callee)).copied()
    }

    /// The version of a step type that the bundle was made with.
    pub(crate) fn step_version(&self, name: &str) -> Option<u32> {
        self.step_versions.iter().find(|(known, _)| **known == *name).map(|(_, version)| *version)
    }

    pub(crate) fn to_stored(&self) -> StoredBundle {
        let journeys = self.programs.iter().map(|program| (program.id().to_string(), program.text().to_string()));
        StoredBundle { language: LANGUAGE, journeys: journeys.collect(), step_versions: self.step_versions.clone() }
    }
}

impl StoredBundle {
    /// Makes the bundle that was stored, if it is still what `expected` names and still checks. The versions remain those
    /// it was made with, whatever is registered today.
    pub(crate) fn restore(self, expected: [u8; 32], catalog: &Catalog) -> Option<Bundle> {
        let journeys: Vec<_> = self.journeys.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
        let hash = hash(self.language, &journeys, &self.step_versions);
        if hash.0 != expected || self.language != LANGUAGE {
            return None;
        }
        let step_versions = self.step_versions;
        Some(Bundle { hash, step_versions, ..link(self.journeys, catalog)? })
    }

    /// Makes a bundle of the same texts with the steps of today, if the texts are still those of `content` and check.
    pub(crate) fn renew(self, content: BundleHash, catalog: &Catalog) -> Option<Bundle> {
        link(self.journeys, catalog).filter(|bundle| bundle.content() == content)
    }
}

/// The bundle of the first journey and those that it can reach.
fn link(journeys: Vec<(String, String)>, catalog: &Catalog) -> Option<Bundle> {
    // What was deployed serves on, whatever the rules are now.
    let programs = compile(journeys, catalog, &Rules::default()).ok()?;
    let main = programs.first()?.clone();
    let library = programs.into_iter().map(|program| (program.id().clone(), program)).collect();
    Bundle::link(main, &library)
}

/// Checks journeys together: all of them are programs, or each file that is none is told with its findings.
pub(crate) fn compile(
    files: impl IntoIterator<Item = (String, String)>,
    catalog: &Catalog,
    rules: &Rules,
) -> Result<Vec<Program>, Vec<(Source, Findings)>> {
    let (mut programs, mut faulty) = (Vec::new(), Vec::new());
    for checked in check_all_with(files, catalog, rules) {
        match checked.program {
            Some(program) => programs.push(program),
            None => faulty.push((checked.source, checked.findings)),
        }
    }
    if faulty.is_empty() { Ok(programs) } else { Err(faulty) }
}

/// Every part goes in with its length, so that no two bundles look alike (R106).
fn hash(language: u32, journeys: &[(&str, &str)], step_versions: &[(Arc<str>, u32)]) -> BundleHash {
    let mut context = Context::new(&SHA256);
    let mut part = |bytes: &[u8]| {
        context.update(&(bytes.len() as u64).to_be_bytes());
        context.update(bytes);
    };
    part(b"wayfarer bundle 1");
    part(&language.to_be_bytes());
    part(&(journeys.len() as u64).to_be_bytes());
    for (id, text) in journeys {
        part(id.as_bytes());
        part(text.as_bytes());
    }
    for (name, version) in step_versions {
        part(name.as_bytes());
        part(&version.to_be_bytes());
    }
    let mut hash = [0; 32];
    hash.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    BundleHash(hash)
}

impl fmt::Display for BundleHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BundleHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BundleHash({self})")
    }
}
