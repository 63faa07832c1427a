//! Choices and what may be read come in; expressions and values of a file go out, mostly of the sort that is asked for.

use crate::data::Data;
use crate::dice::Dice;
use crate::expression::{Expr, Operator, Part};
use crate::model::{Field, Template};

const INTEGERS: [i64; 8] = [1, 0, 2, 3, -1, 10, i64::MAX, -i64::MAX];
const FLOATS: [f64; 5] = [0.5, 2.0, -1.5, 1e300, 0.1];
const TEXTS: [&str; 9] = ["a", "", "b", "7", "-3", "1.5", "x y", "é\n", "'`\"\\"];
/// Texts that would mean something else if they were not written with care.
const AWKWARD: [&str; 4] = ["@n", "${n}", "$5", "a: #b"];

/// Writes expressions over what is set.
#[derive(Clone, Default)]
pub(super) struct Pen {
    pub(super) numbers: Vec<Expr>,
    pub(super) texts: Vec<Expr>,
    pub(super) truths: Vec<Expr>,
    pub(super) others: Vec<Expr>,
    /// Variables that take failures: only their codes are read.
    pub(super) errors: Vec<String>,
    /// Answers that only a step that verifies takes.
    pub(super) secrets: Vec<Expr>,
    /// How many names are bound around.
    bound: usize,
}

impl Pen {
    /// The field of a form's answers can be read. The form may have been left without answers.
    pub(super) fn form(&mut self, form: &str, field: &str, kind: Field) {
        let read = |optional| Expr::Field(Box::new(Expr::name(form)), field.to_owned(), optional);
        match kind {
            Field::Code => self.secrets.push(read(false)),
            Field::Name | Field::Way => self.texts.push(read(true)),
            Field::Agree => self.truths.push(read(true)),
            Field::Count | Field::Level => self.numbers.push(read(false)),
        }
    }

    pub(super) fn any(&self, dice: &mut Dice, depth: usize) -> Expr {
        match dice.weigh(&[3, 3, 3, 3, 2]) {
            0 => self.number(dice, depth),
            1 => self.text(dice, depth),
            2 => self.truth(dice, depth),
            3 => self.other(dice, depth),
            _ => Expr::Literal(constant(dice, 1)),
        }
    }

    pub(super) fn number(&self, dice: &mut Dice, depth: usize) -> Expr {
        let deeper = usize::from(depth > 0);
        match dice.weigh(&[4, 4, 6 * deeper, deeper, deeper, deeper, deeper, deeper, 1]) {
            0 => Expr::int(*dice.pick(&INTEGERS[..5])),
            1 => one_of(dice, &self.numbers).unwrap_or_else(|| Expr::Parameter("a".to_owned())),
            2 => {
                use Operator::{Add, Divide, Multiply, Remainder, Subtract};
                let operator = *dice.pick(&[Add, Subtract, Multiply, Divide, Remainder]);
                Expr::binary(operator, self.number(dice, depth - 1), self.number(dice, depth - 1))
            }
            3 => Expr::Negative(Box::new(self.number(dice, depth - 1))),
            4 => Expr::Length(Box::new(self.text(dice, depth - 1))),
            5 => self.choice(dice, depth, Self::number),
            6 => self.bound(dice, depth),
            7 => Expr::Try(Box::new(self.any(dice, depth - 1)), Box::new(self.number(dice, depth - 1))),
            _ => Expr::Literal(constant(dice, 0)),
        }
    }

    pub(super) fn text(&self, dice: &mut Dice, depth: usize) -> Expr {
        let deeper = usize::from(depth > 0);
        match dice.weigh(&[4, 4, 3 * deeper, 3 * deeper, deeper, 1]) {
            0 => Expr::Literal(Data::text(*dice.pick(&TEXTS))),
            1 => one_of(dice, &self.texts).unwrap_or_else(|| Expr::Parameter("s".to_owned())),
            2 => Expr::binary(Operator::Add, self.text(dice, depth - 1), self.any(dice, depth - 1)),
            3 => Expr::Text(self.parts(dice, depth - 1)),
            4 => self.choice(dice, depth, Self::text),
            _ => match one_of(dice, &self.errors) {
                Some(error) => Expr::Field(Box::new(Expr::Name(error)), "code".to_owned(), dice.chance(70)),
                None => Expr::Parameter("s".to_owned()),
            },
        }
    }

    pub(super) fn truth(&self, dice: &mut Dice, depth: usize) -> Expr {
        use Operator::{And, Equal, Greater, GreaterEqual, Less, LessEqual, Or, Unequal};
        let deeper = usize::from(depth > 0);
        match dice.weigh(&[2, 4, 6 * deeper, 2 * deeper, 3 * deeper, deeper, 3 * deeper, 1, 1]) {
            0 => Expr::Literal(Data::Bool(dice.chance(50))),
            1 => one_of(dice, &self.truths).unwrap_or(Expr::Authenticated),
            2 => {
                let operator = *dice.pick(&[Less, LessEqual, Greater, GreaterEqual]);
                Expr::binary(operator, self.number(dice, depth - 1), self.number(dice, depth - 1))
            }
            3 => {
                let operator = *dice.pick(&[Less, GreaterEqual]);
                Expr::binary(operator, self.text(dice, depth - 1), self.text(dice, depth - 1))
            }
            4 => Expr::binary(*dice.pick(&[Equal, Unequal]), self.any(dice, depth - 1), self.any(dice, depth - 1)),
            5 => Expr::Not(Box::new(self.any(dice, depth - 1))),
            6 => Expr::binary(*dice.pick(&[And, Or]), self.truth(dice, depth - 1), self.truth(dice, depth - 1)),
            7 => match one_of(dice, &self.errors) {
                Some(error) => Expr::binary(Equal, Expr::Name(error), Expr::Literal(Data::Null)),
                None => Expr::Authenticated,
            },
            _ => Expr::Authenticated,
        }
    }

    /// What is none of these, or not known to be.
    fn other(&self, dice: &mut Dice, depth: usize) -> Expr {
        let deeper = usize::from(depth > 0);
        match dice.weigh(&[5, 2 * deeper, 2 * deeper, 3 * deeper, 3 * deeper, 2 * deeper, deeper, 1, 1]) {
            0 => one_of(dice, &self.others).unwrap_or_else(|| Expr::Parameter("o".to_owned())),
            1 => Expr::List((0..dice.roll(4)).map(|_| self.any(dice, depth - 1)).collect()),
            2 => Expr::Map(NAMES[..dice.roll(3)].iter().map(|name| field(name, self.any(dice, depth - 1))).collect()),
            3 => {
                let of = Box::new(self.other(dice, depth - 1));
                Expr::Field(of, (*dice.pick(&NAMES)).to_owned(), dice.chance(50))
            }
            4 => {
                let of = Box::new(self.other(dice, depth - 1));
                let at =
                    [Data::Int(0), Data::Int(1), Data::text("k"), Data::Float(1.0), Data::Int(-1), Data::Float(0.5)];
                Expr::Item(of, Box::new(Expr::Literal(dice.pick(&at).clone())), dice.chance(50))
            }
            5 => {
                use Operator::{And, Coalesce, Or};
                let operator = *dice.pick(&[Coalesce, Or, And]);
                Expr::binary(operator, self.any(dice, depth - 1), self.any(dice, depth - 1))
            }
            6 => self.choice(dice, depth, Self::any),
            7 => Expr::Field(Box::new(Expr::User), "user_id".to_owned(), dice.chance(60)),
            _ => Expr::Parameter("o".to_owned()),
        }
    }

    fn choice(&self, dice: &mut Dice, depth: usize, of: fn(&Self, &mut Dice, usize) -> Expr) -> Expr {
        let test = self.truth(dice, depth - 1);
        let (yes, no) = (of(self, dice, depth - 1), of(self, dice, depth - 1));
        Expr::Choice(Box::new(test), Box::new(yes), Box::new(no))
    }

    /// A name that is bound, sometimes one that hides a variable.
    fn bound(&self, dice: &mut Dice, depth: usize) -> Expr {
        let value = self.number(dice, depth - 1);
        let name = if dice.chance(30) { "n".to_owned() } else { format!("l{}", self.bound) };
        let mut inner = self.clone();
        inner.bound += 1;
        inner.numbers.push(Expr::name(&name));
        Expr::Let(name, Box::new(value), Box::new(inner.number(dice, depth - 1)))
    }

    fn parts(&self, dice: &mut Dice, depth: usize) -> Vec<Part> {
        let mut parts = vec![Part::Plain((*dice.pick(&["a ", "é`'", "${", "\\n"])).to_owned())];
        for _ in 0..=dice.roll(2) {
            parts.push(Part::Value(self.any(dice, depth)));
            parts.push(Part::Plain((*dice.pick(&[" ", "}", "-"])).to_owned()));
        }
        parts
    }

    /// A value in the file that should give a text.
    pub(super) fn text_template(&self, dice: &mut Dice) -> Template {
        match dice.weigh(&[4, 4, 4, 1]) {
            0 => Template::Literal(Data::text(if dice.chance(30) { *dice.pick(&AWKWARD) } else { *dice.pick(&TEXTS) })),
            1 => Template::Text(self.parts(dice, 2)),
            2 => Template::At(self.text(dice, 2)),
            _ => Template::Whole(self.text(dice, 2)),
        }
    }

    /// Any value in the file.
    pub(super) fn template(&self, dice: &mut Dice, depth: usize) -> Template {
        let deeper = usize::from(depth > 0);
        match dice.weigh(&[3, 6, 3, 2, 2 * deeper, 2 * deeper]) {
            0 => Template::Literal(constant(dice, 1)),
            1 => Template::At(self.any(dice, 3)),
            2 => Template::Whole(self.any(dice, 2)),
            3 => Template::Text(self.parts(dice, 2)),
            4 => Template::List((0..dice.roll(4)).map(|_| self.template(dice, depth - 1)).collect()),
            _ => {
                let names = &NAMES[..dice.roll(4)];
                Template::Map(names.iter().map(|name| field(name, self.template(dice, depth - 1))).collect())
            }
        }
    }
}

/// Names of fields; `k` is one that is often there.
const NAMES: [&str; 4] = ["k", "m", "return", "z9"];

fn field<T>(name: &str, value: T) -> (String, T) {
    (name.to_owned(), value)
}

fn one_of<T: Clone>(dice: &mut Dice, of: &[T]) -> Option<T> {
    (!of.is_empty()).then(|| dice.pick(of).clone())
}

/// A value that no expression stands in.
pub(super) fn constant(dice: &mut Dice, depth: usize) -> Data {
    let deeper = usize::from(depth > 0);
    match dice.weigh(&[4, 2, 3, 2, 2, 2 * deeper, 2 * deeper]) {
        0 => Data::Int(*dice.pick(&INTEGERS)),
        1 => Data::Null,
        2 => Data::text(*dice.pick(&TEXTS)),
        3 => Data::Bool(dice.chance(50)),
        4 => Data::Float(*dice.pick(&FLOATS)),
        5 => Data::List((0..dice.roll(4)).map(|_| constant(dice, depth - 1)).collect()),
        _ => Data::Map(NAMES[..dice.roll(3)].iter().map(|name| field(name, constant(dice, depth - 1))).collect()),
    }
}
