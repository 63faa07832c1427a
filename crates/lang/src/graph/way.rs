//! Findings about ways come in; the graph with those ways marked goes out.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::{ArrowKind, Graph};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Hop};

/// A way through the journey that shows what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What is wrong.
    pub code: Code,
    /// The same in a sentence.
    pub message: String,
    /// The steps that it passes.
    pub steps: Vec<Hop>,
}

impl Graph {
    /// The same graph with the ways of these findings; those without one add nothing.
    #[must_use]
    pub(crate) fn with_ways<'a>(mut self, findings: impl Iterator<Item = &'a Diagnostic>) -> Self {
        let places = self.nodes.iter().enumerate().map(|(place, node)| (Arc::clone(&node.id), place));
        let places: HashMap<Arc<str>, usize> = places.collect();
        for finding in findings.filter(|finding| !finding.path.is_empty()) {
            for hop in &finding.path {
                if let Some(place) = places.get(&hop.step) {
                    self.mark(*place, hop.exit.as_deref());
                }
            }
            let (code, message, steps) = (finding.code, finding.message.clone(), finding.path.clone());
            self.ways.push(Way { code, message, steps });
        }
        self
    }

    /// Marks a step, and the arrow by which the way leaves it.
    fn mark(&mut self, place: usize, exit: Option<&str>) {
        let Some(node) = self.nodes.get_mut(place) else { return };
        node.on_way = true;
        let Some(exit) = exit else { return };
        let first = self.arrows.partition_point(|arrow| arrow.from < place);
        let mut arrows = self.arrows.iter_mut().skip(first).take_while(|arrow| arrow.from == place);
        let taken = arrows.find(|arrow| match arrow.kind {
            ArrowKind::Body => exit == "body",
            _ => arrow.exits.iter().any(|name| &**name == exit),
        });
        if let Some(arrow) = taken {
            arrow.on_way = true;
        }
    }
}
