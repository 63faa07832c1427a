//! The parser's flat pairs come in; the tree goes out, operators grouped by precedence.

use std::sync::Arc;

use pest::iterators::{Pair, Pairs};

use super::ast::{Access, AccessKey, BinaryOperator, Callee, Expr, ExprKind, Name, Part, UnaryOperator};
use super::parse::{Rule, SyntaxError, SyntaxKind};
use crate::Span;
use crate::diagnostic::quoted;

// Boxed, and the functions kept small: these frames repeat with each level of nesting, on stacks of any size.
type Built<T> = Result<T, Box<SyntaxError>>;

/// The tree of a pair of rule `expression`.
pub(super) fn expression(pair: Pair<'_, Rule>) -> Built<Expr> {
    let span = place(&pair);
    let mut inner = pair.into_inner();
    match inner.next() {
        None => Err(broken(span)),
        Some(first) => match first.as_rule() {
            Rule::binding => binding(span, first.into_inner()),
            Rule::attempt => attempt(span, first.into_inner()),
            Rule::lambda => lambda(span, first.into_inner()),
            _ if inner.peek().is_none() => operation(first),
            _ => conditional(span, first, inner),
        },
    }
}

fn conditional(span: Span, test: Pair<'_, Rule>, branches: Pairs<'_, Rule>) -> Built<Expr> {
    let test = operation(test)?;
    let [then, otherwise] = exactly(span, branches)?;
    node(span, ExprKind::Conditional(Box::new([test, then, otherwise])))
}

fn attempt(span: Span, pairs: Pairs<'_, Rule>) -> Built<Expr> {
    exactly(span, pairs).and_then(|parts| node(span, ExprKind::Try(Box::new(parts))))
}

fn binding(span: Span, pairs: Pairs<'_, Rule>) -> Built<Expr> {
    let mut definitions = Vec::new();
    let mut body = None;
    for pair in pairs {
        match pair.as_rule() {
            Rule::definition => {
                let mut parts = pair.into_inner();
                let name = parts.next().map(|pair| name(&pair)).ok_or_else(|| broken(span))?;
                let [value] = exactly(span, parts)?;
                definitions.push((name, value));
            }
            Rule::expression => body = Some(expression(pair)?),
            _ => {}
        }
    }
    node(span, ExprKind::Let(definitions, Box::new(body.ok_or_else(|| broken(span))?)))
}

fn lambda(span: Span, pairs: Pairs<'_, Rule>) -> Built<Expr> {
    let mut parameters: Vec<Name> = Vec::new();
    let mut body = None;
    for pair in pairs {
        match pair.as_rule() {
            Rule::name => {
                let name = name(&pair);
                if parameters.contains(&name) {
                    return Err(syntax(name.span, format!("{} is bound twice", quoted(&name.text)), None));
                }
                parameters.push(name);
            }
            Rule::expression => body = Some(expression(pair)?),
            _ => {}
        }
    }
    node(span, ExprKind::Lambda(parameters, Box::new(body.ok_or_else(|| broken(span))?)))
}

/// An open chain: what stands to its left, and the operator that waits for the next operand.
struct Open {
    first: Expr,
    rest: Vec<(BinaryOperator, Expr)>,
    waiting: BinaryOperator,
}

impl Open {
    fn close(mut self, operand: Expr) -> Expr {
        let span = self.first.span.cover(operand.span);
        self.rest.push((self.waiting, operand));
        Expr { span, kind: ExprKind::Chain(Box::new(self.first), self.rest) }
    }
}

fn operation(pair: Pair<'_, Rule>) -> Built<Expr> {
    let span = place(&pair);
    let mut pairs = pair.into_inner();
    match pairs.next() {
        Some(only) if pairs.peek().is_none() => operand(only),
        Some(first) => {
            let first = operand(first)?;
            grouped(span, first, pairs)
        }
        None => Err(broken(span)),
    }
}

/// Groups `a + b * c` by precedence, without recursion: operators of one precedence become one flat chain.
fn grouped(span: Span, mut current: Expr, mut pairs: Pairs<'_, Rule>) -> Built<Expr> {
    let mut open: Vec<Open> = Vec::new();
    let (mut coalesces, mut chooses) = (false, false);
    while let Some(pair) = pairs.next() {
        let operator = operator(&pair)?;
        coalesces |= operator == BinaryOperator::Coalesce;
        chooses |= matches!(operator, BinaryOperator::And | BinaryOperator::Or);
        if coalesces && chooses {
            return Err(unbracketed(place(&pair)));
        }
        shift(&mut open, current, operator);
        current = pairs.next().map_or_else(|| Err(broken(span)), operand)?;
    }
    Ok(open.into_iter().rev().fold(current, |operand, top| top.close(operand)))
}

/// Puts an operand before the operator that follows it, closing every chain that binds more tightly.
fn shift(open: &mut Vec<Open>, mut operand: Expr, operator: BinaryOperator) {
    while let Some(top) = open.pop_if(|top| top.waiting.precedence() > operator.precedence()) {
        operand = top.close(operand);
    }
    match open.last_mut().filter(|top| top.waiting.precedence() == operator.precedence()) {
        Some(top) => {
            let waiting = std::mem::replace(&mut top.waiting, operator);
            top.rest.push((waiting, operand));
        }
        None => open.push(Open { first: operand, rest: Vec::new(), waiting: operator }),
    }
}

fn operator(pair: &Pair<'_, Rule>) -> Built<BinaryOperator> {
    let symbol = pair.as_str();
    BinaryOperator::ALL.into_iter().find(|operator| operator.symbol() == symbol).ok_or_else(|| broken(place(pair)))
}

fn operand(pair: Pair<'_, Rule>) -> Built<Expr> {
    let span = place(&pair);
    let mut pairs = pair.into_inner();
    let mut unary = Vec::new();
    let base = loop {
        match pairs.next() {
            Some(pair) if pair.as_rule() == Rule::prefix => unary.push(prefix(&pair)),
            Some(pair) => break primary(pair)?,
            None => return Err(broken(span)),
        }
    };
    let steps: Vec<_> = pairs.map(access).collect::<Built<_>>()?;
    Ok(wrap(span, unary, base, steps))
}

fn wrap(span: Span, unary: Vec<UnaryOperator>, mut expr: Expr, steps: Vec<Access>) -> Expr {
    if let Some(last) = steps.last() {
        let span = expr.span.cover(last.span);
        expr = Expr { span, kind: ExprKind::Path(Box::new(expr), steps) };
    }
    if !unary.is_empty() {
        expr = Expr { span, kind: ExprKind::Unary(unary, Box::new(expr)) };
    }
    expr
}

fn prefix(pair: &Pair<'_, Rule>) -> UnaryOperator {
    if pair.as_str() == "!" { UnaryOperator::Not } else { UnaryOperator::Negate }
}

fn access(pair: Pair<'_, Rule>) -> Built<Access> {
    let span = place(&pair);
    let rule = pair.as_rule();
    let safe = matches!(rule, Rule::safe_field | Rule::safe_index);
    let mut inner = pair.into_inner();
    let key = match inner.next() {
        None => return Err(broken(span)),
        Some(key) if matches!(rule, Rule::field | Rule::safe_field) => AccessKey::Field(Arc::from(key.as_str())),
        Some(index) => AccessKey::Index(expression(index)?),
    };
    Ok(Access { span, safe, key })
}

fn primary(pair: Pair<'_, Rule>) -> Built<Expr> {
    let span = place(&pair);
    match pair.as_rule() {
        Rule::group => group(span, pair),
        Rule::array => expressions(pair.into_inner()).and_then(|items| node(span, ExprKind::Array(items))),
        Rule::object => entries(span, pair.into_inner()).and_then(|entries| node(span, ExprKind::Object(entries))),
        Rule::call => call(span, pair.into_inner()),
        Rule::apply => apply(span, pair.into_inner()),
        Rule::template => parts(pair.into_inner()).and_then(|parts| node(span, ExprKind::Template(parts))),
        _ => leaf(span, &pair),
    }
}

fn group(span: Span, pair: Pair<'_, Rule>) -> Built<Expr> {
    let mut inner = pair.into_inner();
    let mut expr = inner.next().map_or_else(|| Err(broken(span)), expression)?;
    expr.span = span;
    Ok(expr)
}

fn call(span: Span, mut pairs: Pairs<'_, Rule>) -> Built<Expr> {
    let (Some(function), Some(arguments)) = (pairs.next(), pairs.next()) else { return Err(broken(span)) };
    let arguments = expressions(arguments.into_inner())?;
    node(span, ExprKind::Call(callee(&function), arguments))
}

fn apply(span: Span, mut pairs: Pairs<'_, Rule>) -> Built<Expr> {
    let (Some(function), Some(arguments)) = (pairs.next(), pairs.next()) else { return Err(broken(span)) };
    let function = group(place(&function), function)?;
    let arguments = expressions(arguments.into_inner())?;
    node(span, ExprKind::Apply(Box::new(function), arguments))
}

fn leaf(span: Span, pair: &Pair<'_, Rule>) -> Built<Expr> {
    let kind = match pair.as_rule() {
        Rule::number => number(span, pair.as_str())?,
        Rule::string => ExprKind::Text(text(pair)?),
        Rule::constant => match pair.as_str() {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            _ => ExprKind::Null,
        },
        Rule::name => ExprKind::Name(Arc::from(pair.as_str())),
        _ => return Err(broken(span)),
    };
    node(span, kind)
}

fn text(pair: &Pair<'_, Rule>) -> Built<Arc<str>> {
    match &*parts(pair.clone().into_inner())? {
        [] => Ok(Arc::from("")),
        [Part::Text(text)] => Ok(Arc::clone(text)),
        _ => Err(broken(place(pair))),
    }
}

fn node(span: Span, kind: ExprKind) -> Built<Expr> {
    Ok(Expr { span, kind })
}

fn number(span: Span, text: &str) -> Built<ExprKind> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map(ExprKind::Int).map_err(|_| {
            let help = "write it as a text, or as a decimal";
            syntax(span, "this whole number does not fit in 64 bits", Some(help))
        });
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(ExprKind::Float(number)),
        _ => Err(syntax(span, "this number is too large", None)),
    }
}

fn entries(span: Span, pairs: Pairs<'_, Rule>) -> Built<Vec<(Name, Expr)>> {
    let mut entries: Vec<(Name, Expr)> = Vec::new();
    for pair in pairs.filter(|pair| pair.as_rule() == Rule::entry) {
        let mut inner = pair.into_inner();
        let key = inner.next().ok_or_else(|| broken(span))?;
        let name =
            if key.as_rule() == Rule::string { Name { span: place(&key), text: text(&key)? } } else { name(&key) };
        if entries.iter().any(|(other, _)| *other == name) {
            return Err(syntax(name.span, format!("the field {} is given twice", quoted(&name.text)), None));
        }
        let [value] = exactly(span, inner)?;
        entries.push((name, value));
    }
    Ok(entries)
}

fn callee(pair: &Pair<'_, Rule>) -> Callee {
    let path = pair.as_str().trim_start_matches('@');
    let (namespace, name) = path.split_once('.').map_or((None, path), |(before, after)| (Some(before), after));
    Callee { span: place(pair), namespace: namespace.map(Arc::from), name: Arc::from(name) }
}

/// The pieces of a text, escapes resolved and neighbours joined.
fn parts(pairs: Pairs<'_, Rule>) -> Built<Vec<Part>> {
    let mut parts = Vec::new();
    let mut text = String::new();
    // The first half of a character that `\u` writes in two.
    let mut half: Option<(u16, Span)> = None;
    for pair in pairs {
        let span = place(&pair);
        if pair.as_rule() == Rule::escape
            && let Some(unit) = pair.as_str().strip_prefix("\\u").and_then(|hex| u16::from_str_radix(hex, 16).ok())
            && pair.as_str().len() == 6
        {
            match (half.take(), unit) {
                (None, 0xD800..=0xDBFF) => half = Some((unit, span)),
                (first, _) => {
                    let units = first.map(|(first, _)| first).into_iter().chain([unit]);
                    for unit in char::decode_utf16(units) {
                        text.push(unit.map_err(|_| lone(first.map_or(span, |(_, at)| at)))?);
                    }
                }
            }
            continue;
        }
        if let Some((_, at)) = half {
            return Err(lone(at));
        }
        match pair.as_rule() {
            Rule::interpolation => {
                if !text.is_empty() {
                    parts.push(Part::Text(Arc::from(std::mem::take(&mut text))));
                }
                let [inner] = exactly(span, pair.into_inner())?;
                parts.push(Part::Expr(inner));
            }
            Rule::escape => text.push(escape(span, pair.as_str())?),
            _ => text.push_str(pair.as_str()),
        }
    }
    if let Some((_, at)) = half {
        return Err(lone(at));
    }
    if !text.is_empty() {
        parts.push(Part::Text(Arc::from(text)));
    }
    Ok(parts)
}

fn escape(span: Span, escape: &str) -> Built<char> {
    if let Some(hex) = escape.strip_prefix("\\u{").and_then(|rest| rest.strip_suffix('}')) {
        return u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).ok_or_else(|| lone(span));
    }
    match escape.chars().nth(1) {
        Some('n') => Ok('\n'),
        Some('r') => Ok('\r'),
        Some('t') => Ok('\t'),
        Some(c @ ('"' | '\'' | '\\' | '`' | '$')) => Ok(c),
        _ => {
            let help = "the escapes are `\\n`, `\\r`, `\\t`, `\\\\`, the quotes, `\\$`, `\\u0041` and `\\u{1f511}`";
            Err(syntax(span, format!("there is no escape {}", quoted(escape)), Some(help)))
        }
    }
}

fn lone(span: Span) -> Box<SyntaxError> {
    syntax(span, "this is the number of no character", Some("write the character's own number, as `\\u{1f511}`"))
}

/// All expressions among the pairs; words and signs only carry places.
fn expressions(pairs: Pairs<'_, Rule>) -> Built<Vec<Expr>> {
    pairs.filter(|pair| pair.as_rule() == Rule::expression).map(expression).collect()
}

fn exactly<const N: usize>(span: Span, pairs: Pairs<'_, Rule>) -> Built<[Expr; N]> {
    expressions(pairs)?.try_into().map_err(|_| broken(span))
}

fn name(pair: &Pair<'_, Rule>) -> Name {
    Name { span: place(pair), text: Arc::from(pair.as_str()) }
}

fn place(pair: &Pair<'_, Rule>) -> Span {
    let span = pair.as_span();
    Span::from_range(span.start()..span.end())
}

fn unbracketed(span: Span) -> Box<SyntaxError> {
    syntax(span, "`??` beside `&&` or `||` needs brackets", Some("write `(a ?? b) || c` or `a ?? (b || c)`"))
}

fn syntax(span: Span, message: impl Into<String>, help: Option<&str>) -> Box<SyntaxError> {
    Box::new(SyntaxError { kind: SyntaxKind::Syntax, span, message: message.into(), help: help.map(String::from) })
}

/// The grammar promises what it gives; a broken promise is an error, not a panic.
fn broken(span: Span) -> Box<SyntaxError> {
    syntax(span, "this cannot be read", None)
}
