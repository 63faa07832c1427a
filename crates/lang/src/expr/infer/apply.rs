//! Calls come in; what is known of the arguments is held against the declaration, and what is known of the result goes out.

use super::known::{Kinds, Known};
use super::{Held, Inference, Sort};
use crate::Span;
use crate::expr::code::Node;
use crate::expr::functions::{Function, Word};

impl<'a> Inference<'a> {
    pub(super) fn call(&mut self, span: Span, function: &'static Function, arguments: &'a [Node]) -> Known {
        let _ = span;
        for (node, parameter) in arguments.iter().zip(function.parameters) {
            let held = self.hold(node);
            if let Some(closure) = &held.lambda {
                let arguments = vec![Held { known: Known::anything(), lambda: None }; closure.lambda.parameters];
                self.body(closure, arguments);
                continue;
            }
            let takes = parameter.accepts.iter().fold(Kinds::NONE, |all, word| all.or(kinds(*word)));
            if !held.known.may_be().without(Kinds::SECRET).within(takes) {
                let sort = if held.known.may_be().has(takes) { Sort::MayNotFit } else { Sort::Impossible };
                let message = format!("`{}` takes {}, and this is {}", parameter.name, takes.words(), held.known);
                self.doubt(node.span, sort, message, "give it a value of that type");
            }
        }
        Known::kinds(kinds(function.returns))
    }

    pub(super) fn apply(&mut self, span: Span, function: &'a Node, arguments: &'a [Node]) -> Known {
        let held = self.hold(function);
        let arguments: Vec<_> = arguments.iter().map(|argument| self.hold(argument)).collect();
        let Some(closure) = held.lambda else {
            let sort = if held.known.may_be().has(Kinds::LAMBDA) { Sort::MayNotFit } else { Sort::Impossible };
            if held.known.may_be() != Kinds::LAMBDA {
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

const fn kinds(word: Word) -> Kinds {
    match word {
        Word::Boolean => Kinds::BOOLEAN,
        Word::Number => Kinds::NUMBER,
        Word::String => Kinds::TEXT,
        Word::Array => Kinds::ARRAY,
        Word::Object => Kinds::OBJECT,
        Word::Lambda => Kinds::LAMBDA,
        Word::Any => Kinds::ANY,
    }
}
