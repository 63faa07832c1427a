//! The resolved steps come in; what is known of each variable on every way to a step is followed, and each value that may not be of
//! the type that is needed comes out as a finding.

mod exits;
mod step;
mod unread;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use self::step::Visit;
use super::links::Links;
use super::names::{Symbols, Typed};
use super::values::Values;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings};
use crate::expr::infer::{Doubt, Facts, Known, Sort, Subject};
use crate::journey::Journey;
use crate::program::{Kind, Target};

/// How often a step is looked at before what still changes is no longer followed. Loops settle in two or three rounds.
const ROUNDS: u32 = 6;

/// Follows the types of a journey.
pub(super) fn check(
    journey: &Journey,
    symbols: &Symbols,
    steps: &[Typed<'_>],
    links: &[Links],
    values: &[Values],
    start: usize,
    findings: &mut Findings,
) {
    let parameters: Vec<_> = journey.parameters.iter().map(|parameter| Arc::clone(&parameter.name.value)).collect();
    let flow = Flow { journey, symbols, steps, links, values, parameters: &parameters };
    let entered = flow.entered(start);
    let leaks: HashSet<_> = findings.iter().filter(|one| one.code == Code::SECRET_LEAK).map(|one| one.span).collect();
    for (index, facts) in entered.iter().enumerate() {
        if let Some((visit, facts)) = flow.visit(index).zip(facts.as_ref()) {
            let mut doubts = Vec::new();
            visit.walk(facts, &mut doubts);
            // A secret that goes astray is one mistake, not two.
            doubts.retain(|doubt| !leaks.contains(&doubt.span));
            findings.extend(doubts.into_iter().map(Diagnostic::from));
            visit.cases(facts, findings);
        }
    }
    if !findings.has_errors() {
        unread::check(symbols, steps, values, findings);
    }
}

struct Flow<'a> {
    journey: &'a Journey,
    symbols: &'a Symbols,
    steps: &'a [Typed<'a>],
    links: &'a [Links],
    values: &'a [Values],
    parameters: &'a [Arc<str>],
}

impl<'a> Flow<'a> {
    fn visit(&self, index: usize) -> Option<Visit<'a>> {
        Some(Visit {
            step: self.steps.get(index)?,
            links: self.links.get(index)?,
            values: self.values.get(index)?,
            symbols: self.symbols,
            journey: self.journey,
            parameters: self.parameters,
        })
    }

    /// What is known as each step is entered; none where no way leads.
    fn entered(&self, start: usize) -> Vec<Option<Facts>> {
        let mut entered: Vec<Option<Facts>> = vec![None; self.steps.len()];
        if let Some(first) = entered.get_mut(start) {
            *first = Some(self.begin());
        }
        let ranks = self.ranks(start);
        let rank = |index: usize| ranks.get(index).copied().unwrap_or(usize::MAX);
        let mut rounds = vec![0_u32; self.steps.len()];
        let mut open = BTreeSet::from([(rank(start), start)]);
        while let Some((_, index)) = open.pop_first() {
            let Some((visit, facts)) = self.visit(index).zip(entered.get(index).cloned().flatten()) else { continue };
            let again = rounds.get_mut(index).is_some_and(|rounds| {
                *rounds += 1;
                *rounds > ROUNDS
            });
            for (to, facts) in visit.leave(&facts) {
                let news = match entered.get_mut(to) {
                    Some(Some(known)) => known.join(&facts, again),
                    Some(unknown @ None) => {
                        *unknown = Some(facts);
                        true
                    }
                    None => false,
                };
                if news {
                    open.insert((rank(to), to));
                }
            }
        }
        entered
    }

    /// What is known as the journey begins.
    fn begin(&self) -> Facts {
        let parameters = self.journey.parameters.iter().map(|parameter| Known::of_optional(&parameter.ty));
        let mut facts = Facts::new(parameters.collect(), self.symbols.variable_names().len());
        if self.journey.kind.as_ref().is_some_and(|kind| kind.value == Kind::Sub) {
            facts.authenticated(None);
        }
        for (slot, ty) in self.symbols.variable_types.iter().enumerate() {
            if let (Some(ty), Ok(slot)) = (ty, u16::try_from(slot))
                && let Some(default) = ty.default.as_ref().and_then(|default| ty.accept(default).ok())
            {
                facts.set(Subject::Variable(slot), Known::constant(&default));
            }
        }
        facts
    }

    /// The steps in an order in which most of the ways to a step are followed before it is looked at: backwards, the order in which
    /// a search in depth leaves them.
    fn ranks(&self, start: usize) -> Vec<usize> {
        let mut ranks = vec![usize::MAX; self.steps.len()];
        let mut seen = vec![false; self.steps.len()];
        let mut next = self.steps.len();
        let mut way = vec![(start, 0)];
        if let Some(seen) = seen.get_mut(start) {
            *seen = true;
        }
        while let Some((index, edge)) = way.last_mut() {
            let (here, edges) =
                (*index, self.links.get(*index).map(|links| links.edges.as_slice()).unwrap_or_default());
            let Some(to) = edges.get(*edge).map(|edge| edge.to) else {
                next -= 1;
                if let Some(rank) = ranks.get_mut(here) {
                    *rank = next;
                }
                way.pop();
                continue;
            };
            *edge += 1;
            if let Some(seen) = seen.get_mut(to).filter(|seen| !**seen) {
                *seen = true;
                way.push((to, 0));
            }
        }
        ranks
    }
}

/// Where an exit leads, as a number.
fn step_of(target: Target) -> Option<usize> {
    match target {
        Target::Step(step) | Target::Continue(step) => usize::try_from(step.0).ok(),
        Target::Abort => None,
    }
}

impl From<Doubt> for Diagnostic {
    fn from(doubt: Doubt) -> Self {
        let Doubt { span, sort, message, help } = doubt;
        let finding = match sort {
            Sort::Impossible => Self::error(Code::IMPOSSIBLE, span, message),
            Sort::NoFit => Self::error(Code::WRONG_TYPE, span, message),
            Sort::MayBeNull => Self::warning(Code::MAY_BE_NULL, span, message),
            Sort::MayNotFit => Self::warning(Code::MAY_NOT_FIT, span, message),
            Sort::Coercion => Self::warning(Code::COERCION, span, message),
            Sort::Decided => Self::warning(Code::DECIDED, span, message),
            Sort::UnknownField => Self::warning(Code::UNKNOWN_FIELD, span, message),
        };
        finding.help(help)
    }
}
