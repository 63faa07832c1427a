//! A seed or a tape comes in; choices go out. Every choice is noted, so that a case that fails can be played again from its
//! tape, and made smaller by cutting the tape.

/// The simplest choice is always 0, and a tape that is over gives nothing else: a shorter tape makes a smaller case.
pub(crate) struct Dice {
    tape: Vec<u32>,
    at: usize,
    /// The state of the generator (SplitMix64); none: only the tape counts.
    state: Option<u64>,
}

impl Dice {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { tape: Vec::new(), at: 0, state: Some(seed) }
    }

    pub(crate) fn replaying(tape: &[u32]) -> Self {
        Self { tape: tape.to_vec(), at: 0, state: None }
    }

    /// The choices made so far.
    pub(crate) fn into_tape(mut self) -> Vec<u32> {
        self.tape.truncate(self.at);
        self.tape
    }

    /// One of `0..sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let sides = u32::try_from(sides.max(1)).unwrap();
        if let Some(state) = &mut self.state {
            self.tape.push(u32::try_from(mixed(state) % u64::from(sides)).unwrap());
        }
        let rolled = self.tape.get(self.at).copied().unwrap_or_default() % sides;
        self.at += 1;
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
pub(crate) fn shrunk(mut tape: Vec<u32>, fails: impl Fn(&[u32]) -> bool) -> Vec<u32> {
    let mut tries = 4_000_u32;
    let mut attempt = |candidate: &[u32]| {
        tries = tries.saturating_sub(1);
        tries > 0 && fails(candidate)
    };
    loop {
        let before = tape.clone();
        for size in [64, 16, 4, 2, 1] {
            let mut at = 0;
            while at < tape.len() {
                let end = (at + size).min(tape.len());
                let mut shorter = tape.clone();
                shorter.drain(at..end);
                let mut simpler = tape.clone();
                simpler[at..end].fill(0);
                if attempt(&shorter) {
                    tape = shorter;
                } else {
                    if simpler != tape && attempt(&simpler) {
                        tape = simpler;
                    }
                    at += size;
                }
            }
        }
        for at in 0..tape.len() {
            for less in [tape[at] / 2, tape[at].saturating_sub(1)] {
                let mut smaller = tape.clone();
                smaller[at] = less;
                if smaller != tape && attempt(&smaller) {
                    tape = smaller;
                }
            }
        }
        if tape == before {
            return tape;
        }
    }
}
