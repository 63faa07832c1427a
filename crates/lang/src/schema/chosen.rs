//! Words and what each takes come in; the schema of a mapping whose further keys depend on the word under its `type` goes out.

use serde_json::{Map, Value as Json, json};

/// A word that may stand under `type`.
pub(super) struct Choice<'a> {
    /// The word.
    pub(super) word: &'a str,
    /// What it means, in a few words of Markdown.
    pub(super) doc: String,
    /// The schema of the whole mapping with this word: every key that it may have, but for `type`.
    pub(super) whole: Json,
}

/// The mapping with one of these words. Where there is none of them, it may have the keys that are `known` of any.
///
/// `if` and `then` rather than `oneOf`: so an editor tells what is wrong with this word's mapping, and not with all others'.
pub(super) fn by_type(choices: &[Choice<'_>], known: &[&str], doc: &str) -> Json {
    // Where a word is chosen, its own text is shown for it; this one as long as there is none.
    let undecided =
        |key: &str| if key == "type" { super::documented(json!({ "type": "string" }), doc) } else { json!(true) };
    let words: Vec<_> = choices.iter().map(|choice| choice.word).collect();
    let docs: Vec<_> = choices.iter().map(|choice| choice.doc.as_str()).collect();
    let of = |word: Json| json!({ "properties": { "type": word }, "required": ["type"] });
    let anything: Map<_, _> = known.iter().map(|key| ((*key).to_owned(), undecided(key))).collect();
    let word = json!({ "enum": words, "markdownEnumDescriptions": docs });
    let unknown = json!({
        "if": of(json!({ "enum": words })),
        "else": { "properties": anything, "additionalProperties": false },
    });
    let cases = choices.iter().map(|choice| json!({ "if": of(json!({ "const": choice.word })), "then": choice.whole }));
    json!({
        "type": "object",
        "properties": { "type": word },
        "required": ["type"],
        // The keys are the choices' business.
        "additionalProperties": true,
        "allOf": cases.chain([unknown]).collect::<Vec<_>>(),
    })
}

/// The words alone.
pub(super) fn words<'a>(choices: impl IntoIterator<Item = (&'a str, &'a str)>) -> Json {
    let (words, docs): (Vec<_>, Vec<_>) = choices.into_iter().unzip();
    json!({ "enum": words, "markdownEnumDescriptions": docs })
}
