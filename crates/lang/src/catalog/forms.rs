//! The forms of the language, declared like any step.

use std::sync::Arc;

use super::{Catalog, Declaration, ErrorCode, Exit, Origin, Outward, Parameter, Place, Unlinked};
use crate::types::Type;

pub(super) fn all() -> Catalog {
    let entries = [
        condition(),
        match_case(),
        while_loop(),
        invoke_sub_journey(),
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
        identifies: false,
        outward: Outward::None,
    }
}

fn parameter(name: &str, doc: &str, ty: Type, place: Place, required: bool) -> Parameter {
    Parameter { name: Arc::from(name), doc: doc.to_owned(), ty, required, place, secret: false }
}

fn exit(name: &str, doc: &str, unlinked: Unlinked) -> Exit {
    Exit { name: Arc::from(name), doc: doc.to_owned(), unlinked, gives: false }
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

fn while_loop() -> Declaration {
    let test = parameter(
        "while",
        "the expression; as long as its value is judged as true, the body is played again",
        Type::any(),
        Place::Expression,
        true,
    );
    let turns = Type { minimum: Some(1.0), maximum: Some(1000.0), ..Type::integer() };
    let doc = "how often the body is played at most, counted anew each time the loop is reached from outside";
    let most = parameter("max_iterations", doc, turns, Place::Value, true);
    let exits = vec![
        exit("next", "the expression is false, or a step of the body leads to `break`", Unlinked::Error),
        exit("exhausted", "the expression is true, and the body was played `max_iterations` times", Unlinked::Error),
        exit("failure", "the expression could not be evaluated", Unlinked::Aborts),
    ];
    let form =
        form("while_loop", "plays the steps of its body as long as an expression is true", vec![test, most], exits);
    Declaration {
        doc:
            "The body stands under the step's own `steps`; its first step is its start. In it, `continue` leads to the \
              next turn and `break` to the exit `next`; a step outside leaves the loop. Variables outlive the loop."
                .to_owned(),
        ..form
    }
}

fn invoke_sub_journey() -> Declaration {
    let journey = parameter("journey", "the id of the sub-journey, written out", Type::string(), Place::Journey, true);
    let doc = "what the parameters of the sub-journey take";
    let params = parameter("params", doc, Type::object(), Place::Arguments, false);
    let exits = vec![
        exit("completed", "the sub-journey came to `complete_journey`", Unlinked::Error),
        exit("rejected", "the sub-journey came to `reject_access`", Unlinked::Error),
        exit("failure", "a parameter could not be evaluated, or does not fit", Unlinked::Aborts),
    ];
    let error = |code: &str, doc: &str| ErrorCode { code: code.to_owned(), doc: doc.to_owned() };
    let form =
        form("invoke_sub_journey", "plays another journey and goes on when it has ended", vec![journey, params], exits);
    Declaration {
        doc: include_str!("invoke_sub_journey.md").to_owned(),
        output: Some(Type::any()),
        waits: true,
        error_codes: vec![
            error("rejected", "the sub-journey was refused; `data` is what its `reject_access` handed out"),
            error("wrong_type", "a parameter does not fit the type that the sub-journey declares"),
        ],
        ..form
    }
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
    let doc = "in a journey for backends, the status of the HTTP answer; 200 if not given";
    let bounds = Type { minimum: Some(200.0), maximum: Some(599.0), ..Type::integer() };
    let status = parameter("status", doc, bounds, Place::Value, false);
    let doc = "in a journey for backends, the headers of the HTTP answer, each with a text";
    let headers = parameter("headers", doc, Type::object(), Place::Value, false);
    let form = form("complete_journey", "ends the journey with success", vec![data, status, headers], Vec::new());
    Declaration {
        doc:
            "In a journey of `kind: backend`, `data` is the body of the HTTP answer: as JSON, or, if it is a text and \
              `headers` names a `content-type`, as that text. Headers of the connection, of cookies and of the server \
              itself cannot be set."
                .to_owned(),
        ..form
    }
}

fn reject_access() -> Declaration {
    let data = parameter("data", "what the client receives", Type::any(), Place::Value, false);
    form("reject_access", "ends the journey with a refusal", vec![data], Vec::new())
}
