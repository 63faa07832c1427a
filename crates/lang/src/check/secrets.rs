//! The compiled values come in; a finding for each secret that goes where it would be seen comes out (R99).

use super::fields;
use super::names::{Symbols, Typed};
use super::values::Values;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};
use crate::expr::{Origin, Root, SecretFlow, SecretRead};
use crate::journey::Journey;
use crate::text::Span;
use crate::types::Type;

/// The secret fields of `@policy.userTokens()`.
const TOKENS: [&str; 3] = ["access_token", "id_token", "refresh_token"];

/// Follows the secrets of a journey: from start parameters, declared variables and tokens, through variables, to what
/// takes them.
pub(super) fn check(
    journey: &Journey,
    symbols: &Symbols,
    steps: &[Typed<'_>],
    values: &[Values],
    findings: &mut Findings,
) {
    let mut secrets = Secrets { journey, symbols, taken: vec![Vec::new(); symbols.variable_names().len()] };
    secrets.spread(steps, values);
    for (step, values) in steps.iter().zip(values) {
        secrets.step(step, values, findings);
    }
}

struct Secrets<'a> {
    journey: &'a Journey,
    symbols: &'a Symbols,
    /// For each variable without a declared type: where it takes a secret, and which part of it is one.
    taken: Vec<Vec<(Span, Type)>>,
}

impl Secrets<'_> {
    /// Marks the variables that take a secret, until no more are found.
    fn spread(&mut self, steps: &[Typed<'_>], values: &[Values]) {
        for step in steps {
            let given = fields::output(step).filter(holds_secret);
            if let Some((output, given)) = step.source.output.as_ref().zip(given) {
                self.take(self.symbols.slot(&output.value), output.span, given);
            }
        }
        // Each turn marks at least one variable, or is the last.
        loop {
            let mut more = false;
            for assignment in values.iter().flat_map(|values| &values.assignments) {
                let flow = assignment.template.secrets(&|origin, path| self.is_secret(origin, path));
                if !flow.passed.is_empty() {
                    more |= self.take(Some(assignment.slot), assignment.span, Type::any().secret());
                }
            }
            if !more {
                return;
            }
        }
    }

    /// Marks an undeclared variable; says whether that is news.
    fn take(&mut self, slot: Option<u16>, span: Span, part: Type) -> bool {
        let Some(slot) = slot.filter(|slot| self.symbols.variable_type(*slot).is_none()) else { return false };
        match self.taken.get_mut(usize::from(slot)) {
            Some(taken) if taken.iter().all(|(_, known)| !known.secret && *known != part) => {
                taken.push((span, part));
                true
            }
            _ => false,
        }
    }

    fn step(&self, step: &Typed<'_>, values: &Values, findings: &mut Findings) {
        let type_name = step.source.type_name.as_ref().map_or("", |name| &name.value);
        for entry in &values.entries {
            let flow = entry.template.secrets(&|origin, path| self.is_secret(origin, path));
            let sink = format!("{} of {}", quoted(&entry.name), quoted(type_name));
            self.report(&flow, (!entry.sink).then_some(&*sink), findings);
        }
        for assignment in &values.assignments {
            let flow = assignment.template.secrets(&|origin, path| self.is_secret(origin, path));
            let declared = self.symbols.variable_type(assignment.slot).filter(|ty| !ty.secret);
            let sink =
                declared.map(|_| format!("the variable {}", quoted(self.symbols.variable_name(assignment.slot))));
            self.report(&flow, sink.as_deref(), findings);
        }
        if let Some(test) = &values.test {
            let mut flow = test.secrets(&|origin, path| self.is_secret(origin, path));
            flow.misused.append(&mut flow.passed);
            self.report(&flow, None, findings);
        }
    }

    /// Reports what is misused, and what is passed to something that takes no secret.
    fn report(&self, flow: &SecretFlow, refuses: Option<&str>, findings: &mut Findings) {
        let help = "a secret goes only to what is declared to take one; whether it is there may be asked: `… == null`";
        let passed = flow.passed.iter().filter_map(|read| Some((read, refuses?)));
        for (read, sink) in passed {
            let message = format!("{sink} takes no secret, and {} is one", self.name(read));
            findings.push(self.labelled(Diagnostic::error(Code::SECRET_LEAK, read.span, message).help(help), read));
        }
        for read in &flow.misused {
            let message = format!("nothing may be made of the secret {}, nor decided by it", self.name(read));
            findings.push(self.labelled(Diagnostic::error(Code::SECRET_LEAK, read.span, message).help(help), read));
        }
    }

    fn is_secret(&self, origin: Origin, path: &[&str]) -> bool {
        match (origin, path) {
            (Origin::Parameter(slot), path) => {
                self.journey.parameters.get(usize::from(slot)).is_some_and(|parameter| secret_at(&parameter.ty, path))
            }
            (Origin::Variable(slot), path) => match self.symbols.variable_type(slot) {
                Some(ty) => secret_at(ty, path),
                None => {
                    let taken = self.taken.get(usize::from(slot));
                    taken.into_iter().flatten().any(|(_, part)| secret_at(part, path))
                }
            },
            (Origin::Root(Root::UserTokens), [field, ..]) => TOKENS.contains(field),
            (Origin::Root(Root::UserTokens), []) => true,
            (Origin::Root(Root::Request | Root::Parameters), _) => {
                self.journey.parameters.iter().any(|parameter| holds_secret(&parameter.ty))
            }
            (Origin::Root(_), _) => false,
        }
    }

    fn name(&self, read: &SecretRead) -> String {
        match read.origin {
            Origin::Variable(slot) => quoted(self.symbols.variable_name(slot)),
            Origin::Parameter(slot) => {
                let parameter = self.journey.parameters.get(usize::from(slot));
                quoted(parameter.map_or("", |parameter| &parameter.name.value))
            }
            Origin::Root(root) => quoted(root.path()),
        }
    }

    fn labelled(&self, finding: Diagnostic, read: &SecretRead) -> Diagnostic {
        match read.origin {
            Origin::Parameter(slot) => match self.journey.parameters.get(usize::from(slot)) {
                Some(parameter) => finding.label(parameter.name.span, "declared as a secret here"),
                None => finding,
            },
            Origin::Variable(slot) => match self.taken.get(usize::from(slot)).and_then(|taken| taken.first()) {
                Some((span, _)) => finding.label(*span, "takes a secret here"),
                None => finding,
            },
            Origin::Root(_) => finding,
        }
    }
}

/// Whether what lies down a path of fields is or holds a secret.
fn secret_at(ty: &Type, path: &[&str]) -> bool {
    if ty.secret {
        return true;
    }
    match ty.properties.as_ref().zip(path.split_first()) {
        Some((properties, (field, rest))) => properties.get(*field).is_some_and(|ty| secret_at(ty, rest)),
        None => holds_secret(ty),
    }
}

pub(super) fn holds_secret(ty: &Type) -> bool {
    ty.secret
        || ty.items.as_deref().is_some_and(holds_secret)
        || ty.properties.iter().flatten().any(|(_, ty)| holds_secret(ty))
}
