//! The text of an expression comes in; that parser, printer, compiler and evaluator keep to their bounds is asserted.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use wayfarer::lang::expr::{self, Dice, Expression, MAX_SIZE, MAX_SOURCE, NamedKey, Names, Roots, Scope, Seed};
use wayfarer::lang::{Secret, Span, Value};

/// What must not be told, wherever it is read.
const CANARY: &str = "c4n4ry-in-the-c04l-mine";

/// What parses is within its bounds and is printed as a text that parses to the same tree; what does not says where.
pub(super) fn expression(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match expr::parse(text) {
        Ok(ast) => {
            assert!(text.len() <= MAX_SOURCE, "{} bytes were parsed", text.len());
            is_place(text, ast.span);
            let printed = expr::print(&ast);
            // Escapes may take more room than what they stand for.
            if printed.len() <= MAX_SOURCE {
                let again = expr::parse(&printed).unwrap_or_else(|error| panic!("{printed:?}: {error:?}"));
                assert_eq!(again, ast, "{printed:?}");
                assert_eq!(expr::print(&again), printed, "printing is not at rest");
            }
        }
        Err(error) => {
            is_place(text, error.span);
            assert!(!error.message.is_empty(), "nobody is told why");
        }
    }
}

/// Whatever compiles gives a value within its bounds, or an error with a place; a secret is told by neither, and what
/// was folded at load is what an evaluation gives (R92, R99).
pub(super) fn evaluation(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(ast) = expr::parse(text) else { return };
    let world = World::get();
    let compiled = match expr::compile(&ast, world) {
        Ok(compiled) => compiled,
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a reason");
            errors.iter().for_each(|error| is_place(text, error.span));
            return;
        }
    };
    let dice = Dice::new(Seed::new([1; 32]));
    evaluate(text, &compiled, &world.scope(&dice));
}

fn evaluate(text: &str, expression: &Expression, scope: &Scope<'_>) {
    let value = expression.evaluate(scope);
    let told = match &value {
        Ok(value) => {
            assert!(value.size() <= 2 * MAX_SIZE, "{} bytes came out", value.size());
            value.to_json_masked().to_string()
        }
        Err(error) => {
            is_place(text, error.span);
            error.message.clone()
        }
    };
    assert!(text.contains(CANARY) || !told.contains(CANARY), "the secret is told");
    if let Err(error) = expression.truth(scope) {
        is_place(text, error.span);
    }
    if let Some(constant) = expression.constant() {
        // No number equals one that is none.
        let same = value.as_ref().is_ok_and(|value| value.to_json_masked() == constant.to_json_masked());
        assert!(same, "folded to {constant:?}, evaluated to {value:?}");
    }
}

fn is_place(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} is no place");
}

/// What every expression stands in: a variable of each sort, parameters, a user, tokens.
struct World {
    names: Vec<&'static str>,
    variables: Vec<Option<Value>>,
    parameter_names: Vec<Arc<str>>,
    parameters: Vec<Value>,
    user: Value,
    tokens: Value,
    keys: BTreeMap<String, NamedKey>,
}

impl World {
    fn get() -> &'static Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(Self::new)
    }

    fn new() -> Self {
        let json = |text: &str| Value::from(serde_json::from_str::<serde_json::Value>(text).unwrap());
        let secret = Value::from(CANARY).into_secret();
        let variables = [
            ("n", Some(Value::Null)),
            ("t", Some(Value::Bool(true))),
            ("i", Some(Value::Int(i64::MAX))),
            ("j", Some(Value::Int(-7))),
            ("f", Some(Value::Float(0.1))),
            ("s", Some(Value::from("Straße 12, größer \u{1f511}"))),
            ("l", Some(json(r#"[3, 1, 2, "a", null, [4], {"x": 1}]"#))),
            ("o", Some(json(r#"{"a": {"b": [1, 2]}, "c": "2026-11-23T10:00:00Z", "n": null}"#))),
            ("big", Some(Value::from("x".repeat(70_000)))),
            ("unset", None),
            ("secret", Some(secret.clone())),
            ("holds", Some(Value::from(vec![Value::Int(1), secret.clone()]))),
        ];
        let (names, variables) = variables.into_iter().unzip();
        let user = json(r#"{"user_id": "u-1", "email": "ann@example.com"}"#);
        let tokens = Value::from(vec![secret.clone()]);
        let parameter_names = vec!["p".into(), "code".into()];
        let keys = BTreeMap::from([("k".to_owned(), NamedKey::Symmetric(Secret::new(vec![1; 32])))]);
        Self { names, variables, parameter_names, parameters: vec![Value::from("given"), secret], user, tokens, keys }
    }

    fn scope<'a>(&'a self, dice: &'a Dice) -> Scope<'a> {
        Scope {
            parameters: &self.parameters,
            parameter_names: &self.parameter_names,
            variables: &self.variables,
            roots: Roots {
                user: &self.user,
                tokens: &self.tokens,
                authenticated: true,
                dice: Some(dice),
                keys: &self.keys,
                ..Roots::default()
            },
        }
    }
}

impl Names for World {
    fn variable(&self, name: &str) -> Option<u16> {
        self.names.iter().position(|known| *known == name).and_then(|slot| slot.try_into().ok())
    }

    fn parameter(&self, name: &str) -> Option<u16> {
        self.parameter_names.iter().position(|known| **known == *name).and_then(|slot| slot.try_into().ok())
    }

    fn variables(&self) -> Vec<&str> {
        self.names.clone()
    }

    fn parameters(&self) -> Vec<&str> {
        self.parameter_names.iter().map(|name| &**name).collect()
    }
}
