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

/// More journeys within one another than a run may have.
const DEEP: usize = 9;

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
    let (ids, deep) = ids(dice, size);
    let mut journeys = Vec::new();
    let mut before = 0;
    for (place, id) in ids.iter().enumerate() {
        // What comes after it needs a step or two each.
        let others = (ids.len() - place - 1) * 2;
        let most = size.steps.saturating_sub(before + others).max(1);
        let last = if deep { ids.len().min(place + 2) } else { ids.len() };
        let (journey, laid) = journey(dice, id, most, before, &Callees { ids: &ids[place + 1..last], deep });
        journeys.push(journey);
        before += laid;
    }
    dice.turn_to_case();
    let arguments = arguments(dice, &journeys[0].parameters);
    let reloads = dice.roll(4);
    let script = script(dice, size.acts);
    Case { library: Library { journeys }, arguments, script, reloads }
}

/// What a journey may invoke.
struct Callees<'a> {
    ids: &'a [String],
    /// Whether it begins with that.
    deep: bool,
}

/// The journeys of a case, and whether each begins with the next. Else each may invoke those after it.
fn ids(dice: &mut Dice, size: Size) -> (Vec<String>, bool) {
    let place = dice.weigh(&[50, 30, 20, 10, if size.steps < 2 * DEEP { 0 } else { 8 }]);
    let subs = [0, 1, 2, 3, DEEP][place];
    let ids = std::iter::once("main".to_owned()).chain((1..=subs).map(|sub| format!("sub{sub}")));
    (ids.collect(), subs == DEEP)
}

fn journey(dice: &mut Dice, id: &str, most: usize, before: usize, callees: &Callees<'_>) -> (Journey, usize) {
    dice.turn_to_case();
    // One that invokes others leaves them some steps.
    let most = if callees.ids.is_empty() { most } else { most.div_ceil(2) };
    let plans = layout::layout(dice, most, before, callees);
    let steps = link::linked(dice, &plans, callees.ids);
    let parameter = |name, ty, required, secret| Parameter { name, ty, required, secret };
    let declared = |name, ty, default| Declared { name, ty, default };
    let mut journey = Journey {
        id: id.to_owned(),
        sub: before > 0,
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
    let laid = journey.all().len();
    flow::prune(&mut journey.steps);
    fill::fill(dice, &mut journey);
    (journey, laid)
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
