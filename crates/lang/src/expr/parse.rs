//! The text of an expression comes in; its tree goes out, or the first mistake with its place and cure.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest_derive::Parser;

use super::ast::{AccessKey, Ast, Expr, ExprKind, Part};
use super::{MAX_DEPTH, MAX_NODES, build, scan};
use crate::Span;

#[derive(Parser)]
#[grammar = "expr/grammar.pest"]
pub(super) struct Grammar;

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Which sort of mistake.
    pub kind: SyntaxKind,
    /// Where, in bytes of the expression's text.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// The cure, where one can be guessed.
    pub help: Option<String>,
}

/// The sorts of mistake that keep a text from being an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxKind {
    /// The text does not follow the grammar.
    Syntax,
    /// The text follows it but is too long, too deep, or has too many nodes.
    Limit,
}

impl SyntaxError {
    pub(super) fn new(kind: SyntaxKind, span: Span, message: impl Into<String>) -> Self {
        Self { kind, span, message: message.into(), help: None }
    }

    pub(super) fn too_deep(span: Span) -> Self {
        Self::new(SyntaxKind::Limit, span, format!("the expression is nested more than {MAX_DEPTH} deep"))
            .help("split it: put a part of it into a variable with `set_temporary_variables`")
    }

    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Reads an expression.
///
/// # Errors
/// The first place where the text stops being an expression.
///
/// ```
/// use wayfarer_lang::expr::{parse, print};
///
/// assert_eq!(print(&parse("a  +b*( 2 )").unwrap()), "a + b * 2");
/// assert_eq!(parse("a +").unwrap_err().message, "expected a value");
/// ```
pub fn parse(text: &str) -> Result<Ast, SyntaxError> {
    scan::check(text)?;
    let mut pairs = Grammar::parse(Rule::whole, text).map_err(|error| explain(text, error))?;
    let whole = pairs.next().ok_or_else(|| SyntaxError::new(SyntaxKind::Syntax, Span::at(0), "expected a value"))?;
    let ast = build::expression(whole).map_err(|error| *error)?;
    let mut nodes = 0;
    measure(&ast, MAX_DEPTH, &mut nodes)?;
    Ok(ast)
}

/// Counts the nodes and refuses what exceeds the limits of the tree.
fn measure(expr: &Expr, depth: usize, nodes: &mut usize) -> Result<(), SyntaxError> {
    let below = depth.checked_sub(1).ok_or_else(|| SyntaxError::too_deep(expr.span))?;
    *nodes += 1;
    if *nodes > MAX_NODES {
        let message = format!("the expression has more than {MAX_NODES} parts");
        return Err(SyntaxError::new(SyntaxKind::Limit, expr.span, message));
    }
    let mut visit = |expr: &Expr| measure(expr, below, nodes);
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Name(_) => Ok(()),
        ExprKind::Template(parts) => parts.iter().try_for_each(|part| match part {
            Part::Text(_) => Ok(()),
            Part::Expr(expr) => visit(expr),
        }),
        ExprKind::Array(items) | ExprKind::Call(_, items) => items.iter().try_for_each(visit),
        ExprKind::Object(entries) => entries.iter().try_for_each(|(_, value)| visit(value)),
        ExprKind::Path(base, steps) => {
            visit(base)?;
            steps.iter().try_for_each(|step| match &step.key {
                AccessKey::Field(_) => Ok(()),
                AccessKey::Index(index) => visit(index),
            })
        }
        ExprKind::Unary(_, inner) | ExprKind::Lambda(_, inner) => visit(inner),
        ExprKind::Chain(first, rest) => {
            visit(first)?;
            rest.iter().try_for_each(|(_, operand)| visit(operand))
        }
        ExprKind::Conditional(parts) => parts.iter().try_for_each(visit),
        ExprKind::Try(parts) => parts.iter().try_for_each(visit),
        ExprKind::Let(definitions, body) => {
            definitions.iter().try_for_each(|(_, value)| visit(value))?;
            visit(body)
        }
        ExprKind::Apply(function, arguments) => {
            visit(function)?;
            arguments.iter().try_for_each(visit)
        }
    }
}

/// Puts the parser's farthest failure into an author's words.
fn explain(text: &str, error: pest::error::Error<Rule>) -> SyntaxError {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let rest = text.get(at..).unwrap_or_default();
    let span = Span::from_range(at..at + rest.chars().next().map_or(0, char::len_utf8));
    let syntax = |message: String| SyntaxError::new(SyntaxKind::Syntax, span, message);
    if let Some((what, cure)) = foreign(text, at) {
        return syntax(format!("{what} does not exist here")).help(cure);
    }
    let ErrorVariant::ParsingError { positives, .. } = error.variant else {
        return SyntaxError::too_deep(span);
    };
    let mut words: Vec<&str> = positives.iter().filter_map(|rule| word(*rule)).collect();
    words.sort_unstable();
    words.dedup();
    // Where a value is wanted, everything that may begin one is only noise.
    if words.contains(&"a value") {
        words = vec!["a value"];
    }
    let found = if rest.is_empty() { "the expression ends here" } else { "this is not expected here" };
    match words.split_last() {
        None => syntax(found.to_owned()),
        Some((last, [])) => syntax(format!("expected {last}")),
        Some((last, before)) => syntax(format!("expected {} or {last}", before.join(", "))),
    }
}

/// Operators and signs that other languages have, at or around the place of the failure.
fn foreign(text: &str, at: usize) -> Option<(&'static str, &'static str)> {
    const FOREIGN: [(&str, &str, &str); 12] = [
        ("===", "`===`", "write `==`; it never coerces"),
        ("!==", "`!==`", "write `!=`; it never coerces"),
        ("**", "`**`", "multiply with `*`"),
        ("++", "`++`", "write `+ 1`"),
        (
            "+=",
            "assignment",
            "set a variable with `set_temporary_variables`, or name a value with `let a = 1 return …`",
        ),
        (
            "-=",
            "assignment",
            "set a variable with `set_temporary_variables`, or name a value with `let a = 1 return …`",
        ),
        ("&&&", "`&&&`", "write `&&`"),
        ("=", "assignment", "compare with `==`, or name a value with `let a = 1 return …`"),
        ("&", "`&`", "write `&&`"),
        ("|", "`|`", "write `||`"),
        (";", "`;`", "an expression has no statements; name parts of it with `let a = 1 return …`"),
        ("~", "`~`", "there are no operators on bits"),
    ];
    // The parser may have taken the first characters of a foreign operator for one of its own.
    (at.saturating_sub(2)..=at).find_map(|start| {
        let here = text.get(start..)?;
        let (sign, what, cure) = FOREIGN.iter().find(|(sign, ..)| here.starts_with(sign))?;
        (start + sign.len() > at).then_some((*what, *cure))
    })
}

/// What a rule is to an author; `None` for what would only lengthen the sentence.
fn word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::expression
        | Rule::operation
        | Rule::operand
        | Rule::prefix
        | Rule::number
        | Rule::string
        | Rule::template
        | Rule::array
        | Rule::object
        | Rule::call
        | Rule::apply
        | Rule::group
        | Rule::constant
        | Rule::lambda
        | Rule::binding
        | Rule::attempt => "a value",
        Rule::operator => "an operator",
        Rule::arguments => "`(` and arguments",
        Rule::close_bracket => "`)`",
        Rule::close_square => "`]`",
        Rule::close_curly => "`}`",
        Rule::colon => "`:`",
        Rule::equals => "`=`",
        Rule::name | Rule::definition => "a name",
        Rule::key => "a field's name",
        Rule::entry => "a field",
        Rule::function => "a function's name",
        Rule::catch_word => "`catch`",
        Rule::return_word => "`return`",
        Rule::escape => "an escape such as `\\n` or `\\u{e9}`",
        Rule::EOI => "the end",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
