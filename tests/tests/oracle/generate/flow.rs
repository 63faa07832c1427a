//! Linked steps come in; what no way leads to is taken out, and what is set on every way to each of the others is found.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::{Step, Target, Work};

/// The steps that each step leads to, by id. A `break` goes where the loop goes on.
fn edges(steps: &[Step], home: Option<&Step>, edges: &mut Vec<(String, String)>) {
    for step in steps {
        if let Some(first) = step.body().first() {
            edges.push((step.id.clone(), first.id.clone()));
        }
        for (_, target) in &step.exits {
            if let Some(to) = destination(target, home) {
                edges.push((step.id.clone(), to));
            }
        }
        self::edges(step.body(), Some(step), edges);
    }
}

fn destination(target: &Target, home: Option<&Step>) -> Option<String> {
    match target {
        Target::Step(id) => Some(id.clone()),
        Target::Continue => home.map(|home| home.id.clone()),
        // A chain leads on by `next`, to a step.
        Target::Break => match home.and_then(|home| home.target("next")) {
            Some(Target::Step(id)) => Some(id.clone()),
            _ => None,
        },
        Target::Abort => None,
    }
}

/// Takes out the steps that no way leads to.
pub(super) fn prune(steps: &mut Vec<Step>) {
    let mut all = Vec::new();
    edges(steps, None, &mut all);
    let mut reached = HashSet::from([steps[0].id.clone()]);
    while let Some((_, to)) = all.iter().find(|(from, to)| reached.contains(from) && !reached.contains(to)) {
        reached.insert(to.clone());
    }
    retain(steps, &reached);
}

fn retain(steps: &mut Vec<Step>, reached: &HashSet<String>) {
    steps.retain(|step| reached.contains(&step.id));
    for step in steps {
        if let Work::Loop { body, .. } = &mut step.work {
            retain(body, reached);
        }
    }
}

/// The variables that are set whenever a step is entered, by the step's id. `declared` are set from the beginning.
pub(super) fn set_before(steps: &[Step], declared: &[&str]) -> HashMap<String, BTreeSet<String>> {
    let mut all = Vec::new();
    edges(steps, None, &mut all);
    let mut sets = HashMap::new();
    gather(steps, &mut sets);
    let everything: BTreeSet<String> =
        sets.values().flatten().cloned().chain(declared.iter().map(|name| (*name).to_owned())).collect();
    let mut before: HashMap<String, BTreeSet<String>> =
        sets.keys().map(|id| (id.clone(), everything.clone())).collect();
    before.insert(steps[0].id.clone(), declared.iter().map(|name| (*name).to_owned()).collect());
    // Sets only ever shrink, so this comes to an end.
    loop {
        let mut shrunk = false;
        for (from, to) in &all {
            let after: BTreeSet<_> = before[from].union(&sets[from]).cloned().collect();
            let kept: BTreeSet<_> = before[to].intersection(&after).cloned().collect();
            shrunk |= kept.len() < before[to].len();
            before.insert(to.clone(), kept);
        }
        if !shrunk {
            return before;
        }
    }
}

fn gather(steps: &[Step], sets: &mut HashMap<String, BTreeSet<String>>) {
    for step in steps {
        let mut names: BTreeSet<_> = step.output.iter().chain(&step.error_output).cloned().collect();
        if let Work::Set(variables) = &step.work {
            names.extend(variables.iter().map(|(name, _)| name.clone()));
        }
        sets.insert(step.id.clone(), names);
        gather(step.body(), sets);
    }
}
