//! Steps without links come in; steps with links go out, what they compute still to be filled in.

use super::ERRORS;
use super::layout::{Kind, Plan};
use crate::data::Data;
use crate::dice::{Dice, Phase};
use crate::expression::Expr;
use crate::model::{Field, Step, Target, Template, Work};

/// Variables that are not declared.
const FREE: [&str; 3] = ["u", "v", "w"];

/// What a step sees of the blocks around its own.
#[derive(Clone, Default)]
struct Around {
    /// Steps that come after the loops that it is in, the nearest first.
    ahead: Vec<String>,
    /// All steps in sight.
    seen: Vec<String>,
    in_loop: bool,
}

struct Linker<'d> {
    dice: &'d mut Dice,
    /// The journeys that may be invoked.
    callees: &'d [String],
}

pub(super) fn linked(dice: &mut Dice, plans: &[Plan], callees: &[String]) -> Vec<Step> {
    Linker { dice, callees }.block(plans, &Around::default())
}

impl Linker<'_> {
    fn block(&mut self, plans: &[Plan], around: &Around) -> Vec<Step> {
        let seen = plans.iter().map(|plan| plan.id.clone()).chain(around.seen.iter().cloned()).collect::<Vec<_>>();
        let mut steps = Vec::new();
        for (place, plan) in plans.iter().enumerate() {
            self.dice.turn_to(plan.number, Phase::Links);
            let after = &plans[place + 1..];
            let ahead = after.iter().map(|plan| plan.id.clone()).chain(around.ahead.iter().cloned()).collect();
            let here = Around { ahead, seen: seen.clone(), in_loop: around.in_loop };
            let main = match after.first() {
                Some(next) if !next.kind.ends() => Target::Step(next.id.clone()),
                _ => self.last(after, &here),
            };
            steps.push(self.step(plan, &main, &here));
        }
        steps
    }

    /// Where the last step of a chain leads.
    fn last(&mut self, ends: &[Plan], here: &Around) -> Target {
        if !here.in_loop {
            // An end has no use for it.
            return ends.first().map_or(Target::Abort, |end| Target::Step(end.id.clone()));
        }
        match self.dice.weigh(&[6, 2, 2]) {
            0 => Target::Continue,
            1 => Target::Break,
            _ => self.ahead(here),
        }
    }

    fn ahead(&mut self, here: &Around) -> Target {
        let near = if self.dice.chance(25) { here.ahead.len() } else { here.ahead.len().min(3) };
        Target::Step(self.dice.pick(&here.ahead[..near]).clone())
    }

    /// Where an exit leads that need not lead on.
    fn side(&mut self, plan: &Plan, here: &Around) -> Target {
        let (turns, back) = (if here.in_loop { 3 } else { 0 }, if plan.kind.asks() { 5 } else { 0 });
        match self.dice.weigh(&[10, turns, turns, back, back, 1]) {
            0 => self.ahead(here),
            1 => Target::Continue,
            2 => Target::Break,
            3 => Target::Step(self.dice.pick(&here.seen).clone()),
            4 => Target::Step(plan.id.clone()),
            _ => Target::Abort,
        }
    }

    fn step(&mut self, plan: &Plan, main: &Target, here: &Around) -> Step {
        let body = self.block(&plan.body, &Around { in_loop: true, ..here.clone() });
        self.dice.turn_to(plan.number, Phase::Links);
        let (work, names, optional) = self.work(plan, body);
        let mut exits = Vec::new();
        let first = if names.len() > 1 && plan.kind != Kind::Loop { self.dice.roll(names.len()) } else { 0 };
        for (place, name) in names.into_iter().enumerate() {
            let target = if place == first { main.clone() } else { self.side(plan, here) };
            exits.push((name, target));
        }
        for name in optional {
            if self.dice.chance(50) {
                exits.push(((*name).to_owned(), self.side(plan, here)));
            }
        }
        let mut step = Step {
            number: plan.number,
            id: plan.id.clone(),
            work,
            output: None,
            error_output: None,
            exits,
            timeout: None,
            retry: None,
        };
        self.settings(plan, &mut step, here);
        step
    }

    /// The work, the exits that must be linked, and those that may be.
    fn work(&mut self, plan: &Plan, body: Vec<Step>) -> (Work, Vec<String>, &'static [&'static str]) {
        let blank = || Template::Literal(Data::Null);
        let test = || Expr::Literal(Data::Null);
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        match plan.kind {
            Kind::Set => {
                let pool = [&["n", "t", "b", "x"], &FREE[..]].concat();
                let count = 1 + self.dice.roll(3);
                let names: Vec<_> = (0..count).map(|_| (*self.dice.pick(&pool)).to_owned()).collect();
                let mut unlike: Vec<String> = Vec::new();
                for name in names {
                    if !unlike.contains(&name) {
                        unlike.push(name);
                    }
                }
                let variables = unlike.into_iter().map(|name| (name, blank())).collect();
                (Work::Set(variables), owned(&["next"]), &[])
            }
            Kind::Condition => (Work::Condition(test()), owned(&["then", "else"]), &["failure"]),
            Kind::Match => {
                let cases: Vec<_> = (0..=self.dice.roll(3)).map(|case| format!("c{case}")).collect();
                let exits = cases.iter().cloned().chain(owned(&["otherwise"])).collect();
                let cases = cases.into_iter().map(|case| (case, blank())).collect();
                (Work::Match { on: test(), cases }, exits, &["failure"])
            }
            Kind::Loop => {
                let most = *self.dice.pick(&[1, 2, 3, 5, 12, 1000]);
                (Work::Loop { test: test(), most, body }, owned(&["next", "exhausted"]), &["failure"])
            }
            Kind::Authenticated => (Work::Authenticated, owned(&["then", "else"]), &[]),
            Kind::Collect => {
                let count = self.dice.roll(4);
                let fields = (0..count).map(|place| (format!("f{place}"), *self.dice.pick(&Field::ALL))).collect();
                let options: Vec<_> = (0..self.dice.roll(3)).map(|option| format!("o{option}")).collect();
                let exits = owned(&["submit"]).into_iter().chain(options.clone()).collect();
                (Work::Collect { title: blank(), fields, options }, exits, &["cancel"])
            }
            Kind::Display => (Work::Display { title: blank(), text: blank() }, owned(&["next"]), &[]),
            Kind::Verify => {
                (Work::Verify { user: blank(), code: blank() }, owned(&["success", "failure"]), &["expired"])
            }
            Kind::Provide => (Work::Provide(blank()), owned(&["next"]), &[]),
            Kind::Shaky => (Work::Shaky(Expr::int(1)), owned(&["next"]), &["failure"]),
            Kind::Invoke => {
                let journey = self.dice.pick(self.callees).clone();
                (Work::Invoke { journey, params: Vec::new() }, owned(&["completed", "rejected"]), &["failure"])
            }
            Kind::Complete => (Work::Complete(None), Vec::new(), &[]),
            Kind::Reject => (Work::Reject(None), Vec::new(), &[]),
        }
    }

    fn settings(&mut self, plan: &Plan, step: &mut Step, here: &Around) {
        let kind = plan.kind;
        if kind.ends() {
            return;
        }
        if self.dice.chance(30) {
            step.error_output = Some(format!("{ERRORS}{}", self.dice.roll(2)));
        }
        if let Work::Collect { fields, .. } = &step.work
            && self.dice.chance(80)
        {
            // What may hold a secret is read by its fields only, so it bears a name of its own.
            let secret = fields.iter().any(|(_, field)| *field == Field::Code);
            let free = !secret && self.dice.chance(40);
            step.output = Some(if free { (*self.dice.pick(&FREE)).to_owned() } else { format!("form_{}", step.id) });
        }
        if matches!(kind, Kind::Invoke | Kind::Shaky) && self.dice.chance(50) {
            step.output = Some((*self.dice.pick(&FREE)).to_owned());
        }
        if (kind.asks() || kind == Kind::Invoke) && self.dice.chance(30) {
            step.timeout = Some(*self.dice.pick(&[30, 10, 600, 900, 1200]));
            if self.dice.chance(70) {
                step.exits.push(("timeout".to_owned(), self.side(plan, here)));
            }
        }
        // On a form that decides at once it means nothing.
        let often = if matches!(kind, Kind::Provide | Kind::Shaky) { 50 } else { 5 };
        if !kind.asks() && !matches!(kind, Kind::Verify | Kind::Invoke) && self.dice.chance(often) {
            step.retry = Some((1 + u32::try_from(self.dice.roll(3)).unwrap(), *self.dice.pick(&[0, 1, 60, 1900])));
        }
    }
}
