//! Texts come in; pictures that a camera reads them from go out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::super::super::error::{EvalCode, fault};
use super::super::argument::{carried, within};
use super::super::{CARRIED, Function, Kind, Purity, maybe, one};

/// The most bytes that a QR code holds at the level of correction that is used.
const MOST: usize = 2_331;

pub(in super::super) static GENERATE_QR_CODE: Function = Function {
    namespace: "std",
    name: "generateQrCode",
    parameters: &[one("text", CARRIED), maybe("size", Kind::Integer)],
    returns: CARRIED,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "A QR code (ISO/IEC 18004, correction level M) that holds a text, as a `data:` URL of an SVG picture of `size` pixels at \
          least (200 where it is left out, 1000 at most), for the `src` of an image. Of a secret it is a secret. The form is our \
          choice.",
    example: ("@strings.startsWith(@std.generateQrCode(\"hi\"), \"data:image/svg+xml;base64,\")", "true"),
    call: |machine, arguments| {
        let text = carried(arguments, 0)?;
        let size = within(arguments, 1, "size", 1..=1_000, 200)?;
        if text.text.len() > MOST {
            return fault(EvalCode::TooLarge, "a QR code does not hold so much text");
        }
        // A code of this many modules is tried with eight masks.
        machine.charge(100 + text.text.len() / 2)?;
        let Ok(code) = QrCode::with_error_correction_level(text.text, EcLevel::M) else {
            return fault(EvalCode::TooLarge, "a QR code does not hold so much text");
        };
        let side = u32::try_from(size).unwrap_or(u32::MAX);
        let picture = code.render::<svg::Color<'_>>().min_dimensions(side, side).build();
        text.give(machine, format!("data:image/svg+xml;base64,{}", STANDARD.encode(picture)))
    },
};
