//! Codes are uniform, and what is typed is read strictly.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::sync::Mutex;

use proptest::prelude::*;

use super::*;
use crate::SystemEntropy;

/// Gives the same bytes again and again.
struct Bytes(Mutex<Box<dyn Iterator<Item = u8> + Send>>);

impl Bytes {
    fn cycling(bytes: &'static [u8]) -> Self {
        Self(Mutex::new(Box::new(bytes.iter().copied().cycle())))
    }
}

impl Entropy for Bytes {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        let mut source = self.0.lock().unwrap();
        bytes.iter_mut().for_each(|byte| *byte = source.next().unwrap());
        Ok(())
    }
}

/// The share of outcomes beyond these bounds is one in a million on each side (chi-square; R1).
#[test]
fn r01_every_digit_is_equally_likely_at_every_place() {
    const SAMPLES: usize = 200_000;
    let mut seen = [[0_u32; 10]; 6];
    let mut pairs = [0_u32; 100];
    for _ in 0..SAMPLES {
        let code = generate(&SystemEntropy, 6).unwrap();
        let digits: Vec<usize> = code.expose().bytes().map(|byte| usize::from(byte - b'0')).collect();
        for (place, digit) in digits.iter().enumerate() {
            seen[place][*digit] += 1;
        }
        pairs[digits[0] * 10 + digits[1]] += 1;
    }
    let chi_square = |counts: &[u32]| {
        let expected = SAMPLES as f64 / counts.len() as f64;
        counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum::<f64>()
    };
    for place in &seen {
        // Nine degrees of freedom.
        assert!(chi_square(place) < 44.8, "{place:?}");
    }
    // Ninety-nine.
    assert!(chi_square(&pairs) < 178.0, "{pairs:?}");
}

#[test]
fn r01_bytes_that_would_favour_some_digits_are_thrown_away() {
    let entropy = Bytes::cycling(&[250, 255, 7, 251, 249, 10, 253, 3]);
    assert_eq!(generate(&entropy, 8).unwrap().expose(), "79037903");
}

#[test]
fn r01_leading_zeros_stay() {
    let code = generate(&Bytes::cycling(&[0, 0, 0, 0, 4, 2]), 6).unwrap();
    assert_eq!(code.expose(), "000042");
    assert_eq!(normalise("000042").unwrap().as_str(), "000042");
}

#[test]
fn r18_spaces_and_hyphens_do_not_count_and_nothing_else_is_let_through() {
    for typed in ["482913", "482 913", "482-913", " 4 8-2 9-1 3 "] {
        assert_eq!(normalise(typed).unwrap().as_str(), "482913", "{typed}");
    }
    // Arabic-Indic and full-width digits, a no-break space, a dash, letters, nothing, and what is too long.
    let long = "1".repeat(65);
    for typed in
        ["٤٨٢٩١٣", "４８２９１３", "482\u{a0}913", "482–913", "48291O", "", " - ", "482913\n", "+482913", long.as_str()]
    {
        assert!(normalise(typed).is_none(), "{typed}");
    }
    assert!(normalise(&"1".repeat(64)).is_some());
}

proptest! {
    #[test]
    fn r18_what_is_accepted_is_digits_in_their_order(typed in "\\PC{0,80}") {
        if let Some(digits) = normalise(&typed) {
            let kept: String = typed.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
            prop_assert_eq!(digits.as_str(), kept.as_str());
            prop_assert!(kept.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}
