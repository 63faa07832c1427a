//! A step and what is known as it is entered come in; what is known behind each of its exits goes out.

use std::collections::HashSet;
use std::sync::Arc;

use super::step::{Visit, assigned};
use super::step_of;
use crate::check::fields;
use crate::check::values::COMPARED_CASES;
use crate::expr::infer::{Facts, Fields, Kinds, Known, Subject};

impl Visit<'_> {
    /// What is known as the steps are entered to which this one leads.
    pub(super) fn leave(&self, entered: &Facts) -> Vec<(usize, Facts)> {
        let after = self.walk(entered, &mut Vec::new());
        let mut ways = Vec::new();
        let never = self.never(entered);
        for link in self.links.links.iter().filter(|link| !never.contains(&&*link.name)) {
            if let Some(to) = step_of(link.target) {
                ways.push((to, self.by(&link.name, entered, &after)));
            }
        }
        // The way into a loop's body, and links of which only the target is known.
        let linked: HashSet<_> = self.links.links.iter().filter_map(|link| step_of(link.target)).collect();
        for edge in self.links.edges.iter().filter(|edge| !linked.contains(&edge.to) && !never.contains(&BODY)) {
            ways.push((edge.to, self.by(BODY, entered, &after)));
        }
        ways
    }

    /// The exits that are never taken, because the answer of a test is always the same. There is a finding for that; what stands
    /// behind them needs none. A test that is written out as a constant is meant so.
    fn never(&self, entered: &Facts) -> &'static [&'static str] {
        let Some(test) = self.values.test.as_ref().filter(|test| test.constant().is_none()) else { return &[] };
        let truth = || test.infer_condition(entered, self.parameters).known.truth();
        match (self.form(), truth()) {
            ("condition", Some(true)) => &["else"],
            ("condition", Some(false)) => &["then"],
            ("while_loop", Some(false)) => &["exhausted", BODY],
            _ => &[],
        }
    }

    /// What is known behind an exit.
    fn by(&self, exit: &str, entered: &Facts, after: &Facts) -> Facts {
        // What could not be evaluated has shown nothing.
        let mut facts = if exit == "failure" { entered.clone() } else { after.clone() };
        match self.form() {
            "condition" | "while_loop" => {
                let truth = match exit {
                    "then" | "exhausted" | BODY => Some(true),
                    "else" => Some(false),
                    // The body leads there too, by `break`, with facts of its own.
                    "next" => Some(false),
                    _ => None,
                };
                if let Some((test, truth)) = self.values.test.as_ref().zip(truth) {
                    facts = test.assume(truth, entered, self.parameters);
                }
            }
            "match_case" => facts = self.case(exit, entered, facts),
            "is_user_authenticated" => match exit {
                "then" if facts.is_authenticated().is_none() => facts.authenticated(Some(true)),
                "else" => facts.authenticated(Some(false)),
                _ => {}
            },
            "invoke_sub_journey" => {
                if exit == "completed" {
                    facts.authenticated(None);
                }
            }
            _ => self.proven(exit, &mut facts),
        }
        self.results(exit, &mut facts);
        facts
    }

    fn case(&self, exit: &str, entered: &Facts, after: Facts) -> Facts {
        let Some(test) = self.values.test.as_ref().filter(|_| self.values.entries.len() <= COMPARED_CASES) else {
            return after;
        };
        let value = |entry: &crate::check::values::Value| entry.template.infer(None, entered, self.parameters).known;
        if let Some(entry) = self.values.entries.iter().find(|entry| &*entry.name == exit) {
            return test.assume_equal(true, &value(entry), entered, self.parameters);
        }
        if exit != "otherwise" {
            return after;
        }
        self.values
            .entries
            .iter()
            .fold(after, |facts, entry| test.assume_equal(false, &value(entry), &facts, self.parameters))
    }

    /// What a visit shows about the user: success proves; any other end of a verifying step, and whoever names another user, may
    /// take a proof away.
    fn proven(&self, exit: &str, facts: &mut Facts) {
        let Some(declaration) = self.step.declaration else { return };
        let verifies = declaration.verifies.as_ref();
        if verifies.is_some_and(|verifies| *verifies.exit == *exit) {
            facts.authenticated(Some(true));
        } else if (verifies.is_some() || declaration.identifies) && facts.is_authenticated() == Some(true) {
            facts.authenticated(None);
        }
    }

    /// What `output` and `error_output` hold behind an exit.
    fn results(&self, exit: &str, facts: &mut Facts) {
        let source = self.step.source;
        if let Some(slot) = source.output.as_ref().and_then(|name| self.symbols.slot(&name.value)) {
            let known = assigned(self.given(exit), self.symbols.variable_type(slot));
            let null = self.given(exit).may_be_null();
            facts.set(Subject::Variable(slot), if null { known.or(&Known::null()) } else { known });
        }
        if let Some(slot) = source.error_output.as_ref().and_then(|name| self.symbols.slot(&name.value)) {
            let text = |name: &str| (Arc::from(name), Known::kinds(Kinds::TEXT));
            let data = self.step.callee.map(|_| (Arc::from("data"), Known::anything()));
            let failure = Known::object_of(Fields::closed([text("code"), text("message")].into_iter().chain(data)));
            let known = match exit {
                "failure" | "rejected" => failure,
                "completed" | "then" | "else" => Known::null(),
                _ => failure.or(&Known::null()),
            };
            facts.set(Subject::Variable(slot), known);
        }
    }

    /// What the step gives by an exit.
    fn given(&self, exit: &str) -> Known {
        let gives = match self.step.callee {
            Some(callee) if exit == "completed" => callee.outputs.is_some(),
            Some(_) if exit == "rejected" || exit == "failure" => return Known::null(),
            Some(_) => false,
            None => self
                .step
                .declaration
                .is_some_and(|declaration| declaration.exits.iter().any(|one| one.gives && *one.name == *exit)),
        };
        let known = fields::output(self.step).map_or_else(Known::anything, |ty| Known::of(&ty));
        if gives { known } else { known.or(&Known::null()) }
    }
}

/// The way into the body of a loop, which is no exit.
const BODY: &str = "";
