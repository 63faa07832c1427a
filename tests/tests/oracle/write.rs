//! A journey of the test comes in; its file goes out.

use std::fmt::Write;

use crate::data::{Data, quoted};
use crate::expression::{Expr, Part};
use crate::model::{Field, Journey, Step, Target, Template, Type, Work};

pub(crate) fn file(journey: &Journey) -> String {
    let mut file = format!("journey: {}\n", journey.id);
    if journey.sub {
        file += "kind: sub\n";
    }
    if !journey.parameters.is_empty() {
        file += "params:\n";
    }
    for parameter in &journey.parameters {
        let mut declared = format!("type: {}", word(parameter.ty));
        if !parameter.required {
            declared += ", required: false";
        }
        if parameter.secret {
            declared += ", secret: true";
        }
        writeln!(file, "  {}: {{ {declared} }}", parameter.name).unwrap();
    }
    if !journey.variables.is_empty() {
        file += "vars:\n";
    }
    for variable in &journey.variables {
        let (name, ty, default) = (variable.name, word(variable.ty), variable.default.to_literal());
        writeln!(file, "  {name}: {{ type: {ty}, default: {default} }}").unwrap();
    }
    file += "steps:\n";
    for step in &journey.steps {
        write_step(&mut file, step, 2);
    }
    file
}

const fn word(ty: Type) -> &'static str {
    match ty {
        Type::Integer => "integer",
        Type::Text => "string",
        Type::Boolean => "boolean",
        Type::Any => "any",
    }
}

fn write_step(file: &mut String, step: &Step, indent: usize) {
    let pad = " ".repeat(indent);
    let (type_name, with) = work(&step.work);
    writeln!(file, "{pad}{}:\n{pad}  type: {type_name}", step.id).unwrap();
    if !with.is_empty() {
        writeln!(file, "{pad}  with: {{ {} }}", with.join(", ")).unwrap();
    }
    let settings = [
        ("output", step.output.clone()),
        ("error_output", step.error_output.clone()),
        ("timeout", step.timeout.map(|seconds| format!("{seconds}s"))),
        ("retry", step.retry.map(|(times, delay)| format!("{{ times: {times}, delay: {delay}s }}"))),
    ];
    for (name, setting) in settings.iter().filter_map(|(name, setting)| Some((name, setting.as_ref()?))) {
        writeln!(file, "{pad}  {name}: {setting}").unwrap();
    }
    // What they prove is not what these tests are about.
    if matches!(step.work, Work::Complete(_)) {
        writeln!(file, "{pad}  {MARK}").unwrap();
    }
    if !step.exits.is_empty() {
        let exits: Vec<_> = step.exits.iter().map(|(exit, to)| format!("{exit}: {}", target(to))).collect();
        writeln!(file, "{pad}  branches: {{ {} }}", exits.join(", ")).unwrap();
    }
    if !step.body().is_empty() {
        writeln!(file, "{pad}  steps:").unwrap();
        for inner in step.body() {
            write_step(file, inner, indent + 4);
        }
    }
}

fn target(target: &Target) -> &str {
    match target {
        Target::Step(id) => id,
        Target::Continue => "continue",
        Target::Break => "break",
        Target::Abort => "abort",
    }
}

fn work(work: &Work) -> (&'static str, Vec<String>) {
    let entry = |name: &str, value: &Template| format!("{name}: {}", template(value));
    let expression = |name: &str, value: &Expr| format!("{name}: {}", quoted(&value.written()));
    let data = |data: &Option<Template>| data.iter().map(|data| entry("data", data)).collect();
    match work {
        Work::Condition(test) => ("condition", vec![expression("if", test)]),
        Work::Match { on, cases } => ("match_case", vec![expression("on", on), format!("cases: {}", mapping(cases))]),
        Work::Loop { test, most, .. } => {
            ("while_loop", vec![expression("while", test), format!("max_iterations: {most}")])
        }
        Work::Set(variables) => ("set_temporary_variables", vec![format!("variables: {}", mapping(variables))]),
        Work::Authenticated => ("is_user_authenticated", Vec::new()),
        Work::Complete(end) => ("complete_journey", data(end)),
        Work::Reject(end) => ("reject_access", data(end)),
        Work::Collect { title, fields, options } => {
            let fields: Vec<_> = fields.iter().map(|(name, kind)| format!("{name}: {}", field(*kind))).collect();
            let mut with = vec![entry("title", title), format!("fields: {{ {} }}", fields.join(", "))];
            if !options.is_empty() {
                let options: Vec<_> = options.iter().map(|option| format!("{option}: Go")).collect();
                with.push(format!("options: {{ {} }}", options.join(", ")));
            }
            ("collect_information", with)
        }
        Work::Display { title, text } => {
            let button = "button_text: Go on".to_owned();
            ("display_information", vec![entry("title", title), entry("text", text), button])
        }
        Work::Verify { user, code } => {
            ("temp_code_authentication", vec![entry("external_user_id", user), entry("temp_code", code)])
        }
        Work::Provide(data) => ("provide_json_data", vec![entry("data", data)]),
        Work::Shaky(every) => ("shaky", vec![entry("every", &Template::At(every.clone()))]),
        Work::Invoke { journey, params } => {
            ("invoke_sub_journey", vec![format!("journey: {journey}"), format!("params: {}", mapping(params))])
        }
    }
}

const fn field(field: Field) -> &'static str {
    match field {
        Field::Name => "string",
        Field::Count => "{ type: integer, required: false }",
        Field::Agree => "boolean",
        Field::Level => "{ type: integer, default: 7 }",
        Field::Way => "{ type: select, options: { low: Low, high: High } }",
        Field::Code => "code",
    }
}

fn mapping(fields: &[(String, Template)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{}: {}", quoted(name), template(value))).collect();
    format!("{{ {} }}", fields.join(", "))
}

fn template(value: &Template) -> String {
    match value {
        Template::Literal(data) => literal(data),
        Template::At(expr) => {
            let text = expr.written();
            // Where a call begins, the `@` belongs to it.
            quoted(&if text.starts_with('@') { text } else { format!("@{text}") })
        }
        Template::Whole(expr) => quoted(&format!("${{{}}}", expr.written())),
        Template::Text(parts) => {
            let mut text = String::new();
            for (place, part) in parts.iter().enumerate() {
                match part {
                    Part::Plain(plain) => text += &plainly(plain, place == 0),
                    Part::Value(value) => write!(text, "${{{}}}", value.written()).unwrap(),
                }
            }
            quoted(&text)
        }
        Template::List(items) => format!("[{}]", items.iter().map(template).collect::<Vec<_>>().join(", ")),
        Template::Map(fields) => mapping(fields),
    }
}

fn literal(data: &Data) -> String {
    match data {
        Data::Text(text) => quoted(&plainly(text, true)),
        Data::List(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Data::Map(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(name, field)| format!("{}: {}", quoted(name), literal(field))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        plain => plain.to_literal(),
    }
}

/// What says that an end is for users, too, who are not proven.
pub(crate) const MARK: &str = "unauthenticated: true";

/// A text that means itself: `@` at its start and `${` are doubled.
fn plainly(text: &str, begins: bool) -> String {
    let text = text.replace("${", "$${");
    if begins && text.starts_with('@') { format!("@{text}") } else { text }
}
