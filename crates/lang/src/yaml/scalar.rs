//! A plain scalar comes in; the value that the YAML 1.2 core schema gives it comes out.

/// What a plain scalar means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text,
    /// An integer outside of 64 bits.
    TooLarge,
    /// Infinity, not-a-number, or a float that is too great to be anything else.
    NotFinite,
}

/// Resolves by YAML 1.2.2 section 10.3.2, with one exception: digits after a leading zero (`014`) are text. YAML 1.1
/// reads them as octal, 1.2 as decimal, most libraries as text; and what looks so is a telephone number or a code.
pub(super) fn resolve(plain: &str) -> Scalar {
    match plain {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Scalar::NotFinite,
        _ => {}
    }
    if let Some(digits) = plain.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = plain.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Scalar::NotFinite;
    }
    if is_digits(unsigned) {
        let leading_zero = unsigned.len() > 1 && unsigned.starts_with('0');
        return if leading_zero { Scalar::Text } else { plain.parse().map_or(Scalar::TooLarge, Scalar::Int) };
    }
    if !is_float(unsigned) {
        return Scalar::Text;
    }
    match plain.parse::<f64>() {
        Ok(float) if float.is_finite() => Scalar::Float(float),
        Ok(_) => Scalar::NotFinite,
        Err(_) => Scalar::Text,
    }
}

/// Whether a plain scalar is a text, and not a number, a boolean or null.
pub(crate) fn is_plain_text(plain: &str) -> bool {
    resolve(plain) == Scalar::Text
}

fn radix(digits: &str, radix: u32) -> Scalar {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Scalar::Text;
    }
    i64::from_str_radix(digits, radix).map_or(Scalar::TooLarge, Scalar::Int)
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
        None => is_digits(mantissa),
    };
    mantissa_fits && exponent.is_none_or(|exponent| is_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
