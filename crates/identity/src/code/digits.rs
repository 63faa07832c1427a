//! Random bytes come in, a code goes out; what somebody typed comes in, digits fit to compare go out.

use wayfarer_step::port::Entropy;
use wayfarer_step::{PortError, Secret};
use zeroize::Zeroizing;

/// The longest text that is looked at (R18).
const LONGEST_INPUT: usize = 64;

/// The greatest multiple of ten that a byte can count to: what lies above would make some digits likelier.
const FAIR: u8 = 250;

/// A code of `length` decimal digits, each equally likely, leading zeros kept (R1).
pub(crate) fn generate(entropy: &dyn Entropy, length: usize) -> Result<Secret<String>, PortError> {
    // All the room at once: growing would leave the digits behind in freed memory.
    let mut code = String::with_capacity(length);
    let mut bytes = Zeroizing::new([0; 16]);
    while code.len() < length {
        entropy.fill(bytes.as_mut())?;
        let fair = bytes.iter().filter(|byte| **byte < FAIR);
        code.extend(fair.map(|byte| char::from(b'0' + byte % 10)).take(length - code.len()));
    }
    Ok(Secret::new(code))
}

/// The digits of what was typed, without spaces and hyphens; none if anything else is in it (R18).
pub(crate) fn normalise(typed: &str) -> Option<Zeroizing<String>> {
    if typed.len() > LONGEST_INPUT {
        return None;
    }
    let mut digits = Zeroizing::new(String::with_capacity(typed.len()));
    for byte in typed.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(char::from(byte)),
            b' ' | b'-' => {}
            _ => return None,
        }
    }
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests;
