//! A step's declared exits and its `branches` or `next` come in; where each exit leads comes out, or why it leads nowhere.

use std::sync::Arc;

use super::graph::Edge;
use super::names::{Symbols, Typed};
use crate::catalog::{Declaration, Unlinked};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};
use crate::journey::{LinkSource, Spanned, is_identifier};
use crate::program::{Link, StepIndex, Target};
use crate::text::Span;

/// The exit that a step with a `timeout` has beside those it declares.
pub(crate) const TIMEOUT: &str = "timeout";

/// The form that has a body.
pub(crate) const LOOP: &str = "while_loop";

/// The exit that a failure takes.
pub(crate) const FAILURE: &str = "failure";

/// Where a step leads.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Every exit that has a target.
    pub(super) links: Vec<Link>,
    /// The ways to other steps, those included that were probably meant.
    pub(super) edges: Vec<Edge>,
    /// Whether an exit ends the journey as failed.
    pub(super) aborts: bool,
    /// Whether some exit's target is not known, so that nothing can be said about what is never reached from here.
    pub(super) incomplete: bool,
    /// Whether the links could not be read at all, so that any step may be meant to be next.
    pub(super) anywhere: bool,
}

/// An exit that a step has.
struct Exit<'a> {
    name: Arc<str>,
    doc: &'a str,
    unlinked: Unlinked,
    /// The target that the author gave.
    target: Option<Linked>,
}

/// A target as the author wrote it.
#[derive(Clone, Copy)]
enum Linked {
    To(Target),
    /// There is a link, and a finding says what is wrong with it.
    Wrong,
}

/// Resolves the exits and targets of all steps. A loop comes before its body, whose `break` goes where the loop goes on.
pub(super) fn resolve_all(steps: &[Typed<'_>], symbols: &Symbols, findings: &mut Findings) -> Vec<Links> {
    let mut all = Vec::with_capacity(steps.len());
    for step in steps {
        let links = resolve(step, &all, symbols, findings);
        all.push(links);
    }
    all
}

/// Resolves the exits and targets of one step; `before` are the links of the steps before it.
fn resolve(step: &Typed<'_>, before: &[Links], symbols: &Symbols, findings: &mut Findings) -> Links {
    let mut resolver = Resolver { step, before, symbols, findings, links: Links::default() };
    resolver.body();
    match step.declaration {
        Some(declaration) => resolver.declared(declaration),
        None => resolver.undeclared(),
    }
    resolver.links
}

/// The step that a name means in the body of the loop `home`, or that it probably meant.
pub(super) fn target(
    name: &Spanned<Arc<str>>,
    home: Option<usize>,
    symbols: &Symbols,
    findings: &mut Findings,
) -> (Option<Target>, bool) {
    let step = |index: usize| u32::try_from(index).ok().map(|index| Target::Step(StepIndex(index)));
    if let Some(index) = symbols.step(&name.value) {
        if !symbols.visible(index, home) {
            let message = format!("{} is a step of a loop's body, and this is outside of it", quoted(&name.value));
            let finding = Diagnostic::error(Code::INTO_LOOP, name.span, message);
            findings.push(finding.help("a loop is entered only by its own id: name the loop"));
            return (step(index), false);
        }
        return (step(index), true);
    }
    match &*name.value {
        "abort" => return (Some(Target::Abort), true),
        "continue" | "break" => {
            let message = format!("{} is a target only in the body of a loop", quoted(&name.value));
            findings.push(
                Diagnostic::error(Code::LOOP_TARGET, name.span, message)
                    .help("name a step, or `abort` to end the journey as failed"),
            );
            return (None, false);
        }
        _ => {}
    }
    let guess = symbols.nearest_step(&name.value);
    let help = || "name a step of this journey, or `abort` to end it as failed".to_owned();
    let message = format!("there is no step {}", quoted(&name.value));
    findings.push(Diagnostic::error(Code::UNKNOWN_TARGET, name.span, message).guess_or(guess, help));
    (guess.and_then(|guess| symbols.step(guess)).and_then(step), false)
}

struct Resolver<'a, 'f> {
    step: &'a Typed<'a>,
    before: &'a [Links],
    symbols: &'a Symbols,
    findings: &'f mut Findings,
    links: Links,
}

impl Resolver<'_, '_> {
    /// The way into the body of a loop; steps below a step that is no loop are a mistake.
    fn body(&mut self) {
        let source = self.step.source;
        let is_loop = self.step.declaration.map(|declaration| &*declaration.name == LOOP);
        match (&source.body, is_loop) {
            (None, Some(true)) => {
                let finding = Diagnostic::error(Code::MISSING_KEY, source.id.span, "the key `steps` is missing");
                self.findings.push(finding.help("add the body of the loop: `steps:`, and at least one step"));
                self.links.incomplete = true;
            }
            (Some(body), Some(false)) => {
                let message = format!("{} is no loop and has no body", quoted(self.type_name()));
                let finding = Diagnostic::error(Code::STEPS_OUTSIDE_LOOP, body.span, message);
                self.findings.push(finding.help("move these steps below `steps` of the journey"));
            }
            _ => {}
        }
        if let Some(body) = source.body.as_ref().filter(|body| !body.value.is_empty()) {
            self.links.edges.push(Edge { to: self.step.index + 1, span: body.span, again: false });
        }
    }

    /// Where `continue` and `break` lead, in the body of a loop.
    fn turn(&mut self, name: &Spanned<Arc<str>>) -> Option<Linked> {
        let home = self.step.home?;
        let target = match &*name.value {
            "continue" => Some(Target::Continue(StepIndex(u32::try_from(home).ok()?))),
            "break" => {
                let links = self.before.get(home).map(|links| links.links.as_slice()).unwrap_or_default();
                links.iter().find(|link| &*link.name == "next").map(|link| link.target)
            }
            _ => return None,
        };
        self.note(target, name.span);
        Some(target.map_or(Linked::Wrong, Linked::To))
    }

    /// Notes the way to a target.
    fn note(&mut self, target: Option<Target>, span: Span) {
        match target {
            Some(Target::Step(StepIndex(to))) => self.links.edges.push(Edge { to: to as usize, span, again: false }),
            Some(Target::Continue(StepIndex(to))) => self.links.edges.push(Edge { to: to as usize, span, again: true }),
            Some(Target::Abort) => self.links.aborts = true,
            None => self.links.incomplete = true,
        }
    }

    /// The type is unknown: its links are followed as they are.
    fn undeclared(&mut self) {
        self.links.incomplete = true;
        let routes = &self.step.source.routes;
        let branches = routes.branches.iter().filter_map(|link| link.target.as_ref());
        for name in branches.chain(&routes.next) {
            self.target(name);
        }
        self.links.anywhere = self.links.edges.is_empty();
    }

    fn declared(&mut self, declaration: &Declaration) {
        let mut exits = self.exits(declaration);
        let routes = &self.step.source.routes;
        let mut next_refused = false;
        if let Some(key) = routes.next_key {
            let linked = routes.next.as_ref().map_or(Linked::Wrong, |name| self.target(name));
            match exits.iter_mut().find(|exit| &*exit.name == "next" && declaration.takes_next()) {
                Some(exit) => exit.target = Some(linked),
                None => {
                    // Where both stand, that is the mistake.
                    next_refused = true;
                    if routes.branches_key.is_none() {
                        self.refuse_next(key, &exits);
                    }
                }
            }
        }
        for link in &routes.branches {
            self.branch(link, &mut exits);
        }
        if exits.is_empty() {
            // The journey ends here, whatever is written; only a body that should not be there is still looked at.
            let body = self.step.source.body.is_some().then_some(self.step.index + 1);
            self.links.edges.retain(|edge| Some(edge.to) == body);
        }
        // What the author meant for the exits is not known then.
        let unknown = next_refused || routes.unreadable;
        if !unknown {
            self.unlinked(&exits);
        }
        self.links.anywhere = unknown && !exits.is_empty();
        self.links.incomplete |= unknown;
        self.fall_back(&exits, unknown);
    }

    fn exits<'d>(&mut self, declaration: &'d Declaration) -> Vec<Exit<'d>> {
        let mut exits: Vec<_> = declaration
            .exits
            .iter()
            .map(|exit| Exit {
                name: Arc::clone(&exit.name),
                doc: &exit.doc,
                unlinked: exit.unlinked.clone(),
                target: None,
            })
            .collect();
        let keys = declaration.exits_from.as_ref().and_then(|parameter| {
            let entry = self.step.source.with.iter().find(|entry| *entry.name.value == **parameter)?;
            entry.value.as_mapping()
        });
        for (name, span) in keys.into_iter().flatten().filter_map(|(key, _)| Some((key.as_text()?, key.span))) {
            let parameter = declaration.exits_from.as_deref().unwrap_or_default();
            if matches!(&**name, TIMEOUT | FAILURE) || declaration.exits.iter().any(|exit| exit.name == *name) {
                let message = format!("{} is an exit with a meaning of its own", quoted(name));
                let finding = Diagnostic::error(Code::EXIT_TAKEN, span, message);
                self.findings.push(finding.help(format!("give this key of `{parameter}` another name")));
                continue;
            }
            if !is_identifier(name) {
                let message = format!("an exit cannot be called {}", quoted(name));
                let help = "begin with a letter or `_`; then letters, digits, `_` and `-`, 64 characters at most";
                self.findings.push(Diagnostic::error(Code::BAD_ID, span, message).help(help));
            }
            exits.push(Exit { name: Arc::clone(name), doc: "", unlinked: Unlinked::Error, target: None });
        }
        if self.step.source.timeout.is_some() && !exits.iter().any(|exit| &*exit.name == TIMEOUT) {
            let failure = exits.iter().find(|exit| &*exit.name == FAILURE);
            let unlinked = failure.map_or(Unlinked::Aborts, |exit| Unlinked::Follows(Arc::clone(&exit.name)));
            exits.push(Exit { name: Arc::from(TIMEOUT), doc: "the time is over", unlinked, target: None });
        }
        exits
    }

    fn branch(&mut self, link: &LinkSource, exits: &mut [Exit<'_>]) {
        let linked = link.target.as_ref().map_or(Linked::Wrong, |name| self.target(name));
        let name = &*link.exit.value;
        let known = exits.iter().position(|exit| &*exit.name == name);
        let meant = known.or_else(|| {
            let guess = self.unknown_exit(&link.exit, exits)?;
            exits.iter().position(|exit| exit.name == guess && exit.target.is_none())
        });
        if let Some(exit) = meant.and_then(|index| exits.get_mut(index)) {
            exit.target = Some(if known.is_some() { linked } else { Linked::Wrong });
        }
    }

    fn unknown_exit(&mut self, exit: &Spanned<Arc<str>>, exits: &[Exit<'_>]) -> Option<Arc<str>> {
        let names = exits.iter().map(|exit| &*exit.name);
        let guess = self.symbols.nearest(&exit.value, names).map(Arc::from);
        let help = || match &*exit.value {
            TIMEOUT => "give the step a `timeout:`, and it has this exit".to_owned(),
            _ => listed(exits),
        };
        let message = format!("{} has no exit {}", quoted(self.type_name()), quoted(&exit.value));
        let finding = Diagnostic::error(Code::UNKNOWN_EXIT, exit.span, message);
        self.findings.push(finding.guess_or(guess.as_deref(), help));
        guess
    }

    fn refuse_next(&mut self, key: Span, exits: &[Exit<'_>]) {
        let (message, help) = if exits.is_empty() {
            (
                format!("nothing comes after {}: the journey ends here", quoted(self.type_name())),
                "delete `next`".to_owned(),
            )
        } else {
            (
                format!("`next` is for a step with that one exit, and {} has others", quoted(self.type_name())),
                format!("link them under `branches`; {}", listed(exits)),
            )
        };
        self.findings.push(Diagnostic::error(Code::NEXT_WITH_OTHER_EXITS, key, message).help(help));
    }

    /// Reports the exits that must have a target and have none.
    fn unlinked(&mut self, exits: &[Exit<'_>]) {
        let source = self.step.source;
        let place = source.routes.branches_key.unwrap_or(source.id.span);
        for exit in exits.iter().filter(|exit| exit.target.is_none() && exit.unlinked == Unlinked::Error) {
            self.links.incomplete = true;
            let message = format!("the exit {} of {} leads nowhere", quoted(&exit.name), quoted(&source.id.value));
            let add = if exits.len() == 1 && &*exit.name == "next" {
                "add `next: ` and the id of a step".to_owned()
            } else {
                format!("add `{}: ` and the id of a step under `branches`", exit.name)
            };
            let when = if exit.doc.is_empty() { String::new() } else { format!("; it is taken when {}", exit.doc) };
            self.findings
                .push(Diagnostic::error(Code::UNLINKED_EXIT, place, message).help(format!("{add}, or `abort`{when}")));
        }
    }

    /// Gives each exit the target that it ends up with.
    fn fall_back(&mut self, exits: &[Exit<'_>], unknown: bool) {
        for exit in exits {
            let mut at = exit;
            // An exit may follow one that follows another; a circle, which no declaration should hold, aborts.
            for _ in 0..exits.len() {
                match &at.unlinked {
                    Unlinked::Follows(other) if at.target.is_none() => {
                        match exits.iter().find(|exit| exit.name == *other) {
                            Some(other) => at = other,
                            None => break,
                        }
                    }
                    _ => break,
                }
            }
            let target = match (at.target, &at.unlinked) {
                (Some(Linked::To(target)), _) => target,
                (Some(Linked::Wrong), _) | (None, Unlinked::Error) => continue,
                (None, _) if unknown => continue,
                (None, Unlinked::Follows(_) | Unlinked::Aborts) => Target::Abort,
            };
            self.links.aborts |= target == Target::Abort;
            self.links.links.push(Link { name: Arc::clone(&exit.name), target });
        }
    }

    /// Resolves a target and notes the way to it.
    fn target(&mut self, name: &Spanned<Arc<str>>) -> Linked {
        if let Some(linked) = self.turn(name) {
            return linked;
        }
        let (target, exact) = target(name, self.step.home, self.symbols, self.findings);
        self.note(target, name.span);
        match target {
            Some(target) if exact => Linked::To(target),
            _ => Linked::Wrong,
        }
    }

    fn type_name(&self) -> &str {
        self.step.declaration.map_or("", |declaration| &declaration.name)
    }
}

fn listed(exits: &[Exit<'_>]) -> String {
    if exits.is_empty() {
        return "it ends the journey and has no exits: delete this".to_owned();
    }
    let names: Vec<_> = exits.iter().map(|exit| &*exit.name).collect();
    format!("its exits are `{}`", names.join("`, `"))
}
