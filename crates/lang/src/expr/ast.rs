//! The tree of an expression as it was written, each node with its place; what parsing makes and printing takes.

use std::sync::Arc;

use crate::Span;

/// A whole expression.
pub type Ast = Expr;

/// A node and its place, in bytes of the expression's text. Equality ignores the place.
#[derive(Debug, Clone)]
pub struct Expr {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// A name and its place. Equality ignores the place.
#[derive(Debug, Clone)]
pub struct Name {
    /// Where it stands.
    pub span: Span,
    /// The name.
    pub text: Arc<str>,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// `12`; never negative, a sign is an operator.
    Int(i64),
    /// `1.5`; finite, never negative.
    Float(f64),
    /// `"text"` or `'text'`
    Text(Arc<str>),
    /// `` `a ${b}` ``
    Template(Vec<Part>),
    /// `[a, b]`
    Array(Vec<Expr>),
    /// `{a: b, "c d": e}`
    Object(Vec<(Name, Expr)>),
    /// A variable, or a name that a lambda or `let` has bound.
    Name(Arc<str>),
    /// `base.field?.other[0]`, read from left to right.
    Path(Box<Expr>, Vec<Access>),
    /// `!-a`, the outermost first.
    Unary(Vec<UnaryOperator>, Box<Expr>),
    /// `a + b - c`: operators of one precedence, read from left to right.
    Chain(Box<Expr>, Vec<(BinaryOperator, Expr)>),
    /// `test ? then : otherwise`
    Conditional(Box<[Expr; 3]>),
    /// `(a, b) => body`
    Lambda(Vec<Name>, Box<Expr>),
    /// `let a = 1, b = 2 return body`
    Let(Vec<(Name, Expr)>, Box<Expr>),
    /// `try attempt catch otherwise`
    Try(Box<[Expr; 2]>),
    /// `@namespace.name(arguments)` or `@name(arguments)`
    Call(Callee, Vec<Expr>),
    /// `@(function)(arguments)`
    Apply(Box<Expr>, Vec<Expr>),
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Text as it stands, escapes resolved.
    Text(Arc<str>),
    /// `${…}`
    Expr(Expr),
}

/// One step down a path. Equality ignores the place.
#[derive(Debug, Clone)]
pub struct Access {
    /// Where the step stands, with its dot or brackets.
    pub span: Span,
    /// Whether what has no fields gives null instead of an error: `?.` and `?[`.
    pub safe: bool,
    /// Which field or item.
    pub key: AccessKey,
}

impl PartialEq for Access {
    fn eq(&self, other: &Self) -> bool {
        (self.safe, &self.key) == (other.safe, &other.key)
    }
}

/// Which field or item a step reads.
#[derive(Debug, Clone, PartialEq)]
pub enum AccessKey {
    /// `.name`
    Field(Arc<str>),
    /// `[index]`
    Index(Expr),
}

/// What is called. Equality ignores the place.
#[derive(Debug, Clone)]
pub struct Callee {
    /// Where it stands, from the `@` on.
    pub span: Span,
    /// The part before the dot, if there is one.
    pub namespace: Option<Arc<str>>,
    /// The function's name.
    pub name: Arc<str>,
}

impl PartialEq for Callee {
    fn eq(&self, other: &Self) -> bool {
        (&self.namespace, &self.name) == (&other.namespace, &other.name)
    }
}

/// An operator in front of its operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// An operator between its operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `??`
    Coalesce,
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl UnaryOperator {
    /// The operator as it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Not => "!",
            Self::Negate => "-",
        }
    }
}

impl BinaryOperator {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Coalesce,
        Self::Or,
        Self::And,
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessEqual,
        Self::Greater,
        Self::GreaterEqual,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Remainder,
    ];

    /// The operator as it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Coalesce => "??",
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
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

    /// Whether it compares, and so gives a boolean whatever its operands are.
    pub const fn compares(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual | Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual)
    }

    /// How tightly it binds, JavaScript's order; `??` and `||` never meet in one chain.
    pub const fn precedence(self) -> u8 {
        match self {
            Self::Coalesce => 1,
            Self::Or => 2,
            Self::And => 3,
            Self::Equal | Self::NotEqual => 4,
            Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual => 5,
            Self::Add | Self::Subtract => 6,
            Self::Multiply | Self::Divide | Self::Remainder => 7,
        }
    }
}

impl Expr {
    /// Moves every place in the tree, as when the text turns out to be a part of a file.
    pub(crate) fn relocate(&mut self, place: &dyn Fn(Span) -> Span) {
        self.span = place(self.span);
        let each = |exprs: &mut [Self]| exprs.iter_mut().for_each(|expr| expr.relocate(place));
        match &mut self.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Name(_) => {}
            ExprKind::Template(parts) => parts.iter_mut().for_each(|part| match part {
                Part::Text(_) => {}
                Part::Expr(expr) => expr.relocate(place),
            }),
            ExprKind::Array(items) => each(items),
            ExprKind::Object(entries) => relocate_pairs(entries, place),
            ExprKind::Path(base, steps) => {
                base.relocate(place);
                for step in steps {
                    step.span = place(step.span);
                    if let AccessKey::Index(index) = &mut step.key {
                        index.relocate(place);
                    }
                }
            }
            ExprKind::Unary(_, inner) => inner.relocate(place),
            ExprKind::Lambda(parameters, inner) => {
                parameters.iter_mut().for_each(|name| name.span = place(name.span));
                inner.relocate(place);
            }
            ExprKind::Chain(first, rest) => {
                first.relocate(place);
                rest.iter_mut().for_each(|(_, operand)| operand.relocate(place));
            }
            ExprKind::Conditional(parts) => each(&mut **parts),
            ExprKind::Try(parts) => each(&mut **parts),
            ExprKind::Let(definitions, body) => {
                relocate_pairs(definitions, place);
                body.relocate(place);
            }
            ExprKind::Call(callee, arguments) => {
                callee.span = place(callee.span);
                each(arguments);
            }
            ExprKind::Apply(function, arguments) => {
                function.relocate(place);
                each(arguments);
            }
        }
    }
}

fn relocate_pairs(pairs: &mut [(Name, Expr)], place: &dyn Fn(Span) -> Span) {
    for (name, value) in pairs {
        name.span = place(name.span);
        value.relocate(place);
    }
}
