#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod any;

use ::std::collections::BTreeMap;

use super::super::{Dice, NamedKey, Names, NoNames, Roots, Scope, Seed, compile, parse};
use super::*;
use crate::Secret;
use crate::Value;

// R94: the whole list of what an expression can call. A name that is added here was reviewed for what it can reach.
#[test]
fn these_functions_exist_and_no_others() {
    let names: Vec<String> = all().iter().map(|function| format!("{}.{}", function.namespace, function.name)).collect();
    let expected = "crypto.aesDecrypt crypto.aesEncrypt crypto.hash crypto.hmac crypto.random \
                    crypto.verifyAndDecryptExternalToken crypto.verifyExternalToken json.get json.merge json.parse \
                    json.path json.stringify math.abs math.ceil math.clamp math.cos math.exp math.floor math.log \
                    math.log10 math.mod math.pow math.random math.randomInteger math.round math.sign math.sin math.sqrt \
                    math.tan math.trunc std.avg std.contains std.containsIf std.distinct std.filter std.find \
                    std.findFirst std.generateQrCode std.getE164Number std.getE164NumberComponents std.isValidE164Number \
                    std.jsonPath std.jsonToXml std.keys std.kv std.legacyField std.len std.map std.max std.min \
                    std.randomBase64 std.range std.reduce std.reverse std.rfind std.slice std.sort std.splice std.stdev \
                    std.strToDouble std.strToInt std.sum std.typeOf std.uuid std.values std.wrapPushToken std.xmlToJson \
                    strings.contains strings.endsWith strings.extract strings.fromBase64 strings.fromBase64Url \
                    strings.fromJson strings.indexOf strings.join strings.length strings.lower strings.mask \
                    strings.matches strings.padEnd strings.padStart strings.replace strings.replacePattern strings.split \
                    strings.startsWith strings.substring strings.toBase64 strings.toBase64Url strings.toJson \
                    strings.trim strings.trimEnd strings.trimStart strings.upper strings.urlDecode strings.urlEncode \
                    time.add time.diff time.format time.now time.parse";
    assert_eq!(names.join(" "), expected);
}

#[test]
fn each_example_gives_what_it_says() {
    let (dice, keys) = (
        Dice::new(Seed::new([7; 32])),
        BTreeMap::from([("demo".to_owned(), NamedKey::Symmetric(Secret::new((0..32).collect())))]),
    );
    let roots = Roots { dice: Some(&dice), keys: &keys, ..Roots::default() };
    let scope = Scope { parameters: &[], parameter_names: &[], variables: &[], roots };
    for function in all() {
        let (text, json) = function.example;
        let expression = compile(&parse(text).unwrap(), &NoNames).unwrap();
        let value = expression.evaluate(&scope).unwrap_or_else(|error| panic!("{text}: {error}"));
        let wanted = Value::from(serde_json::from_str::<serde_json::Value>(json).unwrap());
        assert_eq!(value, wanted, "{text}");
        assert!(
            function.purity != Purity::Pure || expression.constant().is_some(),
            "{text} is pure and was not folded"
        );
        assert!(
            function.purity == Purity::Pure || expression.constant().is_none(),
            "{text} was folded, and is not pure"
        );
    }
}

#[test]
fn each_declaration_is_complete() {
    for function in all() {
        assert!(function.doc.ends_with('.') && function.doc.starts_with(char::is_uppercase), "{}", function.name);
        let (text, _) = function.example;
        let called = text.contains(&format!("@{}.{}(", function.namespace, function.name))
            || (function.namespace == "std" && text.contains(&format!("@{}(", function.name)));
        assert!(called, "{text}");
        let optional: Vec<bool> = function.parameters.iter().map(|parameter| parameter.optional).collect();
        assert!(optional.is_sorted(), "{}: what may be left out stands last", function.name);
    }
}

#[test]
fn a_signature_shows_what_may_be_left_out() {
    assert_eq!(find("strings", "substring").unwrap().signature(), "@strings.substring(text, start[, end])");
    assert_eq!(find("std", "filter").unwrap().signature(), "@std.filter(list, keep)");
    let types = "@strings.substring(text: string, start: integer, end?: integer) -> string";
    assert_eq!(find("strings", "substring").unwrap().types(), types);
    assert_eq!(find("std", "randomBase64").unwrap().signature(), "@std.randomBase64([bytes])");
}

// A secret goes only into what says so, and what says so either keeps it one or is named here.
#[test]
fn what_takes_a_secret_keeps_it_or_says_so() {
    let revealing: Vec<_> = all().iter().filter(|function| function.reveals()).map(|function| function.name).collect();
    assert_eq!(revealing, ["aesEncrypt", "verifyAndDecryptExternalToken", "verifyExternalToken"]);
    for function in all() {
        let takes = function.parameters.iter().any(|parameter| parameter.kind.has_secret());
        assert!(!takes || function.doc.contains("secret"), "{} says nothing of secrets", function.name);
    }
}

// R99: what the checker is told of calls, before anything runs.
#[test]
fn a_secret_is_followed_through_calls() {
    struct OneName;
    impl Names for OneName {
        fn variable(&self, name: &str) -> Option<u16> {
            (name == "code").then_some(0)
        }

        fn parameter(&self, _: &str) -> Option<u16> {
            None
        }

        fn variables(&self) -> Vec<&str> {
            vec!["code"]
        }

        fn parameters(&self) -> Vec<&str> {
            Vec::new()
        }
    }
    for (text, passed) in [
        ("@crypto.hash(code)", true),
        ("@strings.toBase64(@strings.trim(code))", true),
        ("@std.wrapPushToken(code)", true),
        ("@json.parse(code)", true),
        ("@std.filter([code], (c) => true)", true),
        ("@crypto.aesEncrypt(code, \"k\")", false),
        ("@crypto.verifyExternalToken(code, \"k\").sub", false),
        ("@crypto.aesEncrypt(code, \"k\") + @crypto.hash(\"x\")", false),
    ] {
        let expression = compile(&parse(text).unwrap(), &OneName).unwrap();
        assert_eq!(!expression.secrets(&|_, _| true).passed.is_empty(), passed, "{text}");
    }
}
