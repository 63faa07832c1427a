//! What a client does, decided before anybody knows what it will be asked, so that product and interpreter meet the same one.

use crate::data::Data;
use crate::dice::Dice;
use crate::model::Field;

/// One thing that happens while a run waits for the client.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    /// Seconds that pass before.
    pub(crate) after: i64,
    pub(crate) what: What,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    /// An offered option is chosen, the form filled in: by numbers whose meaning depends on what is asked.
    Answers { option: usize, picks: [usize; 3] },
    /// Something is sent that was not asked for: it must be refused, and nothing else.
    Errs { option: bool },
    /// The run is given up.
    GivesUp,
    /// Nothing.
    Idles,
}

/// What happens when the script is over: nobody ever answers again.
pub(crate) const SILENCE: Act = Act { after: 1000, what: What::Idles };

/// Seconds after which somebody who is there answers, and somebody who is not.
const PROMPT: [i64; 4] = [0, 1, 5, 10];
const TARDY: [i64; 12] = [0, 1, 1, 10, 10, 29, 30, 31, 600, 899, 900, 901];

pub(crate) fn script(dice: &mut Dice, most: usize) -> Vec<Act> {
    let acts = if dice.chance(25) { most } else { dice.roll(most + 1) };
    let tardy = dice.chance(40);
    (0..acts).map(|_| act(dice, if tardy { &TARDY } else { &PROMPT })).collect()
}

fn act(dice: &mut Dice, times: &[i64]) -> Act {
    let after = *dice.pick(times);
    let what = match dice.weigh(&[40, 3, 1, 1]) {
        0 => {
            let option = if dice.chance(25) { dice.roll(6) } else { 0 };
            What::Answers { option, picks: [dice.roll(12), dice.roll(12), dice.roll(12)] }
        }
        1 => What::Errs { option: dice.chance(50) },
        2 => What::Idles,
        _ => What::GivesUp,
    };
    Act { after, what }
}

/// How the fields of a form are filled in.
pub(crate) fn filled(fields: &[(String, Field)], picks: &[usize; 3]) -> Vec<(String, Option<Data>)> {
    fields.iter().zip(picks).map(|((name, field), pick)| (name.clone(), field.given(*pick))).collect()
}
