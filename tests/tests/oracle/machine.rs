//! A case comes in; its journeys are checked, and the story that the pure machine tells of the run goes out.

mod play;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use wayfarer::Registry;
use wayfarer::engine::run::Run;
use wayfarer::engine::{Bundle, Limits};
use wayfarer::lang::program::Program;
use wayfarer::lang::{Catalog, Severity, Value, check_all};
use wayfarer::step::AnyStep;

use crate::data::Data;
use crate::desk::Desk;
use crate::generate::Case;
use crate::machine::play::Play;
use crate::steps::{self, Calls};
use crate::story::Story;
use crate::write;

/// The findings that doubt a type: one that may be null, may not fit, never fits, makes an operation impossible, or is that of a
/// field that is never there.
const DOUBTS: [&str; 5] = ["J0503", "J0701", "J0702", "J0703", "J0708"];

/// The built-in steps, and who answers them.
pub(crate) struct Machine {
    calls: Calls,
    steps: BTreeMap<String, Arc<dyn AnyStep>>,
    registry: Registry,
    desk: Arc<Desk>,
    limits: Limits,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let calls = Calls::default();
        let (mut steps, mut registry) = (BTreeMap::new(), Registry::new());
        for step in steps::all(&calls) {
            steps.insert(step.declaration().unwrap().name.to_string(), step.clone());
            registry.insert(step).unwrap();
        }
        Self { calls, steps, registry, desk: Arc::default(), limits: Limits::default() }
    }

    /// What the journeys of a case may use.
    pub(crate) fn catalog(&self) -> &Catalog {
        self.registry.catalog()
    }

    /// The bundle of a case, and whether the checker vouches for its types; or whether it refuses only types.
    pub(crate) fn check(&self, case: &Case) -> Result<(Bundle, bool), &'static str> {
        self.check_written(case, |text| text)
    }

    /// The bundle of journeys whose ends are all for users who are proven.
    pub(crate) fn check_proofs(&self, case: &Case) -> Result<Bundle, &'static str> {
        let marked = |line: &&str| line.trim() != write::MARK;
        let edit = |text: String| text.lines().filter(marked).map(|line| format!("{line}\n")).collect();
        self.check_written(case, edit).map(|(bundle, _)| bundle)
    }

    fn check_written(&self, case: &Case, edit: impl Fn(String) -> String) -> Result<(Bundle, bool), &'static str> {
        let files = case.library.journeys.iter();
        let files = files.map(|journey| (format!("{}.yaml", journey.id), edit(write::file(journey))));
        let (mut programs, mut refused, mut vouched) = (Vec::new(), Vec::new(), true);
        for checked in check_all(files, self.catalog()) {
            vouched &= !checked.findings.iter().any(|finding| DOUBTS.contains(&finding.code.id()));
            let errors = checked.findings.iter().filter(|finding| finding.severity == Severity::Error);
            refused.extend(errors.map(|finding| finding.code.id()));
            programs.extend(checked.program);
        }
        if !refused.is_empty() {
            return Err(if refused.iter().all(|code| DOUBTS.contains(code)) { "mistyped" } else { "unchecked" });
        }
        let main = programs[0].clone();
        let library = programs.into_iter().map(|program| (program.id().clone(), program)).collect();
        Ok((Bundle::link(main, &library).unwrap(), vouched))
    }

    pub(crate) fn play(&self, bundle: &Bundle, case: &Case) -> Story {
        self.calls.store(0, Ordering::Relaxed);
        let run = begin(bundle.program(0).unwrap(), bundle, case);
        Play::new(self, case, bundle, run).play()
    }
}

fn begin(program: &Program, bundle: &Bundle, case: &Case) -> Run {
    let arguments = program.parameters().iter().zip(&case.arguments).map(|(parameter, (_, given))| match given {
        Data::Null => Value::Null,
        given => parameter.ty.accept(&given.to_product()).unwrap(),
    });
    let now = Timestamp::UNIX_EPOCH;
    Run::begin(Uuid::nil(), bundle, arguments.collect(), now, now + SignedDuration::from_hours(1)).unwrap()
}
