//! Random files in random layouts, with comments wherever one may stand.

use proptest::prelude::*;

use super::formatted;
use crate::yaml::{self, Budget};

/// Bytes that decide; when they are spent, everything is as short as can be.
struct Dice<'d>(std::slice::Iter<'d, u8>);

impl Dice<'_> {
    fn roll(&mut self, sides: u8) -> u8 {
        self.0.next().map_or(0, |byte| byte % sides)
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        *all.get(usize::from(self.roll(u8::try_from(all.len()).unwrap()))).unwrap()
    }
}

struct Writer<'d> {
    dice: Dice<'d>,
    out: String,
    comments: usize,
    journey: bool,
}

const WORDS: [&str; 12] = [
    "a",
    "b c",
    "'it''s'",
    "\"x \\\" y\"",
    "\"\\u00e9\\t\"",
    "~",
    "1.50",
    "true",
    "\"@a + 1\"",
    "'no'",
    "a-b:c",
    "é ü 字",
];
const JOURNEY_KEYS: [&str; 8] = ["type", "with", "title", "note", "next", "kind", "journey", "branches"];

impl Writer<'_> {
    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("# {}", self.comments)
    }

    /// Nothing, or blank lines and comments, each on a line of its own.
    fn between(&mut self, indent: usize) {
        for _ in 0..self.dice.roll(4).saturating_sub(1) {
            if self.dice.roll(2) == 0 {
                self.out.push_str(self.dice.pick(&["\n", "  \n"]));
            } else {
                let stray = usize::from(self.dice.pick(&[0_u8, 0, 1, 2, 4]));
                let text = self.comment();
                self.out.push_str(&format!("{}{text}\n", " ".repeat(indent.saturating_sub(2) + stray)));
            }
        }
    }

    fn end(&mut self) {
        if self.dice.roll(4) == 1 {
            let text = self.comment();
            self.out.push_str(&format!(" {text}"));
        }
        self.out.push('\n');
    }

    fn key(&mut self, index: usize) -> String {
        match self.dice.roll(4) {
            _ if self.journey && index < JOURNEY_KEYS.len() => JOURNEY_KEYS.get(index).unwrap().to_string(),
            0 => format!("k{index}"),
            1 => format!("'k{index}'"),
            2 => format!("\"k {index}\""),
            _ => format!("k {index}"),
        }
    }

    fn mapping(&mut self, indent: usize, depth: u8, first_line: bool) {
        let step = self.dice.pick(&[2, 4, 1, 3]);
        let from = if self.journey { usize::from(self.dice.roll(8)) } else { 0 };
        for index in 0..usize::from(self.dice.roll(4)) + 1 {
            if index > 0 || !first_line {
                self.between(indent);
                self.out.push_str(&" ".repeat(indent));
            }
            let key = self.key((from * 3 + index * 5) % 11);
            match self.dice.roll(6) {
                1 => self.out.push_str(&format!("? {key}\n{}:", " ".repeat(indent))),
                _ => self.out.push_str(&format!("{key}:")),
            }
            self.value(indent, step, depth);
        }
    }

    fn sequence(&mut self, indent: usize, depth: u8, first_line: bool) {
        for index in 0..self.dice.roll(4) + 1 {
            if index > 0 || !first_line {
                self.between(indent);
                self.out.push_str(&" ".repeat(indent));
            }
            self.out.push('-');
            self.item(indent, depth);
        }
    }

    fn item(&mut self, indent: usize, depth: u8) {
        if depth > 0 {
            match self.dice.roll(6) {
                1 => {
                    self.out.push(' ');
                    return self.mapping(indent + 2, depth - 1, true);
                }
                2 => {
                    self.out.push_str("   ");
                    return self.sequence(indent + 4, depth - 1, true);
                }
                _ => {}
            }
        }
        self.value(indent, 2, depth);
    }

    /// What stands behind a key or a dash, to the end of its last line.
    fn value(&mut self, indent: usize, step: usize, depth: u8) {
        let below = indent + step;
        match self.dice.roll(12) {
            1 if depth > 0 => {
                self.end();
                self.mapping(below, depth - 1, false);
            }
            2 | 3 if depth > 0 => {
                self.end();
                self.sequence(below, depth - 1, false);
            }
            4 => {
                self.out.push(' ');
                self.flow(below, depth);
                self.end();
            }
            5 => {
                let header = self.dice.pick(&["|", "|-", "|+", ">", ">-", ">+"]);
                self.out.push_str(&format!(" {header}"));
                self.end();
                let pad = " ".repeat(below);
                for _ in 0..=self.dice.roll(3) {
                    self.out.push_str(&format!("{pad}{}\n", self.dice.pick(&["one", "# two", "th: ree  "])));
                    self.out.push_str(self.dice.pick(&["", "", "\n"]));
                }
            }
            6 => {
                let text = self.dice.pick(&["plain\n~on", "'si\n\n~ngle'", "\"do \\\n~ uble\"", "\"e\\  \n~nd\""]);
                self.out.push(' ');
                self.out.push_str(&text.replace('~', &" ".repeat(below + 1)));
                self.end();
            }
            7 => self.end(),
            8 => {
                self.end();
                self.between(below);
                let word = self.dice.pick(&WORDS);
                self.out.push_str(&format!("{}{word}", " ".repeat(below)));
                self.end();
            }
            _ => {
                let word = self.dice.pick(&WORDS);
                self.out.push_str(&format!(" {word}"));
                self.end();
            }
        }
    }

    /// A place in brackets where a line may end.
    fn gap(&mut self, indent: usize) {
        match self.dice.roll(6) {
            0 | 1 => self.out.push(' '),
            2 => self.out.push_str(&format!("\n{}", " ".repeat(indent + 1))),
            3 => {
                let text = self.comment();
                self.out.push_str(&format!(" {text}\n{}", " ".repeat(indent + 1)));
            }
            _ => {}
        }
    }

    fn flow(&mut self, indent: usize, depth: u8) {
        let mapping = self.dice.roll(2) == 0;
        self.out.push_str(if mapping { "{" } else { "[" });
        self.gap(indent);
        for index in 0..usize::from(self.dice.roll(4)) {
            if mapping {
                self.out.push_str(&format!("f{index}: "));
            }
            if depth > 0 && self.dice.roll(3) == 1 {
                self.flow(indent, depth - 1);
            } else {
                self.out.push_str(self.dice.pick(&WORDS));
            }
            self.gap(indent);
            self.out.push(',');
            self.gap(indent);
        }
        self.out.push_str(if mapping { "}" } else { "]" });
    }
}

fn comments(text: &str) -> Vec<&str> {
    let places = yaml::comments(text, &Budget::default());
    places.iter().map(|place| text.get(place.range()).unwrap().trim_end()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3_000) })]

    #[test]
    fn any_layout_becomes_the_one(bytes in proptest::collection::vec(any::<u8>(), 0..160), journey: bool) {
        let mut writer = Writer { dice: Dice(bytes.iter()), out: String::new(), comments: 0, journey };
        writer.between(2);
        writer.mapping(0, 4, false);
        writer.between(2);
        let text = writer.out;
        let (_, findings) = yaml::read(text.as_bytes(), &Budget::default());
        // Keys may stand twice, and a word may end up where it cannot.
        prop_assume!(!findings.has_errors());
        let laid_out = formatted(&text);
        if !journey {
            let (kept, comments) = (comments(&laid_out), comments(&text));
            prop_assert_eq!(&kept, &comments, "{}\n----\n{}", text, laid_out);
        }
    }
}
