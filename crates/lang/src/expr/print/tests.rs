#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;

use proptest::prelude::*;

use super::super::ast::*;
use super::super::parse;
use super::*;
use crate::Span;

#[test]
fn only_needed_brackets_are_written() {
    for (text, plain) in [
        ("((a)) + (b * c)", "a + b * c"),
        ("(a + b) * c", "(a + b) * c"),
        ("(a+b)+c", "(a + b) + c"),
        ("a-(b-c)", "a - (b - c)"),
        ("-(-a)", "-(-a)"),
        ("! ! a", "!!a"),
        ("(a ?? b) || c", "(a ?? b) || c"),
        ("a ?? (b && c)", "a ?? (b && c)"),
        ("a ?? (b == c)", "a ?? b == c"),
        ("(a ? b : c) ? d : e", "(a ? b : c) ? d : e"),
        ("a ? b : (c ? d : e)", "a ? b : c ? d : e"),
        ("(-a).b", "(-a).b"),
        ("(a.b).c", "(a.b).c"),
        ("{'a': 1, \"b c\": 2, let: 3}", "{a: 1, \"b c\": 2, let: 3}"),
        ("'it\\'s \"x\"'", "\"it's \\\"x\\\"\""),
        ("`a \\${b} ${ c } \\``", "`a \\${b} ${c} \\``"),
        ("@len ( x )", "@len(x)"),
        ("@( (x)=>x )(1)", "@((x) => x)(1)"),
        ("1.0 + 1e3 + 2", "1.0 + 1000.0 + 2"),
    ] {
        assert_eq!(print(&parse(text).unwrap()), plain, "{text}");
    }
}

fn e(kind: ExprKind) -> Expr {
    Expr { span: Span::default(), kind }
}

fn name() -> impl Strategy<Value = Arc<str>> {
    // A bound name is no reserved word.
    "[a-z_][a-zA-Z0-9_]{0,4}"
        .prop_filter("reserved", |name| !["let", "try", "true", "null"].contains(&name.as_str()))
        .prop_map(Arc::from)
}

fn bound() -> impl Strategy<Value = Name> {
    name().prop_map(|text| Name { span: Span::default(), text })
}

fn text() -> impl Strategy<Value = Arc<str>> {
    any::<String>().prop_map(Arc::from)
}

fn key() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![name(), Just(Arc::from("return"))]
}

fn chain(operand: BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> {
    (0..BinaryOperator::ALL.len()).prop_flat_map(move |index| {
        let like = BinaryOperator::ALL.get(index).copied().unwrap();
        let same: Vec<_> =
            BinaryOperator::ALL.into_iter().filter(|operator| operator.precedence() == like.precedence()).collect();
        let rest = prop::collection::vec((prop::sample::select(same), operand.clone()), 1..4);
        (operand.clone(), rest).prop_map(|(first, rest)| e(ExprKind::Chain(Box::new(first), rest)))
    })
}

fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        Just(e(ExprKind::Null)),
        any::<bool>().prop_map(|value| e(ExprKind::Bool(value))),
        (0..=i64::MAX).prop_map(|value| e(ExprKind::Int(value))),
        (0.0..f64::MAX).prop_map(|value| e(ExprKind::Float(value))),
        text().prop_map(|value| e(ExprKind::Text(value))),
        name().prop_map(|value| e(ExprKind::Name(value))),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let inner = inner.boxed();
        let several = || prop::collection::vec(inner.clone(), 0..4);
        let access =
            (any::<bool>(), prop_oneof![key().prop_map(AccessKey::Field), inner.clone().prop_map(AccessKey::Index)])
                .prop_map(|(safe, key)| Access { span: Span::default(), safe, key });
        let part = (inner.clone(), text()).prop_map(|(expr, text)| [Part::Expr(expr), Part::Text(text)]);
        let unary = prop::sample::select(vec![UnaryOperator::Not, UnaryOperator::Negate]);
        let entries = prop::collection::vec((text(), inner.clone()), 0..4).prop_map(|mut entries| {
            let mut seen = Vec::new();
            entries.retain(|(key, _)| {
                !seen.contains(key) && {
                    seen.push(Arc::clone(key));
                    true
                }
            });
            let entries = entries.into_iter().map(|(text, value)| (Name { span: Span::default(), text }, value));
            e(ExprKind::Object(entries.collect()))
        });
        let parameters = prop::collection::hash_set("[a-c]", 0..3).prop_map(|names| {
            names.into_iter().map(|name| Name { span: Span::default(), text: Arc::from(name) }).collect::<Vec<_>>()
        });
        let callee = (prop::option::of(key()), key()).prop_map(|(namespace, name)| Callee {
            span: Span::default(),
            namespace,
            name,
        });
        prop_oneof![
            several().prop_map(|items| e(ExprKind::Array(items))),
            entries,
            prop::collection::vec(part, 0..3).prop_map(|parts| {
                let parts = parts.into_iter().flatten();
                e(ExprKind::Template(parts.filter(|part| *part != Part::Text("".into())).collect()))
            }),
            (inner.clone(), prop::collection::vec(access, 1..4))
                .prop_map(|(base, steps)| e(ExprKind::Path(Box::new(base), steps))),
            (prop::collection::vec(unary, 1..4), inner.clone())
                .prop_map(|(operators, operand)| e(ExprKind::Unary(operators, Box::new(operand)))),
            chain(inner.clone()),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| e(ExprKind::Conditional(Box::new([a, b, c])))),
            (parameters, inner.clone()).prop_map(|(names, body)| e(ExprKind::Lambda(names, Box::new(body)))),
            (prop::collection::vec((bound(), inner.clone()), 1..3), inner.clone())
                .prop_map(|(definitions, body)| e(ExprKind::Let(definitions, Box::new(body)))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| e(ExprKind::Try(Box::new([a, b])))),
            (callee, several()).prop_map(|(callee, arguments)| e(ExprKind::Call(callee, arguments))),
            (inner.clone(), several())
                .prop_map(|(function, arguments)| e(ExprKind::Apply(Box::new(function), arguments))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back_as_the_same_tree(ast in expr()) {
        let text = print(&ast);
        match parse(&text) {
            Ok(back) => prop_assert_eq!(back, ast, "{}", text),
            // A tree may print to more than the reader lets in; nothing else may go wrong.
            Err(error) => prop_assert_eq!(error.kind, super::super::SyntaxKind::Limit, "{}: {}", text, error),
        }
    }
}
