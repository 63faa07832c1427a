#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use super::super::{NoNames, Roots, Scope, compile, parse};
use super::*;

// R94: the whole list of what an expression can call. A name that is added here was reviewed for what it can reach.
#[test]
fn these_functions_exist_and_no_others() {
    let names: Vec<String> = all().iter().map(|function| format!("{}.{}", function.namespace, function.name)).collect();
    let expected = "std.contains std.filter std.keys std.len std.map std.max std.min std.reduce std.typeOf std.values \
                    strings.length strings.substring";
    assert_eq!(names.join(" "), expected);
}

#[test]
fn each_example_gives_what_it_says() {
    for function in all() {
        let (text, json) = function.example;
        let expression = compile(&parse(text).unwrap(), &NoNames).unwrap();
        let roots = Roots::default();
        let scope = Scope { parameters: &[], parameter_names: &[], variables: &[], roots };
        let value = expression.evaluate(&scope).unwrap().to_json().unwrap();
        assert_eq!(value, serde_json::from_str::<serde_json::Value>(json).unwrap(), "{text}");
        assert!(expression.constant().is_some(), "{text} is pure and was not folded");
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
    assert_eq!(all()[1].signature(), "@std.filter(list, keep)");
}
