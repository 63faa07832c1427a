//! Random bytes come in from the scope; a text of them goes out.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::super::argument::{give, within};
use super::super::std::random::random;
use super::super::{Function, Kind, Purity, maybe};
use crate::expr::error::EvalCode;

pub(in super::super) static RANDOM: Function = Function {
    namespace: "crypto",
    name: "random",
    parameters: &[maybe("bytes", Kind::Integer)],
    returns: Kind::String,
    errors: &[EvalCode::NotAvailable],
    purity: Purity::Random,
    doc: "So many random bytes, 1 to 1024, in the Base64 of URLs (RFC 4648 section 5, not padded). 32 where the number is left out.",
    example: ("@len(@crypto.random(16))", "22"),
    call: |machine, arguments| {
        let bytes = random(machine, within(arguments, 0, "bytes", 1..=1_024, 32)?)?;
        give(machine, URL_SAFE_NO_PAD.encode(bytes))
    },
};
