#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;

use super::super::{EvalError, FUEL, NoNames, Roots, compile, parse};
use super::*;

fn evaluate(text: &str) -> Result<Value, EvalError> {
    let roots = Roots::default();
    let scope = Scope { parameters: &[], parameter_names: &[], variables: &[], roots };
    compile(&parse(text).unwrap(), &NoNames).unwrap().evaluate(&scope)
}

fn small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(512 * 1024).spawn(test).unwrap().join().unwrap();
}

// R92: the deepest that is let in, in every kind of node, and lambdas called from the bottom of it.
#[test]
fn the_deepest_expressions_fit_on_a_small_stack() {
    small_stack(|| {
        let kinds = [
            ("[", "]"),
            ("{a: ", "}"),
            ("-(", ")"),
            ("(1 + ", ")"),
            ("[1][", "]"),
            ("@len([", "])"),
            ("@max([", "])"),
            ("`${", "}`"),
            ("@(() => ", ")()"),
            ("(try ", " catch 1)"),
            ("(try 1 / 0 catch ", ")"),
            ("(let a = ", " return a)"),
            ("(true ? ", " : 1)"),
            ("(null ?? ", ")"),
            ("@std.map([1], (x) => ", ")"),
            ("@std.reduce([1], (a, x) => ", ", 0)"),
            ("@std.filter([1], (x) => ", ")"),
        ];
        for (open, close) in kinds {
            let deepest = (1..=40).rev().map(|depth| open.repeat(depth) + "1" + &close.repeat(depth));
            let text = deepest.into_iter().find(|text| parse(text).is_ok()).unwrap();
            let _ = evaluate(&text);
        }
        for call in
            ["@(g)(g)", "[@(g)(g)]", "@std.map([1], (x) => @(g)(g))", "`${@(g)(g)}`", "(try 1 + @(g)(g) catch 1 / 0)"]
        {
            assert!(evaluate(&format!("let f = (g) => {call} return @(f)(f)")).is_err(), "{call}");
        }
    });
}

// R92: values that an expression did not make may be deeper; nothing that it does with them walks too far.
#[test]
fn deep_data_fits_on_a_small_stack() {
    let mut deep = Value::Int(1);
    for _ in 0..100 {
        deep = Value::from(vec![deep]);
    }
    small_stack(move || {
        let roots = Roots { device: &deep, ..Roots::default() };
        let scope = Scope { parameters: &[], parameter_names: &[], variables: &[], roots };
        for (text, code) in [
            ("@policy.device() == @policy.device()", None),
            ("\"\" + @policy.device()", None),
            ("[@policy.device()]", Some(EvalCode::TooDeep)),
            ("@std.map([1], (x) => @policy.device())", Some(EvalCode::TooDeep)),
        ] {
            let expression = compile(&parse(text).unwrap(), &NoNames).unwrap();
            assert_eq!(expression.evaluate(&scope).err().map(|error| error.code), code, "{text}");
        }
    });
}

// R92: work is bounded by what it costs, not by how many nodes ask for it.
#[test]
fn large_values_cost_more() {
    let large: Vec<Value> = (0..20_000).map(Value::Int).collect();
    let large = Value::from(large);
    let roots = Roots { device: &large, ..Roots::default() };
    let scope = Scope { parameters: &[], parameter_names: &[], variables: &[], roots };
    for text in [
        "@std.map(@policy.device(), (x) => x)",
        "@std.map([1,2,3,4,5,6,7,8,9,10], (x) => @policy.device() == @policy.device())",
        "@std.map([1,2,3,4,5,6,7,8,9,10], (x) => @std.contains(@policy.device(), -1))",
        "@std.map([1,2,3,4,5,6,7,8,9,10], (x) => @std.len([@policy.device(), 1]))",
    ] {
        let expression = compile(&parse(text).unwrap(), &NoNames).unwrap();
        assert_eq!(expression.evaluate(&scope).unwrap_err().code, EvalCode::TooMuchWork, "{text}");
    }
}

#[test]
fn constants_are_made_once_and_errors_stay() {
    let compiled = |text: &str| compile(&parse(text).unwrap(), &NoNames).unwrap();
    assert_eq!(compiled("1 + 2 * 3").constant(), Some(&Value::Int(7)));
    assert_eq!(compiled("@std.map([1, 2], (n) => n * 2)").constant(), Some(&Value::from(vec![2.into(), 4.into()])));
    assert!(compiled("@time().now").constant().is_none());
    assert!(compiled("1 / 0").constant().is_none());
    assert_eq!(evaluate("1 / 0").unwrap_err().span, Span::new(0, 5));
    assert_eq!(evaluate("true || 1 / 0"), Ok(Value::Bool(true)));
}

#[test]
fn an_error_is_shown_where_it_happened() {
    for (text, place) in [
        ("1 + (2 - \"a\")", "2 - \"a\""),
        ("@len([1]) + @len(2)", "2"),
        ("@std.map([0], (n) => 1 / n)", "1 / n"),
        ("{a: 1}.b.c", "{a: 1}.b.c"),
        ("[1][\"a\" + 1]", "[1][\"a\" + 1]"),
    ] {
        let span = evaluate(text).unwrap_err().span;
        assert_eq!(text.get(span.range()), Some(place), "{text}");
    }
}

#[test]
fn a_whole_value_is_borrowed() {
    let device = Value::from("device");
    let roots = Roots { device: &device, ..Roots::default() };
    let scope = Scope { parameters: &[], parameter_names: &[], variables: &[], roots };
    let expression = compile(&parse("true && @policy.device()").unwrap(), &NoNames).unwrap();
    assert!(matches!(expression.read(&scope), Ok(Cow::Borrowed(value)) if std::ptr::eq(value, &device)));
}

/// Texts that are often expressions: pieces of the language, put together at random.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "1",
        "0",
        "2.5",
        "\"a\"",
        "null",
        "true",
        "[1, 2]",
        "{a: 1}",
        "(",
        ")",
        "[",
        "]",
        "+",
        "-",
        "*",
        "/",
        "%",
        "==",
        "<",
        "&&",
        "||",
        "??",
        "?",
        ":",
        "!",
        ".a",
        "?.a",
        "[0]",
        "(x) =>",
        "x",
        "@len(",
        "@std.map([1, 2],",
        ",",
        "@std.reduce([1, 2], (a, x) =>",
        "let x = 1 return",
        "try",
        "catch",
        "@(",
        ")(",
        "`${",
        "}`",
        "@time()",
        "@policy.userContext()",
        "9223372036854775807",
    ]);
    prop::collection::vec(piece, 1..14).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    // R92, R93: whatever is accepted ends, within its fuel, with a value or an error.
    #[test]
    fn every_evaluation_ends(text in pieces()) {
        if let Ok(ast) = parse(&text) && let Ok(expression) = compile(&ast, &NoNames) {
            let roots = Roots::default();
            let scope = Scope { parameters: &[], parameter_names: &[], variables: &[], roots };
            let mut machine = Machine::with_fuel(&scope, FUEL);
            let result = machine.eval(&expression.root);
            prop_assert!(machine.fuel() < FUEL);
            // R93: nothing this small comes near the end of its fuel.
            prop_assert!(!matches!(result, Err(fault) if fault.code == EvalCode::TooMuchWork), "{}", text);
        }
    }
}
