//! A step that is visited comes in; what it does to the run, and by which exit it is left, goes out.

use super::{Gone, Interpreter, Stop};
use crate::data::{Data, EDGE, Eval, Fault};
use crate::desk;
use crate::evaluate::{Scope, equal, evaluate, text};
use crate::model::{Journey, Step, Template, Type, Work};
use crate::steps::succeeds;
use crate::story::End;

/// How a visit went: the exit, and what `output` and `error_output` take.
pub(super) struct Went {
    pub(super) gone: Gone,
    pub(super) output: Data,
    /// The code of the failure.
    pub(super) failure: Option<String>,
    /// What a journey that was refused handed out.
    pub(super) refused: Option<Data>,
}

/// What may come between a visit and its exit.
pub(super) enum Snag {
    Fault(Fault),
    Stop(Stop),
}

impl From<Fault> for Snag {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Stop> for Snag {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl Went {
    pub(super) fn by(exit: &str) -> Self {
        Self { gone: Gone::Exit(exit.to_owned()), output: Data::Null, failure: None, refused: None }
    }

    pub(super) fn failed(code: &str) -> Self {
        Self { gone: Gone::Failed(code.to_owned()), output: Data::Null, failure: Some(code.to_owned()), refused: None }
    }
}

impl Interpreter<'_> {
    pub(super) fn work(&mut self, journey: &Journey, step: &Step, turn: u32) -> Result<Gone, Stop> {
        if let Work::Complete(data) | Work::Reject(data) = &step.work {
            return self.end(step, data.as_ref());
        }
        let went = match self.went(journey, step, turn) {
            Ok(went) => went,
            // An evaluation that fails fails its step.
            Err(Snag::Fault(Fault::Word(word))) => {
                self.faults.push(word.to_owned());
                Went::failed(word)
            }
            Err(Snag::Fault(fault)) => return Err(fault.into()),
            Err(Snag::Stop(stop)) => return Err(stop),
        };
        if let Some(output) = &step.output {
            self.set(output, went.output);
        }
        if let Some(error) = &step.error_output {
            let failure = went.failure.map(|code| {
                let mut fields = vec![("code".to_owned(), Data::text(code)), ("message".to_owned(), Data::text("?"))];
                fields.extend(went.refused.map(|data| ("data".to_owned(), data)));
                Data::Map(fields)
            });
            self.set(error, failure.unwrap_or(Data::Null));
        }
        Ok(went.gone)
    }

    fn end(&mut self, step: &Step, data: Option<&Template>) -> Result<Gone, Stop> {
        let scope = self.scope();
        let data = data.map(|data| value(data, &scope)).transpose()?;
        Ok(Gone::End(match step.work {
            Work::Complete(_) => End::Completed(data),
            _ => End::Rejected(data),
        }))
    }

    fn went(&mut self, journey: &Journey, step: &Step, turn: u32) -> Result<Went, Snag> {
        let scope = self.scope();
        Ok(match &step.work {
            Work::Condition(test) => Went::by(if evaluate(test, &scope)?.truth() { "then" } else { "else" }),
            Work::Match { on, cases } => {
                let on = evaluate(on, &scope)?;
                for (exit, case) in cases {
                    if equal(&on, &value(case, &scope)?) {
                        return Ok(Went::by(exit));
                    }
                }
                Went::by("otherwise")
            }
            Work::Loop { test, most, .. } => match (evaluate(test, &scope)?.truth(), turn < *most) {
                (true, true) => Went { gone: Gone::Body, ..Went::by("") },
                (true, false) => Went::by("exhausted"),
                (false, _) => Went::by("next"),
            },
            Work::Set(variables) => {
                let mut scope = scope;
                let mut values = Vec::new();
                for (name, template) in variables {
                    let value = typed(journey, name, value(template, &scope)?)?;
                    scope.names.push((name.clone(), value.clone()));
                    values.push((name, value));
                }
                for (name, value) in values {
                    self.set(name, value);
                }
                Went::by("next")
            }
            Work::Authenticated => Went::by(if self.user.is_some() { "then" } else { "else" }),
            Work::Provide(data) => {
                self.provided = Some(value(data, &scope)?);
                Went::by("next")
            }
            Work::Shaky(every) => {
                let every = evaluate(every, &scope)?;
                self.calls += 1;
                match every {
                    Data::Int(every) if succeeds(self.calls, every) => {
                        Went { output: Data::Int(every), ..Went::by("next") }
                    }
                    _ => Went::failed("shaken"),
                }
            }
            Work::Verify { user, code } => {
                let (user, code) = (value(user, &scope)?, value(code, &scope)?);
                self.verify(&user, &code)
            }
            Work::Collect { title, fields, options } => {
                let title = value(title, &scope)?;
                self.collect(step, title, fields, options)?
            }
            Work::Display { title, text } => {
                let (title, text) = (value(title, &scope)?, value(text, &scope)?);
                self.display(step, title, text)?
            }
            Work::Invoke { journey, params } => self.call(step, journey, params, &scope)?,
            Work::Complete(_) | Work::Reject(_) => panic!("an end is no way on"),
        })
    }

    fn verify(&mut self, user: &Data, code: &Data) -> Went {
        let (Data::Text(user), Data::Text(code) | Data::Hidden(code)) = (user, code) else {
            return Went::failed("invalid_parameters");
        };
        match desk::refusal(user, code) {
            None => {
                self.user = Some(user.clone());
                Went::by("success")
            }
            Some(refusal) => {
                let exit = if refusal.code() == "expired" { "expired" } else { "failure" };
                Went { failure: Some(refusal.code().to_owned()), ..Went::by(exit) }
            }
        }
    }
}

/// A value as the file has it, with its expressions evaluated.
pub(super) fn value(template: &Template, scope: &Scope) -> Eval<Data> {
    Ok(match template {
        Template::Literal(data) => data.clone(),
        Template::At(expr) | Template::Whole(expr) => evaluate(expr, scope)?,
        Template::Text(parts) => text(parts, scope)?,
        Template::List(items) => Data::List(items.iter().map(|item| value(item, scope)).collect::<Eval<_>>()?),
        Template::Map(fields) => {
            let fields = fields.iter().map(|(name, field)| Ok((name.clone(), value(field, scope)?)));
            Data::Map(fields.collect::<Eval<_>>()?)
        }
    })
}

/// A variable that is declared takes only values of its type; a whole float is an integer.
fn typed(journey: &Journey, name: &str, value: Data) -> Eval<Data> {
    let declared = journey.variables.iter().find(|variable| variable.name == name);
    match (declared.map(|variable| variable.ty), value) {
        (None | Some(Type::Any), value) => Ok(value),
        (Some(Type::Integer), value @ Data::Int(_)) => Ok(value),
        (Some(Type::Integer), Data::Float(number)) if number.fract() == 0.0 && (-EDGE..EDGE).contains(&number) => {
            Ok(Data::Int(number as i64))
        }
        (Some(Type::Text), value @ Data::Text(_)) | (Some(Type::Boolean), value @ Data::Bool(_)) => Ok(value),
        _ => Err(Fault::Word("wrong_type")),
    }
}
