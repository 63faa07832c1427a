//! A form at which a run stands comes in; what the form decides goes out.

use std::borrow::Cow;

use wayfarer_lang::Value;
use wayfarer_lang::expr::{EvalError, Expression, Scope, Template};
use wayfarer_lang::program::{Case, Node, Program, Work};
use wayfarer_lang::types::Type;
use wayfarer_step::Failure;

use super::{Applied, Ending, Left, Next, Return, Returned, Way, journey, unevaluated};
use crate::bundle::Bundle;
use crate::run::Run;

pub(super) fn enter(bundle: &Bundle, run: &Run, program: &Program, node: &Node, scope: &Scope<'_>) -> Next {
    let jump = |left| Next::Jump(Applied::Left(left));
    match &node.work {
        Work::Condition { test } => jump(condition(test, scope)),
        Work::Match { on, cases } => jump(match_case(on, cases, scope)),
        Work::Loop { test, most, .. } => {
            let turns = run.top().map_or(u32::MAX, |frame| frame.turns(node));
            jump(turn(test, turns, *most, scope))
        }
        Work::SetVariables(assignments) => jump(set_variables(program, assignments, scope)),
        Work::IsUserAuthenticated => jump(Left::exit(if run.identity.is_proven() { "then" } else { "else" })),
        Work::Invoke { callee, arguments } => match journey::enter(bundle, run, *callee, arguments, scope) {
            Some(Ok(invoked)) => Next::Jump(invoked),
            Some(Err(failure)) => jump(Left::failed(failure)),
            None => Next::Finish(Ending::failed("run_not_readable")),
        },
        Work::Complete { data } => match outcome(data.as_ref(), program.outputs(), scope) {
            Ok(data) if is_sub(run) => back(Return::Completed(data)),
            Ok(data) => Next::Finish(Ending::Completed { data }),
            Err(failure) => jump(Left::failed(failure)),
        },
        Work::Reject { data } => match outcome(data.as_ref(), None, scope) {
            Ok(data) if is_sub(run) => back(Return::Rejected(data)),
            Ok(data) => Next::Finish(Ending::Rejected { data }),
            Err(failure) => jump(Left::failed(failure)),
        },
        Work::Call { with, .. } => match with.evaluate(scope) {
            Ok(params) => Next::Jump(Applied::Entered { params }),
            Err(error) => jump(Left::failed(unevaluated(&error))),
        },
    }
}

/// Whether the journey that runs was invoked by another.
fn is_sub(run: &Run) -> bool {
    run.frames.len() > 1
}

fn back(way: Return) -> Next {
    Next::Jump(Applied::Returned(Returned { way, tokens: None }))
}

fn condition(test: &Expression, scope: &Scope<'_>) -> Left {
    match test.truth(scope) {
        Ok(true) => Left::exit("then"),
        Ok(false) => Left::exit("else"),
        Err(error) => Left::failed(unevaluated(&error)),
    }
}

fn match_case(on: &Expression, cases: &[Case], scope: &Scope<'_>) -> Left {
    let exit = on.evaluate(scope).and_then(|value| {
        for case in cases {
            if case.value.evaluate(scope)? == value {
                return Ok(Cow::Owned(case.exit.to_string()));
            }
        }
        Ok(Cow::Borrowed("otherwise"))
    });
    match exit {
        Ok(exit) => Left::by(Way::Exit(exit)),
        Err(error) => Left::failed(unevaluated(&error)),
    }
}

fn turn(test: &Expression, turns: u32, most: u32, scope: &Scope<'_>) -> Left {
    match test.truth(scope) {
        Ok(true) if turns < most => Left::by(Way::Body),
        Ok(true) => Left::exit("exhausted"),
        Ok(false) => Left::exit("next"),
        Err(error) => Left::failed(unevaluated(&error)),
    }
}

/// All variables are set or none: a failure on the way leaves them as they were.
fn set_variables(program: &Program, assignments: &[(u16, Template)], scope: &Scope<'_>) -> Left {
    let mut variables = scope.variables.to_vec();
    let mut values = Vec::with_capacity(assignments.len());
    for (slot, template) in assignments {
        let value = match evaluate(template, scope, &variables) {
            Ok(value) => value,
            Err(error) => return Left::failed(unevaluated(&error)),
        };
        let value = match typed(program, *slot, value) {
            Ok(value) => value,
            Err(failure) => return Left::failed(failure),
        };
        if let Some(variable) = variables.get_mut(usize::from(*slot)) {
            *variable = Some(value.clone());
        }
        values.push((*slot, value));
    }
    Left { assignments: values, ..Left::exit("next") }
}

fn evaluate(template: &Template, scope: &Scope<'_>, variables: &[Option<Value>]) -> Result<Value, EvalError> {
    template.evaluate(&Scope {
        parameters: scope.parameters,
        parameter_names: scope.parameter_names,
        variables,
        roots: scope.roots,
    })
}

fn typed(program: &Program, slot: u16, value: Value) -> Result<Value, Failure> {
    match program.variable_type(slot) {
        None => Ok(value),
        Some(ty) => ty.accept(&value).map_err(|error| {
            let name = program.variables().get(usize::from(slot)).map_or("", |name| &**name);
            Failure::new("wrong_type", format!("the variable `{name}` does not take this value: {error}"))
        }),
    }
}

/// What an end hands out. A secret never leaves by it (R99).
fn outcome(data: Option<&Template>, ty: Option<&Type>, scope: &Scope<'_>) -> Result<Option<Value>, Failure> {
    let data = data.map(|data| data.evaluate(scope)).transpose().map_err(|error| unevaluated(&error))?;
    let data = match ty {
        None => data,
        Some(ty) => Some(
            ty.accept(&data.unwrap_or_default()).map_err(|error| Failure::new("wrong_output", error.to_string()))?,
        ),
    };
    match data {
        Some(data) if data.holds_secret() => Err(Failure::new("secret_in_output", "the data holds a secret")),
        data => Ok(data),
    }
}
