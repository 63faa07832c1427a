#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::expr::{NoNames, compile, parse};

struct Vars(Vec<(&'static str, Known)>);

impl crate::expr::Names for Vars {
    fn variable(&self, name: &str) -> Option<u16> {
        self.0.iter().position(|(one, _)| *one == name).map(|slot| u16::try_from(slot).unwrap())
    }

    fn parameter(&self, name: &str) -> Option<u16> {
        NoNames.parameter(name)
    }

    fn variables(&self) -> Vec<&str> {
        Vec::new()
    }

    fn parameters(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// The kind of the value, then each doubt: `sort "text under it"`.
fn infer(text: &str) -> String {
    let field = |name: &str, kinds| (Arc::from(name), Known::kinds(kinds));
    let user = Known::object_of(Fields::closed([
        field("name", Kinds::TEXT),
        field("mail", Kinds::TEXT.or(Kinds::NULL)),
        field("age", Kinds::INTEGER),
    ]));
    let vars = Vars(vec![
        ("user", user.clone()),
        ("maybe", user.or(&Known::null())),
        ("any", Known::anything()),
        ("text", Known::kinds(Kinds::TEXT)),
        ("flag", Known::kinds(Kinds::BOOLEAN)),
        ("count", Known::kinds(Kinds::INTEGER)),
        ("list", Known::array_of(Known::kinds(Kinds::INTEGER))),
        ("word", Known::constant(&"a".into()).or(&Known::constant(&"b".into()))),
        ("opt", Known::kinds(Kinds::TEXT.or(Kinds::NULL))),
        ("hidden", Known::secret(Known::kinds(Kinds::TEXT)).or(&Known::null())),
    ]);
    let mut facts = Facts::new(Vec::new(), vars.0.len());
    for (slot, (_, known)) in vars.0.iter().enumerate() {
        facts.set(Subject::Variable(u16::try_from(slot).unwrap()), known.clone());
    }
    let expression = compile(&parse(text).unwrap(), &vars).unwrap();
    let inferred = expression.infer(&facts, &[]);
    let doubts = inferred.doubts.iter().map(|doubt| {
        let under = text.get(doubt.span.start as usize..doubt.span.end as usize).unwrap();
        format!("; {:?} {under:?}", doubt.sort)
    });
    inferred.known.to_string() + &doubts.collect::<String>()
}

#[test]
fn what_is_clean_has_no_doubts() {
    for (text, known) in [
        ("user.name", "a string"),
        ("user.mail", "a string or null"),
        ("maybe?.mail ?? 'none'", "a string"),
        ("maybe != null ? maybe.name : 'x'", "a string"),
        ("maybe == null ? 'x' : maybe.name", "a string"),
        ("maybe != null && maybe.age > 3", "a boolean"),
        ("maybe == null || maybe.age > 3", "a boolean"),
        ("!(maybe == null) ? maybe.age + 1 : 0", "an integer"),
        ("maybe?.name == 'x' ? maybe.name : ''", "a string"),
        ("maybe?.name != null ? maybe.name : ''", "a string"),
        ("user.mail != null ? @strings.length(user.mail) : 0", "an integer"),
        ("@std.typeOf(any) == 'number' ? any + 1 : 0", "a number"),
        ("@std.typeOf(any) == 'object' ? any.x : null", "anything"),
        ("try maybe.name catch 'x'", "a string"),
        ("let m = maybe return m != null ? m.name : ''", "a string"),
        ("@((u) => u != null ? u.name : '')(maybe)", "a string"),
        ("list[0] ?? 0", "an integer"),
        ("any?.a?.b", "anything"),
        ("word == 'a' ? 1 : 2", "an integer"),
        ("{a: 1, b: 'x'}.b", "a string"),
        ("[1, 2.5][count]", "a number or null"),
        ("count / 2", "a number"),
        ("-count", "an integer"),
        ("!flag", "a boolean"),
        ("hidden == null", "a boolean"),
        ("user.age * 2", "an integer"),
    ] {
        assert_eq!(infer(text), known, "{text}");
    }
}

#[test]
fn each_doubt_underlines_the_value_at_fault() {
    assert_eq!(infer("maybe.name"), "a string; MayBeNull \"maybe\"");
    assert_eq!(infer("any.a.b"), "anything; MayNotFit \"any\"");
    assert_eq!(infer("text.a"), "null; Impossible \"text\"");
    assert_eq!(infer("user.nmae"), "nothing; UnknownField \".nmae\"");
    assert_eq!(
        infer("`${maybe?.nmae} ${maybe?.nmae.x}`"),
        "a string; UnknownField \"?.nmae\"; UnknownField \"?.nmae\""
    );
    assert_eq!(infer("count + user"), "a number; Impossible \"user\"");
    assert_eq!(infer("count + flag"), "an integer; Coercion \"flag\"");
    assert_eq!(infer("text + count"), "a string; Coercion \"count\"");
    assert_eq!(infer("text + opt"), "a string; MayBeNull \"opt\"");
    assert_eq!(infer("`a ${opt}`"), "a string; MayBeNull \"opt\"");
    assert_eq!(infer("text * 2"), "a number; MayNotFit \"text\"");
    assert_eq!(infer("word == 'c'"), "a boolean; Decided \"word == 'c'\"");
    assert_eq!(infer("count == 'c'"), "a boolean; Decided \"count == 'c'\"");
    assert_eq!(infer("user != null"), "a boolean; Decided \"user != null\"");
    assert_eq!(infer("text ? 1 : 2"), "an integer; Decided \"text\"");
    assert_eq!(infer("count ? 1 : 2"), "an integer; Coercion \"count\"");
    assert_eq!(infer("(count || 0) + 1"), "an integer; Coercion \"count\"");
    assert_eq!(infer("user ?? 1"), "an integer or an object; Decided \"user\"");
    assert_eq!(infer("@std.map(list, (n) => n.x)"), "an array; Impossible \"n\"");
    assert_eq!(infer("@(count)(1)"), "anything; Impossible \"(count)\"");
    assert_eq!(infer("list['a']"), "null; Impossible \"list\"");
    assert_eq!(infer("opt < 3"), "a boolean; MayNotFit \"opt\"");
}
