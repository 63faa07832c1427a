use super::*;

const T: Kind = Kind::Item('T');

#[test]
fn a_type_is_written_as_an_author_reads_it() {
    for (kind, whole, words) in [
        (Kind::Array(&T), "array of T", "array"),
        (Kind::Array(&Kind::Any), "array", "array"),
        (Kind::Array(&Kind::Either(&[Kind::Number, Kind::Null])), "array of (number or null)", "array"),
        (Kind::Map(&Kind::String), "object of string", "object"),
        (Kind::Lambda(&[Kind::Item('U'), T], &Kind::Any), "(U, T) => any", "lambda"),
        (Kind::Either(&[Kind::String, Kind::Secret(&Kind::String)]), "string or secret string", "string or secret"),
    ] {
        assert_eq!((kind.to_string().as_str(), kind.words().as_str()), (whole, words));
    }
}

#[test]
fn a_secret_is_taken_only_where_it_is_declared() {
    let secret = Value::from("code").into_secret();
    for kind in [Kind::Any, T, Kind::String, Kind::Integer, Kind::Either(&[Kind::Any, Kind::Null])] {
        assert!(!kind.takes(&secret), "{kind}");
    }
    assert!(Kind::Either(&[Kind::String, Kind::Secret(&Kind::String)]).takes(&secret));
    assert!(!Kind::Secret(&Kind::Number).takes(&secret));
    assert!(!Kind::Secret(&Kind::String).takes(&Value::from("code")));
}

#[test]
fn a_whole_number_is_one_in_either_form() {
    for (value, whole) in [(Value::Int(2), true), (Value::Float(2.0), true), (Value::Float(2.5), false)] {
        assert_eq!(Kind::Integer.takes(&value), whole, "{value:?}");
        assert!(Kind::Number.takes(&value), "{value:?}");
    }
    assert!(!Kind::Integer.takes(&Value::from("2")));
    assert!(!Kind::Number.takes(&Value::Bool(true)));
}
