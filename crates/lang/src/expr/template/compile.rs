//! A node of a journey file and the names around it come in; its template goes out, or every mistake in its expressions.

use std::sync::Arc;

use super::super::ast::Ast;
use super::super::code::Reads;
use super::super::error::{CompileError, CompileErrorKind};
use super::super::expression::Expression;
use super::super::parse::{SyntaxError, SyntaxKind, parse};
use super::super::scope::Names;
use super::super::{compile, scan};
use super::{Kind, Mode, Part, Template};
use crate::diagnostic::Certainty;
use crate::yaml::{Node, NodeKind};
use crate::{Code, Diagnostic, Fix, Span, Value};

/// Compiles a field that is always an expression, such as `if`. A number, a boolean or null stands for itself.
///
/// # Errors
/// Every mistake in the expression, with its place in the file.
pub fn compile_node(node: &Node, names: &dyn Names) -> Result<Expression, Vec<Diagnostic>> {
    match &node.kind {
        NodeKind::Text(text) => {
            let compiled = expression(&Inside { node, names }, &text.value, 0);
            compiled.map_err(|findings| without_marks(findings, &text.value, "this field is always an expression"))
        }
        NodeKind::Sequence(_) | NodeKind::Mapping(_) => {
            let message = format!("this field is an expression, not {}", node.describe());
            let finding = Diagnostic::error(Code::NOT_AN_EXPRESSION, node.span, message);
            Err(vec![finding.help("write the expression as one text")])
        }
        _ => Ok(Expression::constant_at(node.span, node.to_value())),
    }
}

/// Compiles a text that is an expression, and nothing else around it.
///
/// # Errors
/// Every mistake in it, with its place in the text.
pub fn compile_text(text: &str, names: &dyn Names) -> Result<Expression, Vec<Diagnostic>> {
    let compiled = parsed(text, names, true, |span| span);
    compiled.map_err(|findings| without_marks(findings, text, "this is an expression as it stands"))
}

/// Where a text is a value, `@` or `${…}` makes it an expression; where it is one anyway, they are too much.
fn without_marks(mut findings: Vec<Diagnostic>, text: &str, why: &str) -> Vec<Diagnostic> {
    let bare = text.strip_prefix('@').filter(|rest| parse(rest).is_ok());
    let help = match bare {
        Some(bare) => Some(format!("{why}: write `{bare}`, without `@`")),
        None if text.starts_with("${") => Some(format!("{why}: write it without `${{` and `}}`")),
        None => None,
    };
    if let Some((finding, help)) = findings.first_mut().zip(help) {
        *finding = finding.clone().help(help);
    }
    findings
}

pub(super) fn template(node: &Node, names: &dyn Names, mode: Mode) -> Result<Template, Vec<Diagnostic>> {
    let mut compiler = Compiler { names, reads: Reads::default(), findings: Vec::new() };
    let kind = match mode {
        Mode::Value => compiler.value(node),
        Mode::Expression => compiler.take(compile_node(node, names)),
    };
    if compiler.findings.is_empty() { Ok(Template { kind, reads: compiler.reads }) } else { Err(compiler.findings) }
}

struct Compiler<'a> {
    names: &'a dyn Names,
    reads: Reads,
    findings: Vec<Diagnostic>,
}

impl Compiler<'_> {
    fn value(&mut self, node: &Node) -> Kind {
        match &node.kind {
            NodeKind::Text(text) => self.text(node, &text.value),
            NodeKind::Sequence(items) => Kind::array(items.iter().map(|item| self.value(item)).collect()),
            NodeKind::Mapping(entries) => {
                let entries = entries.iter().filter_map(|(key, value)| Some((Arc::clone(key.as_text()?), value)));
                Kind::object(entries.map(|(key, value)| (key, self.value(value))).collect())
            }
            _ => Kind::Literal(node.to_value()),
        }
    }

    fn text(&mut self, node: &Node, text: &str) -> Kind {
        let inside = Inside { node, names: self.names };
        match text.strip_prefix('@') {
            Some(rest) if rest.starts_with('@') => self.mixed(&inside, rest, 1),
            Some(_) if begins_call(text) => self.take(expression(&inside, text, 0)),
            Some(rest) => self.take(expression(&inside, rest, 1)),
            None => self.mixed(&inside, text, 0),
        }
    }

    /// A text that may hold `${…}`; `shift` is where it begins in the node's text.
    fn mixed(&mut self, inside: &Inside<'_>, text: &str, shift: usize) -> Kind {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            if let Some(before) = before.strip_suffix('$') {
                plain.push_str(before);
                plain.push_str("${");
                rest = after;
                continue;
            }
            plain.push_str(before);
            let at = shift + text.len() - after.len();
            let Ok(end) = scan::closing(after, '}') else {
                self.findings.push(inside.unclosed(after, at));
                return Kind::Literal(Value::Null);
            };
            let (source, behind) = after.split_at_checked(end).unwrap_or((after, ""));
            rest = behind.strip_prefix('}').unwrap_or(behind);
            let compiled = expression(inside, source, at);
            // Nothing else in the text: the value keeps its type.
            if before.is_empty() && plain.is_empty() && parts.is_empty() && rest.is_empty() && shift == 0 {
                return self.take(compiled);
            }
            match compiled {
                Ok(expression) => {
                    self.reads.extend(expression.reads());
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(Part::Expression(expression));
                }
                Err(findings) => self.findings.extend(findings),
            }
        }
        plain.push_str(rest);
        if parts.is_empty() {
            return Kind::Literal(Value::from(plain));
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Kind::Text(inside.node.span, parts)
    }

    fn take(&mut self, compiled: Result<Expression, Vec<Diagnostic>>) -> Kind {
        match compiled {
            Ok(expression) => {
                self.reads.extend(expression.reads());
                // One that always gives the same keeps its place all the same: a type may refuse it.
                Kind::Expression(expression)
            }
            Err(findings) => {
                self.findings.extend(findings);
                Kind::Literal(Value::Null)
            }
        }
    }
}

/// Whether a text that begins with `@` begins with a call, whose `@` is its own: `@name(…`, `@space.name(…`, or `@(…)(…`.
fn begins_call(text: &str) -> bool {
    let rest = text.strip_prefix('@').unwrap_or(text);
    if let Some(group) = rest.strip_prefix('(') {
        let end = scan::closing(group, ')').ok();
        let behind = end.and_then(|end| group.get(end + 1..)).unwrap_or_default();
        return behind.trim_start().starts_with('(');
    }
    let word = |text: &str| text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    let behind = rest.get(rest.len() - word(rest)..).unwrap_or_default();
    let behind = match behind.strip_prefix('.') {
        Some(name) => name.get(name.len() - word(name)..).unwrap_or_default(),
        None => behind,
    };
    behind.len() < rest.len() && behind.trim_start().starts_with('(')
}

/// A text of the file, and the names around it.
struct Inside<'a> {
    node: &'a Node,
    names: &'a dyn Names,
}

impl Inside<'_> {
    /// The place in the file of a place in a part of the text that begins at `shift`.
    fn place(&self, span: Span, shift: usize) -> Span {
        let range = span.range();
        self.node.inner_span(range.start + shift..range.end + shift)
    }

    fn unclosed(&self, after: &str, at: usize) -> Diagnostic {
        let opening = self.node.inner_span(at - 2..at);
        match scan::closing(after, '}') {
            // What is wrong is inside: an open quote, or too many brackets.
            Err(error) if error.kind == SyntaxKind::Limit => syntax(error, |span| self.place(span, at)),
            _ => Diagnostic::error(Code::EXPRESSION_SYNTAX, opening, "this `${` is never closed")
                .help("write the closing `}`, or `$${` for the two characters themselves"),
        }
    }
}

fn expression(inside: &Inside<'_>, source: &str, shift: usize) -> Result<Expression, Vec<Diagnostic>> {
    parsed(source, inside.names, inside.node.is_exact(), |span| inside.place(span, shift))
}

fn parsed(
    source: &str,
    names: &dyn Names,
    exact: bool,
    place: impl Fn(Span) -> Span,
) -> Result<Expression, Vec<Diagnostic>> {
    let mut ast: Ast = parse(source).map_err(|error| vec![syntax(error, &place)])?;
    ast.relocate(&place);
    compile(&ast, names).map_err(|errors| errors.into_iter().map(|error| name(error, exact)).collect())
}

fn syntax(error: SyntaxError, place: impl Fn(Span) -> Span) -> Diagnostic {
    let code = match error.kind {
        SyntaxKind::Syntax => Code::EXPRESSION_SYNTAX,
        SyntaxKind::Limit => Code::EXPRESSION_LIMIT,
    };
    let finding = Diagnostic::error(code, place(error.span), error.message);
    Diagnostic { help: error.help, ..finding }
}

/// The finding for a mistake whose place is the `exact` one, or that of the whole text.
fn name(error: CompileError, exact: bool) -> Diagnostic {
    let code = match error.kind {
        CompileErrorKind::UnknownVariable => Code::UNKNOWN_VARIABLE,
        CompileErrorKind::UnknownParameter => Code::UNKNOWN_START_PARAMETER,
        CompileErrorKind::UnknownFunction => Code::UNKNOWN_FUNCTION,
        CompileErrorKind::WrongUse => Code::WRONG_USE,
    };
    let fix = error.guess.filter(|_| exact).map(|guess| Fix::replace(Certainty::Likely, error.span, guess));
    Diagnostic { help: error.help, ..Diagnostic::error(code, error.span, error.message) }.fix(fix)
}
