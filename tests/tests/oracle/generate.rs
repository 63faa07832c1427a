//! Choices come in; a case goes out: journeys that the checker should accept, arguments, and what the client will do.
//!
//! First the steps are laid out, then linked, then filled with expressions over what is set on every way to them. Links lead
//! forward, except that steps which ask the client may lead anywhere in sight: so no cycle goes round by itself.

mod expressions;
mod fill;
mod flow;
mod layout;
mod link;

use crate::data::Data;
use crate::desk::CODES;
use crate::dice::Dice;
use crate::model::{Declared, Journey, Library, Parameter, Type};
use crate::script::{Act, script};

/// Variables that take failures begin so.
pub(crate) const ERRORS: &str = "error";

/// One case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) library: Library,
    pub(crate) arguments: Vec<(String, Data)>,
    pub(crate) script: Vec<Act>,
    /// Before each so many happenings the run is stored and read again; 0: never.
    pub(crate) reloads: usize,
}

/// How large a case may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Steps in all.
    pub(crate) steps: usize,
    /// Things that the client does.
    pub(crate) acts: usize,
}

pub(crate) fn case(dice: &mut Dice, size: Size) -> Case {
    let main = journey(dice, "main", size.steps);
    dice.turn_to_case();
    let arguments = arguments(dice, &main.parameters);
    let reloads = dice.roll(4);
    let script = script(dice, size.acts);
    Case { library: Library { journeys: vec![main] }, arguments, script, reloads }
}

fn journey(dice: &mut Dice, id: &str, steps: usize) -> Journey {
    dice.turn_to_case();
    let plans = layout::layout(dice, steps);
    let steps = link::linked(dice, &plans);
    let parameter = |name, ty, required, secret| Parameter { name, ty, required, secret };
    let declared = |name, ty, default| Declared { name, ty, default };
    let mut journey = Journey {
        id: id.to_owned(),
        parameters: vec![
            parameter("a", Type::Integer, true, false),
            parameter("s", Type::Text, false, false),
            parameter("o", Type::Any, false, false),
            parameter("code", Type::Text, true, true),
        ],
        variables: vec![
            declared("n", Type::Integer, Data::Int(0)),
            declared("t", Type::Text, Data::text("a")),
            declared("b", Type::Boolean, Data::Bool(false)),
            declared("x", Type::Any, Data::Map(vec![("k".to_owned(), Data::Int(1))])),
        ],
        steps,
    };
    flow::prune(&mut journey.steps);
    fill::fill(dice, &mut journey);
    journey
}

fn arguments(dice: &mut Dice, parameters: &[Parameter]) -> Vec<(String, Data)> {
    let mut arguments = Vec::new();
    for parameter in parameters {
        let value = match (parameter.name, parameter.required || dice.chance(70)) {
            (_, false) => Data::Null,
            ("a", _) => Data::Int(*dice.pick(&[0, 1, 2, -3, i64::MAX])),
            ("s", _) => Data::text(*dice.pick(&["", "b", "7"])),
            ("code", _) => Data::Hidden((*dice.pick(&CODES)).to_owned()),
            _ => expressions::constant(dice, 2),
        };
        arguments.push((parameter.name.to_owned(), value));
    }
    arguments
}
