//! The text of an expression and a scope come in; that nothing fails of which the type checker had no doubt is asserted.

use wayfarer::lang::expr::infer::{Kinds, Sort};
use wayfarer::lang::expr::{EvalCode, Expression, Given, Seed, compile_text};
use wayfarer::lang::{Value, yaml};

/// Between the scope and the expression.
const BORDER: &str = "\n%\n";

/// Where nothing else is said.
const SCOPE: &str = "\
n: null
t: true
i: 7
f: 0.5
s: some text
l: [1, 2, 3]
mixed: [1, a, null]
e: []
o: { a: { b: [1, 2] }, c: 2026-11-23T10:00:00Z, n: null }
list: [{ name: ann, age: 3 }, { name: bob }]
secret: { $secret: c4n4ry }
'@params': { p: given, many: [x] }
'@user': { email: ann@example.com }
'@keys': { k: 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f }
";

/// What the types do not speak of: bounds, contents, keys, dice, work.
const LEFT_TO_THE_RUN: [EvalCode; 13] = [
    EvalCode::UnsetVariable,
    EvalCode::BadIndex,
    EvalCode::BadArgument,
    EvalCode::Overflow,
    EvalCode::DivisionByZero,
    EvalCode::SecretUse,
    EvalCode::Unreadable,
    EvalCode::UnknownKey,
    EvalCode::NotAuthentic,
    EvalCode::NotAvailable,
    EvalCode::TooMuchWork,
    EvalCode::TooDeep,
    EvalCode::TooLarge,
];

/// An expression of which the checker has no doubt does not fail for its types, and its value is of a kind that was known;
/// what is known by a condition holds, too. No text takes more than a moment, or breaks anything.
pub(super) fn types(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (scope, source) = text.split_once(BORDER).unwrap_or((SCOPE, text));
    let (Some(document), findings) = yaml::read(scope.as_bytes(), &yaml::Budget::default()) else { return };
    let (given, more) = Given::read(document.root());
    if !findings.is_empty() || !more.is_empty() {
        return;
    }
    let Ok(expression) = compile_text(source, &given) else { return };
    let (facts, names) = (given.facts(), given.parameter_names());
    let inferred = expression.infer(&facts, names);
    let places = inferred.doubts.iter().all(|doubt| source.get(doubt.span.range()).is_some());
    assert!(places && inferred.doubts.iter().all(|doubt| !doubt.message.is_empty()), "{:?}", inferred.doubts);
    // These two do what they do; every other one says that it may fail. What comes of a field that is never there has no doubt of
    // its own.
    let harmless = |sort: Sort| matches!(sort, Sort::Coercion | Sort::Decided);
    if !inferred.doubts.iter().all(|doubt| harmless(doubt.sort)) {
        return;
    }
    match evaluate(&given, &expression) {
        Ok(value) => {
            let is = Kinds::of(&value);
            assert!(is.within(inferred.known.may_be()), "{} was known as {}", value.type_name(), inferred.known);
        }
        Err(code) => assert!(LEFT_TO_THE_RUN.contains(&code), "{code}, and no doubt of it"),
    }
    let condition = expression.infer_condition(&facts, names);
    for truth in [true, false] {
        drop(expression.assume(truth, &condition.facts, names));
    }
}

fn evaluate(given: &Given, expression: &Expression) -> Result<Value, EvalCode> {
    given.within(jiff::Timestamp::UNIX_EPOCH, Seed::new([7; 32]), |scope| {
        expression.evaluate(scope).map_err(|error| error.code)
    })
}
