//! A key of a journey file comes in; what it is for goes out, in Markdown.

/// What a key of a journey is for.
pub(super) fn of_journey(key: &str) -> &'static str {
    match key {
        "journey" => "The id of the journey, by which it is started and invoked.",
        "title" => "A headline for people.",
        "description" => "What the journey is for.",
        "kind" => "Who may start it; `client` if not said.",
        "requires" => "What every end with success asks for, in journeys that verify nobody themselves, too.",
        "params" => {
            "The start parameters and their types. An expression reads one as `@policy.request().params.name`. One without \
             `required: false` or a `default` must be given."
        }
        "vars" => "Variables with a type, and what they hold before a step sets them.",
        "outputs" => "The types of what `complete_journey` hands out as `data`.",
        "start" => "The step at which the journey begins; the first one in the file if not said.",
        "steps" => "The steps, each under its id.",
        _ => "",
    }
}

/// What a kind of journey is.
pub(super) fn of_kind(word: &str) -> &'static str {
    match word {
        "client" => "apps and web pages start it, and answer what it asks",
        "backend" => "a backend starts it, and gets the answer in one call",
        "sub" => "other journeys invoke it",
        _ => "",
    }
}

/// What a key of a step is for.
pub(super) fn of_step(key: &str) -> &'static str {
    match key {
        "type" => "What the step does.",
        "note" => "A remark for people.",
        "with" => "What the step takes.",
        "output" => "The variable that takes what the step gives.",
        "error_output" => "The variable that takes why the step failed: `code` and `message`.",
        "timeout" => {
            "How long it may last, such as `30s` or `1h30m`. When the time is over, the exit `timeout` is taken; if that is not \
             linked, `failure` is, and if there is none, the journey ends as failed."
        }
        "retry" => "How often a step that fails is tried again.",
        "steps" => {
            "The body of the loop. Its first step is its start; `continue` leads to the next turn, `break` out of it."
        }
        "unauthenticated" => "Whether a user who is not proven may come to this end.",
        "branches" => "Where each exit leads: to a step of this journey, or to `abort`, which ends it as failed.",
        "next" => "The step that comes next, or `abort`, which ends the journey as failed.",
        _ => "",
    }
}

/// What a key under `retry` is for.
pub(super) fn of_retry(key: &str) -> &'static str {
    match key {
        "times" => "How often it is tried again.",
        "delay" => "The pause before each try, such as `2s`; none if not said.",
        _ => "",
    }
}

/// What a key of a type or a form's field is for.
pub(super) fn of_type(key: &str) -> &'static str {
    match key {
        "type" => "Which values are accepted.",
        "items" => "The type of each item.",
        "properties" => "The fields and their types; no others are accepted then.",
        "format" => "What the text must be.",
        "values" => "The only values that are accepted.",
        "required" => "Whether a value must be given; `true` if not said.",
        "default" => "What stands in when no value is given.",
        "secret" => "Whether the value is kept as a secret, which goes only where secrets are taken.",
        "nullable" => "Whether null is accepted.",
        "min_length" => "The fewest characters of a text, or items of an array.",
        "max_length" => "The most characters of a text, or items of an array.",
        "minimum" => "The least number.",
        "maximum" => "The greatest number.",
        "description" => "A sentence for people.",
        "label" => "What stands beside the field.",
        "options" => "What can be chosen: a list of ids, or a map of ids and labels.",
        _ => "",
    }
}

/// What a word of the type grammar or of a form's field means.
pub(super) fn of_word(word: &str) -> &'static str {
    match word {
        "string" => "a text",
        "number" => "any number",
        "integer" => "a whole number of 64 bits",
        "boolean" => "`true` or `false`",
        "date" => "a calendar day, such as `2026-11-23`",
        "object" => "named fields",
        "array" => "a list",
        "any" => "anything, null included",
        "email" => "a mail address",
        "phone" => "a phone number with its country, such as `+4930123456`",
        "password" => "a secret text that is hidden while it is typed",
        "code" => "a secret text such as a one-time code",
        "select" => "one of the `options`",
        _ => "",
    }
}
