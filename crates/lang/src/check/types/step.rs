//! A step and what is known as it is entered come in; what is known behind its expressions, and each doubt about them, go out.

use std::sync::Arc;

use crate::catalog::Place;
use crate::check::links::Links;
use crate::check::names::{Symbols, Typed};
use crate::check::values::{self, COMPARED_CASES, Values};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};
use crate::expr::infer::{Doubt, Facts, Kinds, Known, Subject};
use crate::journey::Journey;
use crate::types::Type;

/// One step, as it is looked at.
pub(super) struct Visit<'a> {
    pub(super) step: &'a Typed<'a>,
    pub(super) links: &'a Links,
    pub(super) values: &'a Values,
    pub(super) symbols: &'a Symbols,
    pub(super) journey: &'a Journey,
    pub(super) parameters: &'a [Arc<str>],
}

impl Visit<'_> {
    /// What is known once the step has evaluated what it takes.
    pub(super) fn walk(&self, entered: &Facts, doubts: &mut Vec<Doubt>) -> Facts {
        let mut facts = entered.clone();
        if let Some(test) = &self.values.test {
            let inferred = match self.form() {
                "match_case" => test.infer(&facts, self.parameters),
                _ => test.infer_condition(&facts, self.parameters),
            };
            doubts.extend(inferred.doubts);
            facts = inferred.facts;
        }
        for entry in &self.values.entries {
            let ty = self.taken(&entry.name);
            let inferred = entry.template.infer(ty.as_ref(), &facts, self.parameters);
            doubts.extend(inferred.doubts);
            facts = inferred.facts;
        }
        for assignment in &self.values.assignments {
            let ty = self.symbols.variable_type(assignment.slot);
            let inferred = assignment.template.infer(ty, &facts, self.parameters);
            doubts.extend(inferred.doubts);
            facts = inferred.facts;
            facts.set(Subject::Variable(assignment.slot), assigned(inferred.known, ty));
        }
        facts
    }

    /// The name of the step's type.
    pub(super) fn form(&self) -> &str {
        self.step.declaration.map_or("", |declaration| &declaration.name)
    }

    /// The type that takes the value of an entry.
    fn taken(&self, name: &str) -> Option<Type> {
        let declaration = self.step.declaration?;
        if let Some(callee) = self.step.callee {
            let parameter = callee.parameters.iter().find(|parameter| *parameter.name.value == *name)?;
            let ty = parameter.ty.clone();
            return Some(if ty.is_required() { ty } else { ty.nullable() });
        }
        if &*declaration.name == "complete_journey" && name == "data" {
            return values::outputs(self.journey);
        }
        let parameter = declaration.parameter(name).filter(|parameter| matches!(parameter.place, Place::Value))?;
        // A parameter that need not be given may be given as null.
        Some(if parameter.required { parameter.ty.clone() } else { parameter.ty.clone().nullable() })
    }

    /// Reports the cases that are never taken.
    pub(super) fn cases(&self, entered: &Facts, findings: &mut Findings) {
        let Some(test) = self.values.test.as_ref().filter(|_| self.form() == "match_case") else { return };
        let on = test.infer(entered, self.parameters);
        if test.constant().is_some() || on.known.may_be().has(Kinds::SECRET) {
            return;
        }
        for entry in self.values.entries.iter().take(COMPARED_CASES) {
            let value = entry.template.infer(None, &on.facts, self.parameters);
            if on.known.can_equal(&value.known) || on.known.is_nothing() {
                continue;
            }
            let place = self.step.source.with.iter().find(|one| &*one.name.value == "cases");
            let key = place.and_then(|place| place.value.as_mapping()).into_iter().flatten();
            let Some(key) = key.map(|(key, _)| key).find(|key| key.as_text().is_some_and(|text| *text == entry.name))
            else {
                continue;
            };
            let message = format!("the case {} is never taken: `on` never has its value", quoted(&entry.name));
            let finding = Diagnostic::warning(Code::DEAD_CASE, key.span, message);
            let values = on.known.values().map(|values| {
                let values: Vec<_> =
                    values.iter().filter_map(|value| value.to_json().ok()).map(|value| value.to_string()).collect();
                format!("its values are `{}`", values.join("`, `"))
            });
            findings.push(finding.help(values.unwrap_or_else(|| format!("`on` is {}", on.known))));
        }
    }
}

/// What a variable holds once it has taken a value: what its declaration accepts is brought to its form.
pub(super) fn assigned(known: Known, ty: Option<&Type>) -> Known {
    let Some(ty) = ty else { return known };
    let declared = Known::of(ty);
    // Where nothing is said of the inside, a value is taken as it is.
    let plain = ty.properties.is_none() && ty.items.is_none() && !ty.secret;
    let taken = known.only(declared.may_be());
    if plain && !taken.is_nothing() && known.may_be().within(declared.may_be()) {
        return taken;
    }
    // A null that comes in stays one, and what is none stays none.
    if known.may_be_null() { declared } else { declared.without(Kinds::NULL) }
}
