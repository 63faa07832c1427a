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
    for digits in ["9223372036854775808", "-9223372036854775809", "0xFFFFFFFFFFFFFFFF", "0o7777777777777777777777"] {
        assert_eq!(resolve(digits), Scalar::TooLarge, "{digits}");
    }
    for float in [".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1e400", "-1e999"] {
        assert_eq!(resolve(float), Scalar::NotFinite, "{float}");
    }
}
