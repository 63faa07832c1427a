//! A tree and the names around it come in; the compiled form goes out, constants folded, or every name that does not exist.

mod fold;

use std::sync::Arc;

use self::fold::Fold;
use super::ast::{Access, AccessKey, Ast, BinaryOperator, Callee, Expr, ExprKind, Name, Part};
use super::code::{Key, Lambda, Node, Op, Piece, Reads, Slot, Step};
use super::error::{CompileError, CompileErrorKind};
use super::expression::Expression;
use super::functions::{self, Function};
use super::scope::{Names, Root};
use crate::diagnostic::{nearest, quoted};
use crate::{Span, Value};

/// Resolves all names and makes the form that is evaluated.
///
/// # Errors
/// Every name that does not exist and every call with the wrong number of arguments, each with its place.
pub fn compile(ast: &Ast, names: &dyn Names) -> Result<Expression, Vec<CompileError>> {
    let mut compiler = Compiler {
        names,
        frames: vec![Frame::default()],
        reads: Reads::default(),
        errors: Vec::new(),
        fold: Fold::new(),
    };
    let root = compiler.node(ast);
    if matches!(root.op, Op::Lambda(_)) {
        let message = "a lambda is no value: call it, or give it to a function";
        compiler.error(ast.span, CompileErrorKind::WrongUse, message.to_owned(), None);
    }
    if compiler.errors.is_empty() { Ok(Expression { root, reads: compiler.reads }) } else { Err(compiler.errors) }
}

/// The bound names of one lambda, or of the expression itself.
#[derive(Default)]
struct Frame {
    /// By slot; the last of equal names is the one that is seen.
    locals: Vec<Arc<str>>,
    captures: Vec<(Arc<str>, Slot)>,
}

struct Compiler<'a> {
    names: &'a dyn Names,
    frames: Vec<Frame>,
    reads: Reads,
    errors: Vec<CompileError>,
    fold: Fold,
}

impl Compiler<'_> {
    fn node(&mut self, expr: &Expr) -> Node {
        let op = self.op(expr);
        self.fold.node(Node { span: expr.span, op })
    }

    fn nodes(&mut self, exprs: &[Expr]) -> Vec<Node> {
        exprs.iter().map(|expr| self.node(expr)).collect()
    }

    fn op(&mut self, expr: &Expr) -> Op {
        match &expr.kind {
            ExprKind::Null => Op::Constant(Value::Null),
            ExprKind::Bool(value) => Op::Constant(Value::Bool(*value)),
            ExprKind::Int(number) => Op::Constant(Value::Int(*number)),
            ExprKind::Float(number) => Op::Constant(Value::Float(*number)),
            ExprKind::Text(text) => Op::Constant(Value::Text(Arc::clone(text))),
            ExprKind::Template(parts) => Op::Template(self.pieces(parts)),
            ExprKind::Array(items) => Op::Array(self.nodes(items)),
            ExprKind::Object(entries) => Op::Object(self.entries(entries)),
            ExprKind::Name(name) => self.name(expr.span, name),
            ExprKind::Path(base, steps) => self.path(base, steps),
            ExprKind::Unary(operators, operand) => Op::Unary(operators.clone(), Box::new(self.node(operand))),
            ExprKind::Chain(first, rest) => self.chain(first, rest),
            ExprKind::Conditional(parts) => Op::Conditional(Box::new(parts.each_ref().map(|part| self.node(part)))),
            ExprKind::Lambda(parameters, body) => self.lambda(parameters, body),
            ExprKind::Let(definitions, body) => self.binding(definitions, body),
            ExprKind::Try(parts) => Op::Try(Box::new(parts.each_ref().map(|part| self.node(part)))),
            ExprKind::Call(callee, arguments) => self.call(expr.span, callee, arguments),
            ExprKind::Apply(function, arguments) => {
                let function = self.node(function);
                Op::Apply(Box::new(function), self.nodes(arguments))
            }
        }
    }

    fn pieces(&mut self, parts: &[Part]) -> Vec<Piece> {
        let piece = |part: &Part| match part {
            Part::Text(text) => Piece::Text(Arc::clone(text)),
            Part::Expr(expr) => Piece::Node(self.node(expr)),
        };
        parts.iter().map(piece).collect()
    }

    fn entries(&mut self, entries: &[(Name, Expr)]) -> Vec<(Arc<str>, Node)> {
        entries.iter().map(|(name, value)| (Arc::clone(&name.text), self.node(value))).collect()
    }

    fn chain(&mut self, first: &Expr, rest: &[(BinaryOperator, Expr)]) -> Op {
        let first = self.node(first);
        let choice = rest
            .first()
            .map(|(operator, _)| *operator)
            .filter(|operator| matches!(operator, BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Coalesce));
        let rest = rest.iter().map(|(operator, operand)| (*operator, self.node(operand)));
        match choice {
            Some(operator) => Op::Choice(operator, std::iter::once(first).chain(rest.map(|(_, node)| node)).collect()),
            None => Op::Chain(Box::new(first), rest.collect()),
        }
    }

    fn name(&mut self, span: Span, name: &str) -> Op {
        if let Some(slot) = resolve(&mut self.frames, name) {
            return Op::Bound(slot);
        }
        if let Some(slot) = self.names.variable(name) {
            self.reads.variables.push((slot, span));
            return Op::Variable(slot);
        }
        let message = format!("there is no variable {}", quoted(name));
        if self.names.parameter(name).is_some() {
            let help = Some(format!("a start parameter is read as `@policy.request().params.{name}`"));
            return self.error(span, CompileErrorKind::UnknownVariable, message, help);
        }
        let bound = self.frames.iter().flat_map(|frame| frame.locals.iter().map(|name| &**name));
        let guess = nearest(name, bound.chain(self.names.variables())).map(str::to_owned);
        let help = guess.as_ref().map(|guess| format!("did you mean `{guess}`?"));
        self.errors.push(CompileError { span, kind: CompileErrorKind::UnknownVariable, message, help, guess });
        Op::Constant(Value::Null)
    }

    fn lambda(&mut self, parameters: &[Name], body: &Expr) -> Op {
        let locals = parameters.iter().map(|name| Arc::clone(&name.text)).collect();
        self.frames.push(Frame { locals, captures: Vec::new() });
        let body = self.node(body);
        let frame = self.frames.pop().unwrap_or_default();
        let captures = frame.captures.into_iter().map(|(_, slot)| slot).collect();
        Op::Lambda(Box::new(Lambda { captures, parameters: parameters.len(), body }))
    }

    fn binding(&mut self, definitions: &[(Name, Expr)], body: &Expr) -> Op {
        let mut values = Vec::with_capacity(definitions.len());
        for (name, value) in definitions {
            values.push(self.node(value));
            self.locals(|locals| locals.push(Arc::clone(&name.text)));
        }
        let body = self.node(body);
        self.locals(|locals| locals.truncate(locals.len().saturating_sub(definitions.len())));
        Op::Let(values, Box::new(body))
    }

    fn locals(&mut self, change: impl FnOnce(&mut Vec<Arc<str>>)) {
        if let Some(frame) = self.frames.last_mut() {
            change(&mut frame.locals);
        }
    }

    fn path(&mut self, base: &Expr, steps: &[Access]) -> Op {
        // `@policy.request().params.x` is one slot, found here and never searched for again.
        if let ExprKind::Call(callee, arguments) = &base.kind
            && arguments.is_empty()
            && root(callee) == Some(Root::Request)
            && let [params, rest @ ..] = steps
            && field(params) == Some("params")
        {
            let span = base.span.cover(params.span);
            return match rest {
                [parameter, rest @ ..] if field(parameter).is_some() => {
                    let name = field(parameter).unwrap_or_default();
                    let op = self.parameter(span.cover(parameter.span), parameter.span, name);
                    self.steps(Node { span: span.cover(parameter.span), op }, rest)
                }
                rest => {
                    self.reads.roots.push((Root::Parameters, span));
                    self.steps(Node { span, op: Op::Root(Root::Parameters) }, rest)
                }
            };
        }
        let base = self.node(base);
        self.steps(base, steps)
    }

    fn parameter(&mut self, span: Span, at: Span, name: &str) -> Op {
        if let Some(slot) = self.names.parameter(name) {
            self.reads.parameters.push((slot, span));
            return Op::Parameter(slot);
        }
        let message = format!("the journey declares no start parameter {}", quoted(name));
        let guess = nearest(name, self.names.parameters());
        let help = match guess {
            Some(guess) => format!("did you mean `{guess}`?"),
            None => "declare it under `params`".to_owned(),
        };
        // Its place holds the dot as well.
        let mark = match (at.len() as usize).checked_sub(name.len()) {
            Some(1) => Some("."),
            Some(2) => Some("?."),
            _ => None,
        };
        let guess = mark.zip(guess).map(|(mark, guess)| format!("{mark}{guess}"));
        self.errors.push(CompileError {
            span: at,
            kind: CompileErrorKind::UnknownParameter,
            message,
            help: Some(help),
            guess,
        });
        Op::Constant(Value::Null)
    }

    fn steps(&mut self, base: Node, steps: &[Access]) -> Op {
        if steps.is_empty() {
            return base.op;
        }
        let step = |access: &Access| Step {
            span: access.span,
            safe: access.safe,
            key: match &access.key {
                AccessKey::Field(name) => Key::Field(Arc::clone(name)),
                AccessKey::Index(Expr { kind: ExprKind::Text(name), .. }) => Key::Field(Arc::clone(name)),
                AccessKey::Index(index) => Key::Index(self.node(index)),
            },
        };
        let steps = steps.iter().map(step).collect();
        Op::Path(Box::new(base), steps)
    }

    fn call(&mut self, span: Span, callee: &Callee, arguments: &[Expr]) -> Op {
        if let Some(root) = root(callee) {
            if !arguments.is_empty() {
                let message = format!("`@{}()` takes no arguments", root.path());
                return self.error(span, CompileErrorKind::WrongUse, message, None);
            }
            self.reads.roots.push((root, span));
            return Op::Root(root);
        }
        let namespace = callee.namespace.as_deref().unwrap_or("std");
        let Some(function) = functions::find(namespace, &callee.name) else {
            return self.unknown_function(callee);
        };
        let arguments = self.arguments(function, arguments);
        let least = function.parameters.iter().filter(|parameter| !parameter.optional).count();
        let most = function.parameters.len();
        if !(least..=most).contains(&arguments.len()) {
            let message = format!("`@{namespace}.{}` is called with {} arguments", function.name, arguments.len());
            let help = Some(format!("write `{}`", function.signature()));
            return self.error(span, CompileErrorKind::WrongUse, message, help);
        }
        Op::Call(function, arguments)
    }

    /// The arguments of a call; a pattern among them is compiled here and never again.
    fn arguments(&mut self, function: &Function, arguments: &[Expr]) -> Vec<Node> {
        let mut nodes = self.nodes(arguments);
        for (node, parameter) in nodes.iter_mut().zip(function.parameters) {
            let Some(language) = parameter.pattern else { continue };
            let compiled = match &node.op {
                Op::Constant(value) => language.compile(value),
                _ => Err(format!("`{}` is a {}, which must be written out", parameter.name, language.word())),
            };
            node.op = match compiled {
                Ok(pattern) => Op::Pattern(Box::new(pattern)),
                Err(message) => self.error(node.span, CompileErrorKind::WrongUse, message, None),
            };
        }
        nodes
    }

    fn unknown_function(&mut self, callee: &Callee) -> Op {
        let mut path = callee.namespace.as_ref().map(|namespace| format!("{namespace}.")).unwrap_or_default();
        path.push_str(&callee.name);
        let known = functions::all().iter().map(|function| format!("{}.{}", function.namespace, function.name));
        let known: Vec<String> = known.chain(Root::ALL.map(|root| root.path().to_owned())).collect();
        let guess = nearest(&path, known.iter().map(String::as_str)).or_else(|| {
            let same = |path: &&String| path.split_once('.').is_some_and(|(_, name)| name == &*callee.name);
            known.iter().find(same).map(String::as_str)
        });
        let message = format!("there is no function {}", quoted(&format!("@{path}")));
        let help = guess.map(|guess| format!("did you mean `{guess}`?"));
        let guess = guess.map(|guess| format!("@{guess}"));
        self.errors.push(CompileError {
            span: callee.span,
            kind: CompileErrorKind::UnknownFunction,
            message,
            help,
            guess,
        });
        Op::Constant(Value::Null)
    }

    /// Notes a mistake; null stands in, so that the rest is looked at too.
    fn error(&mut self, span: Span, kind: CompileErrorKind, message: String, help: Option<String>) -> Op {
        self.errors.push(CompileError { span, kind, message, help, guess: None });
        Op::Constant(Value::Null)
    }
}

/// Finds a bound name, innermost first; one that lies outside the lambda is captured on the way in.
fn resolve(frames: &mut [Frame], name: &str) -> Option<Slot> {
    let (frame, outside) = frames.split_last_mut()?;
    let slot = |index: usize| u16::try_from(index).ok();
    if let Some(index) = frame.locals.iter().rposition(|local| &**local == name) {
        return slot(index).map(Slot::Local);
    }
    if let Some(index) = frame.captures.iter().position(|(captured, _)| &**captured == name) {
        return slot(index).map(Slot::Captured);
    }
    let source = resolve(outside, name)?;
    frame.captures.push((Arc::from(name), source));
    slot(frame.captures.len() - 1).map(Slot::Captured)
}

fn root(callee: &Callee) -> Option<Root> {
    Root::ALL.into_iter().find(|root| match root.path().split_once('.') {
        Some((namespace, name)) => callee.namespace.as_deref() == Some(namespace) && &*callee.name == name,
        None => callee.namespace.is_none() && &*callee.name == root.path(),
    })
}

/// The name that a step reads, if the text says it.
fn field(access: &Access) -> Option<&str> {
    match &access.key {
        AccessKey::Field(name) => Some(name),
        AccessKey::Index(Expr { kind: ExprKind::Text(name), .. }) => Some(name),
        AccessKey::Index(_) => None,
    }
}
