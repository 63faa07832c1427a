use super::*;

fn text(text: &str) -> Known {
    Known::constant(&Value::from(text))
}

#[test]
fn ways_that_meet_know_what_both_know() {
    let either = text("a").or(&text("b"));
    assert_eq!(either.values(), Some(vec![Value::from("a"), Value::from("b")]));
    assert_eq!(either.or(&Known::kinds(Kinds::TEXT)).values(), None);
    let object = |name: &str, known| Known::object_of(Fields::closed([(Arc::from(name), known)]));
    let either = object("a", text("x")).or(&object("b", text("y")));
    assert_eq!(either.fields().get("a"), text("x").or(&Known::null()));
    assert_eq!(either.fields().get("c"), Known::null());
    assert!(either.fields().lacks("c"));
}

#[test]
fn what_is_judged_leaves_what_can_be_judged_so() {
    let maybe = text("a").or(&Known::null());
    assert_eq!(maybe.judged(true), text("a"));
    assert_eq!(maybe.judged(false), Known::null());
    assert_eq!(Known::kinds(Kinds::BOOLEAN).judged(true), Known::constant(&Value::Bool(true)));
    assert_eq!(Known::anything().judged(false).may_be(), Kinds::NULL.or(Kinds::BOOLEAN).or(Kinds::NUMBER));
    assert_eq!(text("a").truth(), Some(true));
    assert_eq!(Known::null().truth(), Some(false));
    assert_eq!(Known::kinds(Kinds::NUMBER).truth(), None);
}

#[test]
fn equality_knows_its_values() {
    assert!(!text("a").can_equal(&text("b")));
    assert!(Known::constant(&Value::Int(1)).can_equal(&Known::constant(&Value::Float(1.0))));
    assert!(Known::kinds(Kinds::INTEGER).can_equal(&Known::kinds(Kinds::FLOAT)));
    assert!(!Known::kinds(Kinds::TEXT).can_equal(&Known::null()));
    assert!(text("a").must_equal(&text("a")));
    assert_eq!(text("a").or(&text("b")).without_value(&Value::from("a")), text("b"));
    assert_eq!(text("a").or(&text("b")).meeting(&text("b")), text("b"));
}

#[test]
fn a_type_says_what_it_accepts() {
    use crate::types::Type;
    assert_eq!(Known::of(&Type::string().nullable()).may_be(), Kinds::TEXT.or(Kinds::NULL));
    let ty = Type::object_of([("a", Type::string()), ("b", Type::integer().optional())]);
    let known = Known::of(&ty);
    assert_eq!(known.fields().get("b").may_be(), Kinds::INTEGER.or(Kinds::NULL));
    assert_eq!(known.fits(&ty), of_type::Fit::Yes);
    assert!(matches!(Known::anything().fits(&Type::string()), of_type::Fit::Maybe(_)));
    assert!(matches!(Known::null().fits(&Type::string()), of_type::Fit::No(_)));
    let missing = Known::constant(&Value::from(crate::Object::default()));
    assert!(matches!(missing.fits(&ty), of_type::Fit::No(misfit) if misfit.path == "a"));
    assert_eq!(Known::of(&Type::string().secret()).may_be(), Kinds::SECRET);
    assert_eq!(Known::of(&Type::string().secret()).fits(&Type::string().secret()), of_type::Fit::Yes);
}
