//! A tree comes in; its text goes out, with no brackets but those it needs, so that it reads back as the same tree.

use std::fmt::Write;

use super::ast::{AccessKey, Ast, BinaryOperator, Expr, ExprKind, Part};

/// Writes an expression in its plain form: one space around operators, text in double quotes.
pub fn print(ast: &Ast) -> String {
    let mut out = String::new();
    whole(ast, &mut out);
    out
}

/// Where precedence asks for brackets: below this a node stands in them.
type Level = u8;

/// `let`, `try`, lambdas and `?:` reach as far as they can.
const LOOSE: Level = 0;
const UNARY: Level = 8;
const PRIMARY: Level = 9;

fn level(kind: &ExprKind) -> Level {
    match kind {
        ExprKind::Let(..) | ExprKind::Try(_) | ExprKind::Lambda(..) | ExprKind::Conditional(_) => LOOSE,
        ExprKind::Chain(_, rest) => rest.first().map_or(PRIMARY, |(operator, _)| operator.precedence()),
        ExprKind::Unary(..) => UNARY,
        _ => PRIMARY,
    }
}

/// Writes a node that must bind more tightly than `floor`.
fn tight(expr: &Expr, floor: Level, out: &mut String) {
    if level(&expr.kind) > floor {
        whole(expr, out);
    } else {
        out.push('(');
        whole(expr, out);
        out.push(')');
    }
}

fn whole(expr: &Expr, out: &mut String) {
    match &expr.kind {
        ExprKind::Null => out.push_str("null"),
        ExprKind::Bool(true) => out.push_str("true"),
        ExprKind::Bool(false) => out.push_str("false"),
        ExprKind::Int(value) => write_to(out, format_args!("{value}")),
        // `{:?}` keeps the point or exponent that makes it a float.
        ExprKind::Float(value) => write_to(out, format_args!("{value:?}")),
        ExprKind::Text(text) => quote(text, out),
        ExprKind::Template(parts) => template(parts, out),
        ExprKind::Array(items) => {
            out.push('[');
            list(items, out);
            out.push(']');
        }
        ExprKind::Object(entries) => {
            out.push('{');
            for (index, (name, value)) in entries.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                if is_key(&name.text) {
                    out.push_str(&name.text);
                } else {
                    quote(&name.text, out);
                }
                out.push_str(": ");
                whole(value, out);
            }
            out.push('}');
        }
        ExprKind::Name(name) => out.push_str(name),
        ExprKind::Path(base, steps) => {
            // A path on a path was written with brackets; only they keep the two apart.
            if matches!(base.kind, ExprKind::Path(..)) {
                out.push('(');
                whole(base, out);
                out.push(')');
            } else {
                tight(base, UNARY, out);
            }
            for step in steps {
                match &step.key {
                    AccessKey::Field(name) => {
                        out.push_str(if step.safe { "?." } else { "." });
                        out.push_str(name);
                    }
                    AccessKey::Index(index) => {
                        out.push_str(if step.safe { "?[" } else { "[" });
                        whole(index, out);
                        out.push(']');
                    }
                }
            }
        }
        ExprKind::Unary(operators, operand) => {
            operators.iter().for_each(|operator| out.push_str(operator.symbol()));
            tight(operand, UNARY, out);
        }
        ExprKind::Chain(first, rest) => {
            // The language wants brackets where `??` meets `&&` or `||`.
            let coalesces = rest.first().is_some_and(|(operator, _)| *operator == BinaryOperator::Coalesce);
            let floor = if coalesces { BinaryOperator::And.precedence() } else { level(&expr.kind) };
            tight(first, floor, out);
            for (operator, operand) in rest {
                write_to(out, format_args!(" {} ", operator.symbol()));
                tight(operand, floor, out);
            }
        }
        ExprKind::Conditional(parts) => {
            let [test, then, otherwise] = &**parts;
            tight(test, LOOSE, out);
            out.push_str(" ? ");
            whole(then, out);
            out.push_str(" : ");
            whole(otherwise, out);
        }
        ExprKind::Lambda(parameters, body) => {
            out.push('(');
            for (index, parameter) in parameters.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                out.push_str(&parameter.text);
            }
            out.push_str(") => ");
            whole(body, out);
        }
        ExprKind::Let(definitions, body) => {
            for (index, (name, value)) in definitions.iter().enumerate() {
                out.push_str(if index == 0 { "let " } else { ", " });
                write_to(out, format_args!("{} = ", name.text));
                whole(value, out);
            }
            out.push_str(" return ");
            whole(body, out);
        }
        ExprKind::Try(parts) => {
            let [attempt, otherwise] = &**parts;
            out.push_str("try ");
            whole(attempt, out);
            out.push_str(" catch ");
            whole(otherwise, out);
        }
        ExprKind::Call(callee, arguments) => {
            out.push('@');
            if let Some(namespace) = &callee.namespace {
                write_to(out, format_args!("{namespace}."));
            }
            write_to(out, format_args!("{}(", callee.name));
            list(arguments, out);
            out.push(')');
        }
        ExprKind::Apply(function, arguments) => {
            out.push_str("@(");
            whole(function, out);
            out.push_str(")(");
            list(arguments, out);
            out.push(')');
        }
    }
}

fn list(items: &[Expr], out: &mut String) {
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { ", " });
        whole(item, out);
    }
}

fn template(parts: &[Part], out: &mut String) {
    out.push('`');
    for part in parts {
        match part {
            Part::Text(text) => escape(text, &['`', '$'], out),
            Part::Expr(expr) => {
                out.push_str("${");
                whole(expr, out);
                out.push('}');
            }
        }
    }
    out.push('`');
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    escape(text, &['"'], out);
    out.push('"');
}

fn escape(text: &str, special: &[char], out: &mut String) {
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if special.contains(&c) => out.extend(['\\', c]),
            c if c.is_control() => write_to(out, format_args!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
}

fn is_key(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn write_to(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(arguments);
}

#[cfg(test)]
mod tests;
