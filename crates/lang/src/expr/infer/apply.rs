//! Calls come in; what is known of the arguments is held against the declaration, and what is known of the result goes out.

use super::known::{Kinds, Known};
use super::{Closure, Held, Inference, Sort};
use crate::Span;
use crate::expr::code::Node;
use crate::expr::functions::{Function, Kind, Parameter};

/// How often a lambda is looked at until what it is given and what it gives agree.
const ROUNDS: usize = 4;

/// What the letters of a declaration stand for in one call.
#[derive(Default)]
struct Letters(Vec<(char, Known)>);

impl<'a> Inference<'a> {
    pub(super) fn call(&mut self, function: &'static Function, arguments: &'a [Node]) -> Known {
        let mut letters = Letters::default();
        let held: Vec<_> = arguments.iter().map(|argument| self.hold(argument)).collect();
        let given = || arguments.iter().zip(&held).zip(function.parameters);
        for ((node, held), parameter) in given().filter(|((_, held), _)| held.lambda.is_none()) {
            self.argument(node, &held.known, parameter);
            letters.bind(parameter.kind, &held.known);
        }
        for ((node, held), parameter) in given() {
            let Some(closure) = &held.lambda else { continue };
            match lambda(parameter.kind) {
                Some((takes, gives)) => self.called(node, closure, takes, *gives, &mut letters),
                None => {
                    let message = format!("`{}` takes {}, and this is a lambda", parameter.name, parameter.kind);
                    self.doubt(node.span, Sort::Impossible, message, format!("write `{}`", function.signature()));
                }
            }
        }
        letters.known(function.returns)
    }

    /// An argument that is a value.
    fn argument(&mut self, node: &Node, known: &Known, parameter: &Parameter) {
        let takes = kinds(parameter.kind);
        let found = known.may_be();
        let name = parameter.name;
        if found.within(takes) {
            if let Some((wanted, items)) =
                items(parameter.kind, known).filter(|(wanted, items)| !items.may_be().within(*wanted))
            {
                let sort =
                    if items.without(Kinds::NULL).may_be().within(wanted) { Sort::MayBeNull } else { Sort::MayNotFit };
                let message = format!("each item of `{name}` must be {}, and may be {items}", wanted.words());
                self.doubt(node.span, sort, message, "keep only those that fit: `@std.filter(…)`");
            }
            return;
        }
        let others = found.without(takes);
        let kind = parameter.kind;
        let (sort, message) = if !found.has(takes) {
            (Sort::Impossible, format!("`{name}` must be {kind}, and this is {known}"))
        } else if others == Kinds::NULL {
            (Sort::MayBeNull, format!("`{name}` must be {kind}, and this may be null"))
        } else {
            (Sort::MayNotFit, format!("`{name}` must be {kind}, and this may be {}", others.words()))
        };
        let help = match sort {
            Sort::MayBeNull => "say what stands in its place: `… ?? …`, or ask before: `… != null`",
            Sort::MayNotFit => "declare its type, or ask with `@std.typeOf`",
            _ => "give it a value of that type",
        };
        self.doubt(node.span, sort, message, help);
    }

    /// A lambda that a function calls with what the declaration says.
    fn called(&mut self, node: &Node, closure: &Closure<'a>, takes: &[Kind], gives: Kind, letters: &mut Letters) {
        if closure.lambda.parameters != takes.len() {
            let (wanted, found) = (takes.len(), closure.lambda.parameters);
            let message = format!("the lambda must take {wanted} arguments, and takes {found}");
            return self.doubt(node.span, Sort::Impossible, message, "name as many, even if it does not use them");
        }
        for round in 0..=ROUNDS {
            let arguments = takes.iter().map(|kind| Held { known: letters.known(*kind), lambda: None }).collect();
            let last = round == ROUNDS;
            if last {
                letters.blur(gives);
            }
            let before = self.doubts.len();
            let known = self.body(closure, arguments);
            if !letters.bind(gives, &known) || last {
                let wanted = kinds(gives);
                let others = known.may_be().without(wanted);
                if !others.is_empty() {
                    let sort = if others == Kinds::NULL { Sort::MayBeNull } else { Sort::MayNotFit };
                    let message = format!("the lambda must give {gives}, and may give {}", others.words());
                    self.doubt(closure.lambda.body.span, sort, message, "make it give that in every case");
                }
                return;
            }
            self.doubts.truncate(before);
        }
    }

    pub(super) fn apply(&mut self, span: Span, function: &'a Node, arguments: &'a [Node]) -> Known {
        let held = self.hold(function);
        let arguments: Vec<_> = arguments.iter().map(|argument| self.hold(argument)).collect();
        let Some(closure) = held.lambda else {
            // What is only perhaps a lambda was looked at where it stands, with arguments of any kind.
            if held.known.may_be() != Kinds::LAMBDA {
                let sort = if held.known.may_be().has(Kinds::LAMBDA) { Sort::MayNotFit } else { Sort::Impossible };
                let message = format!("only a lambda can be called, and this is {}", held.known);
                self.doubt(function.span, sort, message, "call it by the name of a function, or delete the call");
            }
            return Known::anything();
        };
        let takes = closure.lambda.parameters;
        if takes != arguments.len() {
            let message = format!("the lambda takes {takes} arguments and is given {}", arguments.len());
            self.doubt(span, Sort::Impossible, message, "give it as many as it takes");
            return Known::anything();
        }
        self.body(&closure, arguments)
    }
}

impl Letters {
    /// Takes in what letters stand for; says whether that is news.
    fn bind(&mut self, kind: Kind, known: &Known) -> bool {
        match kind {
            Kind::Item(letter) => self.take(letter, known),
            Kind::Array(items) if known.may_be().has(Kinds::ARRAY) => self.bind(*items, &known.items()),
            Kind::Map(values) if known.may_be().has(Kinds::OBJECT) => self.bind(*values, &known.fields().each()),
            Kind::Secret(hidden) if known.may_be().has(Kinds::SECRET) => self.bind(*hidden, &known.hidden()),
            Kind::Either(several) => {
                // What one of the others takes is not meant by the letter.
                let plain = several.iter().filter(|kind| !matches!(kind, Kind::Item(_)));
                let others = plain.fold(Kinds::NONE, |all, kind| all.or(kinds(*kind)));
                let mut news = false;
                for kind in several {
                    news |= match kind {
                        Kind::Item(letter) => self.take(*letter, &known.without(others)),
                        kind => self.bind(*kind, known),
                    };
                }
                news
            }
            _ => false,
        }
    }

    fn take(&mut self, letter: char, known: &Known) -> bool {
        match self.0.iter_mut().find(|(one, _)| *one == letter) {
            Some((_, bound)) => {
                let both = bound.or(known);
                let news = both != *bound;
                *bound = both;
                news
            }
            None => {
                self.0.push((letter, known.clone()));
                !known.is_nothing()
            }
        }
    }

    /// Lets the letters of what a lambda gives stand for anything.
    fn blur(&mut self, kind: Kind) {
        if let Kind::Item(letter) = kind {
            self.take(letter, &Known::anything());
        }
    }

    /// What a declared type is in this call.
    fn known(&self, kind: Kind) -> Known {
        match kind {
            Kind::Item(letter) => {
                self.0.iter().find(|(one, _)| *one == letter).map_or_else(Known::anything, |(_, known)| known.clone())
            }
            Kind::Array(items) => Known::array_of(self.known(*items)),
            Kind::Secret(hidden) => Known::secret(self.known(*hidden)),
            Kind::Either(several) => several.iter().fold(Known::nothing(), |all, kind| all.or(&self.known(*kind))),
            kind => Known::kinds(kinds(kind)),
        }
    }
}

/// The lambda that a parameter takes.
const fn lambda(kind: Kind) -> Option<(&'static [Kind], &'static Kind)> {
    match kind {
        Kind::Lambda(takes, gives) => Some((takes, gives)),
        Kind::Either([_, Kind::Lambda(takes, gives)] | [Kind::Lambda(takes, gives), _]) => Some((takes, gives)),
        _ => None,
    }
}

/// The kinds of what a parameter takes.
fn kinds(kind: Kind) -> Kinds {
    match kind {
        Kind::Null => Kinds::NULL,
        Kind::Boolean => Kinds::BOOLEAN,
        Kind::Integer => Kinds::INTEGER,
        Kind::Number => Kinds::NUMBER,
        Kind::String => Kinds::TEXT,
        Kind::Array(_) => Kinds::ARRAY,
        Kind::Object | Kind::Map(_) => Kinds::OBJECT,
        Kind::Any | Kind::Item(_) => Kinds::ANY,
        Kind::Either(several) => several.iter().fold(Kinds::NONE, |all, kind| all.or(kinds(*kind))),
        Kind::Secret(_) => Kinds::SECRET,
        Kind::Lambda(..) => Kinds::LAMBDA,
    }
}

/// What the items of an argument must be, and what they are.
fn items(kind: Kind, known: &Known) -> Option<(Kinds, Known)> {
    match kind {
        Kind::Array(items) if known.may_be().has(Kinds::ARRAY) => Some((kinds(*items), known.items())),
        Kind::Map(values) if known.may_be().has(Kinds::OBJECT) => Some((kinds(*values), known.fields().each())),
        Kind::Either(several) => several.iter().find_map(|kind| items(*kind, known)),
        _ => None,
    }
}
