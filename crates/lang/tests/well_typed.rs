//! Journeys that are well typed because of how they are made: the checker has nothing against any of them.

use std::fmt::Write as _;

use wayfarer_lang::{Catalog, check};

/// How many are made.
const JOURNEYS: u64 = 1_000;

const PARAMETERS: &str = "
  s: string
  maybe_s: { type: string, required: false }
  n: integer
  f: number
  b: { type: boolean, default: false }
  list: { type: array, items: integer }
  word: { type: string, values: [red, green, blue] }
  person: { type: object, properties: { name: string, age: integer, mail: { type: string, required: false } } }
  maybe_person: { type: object, required: false, properties: { name: string, age: integer } }
  whatever: any
";

/// SplitMix64: the same journeys each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap_or_default()
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.get(self.roll(of.len())).copied().unwrap_or_default()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Ty {
    Text,
    Integer,
    Number,
    Boolean,
    List,
}

const ALL: [Ty; 5] = [Ty::Text, Ty::Integer, Ty::Number, Ty::Boolean, Ty::List];

/// What may be read at a place: variables and their types.
type Known = Vec<(String, Ty)>;

fn p(name: &str) -> String {
    format!("@policy.request().params.{name}")
}

fn expression(dice: &mut Dice, ty: Ty, known: &Known, depth: usize) -> String {
    let variables: Vec<_> = known.iter().filter(|(_, one)| *one == ty).collect();
    if let Some((name, _)) = variables.get(dice.roll(variables.len().max(1) + 3)) {
        return name.clone();
    }
    if depth == 0 {
        return match ty {
            Ty::Text => [p("s"), format!("({} ?? 'none')", p("maybe_s")), p("person.name")]
                .get(dice.roll(3))
                .cloned()
                .unwrap_or_default(),
            Ty::Integer => {
                [p("n"), p("person.age"), format!("({} + 7)", p("n"))].get(dice.roll(3)).cloned().unwrap_or_default()
            }
            Ty::Number => p("f"),
            Ty::Boolean => format!("({} > {})", p("n"), dice.roll(100)),
            Ty::List => p("list"),
        };
    }
    let mut below = |ty| expression(dice, ty, known, depth - 1);
    let (a, b, c) = (below(ty), below(ty), below(Ty::Boolean));
    let (n, m, t, l) = (below(Ty::Integer), below(Ty::Number), below(Ty::Text), below(Ty::List));
    let both = format!("({c} ? {a} : {b})");
    let bound = format!("(let x = {a} return x)");
    let caught = format!("(try {a} catch {b})");
    let own = match ty {
        Ty::Text => vec![
            format!("`${{{a}}} and ${{{b}}}`"),
            format!("({a} + {b})"),
            format!("({maybe} != null ? {maybe}.name : {b})", maybe = p("maybe_person")),
            format!("({}?.name ?? {b})", p("maybe_person")),
            format!("({}.mail ?? {b})", p("person")),
            format!("(@std.typeOf({any}) == 'string' ? {any} : {b})", any = p("whatever")),
            format!("@strings.substring({t}, 0, 3)"),
        ],
        Ty::Integer => vec![
            format!("({a} + {b})"),
            format!("({a} * {b})"),
            format!("-{a}"),
            format!("({l}[0] ?? {b})"),
            format!("@std.len({l})"),
            format!("@strings.length({t})"),
            format!("@std.reduce({l}, (sum, item) => sum + item, {b})"),
            format!("({maybe} == null ? {b} : {maybe}.age)", maybe = p("maybe_person")),
        ],
        Ty::Number => vec![format!("({n} / {m})"), format!("({m} - {n})"), format!("(@std.max({l}) ?? {b})")],
        Ty::Boolean => vec![
            format!("({n} < {m})"),
            format!("({a} && {n} >= {m})"),
            format!("({a} || {t} < {t})"),
            format!("!({a})"),
            format!("@std.contains({l}, {n})"),
        ],
        Ty::List => vec![
            format!("[{n}, {n}]"),
            format!("@std.map({l}, (item) => item + {n})"),
            format!("@std.filter({l}, (item) => item > {n})"),
        ],
    };
    // Whoever asks twice whether something is null knows the answer the second time.
    let own: Vec<_> =
        own.into_iter().filter(|one| depth == 1 || !one.contains("null") && !one.contains("typeOf")).collect();
    let place = dice.roll(own.len() + 3);
    own.into_iter().chain([both, bound, caught]).nth(place).unwrap_or_default()
}

/// An expression within its bounds, as a YAML text.
fn text(dice: &mut Dice, ty: Ty, known: &Known) -> String {
    let source = expression(dice, ty, known, 2);
    let source = if source.len() > 2_000 { expression(dice, ty, known, 0) } else { source };
    quoted(&format!("${{{source}}}"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn journey(dice: &mut Dice) -> String {
    let mut out = format!(
        "journey: made\nparams:{PARAMETERS}steps:\n  first:\n    type: condition\n    with: {{ if: \"{} > 1000\" }}\n    branches: {{ then: no, else: s0 }}\n",
        p("n")
    );
    let mut known = Known::new();
    let steps = 3 + dice.roll(6);
    let mut asked = false;
    for step in 0..steps {
        let next = format!("s{}", step + 1);
        match dice.roll(5) {
            0 if !asked => {
                asked = true;
                let cases = "{ red: red, green: green }";
                let _ = writeln!(
                    out,
                    "  s{step}:\n    type: match_case\n    with: {{ on: \"{}\", cases: {cases} }}",
                    p("word")
                );
                let _ = writeln!(out, "    branches: {{ red: {next}, green: {next}, otherwise: no }}");
            }
            1 => {
                let test = quoted(&expression(dice, Ty::Boolean, &known, 2));
                let other = dice.pick(&["no", "abort"]);
                let _ = writeln!(out, "  s{step}:\n    type: condition\n    with: {{ if: {test} }}");
                let _ = writeln!(out, "    branches: {{ then: {next}, else: {other} }}");
            }
            2 => {
                let body = text(dice, Ty::Text, &known);
                let _ = writeln!(
                    out,
                    "  s{step}:\n    type: while_loop\n    with: {{ while: \"{} > 3\", max_iterations: 2 }}",
                    p("n")
                );
                let _ = writeln!(
                    out,
                    "    steps:\n      b{step}:\n        type: set_temporary_variables\n        with: {{ variables: {{ w{step}: {body} }} }}\n        next: continue"
                );
                let _ = writeln!(out, "    branches: {{ next: {next}, exhausted: {next} }}");
            }
            _ => {
                let ty = ALL.get(dice.roll(ALL.len())).copied().unwrap_or(Ty::Text);
                let value = text(dice, ty, &known);
                let _ = writeln!(
                    out,
                    "  s{step}:\n    type: set_temporary_variables\n    with: {{ variables: {{ v{step}: {value} }} }}\n    next: {next}"
                );
                // What is asked once of a boolean is known from then on.
                if ty != Ty::Boolean {
                    known.push((format!("v{step}"), ty));
                }
            }
        }
    }
    let data = text(dice, Ty::Text, &known);
    let _ = writeln!(
        out,
        "  s{steps}:\n    type: complete_journey\n    with: {{ data: {{ said: {data} }} }}\n  no: {{ type: reject_access }}"
    );
    out
}

#[test]
fn the_checker_has_nothing_against_what_is_well_typed() {
    let catalog = Catalog::forms();
    for seed in 0..JOURNEYS {
        let file = journey(&mut Dice(seed));
        let checked = check("made.yaml", file.as_bytes(), &catalog);
        let said: Vec<_> = checked
            .findings
            .iter()
            .map(|finding| format!("{} {} at {:?}", finding.code, finding.message, checked.source.slice(finding.span)))
            .collect();
        assert!(said.is_empty(), "seed {seed}\n{file}\n{}", said.join("\n"));
    }
}
