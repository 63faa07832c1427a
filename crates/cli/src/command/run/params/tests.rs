#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

fn read(ty: &Type, text: &str) -> Result<Value> {
    typed("p", ty, &Secret::new(text.to_owned()))
}

#[test]
fn a_text_stays_as_it_is_and_the_rest_is_json() {
    assert_eq!(read(&Type::string(), "007").unwrap(), Value::from("007"));
    assert_eq!(read(&Type::integer(), "7").unwrap(), Value::from(7));
    assert_eq!(read(&Type::boolean(), "true").unwrap(), Value::from(true));
    assert_eq!(read(&Type::array_of(Type::integer()), "[1, 2]").unwrap(), Value::from(vec![1.into(), 2.into()]));
    assert_eq!(read(&Type::any(), "not json").unwrap(), Value::from("not json"));
    assert_eq!(read(&Type::any(), "true").unwrap(), Value::from(true));
}

#[test]
fn r114_a_value_that_does_not_fit_is_named_and_never_shown() {
    for (ty, text) in
        [(Type::integer(), "s3cret"), (Type::integer(), "\"s3cret\""), (Type::boolean().secret(), "s3cret")]
    {
        let told = format!("{:#}", read(&ty, text).unwrap_err());
        assert!(told.contains("`p`") && !told.contains("s3cret"), "{told}");
    }
    let told = read(&Type::integer(), "x").unwrap_err().to_string();
    assert_eq!(told, "the value of `p` does not fit: an integer is needed, as JSON");
}

#[test]
fn a_secret_is_wrapped() {
    assert!(read(&Type::string().secret(), "482913").unwrap().holds_secret());
}
