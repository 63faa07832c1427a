//! A value of a journey with expressions in it comes in, and perhaps the type that will have to accept it; what is known of the
//! value goes out, with each doubt about it.

use std::sync::Arc;

use super::known::{Fields, Fit, Known, Misfit};
use super::{Doubt, Facts, Inference, Inferred, Sort};
use crate::Span;
use crate::expr::code::Node;
use crate::expr::template::{Kind, Part, Template};
use crate::types::{Type, TypeKind};

impl Template {
    /// What is known of the value, where this is known around it. Expressions that do not fit the type are doubted; what is
    /// written out without any is not: it is accepted or refused before.
    pub fn infer(&self, ty: Option<&Type>, facts: &Facts, parameters: &[Arc<str>]) -> Inferred {
        let mut walk = Walk { facts: facts.clone(), parameters, doubts: Vec::new() };
        let known = walk.kind(&self.kind, ty);
        Inferred { known, doubts: walk.doubts, facts: walk.facts }
    }
}

struct Walk<'a> {
    facts: Facts,
    parameters: &'a [Arc<str>],
    doubts: Vec<Doubt>,
}

impl Walk<'_> {
    fn kind(&mut self, kind: &Kind, ty: Option<&Type>) -> Known {
        match kind {
            Kind::Literal(value) => Known::constant(value),
            Kind::Expression(expression) => {
                let inferred = expression.infer(&self.facts, self.parameters);
                self.take(inferred.doubts, inferred.facts);
                self.fit(&inferred.known, ty, expression.span());
                // A field that is never there reads as null.
                if inferred.known.is_nothing() { Known::null() } else { inferred.known }
            }
            Kind::Text(span, parts) => {
                for part in parts {
                    if let Part::Expression(expression) = part {
                        let mut inference = Inference::new(self.facts.clone(), self.parameters);
                        let root: &Node = &expression.root;
                        let known = inference.value(root);
                        inference.shown(root, &known);
                        let inferred = inference.inferred(known);
                        self.take(inferred.doubts, inferred.facts);
                    }
                }
                let known = Known::kinds(super::Kinds::TEXT);
                self.fit(&known, ty, *span);
                known
            }
            Kind::Array(items) => {
                let ty = ty.and_then(|ty| ty.items.as_deref());
                Known::array_of(items.iter().fold(Known::nothing(), |known, item| known.or(&self.kind(item, ty))))
            }
            Kind::Object(fields) => {
                let properties = ty.and_then(|ty| ty.properties.as_ref());
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, field)| {
                        let ty = properties.and_then(|properties| properties.get(name));
                        // A field that need not be given may be null.
                        let optional = ty.filter(|ty| !ty.is_required()).map(|ty| ty.clone().nullable());
                        (Arc::clone(name), self.kind(field, optional.as_ref().or(ty)))
                    })
                    .collect();
                Known::object_of(Fields::closed(fields))
            }
        }
    }

    fn take(&mut self, doubts: Vec<Doubt>, facts: Facts) {
        self.doubts.extend(doubts);
        self.facts = facts;
    }

    fn fit(&mut self, known: &Known, ty: Option<&Type>, span: Span) {
        let Some(ty) = ty else { return };
        let (certain, misfit) = match known.fits(ty) {
            Fit::Yes => return,
            Fit::Maybe(misfit) => (false, misfit),
            Fit::No(misfit) => (true, misfit),
        };
        self.doubts.push(misfit.doubt(certain, span, ty));
    }
}

impl Misfit {
    /// The doubt about a value that must fit a type.
    fn doubt(&self, certain: bool, span: Span, ty: &Type) -> Doubt {
        let place = if self.path.is_empty() { "this".to_owned() } else { format!("`{}` of it", self.path) };
        let wanted = &self.wanted;
        let (sort, message) = match (certain, self.only_null) {
            (true, _) if self.found.may_be().within(ty_kinds(ty)) && self.path.is_empty() => {
                (Sort::NoFit, format!("{place} is none of the values that are taken here"))
            }
            (true, _) => (Sort::NoFit, format!("{place} must be {wanted}, and is {}", self.found)),
            (false, true) => (Sort::MayBeNull, format!("{place} must be {wanted}, and may be null")),
            (false, false) => (Sort::MayNotFit, format!("{place} must be {wanted}, and may be {}", self.found)),
        };
        let help = match sort {
            Sort::MayBeNull => "say what stands in its place: `… ?? …`, or ask before: `… != null`",
            Sort::MayNotFit => "declare a type that fits where the value comes from, or ask with `@std.typeOf`",
            _ => "give it a value of that type",
        };
        Doubt { span, sort, message, help: help.to_owned() }
    }
}

fn ty_kinds(ty: &Type) -> super::Kinds {
    match ty.kind {
        TypeKind::Any => super::Kinds::ANY,
        _ => Known::of(&Type { values: None, properties: None, items: None, secret: false, ..ty.clone() }).may_be(),
    }
}
