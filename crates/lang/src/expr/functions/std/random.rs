//! Random bytes come in from the scope; texts that nobody can guess go out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::super::dice::Dice;
use super::super::super::error::{EvalCode, Outcome, fault};
use super::super::super::eval::Machine;
use super::super::argument::{give, within};
use super::super::{Function, Kind, Purity, maybe};
use crate::Value;

pub(in super::super) static RANDOM_BASE64: Function = Function {
    namespace: "std",
    name: "randomBase64",
    parameters: &[maybe("bytes", Kind::Integer)],
    returns: Kind::String,
    errors: &[EvalCode::NotAvailable],
    purity: Purity::Random,
    doc: "So many random bytes, 1 to 1024, in Base64 (RFC 4648 section 4, padded). 32 where the number is left out.",
    example: ("@len(@std.randomBase64(12))", "16"),
    call: |machine, arguments| {
        let bytes = random(machine, within(arguments, 0, "bytes", 1..=1_024, 32)?)?;
        give(machine, STANDARD.encode(bytes))
    },
};

pub(in super::super) static UUID: Function = Function {
    namespace: "std",
    name: "uuid",
    parameters: &[],
    returns: Kind::String,
    errors: &[EvalCode::NotAvailable],
    purity: Purity::Random,
    doc: "A new UUID of version 4 (RFC 9562 section 5.4): random, and in lower case.",
    example: ("@len(@std.uuid())", "36"),
    call: |machine, _| {
        let bits = u128::from_be_bytes(dice(machine)?.bytes());
        let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
        let digits = format!("{bits:032x}");
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| digits.get(range).unwrap_or_default());
        Ok(Value::from(parts.join("-")).into())
    },
};

/// What random numbers are drawn with.
pub(in super::super) fn dice<'a>(machine: &Machine<'_, 'a>) -> Outcome<&'a Dice> {
    match machine.roots().dice {
        Some(dice) => Ok(dice),
        None => fault(EvalCode::NotAvailable, "there are no random numbers here"),
    }
}

/// So many random bytes.
pub(in super::super) fn random(machine: &mut Machine<'_, '_>, count: usize) -> Outcome<Vec<u8>> {
    machine.charge(count / 64)?;
    let mut bytes = vec![0; count];
    dice(machine)?.fill(&mut bytes);
    Ok(bytes)
}
