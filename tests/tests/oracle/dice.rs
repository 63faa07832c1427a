//! A seed or a tape comes in; choices go out. Every choice is noted, so that a case that fails can be played again from its
//! tape, and made smaller by cutting the tape.

/// The choices of a case. Each step has strips of its own, so that one step can be taken out and the others stay as they are.
pub(crate) type Tape = Vec<Vec<u32>>;

/// What is chosen on the strips of a step, one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Phase {
    Layout,
    Links,
    Contents,
}

/// The strips of a step.
const STRIPS: usize = 3;

/// The simplest choice is always 0, and a strip that is over gives nothing else: a shorter tape makes a smaller case.
pub(crate) struct Dice {
    tape: Tape,
    /// How far each strip has been read.
    read: Vec<usize>,
    strip: usize,
    /// The state of the generator (SplitMix64); none: only the tape counts.
    state: Option<u64>,
}

impl Dice {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { tape: Vec::new(), read: Vec::new(), strip: 0, state: Some(seed) }
    }

    pub(crate) fn replaying(tape: &Tape) -> Self {
        Self { tape: tape.clone(), read: Vec::new(), strip: 0, state: None }
    }

    /// The choices made so far.
    pub(crate) fn into_tape(self) -> Tape {
        self.tape
    }

    /// What belongs to no step is chosen from here on.
    pub(crate) fn turn_to_case(&mut self) {
        self.strip = 0;
    }

    /// What belongs to a step, by its number, is chosen from here on.
    pub(crate) fn turn_to(&mut self, step: usize, phase: Phase) {
        self.strip = 1 + step * STRIPS + phase as usize;
    }

    /// One of `0..sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let sides = u32::try_from(sides.max(1)).unwrap();
        if self.tape.len() <= self.strip {
            self.tape.resize(self.strip + 1, Vec::new());
        }
        if self.read.len() <= self.strip {
            self.read.resize(self.strip + 1, 0);
        }
        let (strip, read) = (&mut self.tape[self.strip], &mut self.read[self.strip]);
        if let Some(state) = &mut self.state {
            strip.push(u32::try_from(mixed(state) % u64::from(sides)).unwrap());
        }
        let rolled = strip.get(*read).copied().unwrap_or_default() % sides;
        *read += 1;
        rolled as usize
    }

    /// True in so many of a hundred.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) + percent >= 100
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let rolled = self.roll(items.len());
        &items[rolled]
    }

    /// The place of one of the weights, each as often as it weighs.
    pub(crate) fn weigh(&mut self, weights: &[usize]) -> usize {
        let mut rolled = self.roll(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            match rolled.checked_sub(*weight) {
                Some(rest) => rolled = rest,
                None => return place,
            }
        }
        0
    }
}

fn mixed(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The smallest tape found that still fails.
pub(crate) fn shrunk(tape: Tape, fails: impl Fn(&Tape) -> bool) -> Tape {
    let mut shrink = Shrink { tape, fails, tries: 5_000 };
    loop {
        let before = shrink.tape.clone();
        shrink.steps();
        for strip in 0..shrink.tape.len() {
            shrink.strip(strip);
        }
        if shrink.tape == before {
            return before;
        }
    }
}

struct Shrink<F> {
    tape: Tape,
    fails: F,
    tries: u32,
}

impl<F: Fn(&Tape) -> bool> Shrink<F> {
    /// Changes the tape if what comes of it still fails.
    fn attempt(&mut self, change: impl FnOnce(&mut Tape)) -> bool {
        let mut changed = self.tape.clone();
        change(&mut changed);
        if self.tries == 0 || changed == self.tape {
            return false;
        }
        self.tries -= 1;
        let fails = (self.fails)(&changed);
        if fails {
            self.tape = changed;
        }
        fails
    }

    /// Takes out whole steps, with and without telling the first choices of all, which count steps.
    fn steps(&mut self) {
        let mut at = 1;
        while at < self.tape.len() {
            let taken = (0..8).any(|count| {
                self.attempt(|tape| {
                    tape.drain(at..(at + STRIPS).min(tape.len()));
                    if let Some(count) = count_of(tape, count) {
                        *count = count.saturating_sub(1);
                    }
                })
            });
            if !taken {
                at += STRIPS;
            }
        }
    }

    fn strip(&mut self, strip: usize) {
        self.attempt(|tape| tape[strip].clear());
        for size in [32, 8, 2, 1] {
            let mut at = 0;
            while at < self.tape[strip].len() {
                let end = (at + size).min(self.tape[strip].len());
                if !self.attempt(|tape| drop(tape[strip].drain(at..end))) {
                    self.attempt(|tape| tape[strip][at..end].fill(0));
                    at += size;
                }
            }
        }
        for at in 0..self.tape[strip].len() {
            self.attempt(|tape| tape[strip][at] /= 2);
            self.attempt(|tape| tape[strip][at] = tape[strip][at].saturating_sub(1));
        }
    }
}

/// One of the first choices of the case; none for the one before the first.
fn count_of(tape: &mut Tape, place: usize) -> Option<&mut u32> {
    tape.first_mut()?.get_mut(place.checked_sub(1)?)
}
