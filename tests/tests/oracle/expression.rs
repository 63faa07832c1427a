//! Expressions of the test's own; as texts of the language they go out, with no bracket that the language does not need.

use crate::data::{Data, quoted};

#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Literal(Data),
    /// A variable, or a name that a `let` binds.
    Name(String),
    Parameter(String),
    Authenticated,
    User,
    List(Vec<Expr>),
    Map(Vec<(String, Expr)>),
    /// `a.b`, or `a?.b`.
    Field(Box<Expr>, String, bool),
    /// `a[b]`, or `a?[b]`.
    Item(Box<Expr>, Box<Expr>, bool),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    Try(Box<Expr>, Box<Expr>),
    Let(String, Box<Expr>, Box<Expr>),
    /// A text in back-ticks.
    Text(Vec<Part>),
    Length(Box<Expr>),
}

#[derive(Clone, Debug)]
pub(crate) enum Part {
    Plain(String),
    Value(Expr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Coalesce,
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

// How tightly a form binds: from the loosest to the tightest.
const OPEN: u8 = 0;
const CHOICE: u8 = 1;
const UNARY: u8 = 9;
const ACCESS: u8 = 10;

impl Operator {
    const fn symbol(self) -> &'static str {
        match self {
            Self::Coalesce => "??",
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    const fn level(self) -> u8 {
        match self {
            Self::Coalesce => 2,
            Self::Or => 3,
            Self::And => 4,
            Self::Equal | Self::Unequal => 5,
            Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual => 6,
            Self::Add | Self::Subtract => 7,
            Self::Multiply | Self::Divide | Self::Remainder => 8,
        }
    }
}

impl Expr {
    pub(crate) fn binary(operator: Operator, left: Self, right: Self) -> Self {
        Self::Binary(operator, Box::new(left), Box::new(right))
    }

    pub(crate) fn name(name: &str) -> Self {
        Self::Name(name.to_owned())
    }

    pub(crate) fn int(number: i64) -> Self {
        Self::Literal(Data::Int(number))
    }

    /// As it stands where a field is declared as an expression.
    pub(crate) fn written(&self) -> String {
        self.at(OPEN)
    }

    fn level(&self) -> u8 {
        match self {
            Self::Try(..) | Self::Let(..) => OPEN,
            Self::Choice(..) => CHOICE,
            Self::Binary(operator, ..) => operator.level(),
            Self::Not(_) | Self::Negative(_) => UNARY,
            Self::Literal(Data::Int(number)) if *number < 0 => UNARY,
            Self::Literal(Data::Float(number)) if number.is_sign_negative() => UNARY,
            _ => ACCESS,
        }
    }

    /// In a place that takes what binds at least so tightly.
    fn at(&self, level: u8) -> String {
        let text = self.bare();
        if self.level() < level { format!("({text})") } else { text }
    }

    fn bare(&self) -> String {
        match self {
            Self::Literal(data) => literal(data),
            Self::Name(name) => name.clone(),
            Self::Parameter(name) => format!("@policy.request().params.{name}"),
            Self::Authenticated => "@policy.isUserAuthenticated()".to_owned(),
            Self::User => "@policy.userContext()".to_owned(),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(|item| item.at(CHOICE)).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|(name, field)| format!("{name}: {}", field.at(CHOICE))).collect();
                format!("{{{}}}", fields.join(", "))
            }
            Self::Field(of, name, optional) => format!("{}{}.{name}", of.at(ACCESS), mark(*optional)),
            Self::Item(of, at, optional) => format!("{}{}[{}]", of.at(ACCESS), mark(*optional), at.at(CHOICE)),
            Self::Not(of) => format!("!{}", of.at(UNARY)),
            Self::Negative(of) => format!("-{}", of.at(UNARY)),
            Self::Binary(operator, left, right) => {
                let (left, right) = (operand(*operator, left, false), operand(*operator, right, true));
                format!("{left} {} {right}", operator.symbol())
            }
            Self::Choice(test, yes, no) => {
                format!("{} ? {} : {}", test.at(CHOICE + 1), yes.at(CHOICE), no.at(CHOICE))
            }
            Self::Try(first, second) => format!("try {} catch {}", first.at(CHOICE), second.at(CHOICE)),
            Self::Let(name, value, body) => format!("let {name} = {} return {}", value.at(CHOICE), body.at(OPEN)),
            Self::Text(parts) => {
                let parts = parts.iter().map(|part| match part {
                    Part::Plain(text) => escaped(text, '`'),
                    Part::Value(value) => format!("${{{}}}", value.at(OPEN)),
                });
                format!("`{}`", parts.collect::<String>())
            }
            Self::Length(of) => format!("@std.len({})", of.at(CHOICE)),
        }
    }
}

/// `??` beside `&&` or `||` needs brackets, whatever binds tighter.
fn operand(operator: Operator, of: &Expr, right: bool) -> String {
    let mixes = operator == Operator::Coalesce && matches!(of, Expr::Binary(Operator::And | Operator::Or, ..));
    if mixes { format!("({})", of.bare()) } else { of.at(operator.level() + u8::from(right)) }
}

const fn mark(optional: bool) -> &'static str {
    if optional { "?" } else { "" }
}

fn literal(data: &Data) -> String {
    match data {
        Data::Text(text) => format!("'{}'", escaped(text, '\'')),
        Data::List(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Data::Map(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(name, field)| format!("{}: {}", quoted(name), literal(field))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        plain => plain.to_literal(),
    }
}

/// A text between quotes of the expression language.
fn escaped(text: &str, quote: char) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\\' | '$' => escaped.extend(['\\', character]),
            _ if character == quote => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
    }
    escaped
}
