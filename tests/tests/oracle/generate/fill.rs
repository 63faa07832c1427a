//! Linked steps come in; their expressions are filled in, over what is set whenever they are entered.

use std::collections::{BTreeSet, HashMap};

use super::expressions::{Pen, constant};
use super::{ERRORS, flow};
use crate::data::Data;
use crate::desk::{CODES, USERS};
use crate::dice::{Dice, Phase};
use crate::evaluate::equal;
use crate::expression::{Expr, Operator};
use crate::model::{Field, Journey, Step, Template, Work};

/// The fields of each form, by the variable that takes its answers.
type Forms = HashMap<String, Vec<(String, Field)>>;

pub(super) fn fill(dice: &mut Dice, journey: &mut Journey) {
    let declared: Vec<_> = journey.variables.iter().map(|variable| variable.name).collect();
    let before = flow::set_before(&journey.steps, &declared);
    let mut forms = Forms::new();
    for step in journey.all() {
        if let (Work::Collect { fields, .. }, Some(output)) = (&step.work, &step.output)
            && output.starts_with("form_")
        {
            forms.insert(output.clone(), fields.clone());
        }
    }
    let mut filler = Filler { dice, before, forms };
    filler.steps(&mut journey.steps);
}

struct Filler<'d> {
    dice: &'d mut Dice,
    before: HashMap<String, BTreeSet<String>>,
    forms: Forms,
}

impl Filler<'_> {
    fn steps(&mut self, steps: &mut [Step]) {
        for step in steps {
            let mut pen = self.pen(&step.id);
            self.dice.turn_to(step.number, Phase::Contents);
            self.work(&mut step.work, &mut pen);
        }
    }

    /// What may be read at a step.
    fn pen(&self, step: &str) -> Pen {
        let mut pen = Pen::default();
        for name in &self.before[step] {
            match name.as_str() {
                "n" => pen.numbers.push(Expr::name("n")),
                "t" => pen.texts.push(Expr::name("t")),
                "b" => pen.truths.push(Expr::name("b")),
                _ if name.starts_with(ERRORS) => {
                    // What a refused journey handed out stands beside the code.
                    pen.others.push(Expr::Field(Box::new(Expr::name(name)), "data".to_owned(), true));
                    pen.errors.push(name.clone());
                }
                _ => match self.forms.get(name) {
                    Some(fields) => fields.iter().for_each(|(field, kind)| pen.form(name, field, *kind)),
                    None => pen.others.push(Expr::name(name)),
                },
            }
        }
        pen
    }

    fn work(&mut self, work: &mut Work, pen: &mut Pen) {
        let dice = &mut *self.dice;
        match work {
            Work::Condition(test) => *test = pen.truth(dice, 3),
            Work::Match { on, cases } => {
                *on = pen.any(dice, 2);
                let mut known: Vec<Data> = Vec::new();
                for (_, case) in cases {
                    let value = constant(dice, 1);
                    // Two cases of one value are a mistake, unless it is known only when the journey runs.
                    *case = if dice.chance(20) {
                        Template::At(on.clone())
                    } else if dice.chance(30) || known.iter().any(|one| equal(one, &value)) {
                        Template::At(Expr::binary(Operator::Add, Expr::Parameter("a".to_owned()), pen.number(dice, 0)))
                    } else {
                        known.push(value.clone());
                        Template::Literal(value)
                    };
                }
            }
            Work::Loop { test, body, .. } => {
                *test = match dice.weigh(&[3, 3, 2]) {
                    0 => Expr::Literal(Data::Bool(true)),
                    1 => {
                        let most = Expr::int(*dice.pick(&[1, 2, 4, 9]));
                        Expr::binary(Operator::Less, Expr::name("n"), most)
                    }
                    _ => pen.truth(dice, 2),
                };
                self.steps(body);
            }
            Work::Set(variables) => {
                for (name, value) in variables {
                    *value = match name.as_str() {
                        "n" if dice.chance(60) => {
                            Template::At(Expr::binary(Operator::Add, Expr::name("n"), Expr::int(1)))
                        }
                        "n" => Template::At(pen.number(dice, 3)),
                        "t" => pen.text_template(dice),
                        "b" => Template::At(pen.truth(dice, 2)),
                        _ => pen.template(dice, 2),
                    };
                    // From here on it may be read.
                    if !["n", "t", "b"].contains(&name.as_str()) {
                        pen.others.push(Expr::name(name));
                    }
                }
            }
            Work::Authenticated => {}
            Work::Complete(data) | Work::Reject(data) => {
                *data = dice.chance(70).then(|| pen.template(dice, 3));
            }
            Work::Collect { title, .. } => *title = pen.text_template(dice),
            Work::Display { title, text } => {
                *title = pen.text_template(dice);
                *text = pen.text_template(dice);
            }
            Work::Verify { user, code } => {
                *user = if dice.chance(10) { pen.text_template(dice) } else { literal(USERS[dice.roll(USERS.len())]) };
                *code = secret(dice, pen);
            }
            Work::Provide(data) => *data = pen.template(dice, 2),
            Work::Shaky(every) if dice.chance(20) => *every = Expr::name("n"),
            Work::Shaky(every) => *every = Expr::int(*dice.pick(&[1, 2, 3, 5, 0])),
            Work::Invoke { params, .. } => {
                let a =
                    if dice.chance(80) { Template::At(pen.number(dice, 2)) } else { Template::Whole(pen.any(dice, 2)) };
                params.push(("a".to_owned(), a));
                if dice.chance(50) {
                    params.push(("s".to_owned(), pen.text_template(dice)));
                }
                if dice.chance(50) {
                    params.push(("o".to_owned(), pen.template(dice, 2)));
                }
                params.push(("code".to_owned(), secret(dice, pen)));
            }
        }
    }
}

/// A code, or what holds one.
fn secret(dice: &mut Dice, pen: &Pen) -> Template {
    match dice.weigh(&[4, 2, if pen.secrets.is_empty() { 0 } else { 6 }]) {
        0 => literal(CODES[dice.roll(CODES.len())]),
        1 => Template::At(Expr::Parameter("code".to_owned())),
        _ => Template::At(dice.pick(&pen.secrets).clone()),
    }
}

fn literal(text: &str) -> Template {
    Template::Literal(Data::text(text))
}
