//! A step that invokes another journey comes in; that journey is played, and what it leaves behind goes out.

use super::work::{Snag, Went, value};
use super::{Gone, Interpreter, LIFETIME, Stop};
use crate::data::{Data, EDGE, Eval, Fault};
use crate::evaluate::Scope;
use crate::model::{Parameter, Step, Template, Type};
use crate::story::End;

impl Interpreter<'_> {
    pub(super) fn call(
        &mut self,
        step: &Step,
        callee: &str,
        given: &[(String, Template)],
        scope: &Scope,
    ) -> Result<Went, Snag> {
        let journey = self.library.get(callee);
        let mut parameters = Vec::new();
        for parameter in &journey.parameters {
            let given = given.iter().find(|(name, _)| name == parameter.name).map(|(_, given)| value(given, scope));
            parameters.push((parameter.name.to_owned(), accepted(parameter, given.transpose()?)?));
        }
        let (user, calls) = (self.user.clone(), self.frames.len());
        let prefix = format!("{}{}/", self.frame().prefix, step.id);
        let deadline = step.timeout.map(|seconds| self.now + seconds);
        let end = match self.journey(journey, parameters, prefix, deadline) {
            Ok(end) => Some(end),
            Err(Stop::Late(call)) if call == calls => None,
            Err(stop) => return Err(stop.into()),
        };
        self.frames.truncate(calls);
        if !matches!(end, Some(End::Completed(_))) {
            self.user = user;
        }
        Ok(match end {
            Some(End::Completed(data)) => Went { output: data.unwrap_or(Data::Null), ..Went::by("completed") },
            Some(End::Rejected(data)) => {
                let refused = Some(data.unwrap_or(Data::Null));
                Went { failure: Some("rejected".to_owned()), refused, ..Went::by("rejected") }
            }
            Some(End::Failed(_)) => panic!("a journey that fails ends the run"),
            None => Went { gone: Gone::TimedOut, ..Went::failed("timeout") },
        })
    }

    /// The call whose time was over first, and since when; of two the outer one.
    pub(super) fn late(&self) -> Option<(i64, usize)> {
        let bounds = self.frames.iter().enumerate().filter_map(|(call, frame)| Some((frame.deadline?, call)));
        bounds.filter(|(deadline, _)| *deadline <= self.now).min()
    }

    /// When the run ends at the latest, or a call does.
    pub(super) fn ends_by(&self) -> i64 {
        self.frames.iter().filter_map(|frame| frame.deadline).fold(LIFETIME, i64::min)
    }
}

/// A parameter as the journey gets it. What is null is not given.
fn accepted(parameter: &Parameter, given: Option<Data>) -> Eval<Data> {
    match (parameter.ty, given.unwrap_or(Data::Null)) {
        (_, Data::Null) if !parameter.required => Ok(Data::Null),
        (Type::Any, value) | (Type::Integer, value @ Data::Int(_)) => Ok(value),
        (Type::Integer, Data::Float(number)) if number.fract() == 0.0 && (-EDGE..EDGE).contains(&number) => {
            Ok(Data::Int(number as i64))
        }
        (Type::Text, Data::Text(text) | Data::Hidden(text)) if parameter.secret => Ok(Data::Hidden(text)),
        (Type::Text, value @ Data::Text(_)) | (Type::Boolean, value @ Data::Bool(_)) => Ok(value),
        _ => Err(Fault::Word("wrong_type")),
    }
}
