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
mod tests {
    use super::*;

    #[test]
    fn the_core_schema_word_for_word() {
        for null in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve(null), Scalar::Null, "{null}");
        }
        for (word, value) in [("true", true), ("True", true), ("TRUE", true), ("false", false), ("FALSE", false)] {
            assert_eq!(resolve(word), Scalar::Bool(value), "{word}");
        }
        for (digits, value) in [
            ("0", 0),
            ("-0", 0),
            ("+12", 12),
            ("-19", -19),
            ("0o14", 12),
            ("0x1F", 31),
            ("0xabcdef", 0xab_cdef),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(resolve(digits), Scalar::Int(value), "{digits}");
        }
        for (digits, value) in
            [("0.", 0.0), ("-0.0", -0.0), (".5", 0.5), ("+12e03", 12000.0), ("-2E+05", -200_000.0), ("01.5", 1.5)]
        {
            assert_eq!(resolve(digits), Scalar::Float(value), "{digits}");
        }
    }

    #[test]
    fn what_other_yamls_take_for_values_is_text() {
        for text in [
            "no",
            "yes",
            "on",
            "off",
            "y",
            "n",
            "nUll",
            "tRue",
            "014",
            "-014",
            "00",
            "0b101",
            "-0x1F",
            "+0o7",
            "0x",
            "0o8",
            "0xZ",
            "1_000",
            "1:30",
            "inf",
            "nan",
            "infinity",
            "NaN",
            ".iNf",
            ".",
            "-",
            "+",
            "e5",
            "1e",
            "1e+",
            "1.5.2",
            "--1",
            "0x-1",
            "١٢",
            "1 2",
            "2026-11-23",
        ] {
            assert_eq!(resolve(text), Scalar::Text, "{text}");
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused_and_not_rounded() {
        for digits in ["9223372036854775808", "-9223372036854775809", "0xFFFFFFFFFFFFFFFF", "0o7777777777777777777777"]
        {
            assert_eq!(resolve(digits), Scalar::TooLarge, "{digits}");
        }
        for float in [".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1e400", "-1e999"] {
            assert_eq!(resolve(float), Scalar::NotFinite, "{float}");
        }
    }
}
