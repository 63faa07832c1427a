//! The forms of the language, declared like any step.

use std::sync::Arc;

use super::{Catalog, Declaration, Exit, Origin, Outward, Parameter, Place, Unlinked};
use crate::types::Type;

pub(super) fn all() -> Catalog {
    let entries = [
        condition(),
        match_case(),
        set_temporary_variables(),
        is_user_authenticated(),
        complete_journey(),
        reject_access(),
    ];
    Catalog { entries: entries.into_iter().map(|form| (form.name.clone(), form)).collect() }
}

fn form(name: &str, summary: &str, parameters: Vec<Parameter>, exits: Vec<Exit>) -> Declaration {
    Declaration {
        name: Arc::from(name),
        version: 1,
        origin: Origin::Form,
        summary: summary.to_owned(),
        doc: String::new(),
        parameters,
        exits,
        exits_from: None,
        output: None,
        prompts: false,
        waits: false,
        error_codes: Vec::new(),
        verifies: None,
        outward: Outward::None,
    }
}

fn parameter(name: &str, doc: &str, ty: Type, place: Place, required: bool) -> Parameter {
    Parameter { name: Arc::from(name), doc: doc.to_owned(), ty, required, place, secret: false }
}

fn exit(name: &str, doc: &str, unlinked: Unlinked) -> Exit {
    Exit { name: Arc::from(name), doc: doc.to_owned(), unlinked }
}

fn condition() -> Declaration {
    form(
        "condition",
        "goes one of two ways by an expression",
        vec![parameter(
            "if",
            "the expression; its value is judged as true or false",
            Type::any(),
            Place::Expression,
            true,
        )],
        vec![
            exit("then", "the expression is true", Unlinked::Error),
            exit("else", "the expression is false", Unlinked::Error),
            exit("failure", "the expression could not be evaluated", Unlinked::Aborts),
        ],
    )
}

fn match_case() -> Declaration {
    let on =
        parameter("on", "the expression; its value is compared with the cases", Type::any(), Place::Expression, true);
    let cases = parameter(
        "cases",
        "the exits, each with the value that leads to it, compared as by `==`",
        Type::object(),
        Place::Cases,
        true,
    );
    let exits = vec![
        exit("otherwise", "the value is that of no case", Unlinked::Error),
        exit("failure", "an expression could not be evaluated", Unlinked::Aborts),
    ];
    let form = form(
        "match_case",
        "goes the way of the first case whose value is that of an expression",
        vec![on, cases],
        exits,
    );
    Declaration { exits_from: Some("cases".to_owned()), ..form }
}

fn set_temporary_variables() -> Declaration {
    form(
        "set_temporary_variables",
        "gives values to variables of the run",
        vec![parameter(
            "variables",
            "the variables and their values, set in order",
            Type::object(),
            Place::Assignments,
            true,
        )],
        vec![exit("next", "all variables are set", Unlinked::Error)],
    )
}

fn is_user_authenticated() -> Declaration {
    form(
        "is_user_authenticated",
        "asks whether the run has proven who the user is",
        Vec::new(),
        vec![
            exit("then", "a step of this run proved the user", Unlinked::Error),
            exit("else", "nobody is proven yet", Unlinked::Error),
        ],
    )
}

fn complete_journey() -> Declaration {
    let data = parameter("data", "what the client or the calling journey receives", Type::any(), Place::Value, false);
    form("complete_journey", "ends the journey with success", vec![data], Vec::new())
}

fn reject_access() -> Declaration {
    let data = parameter("data", "what the client receives", Type::any(), Place::Value, false);
    form("reject_access", "ends the journey with a refusal", vec![data], Vec::new())
}
