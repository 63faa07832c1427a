//! A question to the client, or a pause, comes in; the script says what happens meanwhile, and how the wait ended goes out.

use super::work::Went;
use super::{Gone, IDLE, Interpreter, LIFETIME, Stop};
use crate::data::Data;
use crate::model::{Field, Step};
use crate::script::{SILENCE, What, filled};
use crate::story::Rest;

/// What came of a question.
enum Answered {
    Option(String, [usize; 3]),
    TooLate,
}

impl Interpreter<'_> {
    pub(super) fn collect(
        &mut self,
        step: &Step,
        title: Data,
        fields: &[(String, Field)],
        options: &[String],
    ) -> Result<Went, Stop> {
        if !matches!(title, Data::Text(_) | Data::Null) {
            return Ok(Went::failed("invalid_parameters"));
        }
        let choices = [&["submit".to_owned()], options, &["cancel".to_owned()]].concat();
        Ok(match self.ask(step, vec![title], &choices)? {
            Answered::TooLate => late(),
            Answered::Option(option, picks) if option == "submit" => {
                let filled = filled(fields, &picks).into_iter().zip(fields);
                let taken = filled.filter_map(|((name, given), (_, field))| Some((name, field.taken(given)?)));
                Went { output: Data::Map(taken.collect()), ..Went::by("submit") }
            }
            Answered::Option(option, _) => Went::by(&option),
        })
    }

    pub(super) fn display(&mut self, step: &Step, title: Data, text: Data) -> Result<Went, Stop> {
        if !matches!((&title, &text), (Data::Text(_), Data::Text(_))) {
            return Ok(Went::failed("invalid_parameters"));
        }
        Ok(match self.ask(step, vec![title, text], &["submit".to_owned()])? {
            Answered::TooLate => late(),
            Answered::Option(..) => Went::by("next"),
        })
    }

    /// Waits until the client has chosen, or time is over.
    fn ask(&mut self, step: &Step, shown: Vec<Data>, choices: &[String]) -> Result<Answered, Stop> {
        let timeout = step.timeout.map(|seconds| self.now + seconds);
        let idle = self.now + IDLE;
        let deadline = timeout.unwrap_or(idle).min(idle);
        self.rest(step, deadline, Some((shown, choices.to_vec())));
        loop {
            let act = self.script.next().unwrap_or(&SILENCE);
            self.pass(act.after)?;
            // What was over first counts.
            if let Some((moment, call)) = self.late()
                && moment <= deadline
            {
                self.provided = None;
                return Err(Stop::Late(call));
            }
            if self.now >= deadline {
                self.provided = None;
                let late = timeout == Some(deadline);
                return if late { Ok(Answered::TooLate) } else { Err(Stop::Failed("expired".to_owned())) };
            }
            match &act.what {
                What::Answers { option, picks } => {
                    // What came with the question is gone once it is answered.
                    self.provided = None;
                    return Ok(Answered::Option(choices[option % choices.len()].clone(), *picks));
                }
                What::GivesUp => return Err(Stop::Failed("cancelled".to_owned())),
                What::Errs { .. } | What::Idles => {}
            }
        }
    }

    /// Waits for the next try; if there is nothing to wait for, nobody hears of it.
    pub(super) fn pause(&mut self, step: &Step, delay: i64) -> Result<(), Stop> {
        if delay == 0 {
            return Ok(());
        }
        let until = self.now + delay;
        self.rest(step, until, None);
        self.provided = None;
        self.pass(self.ends_by().min(until) - self.now)
    }

    fn rest(&mut self, step: &Step, until: i64, shown: Option<(Vec<Data>, Vec<String>)>) {
        let (step, until) = (step.id.clone(), until.min(self.ends_by()));
        let (provided, inside) = (self.provided.clone(), Some(self.inside()));
        self.rests.push(Rest { step, until, shown, provided, inside });
    }

    fn pass(&mut self, seconds: i64) -> Result<(), Stop> {
        self.now += seconds;
        if self.now >= LIFETIME { Err(Stop::Failed("expired".to_owned())) } else { Ok(()) }
    }
}

fn late() -> Went {
    Went { gone: Gone::TimedOut, ..Went::failed("timeout") }
}
