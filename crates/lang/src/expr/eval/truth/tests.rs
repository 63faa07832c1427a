//! An answer is what the value says, errors, places and the work that it takes included.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::super::super::{FUEL, Names, Roots, Scope, compile, parse};
use super::*;

/// Each stands for itself: `a` is 1.
const NAMES: [&str; 7] = ["a", "none", "yes", "no", "text", "list", "code"];

struct Variables;

impl Names for Variables {
    fn variable(&self, name: &str) -> Option<u16> {
        NAMES.iter().position(|known| *known == name).map(|slot| u16::try_from(slot).unwrap())
    }

    fn parameter(&self, _: &str) -> Option<u16> {
        None
    }

    fn variables(&self) -> Vec<&str> {
        NAMES.to_vec()
    }

    fn parameters(&self) -> Vec<&str> {
        Vec::new()
    }
}

#[test]
fn an_answer_is_what_the_value_says() {
    let texts = [
        "a > 0 && text == 'x'",
        "a > 0 && (no || list)",
        "no || none || a < 1",
        "none && code",
        "code && yes",
        "yes && code",
        "no || code",
        "yes || code",
        "!code",
        "!(a > 0)",
        "!!none",
        "-a",
        "!a > 0",
        "a == 1 == yes",
        "a < 2 < 3",
        "code == none",
        "code != 'x'",
        "code > 1",
        "text > 1",
        "list >= 1",
        "none <= 1",
        "none ?? yes",
        "a > 0 ? no : yes",
        "@std.contains(list, a) && !@std.contains(list, 3)",
        "@std.contains(none, a) && yes",
        "a / 0 > 1 || yes",
        "yes || a / 0 > 1",
        "try a / 0 > 1 catch a == 1",
        "(() => yes) && yes",
        "!(() => yes)",
        "unset_is_null?.x == null",
    ];
    let one = Value::Int(1);
    let list = Value::from(vec![one.clone(), Value::Int(2)]);
    let values = [one, Value::Null, Value::Bool(true), Value::Bool(false), Value::from("x"), list]
        .into_iter()
        .chain([Value::from("482913").into_secret()]);
    let variables: Vec<_> = values.map(Some).collect();
    let roots = Roots::default();
    let scope = Scope { parameters: &[], parameter_names: &[], variables: &variables, roots };
    let mut told = 0;
    for text in texts {
        let Ok(expression) = compile(&parse(text).unwrap(), &Variables) else { continue };
        for fuel in (0..16).chain([FUEL]) {
            let root = &expression.root;
            let answer = Machine::with_fuel(&scope, fuel).truth(root).map_err(|fault| (fault.code, fault.message));
            let mut machine = Machine::with_fuel(&scope, fuel);
            let value = machine.eval(root).and_then(|value| value.value().and_then(operator::truth));
            assert_eq!(answer, value.map_err(|fault| (fault.code, fault.message)), "`{text}` with {fuel} units");
            told += 1;
        }
    }
    assert!(told > 400, "{told}");
}
