//! Any values come in as arguments of any function; that each call ends, within its bounds, and tells no secret is asserted.

use proptest::prelude::*;

use super::super::super::eval::Machine;
use super::super::super::pattern::Language;
use super::super::super::{Dice, EvalCode, FUEL, MAX_SIZE, NamedKey, Names, Roots, Scope, Seed, compile, parse};
use super::super::{Function, all};
use crate::{Secret, Value};

const CANARY: &str = "c4n4ry";

/// The values that a call may be made with, as variables `v0`, `v1` and so on.
struct Pool(Vec<Option<Value>>);

impl Names for Pool {
    fn variable(&self, name: &str) -> Option<u16> {
        name.strip_prefix('v')?.parse().ok().filter(|slot| usize::from(*slot) < self.0.len())
    }

    fn parameter(&self, _: &str) -> Option<u16> {
        None
    }

    fn variables(&self) -> Vec<&str> {
        Vec::new()
    }

    fn parameters(&self) -> Vec<&str> {
        Vec::new()
    }
}

fn pool() -> Pool {
    let json = |text: &str| Value::from(serde_json::from_str::<serde_json::Value>(text).unwrap());
    let mut deep = Value::Int(1);
    for _ in 0..63 {
        deep = Value::from(vec![deep]);
    }
    let texts = [
        "",
        "a",
        "Zürich 🔑",
        "k",
        "sha512",
        "db",
        "CH",
        "+41 44 668 18 00",
        "2026-11-23T10:00:00+02:00",
        "P1M",
        "%Y %z",
        "+02:00",
        "days",
        "-1.5e3",
        "9223372036854775808",
        "{\"a\": [1]}",
        "<a x='1'><b/>t&lt;</a>",
        "w6k_Pg",
        "%41%",
        "a.b.c",
        "/a/0",
        "\u{0}\u{7f}\u{fffe}",
        "e30.e30.AAAA",
        "e30..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA",
    ];
    let secret = Value::from(CANARY).into_secret();
    let rest = [
        Value::Null,
        Value::Bool(true),
        Value::Int(0),
        Value::Int(1),
        Value::Int(-1),
        Value::Int(7),
        Value::Int(300),
        Value::Int(i64::MAX),
        Value::Int(i64::MIN),
        Value::Float(0.5),
        Value::Float(-0.0),
        Value::Float(1e300),
        Value::Float(5e-324),
        json("[]"),
        json("[3, 1, 2.5]"),
        json("[\"b\", \"a\"]"),
        json("[1, \"a\", null, [4], {\"x\": 1}]"),
        json("{}"),
        json("{\"a\": {\"b\": [1, null]}, \"c d\": \"x\", \"@e\": 1, \"#text\": 2}"),
        json("{\"a\": \"<&\\u0001\"}"),
        Value::from("ab".repeat(60_000)),
        Value::from("<a>".repeat(5_000)),
        Value::from((0..3_000).map(Value::Int).collect::<Vec<_>>()),
        deep,
        secret.clone(),
        Value::from(vec![Value::Int(1), secret]),
        Value::from("{\"a\": \"c4n4ry\"}").into_secret(),
    ];
    Pool(texts.map(Value::from).into_iter().chain(rest).map(Some).collect())
}

fn call(function: &Function, picks: &[u16], count: usize) -> String {
    let least = function.parameters.iter().filter(|parameter| !parameter.optional).count();
    let span = function.parameters.len() - least + 1;
    let given = least + picks.first().map_or(0, |pick| usize::from(*pick) % span);
    let argument = |(parameter, pick): (&super::super::Parameter, &u16)| {
        let pick = usize::from(*pick);
        let patterns: &[&str] = match parameter.pattern {
            Some(Language::Regex) => &["a*", "(a|b)+$", "[^a-z]|", "(?i)É(x)?", "(.*)(.*)c"],
            Some(Language::JsonPath) => &["$", "$..*", "$.a[?@.b]", "$..[?$..a]", "$[*,*,*]", "$[-1:0:-1]"],
            None if parameter.kind.takes_lambda() => &["(x) => x", "(x, y) => y", "(x) => 1", "(x, y) => [x, y]"],
            None => return format!("v{}", pick % count),
        };
        let pattern = patterns[pick % patterns.len()];
        if parameter.pattern.is_some() { format!("\"{pattern}\"") } else { pattern.to_owned() }
    };
    let arguments: Vec<_> = function.parameters.iter().zip(picks.iter().skip(1)).take(given).map(argument).collect();
    format!("@{}.{}({})", function.namespace, function.name, arguments.join(", "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30_000, failure_persistence: None, ..ProptestConfig::default() })]

    // R92, R93, R99: of any function, with whatever it is called.
    #[test]
    fn every_call_ends(function in prop::sample::select(all().to_vec()), picks in prop::collection::vec(any::<u16>(), 6)) {
        let pool = pool();
        let text = call(function, &picks, pool.0.len());
        let expression = compile(&parse(&text).unwrap(), &pool).unwrap();
        let keys = ::std::collections::BTreeMap::from([("k".to_owned(), NamedKey::Symmetric(Secret::new(vec![1; 32])))]);
        let dice = Dice::new(Seed::new([3; 32]));
        let roots = Roots { dice: Some(&dice), keys: &keys, ..Roots::default() };
        let scope = Scope { parameters: &[], parameter_names: &[], variables: &pool.0, roots };
        let mut machine = Machine::with_fuel(&scope, FUEL);
        let result = machine.eval(&expression.root);
        prop_assert!(machine.fuel() < FUEL);
        let told = match &result {
            Ok(value) => {
                let value = value.value().unwrap();
                prop_assert!(value.size() <= 2 * MAX_SIZE, "{}: {} bytes", text, value.size());
                let kind = function.returns;
                prop_assert!(kind.takes(value) || value.holds_secret(), "{} gave {:?}, not {}", text, value.type_name(), kind);
                value.to_json_masked().to_string()
            }
            Err(fault) => {
                let listed = function.errors.contains(&fault.code);
                let usual = matches!(
                    fault.code,
                    EvalCode::BadArgument | EvalCode::SecretUse | EvalCode::TooMuchWork | EvalCode::TooLarge | EvalCode::TooDeep
                        | EvalCode::WrongArguments | EvalCode::NotANumber
                );
                prop_assert!(listed || usual, "{} does not declare {}", text, fault.code);
                fault.message.clone()
            }
        };
        prop_assert!(!told.contains(CANARY), "{} tells a secret: {}", text, told);
    }
}
