//! A path comes in; what is known of the field at its end goes out, and what is learnt of it is kept.

use std::sync::Arc;

use super::known::{Fields, Kinds, Known};
use super::{Inference, Sort, Subject};
use crate::diagnostic::{did_you_mean, quoted};
use crate::expr::code::{Key, Node, Op, Slot, Step};
use crate::expr::scope::Root;
use crate::{Span, Value};

/// Something that bears a name, and fields below it.
pub(super) struct Place {
    pub(super) base: Base,
    /// The fields, each with whether it is read by `?.`.
    steps: Vec<(Arc<str>, bool)>,
}

/// What a place begins with.
#[derive(Clone, Copy)]
pub(super) enum Base {
    Subject(Subject),
    Local(u16),
}

impl Place {
    /// The place that a node reads, if it reads one.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let (base, steps) = match &node.op {
            Op::Path(base, steps) => (&**base, steps.as_slice()),
            _ => (node, [].as_slice()),
        };
        let base = match base.op {
            Op::Variable(slot) => Base::Subject(Subject::Variable(slot)),
            Op::Parameter(slot) => Base::Subject(Subject::Parameter(slot)),
            Op::Bound(Slot::Local(slot)) => Base::Local(slot),
            Op::Root(Root::Request | Root::Parameters | Root::Time) => return None,
            Op::Root(root) => Base::Subject(Subject::Root(root)),
            _ => return None,
        };
        let step = |step: &Step| match &step.key {
            Key::Field(name) => Some((Arc::clone(name), step.safe)),
            Key::Index(_) => None,
        };
        Some(Self { base, steps: steps.iter().map(step).collect::<Option<_>>()? })
    }

    fn to(base: &Node, steps: &[Step]) -> Option<Self> {
        let mut place = Self::of(base).filter(|place| place.steps.is_empty())?;
        for step in steps {
            match &step.key {
                Key::Field(name) => place.steps.push((Arc::clone(name), step.safe)),
                Key::Index(_) => return None,
            }
        }
        Some(place)
    }
}

impl<'a> Inference<'a> {
    /// What is known at the end of a path.
    pub(super) fn path(&mut self, base: &'a Node, steps: &'a [Step]) -> Known {
        let mut known = self.value(base);
        let mut span = base.span;
        let mut said = false;
        for (index, step) in steps.iter().enumerate() {
            let before = span;
            span = span.cover(step.span);
            let (wanted, read) = match &step.key {
                Key::Field(name) => (Kinds::OBJECT, self.field(&known, name, step)),
                Key::Index(node) => self.item(&known, node),
            };
            if !said && !known.may_be().within(wanted) {
                said = self.no_fields(before, &known, wanted, step);
            }
            let others = !known.may_be().without(wanted).is_empty();
            let known_before = std::mem::replace(&mut known, Known::nothing());
            known = if others && step.safe && !read.is_nothing() { read.or(&Known::null()) } else { read };
            // Whoever got here has found something to read from.
            if others
                && !step.safe
                && known_before.may_be().has(wanted)
                && let Some(place) = Place::to(base, steps.get(..index).unwrap_or_default())
            {
                self.learn(&place, &|known| known.only(wanted));
            }
        }
        known
    }

    fn field(&mut self, known: &Known, name: &Arc<str>, step: &Step) -> Known {
        let fields = known.fields();
        if known.may_be().has(Kinds::OBJECT) && fields.lacks(name) {
            let names = fields.names();
            let help = did_you_mean(name, names).unwrap_or_else(|| {
                let names: Vec<_> = fields.names().take(20).collect();
                if names.is_empty() {
                    "it has no fields at all".to_owned()
                } else {
                    format!("its fields are `{}`", names.join("`, `"))
                }
            });
            let message = format!("there is no field {}, so this is always null", quoted(name));
            self.doubt(step.span, Sort::UnknownField, message, help);
            // What comes of it needs no finding of its own.
            return Known::nothing();
        }
        match known.may_be() {
            kinds if kinds.has(Kinds::OBJECT) => fields.get(name),
            Kinds::NONE => Known::nothing(),
            _ => Known::null(),
        }
    }

    /// What an index reads, and of what it can.
    fn item(&mut self, known: &Known, node: &'a Node) -> (Kinds, Known) {
        let index = self.value(node);
        let (mut wanted, mut read) = (Kinds::NONE, Known::nothing());
        if index.may_be().has(Kinds::TEXT) {
            wanted = wanted.or(Kinds::OBJECT);
            if known.may_be().has(Kinds::OBJECT) {
                let fields = known.fields();
                let names = index.only(Kinds::TEXT).values();
                read = match names {
                    Some(names) => {
                        names.iter().filter_map(Value::as_text).fold(read, |read, name| read.or(&fields.get(name)))
                    }
                    None => read.or(&fields.any()),
                };
            }
        }
        if index.may_be().has(Kinds::NUMBER) {
            wanted = wanted.or(Kinds::ARRAY);
            if known.may_be().has(Kinds::ARRAY) {
                read = read.or(&known.items()).or(&Known::null());
            }
        }
        let takes = |kinds: Kinds| match (kinds.has(Kinds::OBJECT), kinds.has(Kinds::ARRAY)) {
            (true, false) => Kinds::TEXT,
            (false, true) => Kinds::INTEGER,
            _ => Kinds::NONE,
        };
        let base = known.may_be().and(Kinds::OBJECT.or(Kinds::ARRAY));
        let fit = takes(base);
        if !base.is_empty() && !index.may_be().within(fit) {
            let what = if base == Kinds::OBJECT {
                "a field is named by a string"
            } else {
                "an item is numbered by a whole number"
            };
            let what = if fit.is_empty() { "whether a string or a number is needed here is not known" } else { what };
            let (sort, verb) = if index.may_be().has(fit) || fit.is_empty() {
                (Sort::MayNotFit, "may be")
            } else {
                (Sort::Impossible, "is")
            };
            let sort = if index.without(Kinds::NULL).may_be().within(fit) && sort == Sort::MayNotFit {
                Sort::MayBeNull
            } else {
                sort
            };
            self.doubt(
                node.span,
                sort,
                format!("{what}, and this {verb} {index}"),
                "declare the types, or ask with `@std.typeOf`",
            );
        }
        if wanted.is_empty() { (base, Known::anything()) } else { (wanted, read.or_anything_if_nothing()) }
    }

    /// What is read has no fields, or may have none. Says whether that was said.
    fn no_fields(&mut self, span: Span, known: &Known, wanted: Kinds, step: &Step) -> bool {
        let kinds = known.may_be();
        let others = kinds.without(wanted);
        // A secret has its own findings.
        if others.within(Kinds::SECRET) || step.safe && !others.has(Kinds::SECRET) {
            if step.safe && !kinds.has(wanted) {
                let message = format!("this is {known}, which has nothing to read, so the result is always null");
                self.doubt(span, Sort::UnknownField, message, "read it from what has fields");
            }
            return false;
        }
        let (sort, message, help) = if !kinds.has(wanted) {
            (Sort::Impossible, format!("this is {known}, which has nothing to read"), "read it from what has fields")
        } else if others == Kinds::NULL {
            (
                Sort::MayBeNull,
                "this may be null, which has nothing to read".to_owned(),
                "write `?.` to get null then, or ask before: `… != null`",
            )
        } else {
            let message = format!("this may be {}, which has nothing to read", others.words());
            (Sort::MayNotFit, message, "declare its type, or write `?.` to get null then")
        };
        self.doubt(span, sort, message, help);
        true
    }

    /// Keeps what is learnt of a place: the evaluation went on, or a condition was judged.
    pub(super) fn learn(&mut self, place: &Place, change: &dyn Fn(&Known) -> Known) {
        let root = match place.base {
            Base::Subject(subject) => self.facts.get(subject),
            Base::Local(slot) => {
                let held = self.held(Slot::Local(slot));
                held.map_or_else(Known::anything, |held| held.known.clone())
            }
        };
        if root.is_nothing() {
            return;
        }
        if let Some(known) = rebuilt(&root, &place.steps, change) {
            self.note(place, known);
        }
    }
}

/// The whole, where a part is what `change` makes of it. None if nothing can be said of the whole.
fn rebuilt(known: &Known, steps: &[(Arc<str>, bool)], change: &dyn Fn(&Known) -> Known) -> Option<Known> {
    let Some(((name, safe), rest)) = steps.split_first() else { return Some(change(known)) };
    let fields: Fields = if known.may_be().has(Kinds::OBJECT) { known.fields() } else { return None };
    let part = rebuilt(&fields.get(name), rest, change)?;
    let object = Known::object_of(fields.with(name, part.clone()));
    // By `?.`, null also comes of what has no fields.
    let others = known.without(Kinds::OBJECT);
    let from_others = *safe && !others.is_nothing() && !change(&Known::null()).is_nothing();
    Some(if from_others {
        object.or(&others)
    } else if part.is_nothing() {
        others
    } else {
        object
    })
}
