//! XML comes in and a value goes out, or the other way: attributes are keys with `@`, text beside them is `#text`.

use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::{escape, resolve_xml_entity};
use quick_xml::events::{BytesStart, Event};

use super::super::super::error::{EvalCode, Outcome, fault};
use super::super::super::eval::Machine;
use super::super::super::text::{append, push};
use super::super::argument::{give, object, text, text_or, value};
use super::super::{Function, Kind, Purity, maybe, one};
use crate::Value;
use crate::value::Object;

/// The deepest nesting of elements.
const DEEPEST: usize = 32;

pub(in super::super) static XML_TO_JSON: Function = Function {
    namespace: "std",
    name: "xmlToJson",
    parameters: &[one("xml", Kind::String)],
    returns: Kind::Object,
    errors: &[EvalCode::Unreadable, EvalCode::TooDeep],
    purity: Purity::Pure,
    doc: "An XML document as an object with its root element as the one field. An element with nothing but text is that string, an \
          empty one null, any other an object: its attributes under their names with `@` in front, its text (if it is not blank) \
          as `#text`, its elements by their names, several of one name as an array. A document type is refused, and so is any \
          entity but XML's own five and characters by their number. The shape is our choice.",
    example: ("@std.xmlToJson(\"<a x='1'><b>2</b><b>3</b></a>\")", "{\"a\": {\"@x\": \"1\", \"b\": [\"2\", \"3\"]}}"),
    call: |machine, arguments| {
        let text = text(arguments, 0)?;
        machine.charge(text.len() / 64)?;
        machine.admit(read(text)?)
    },
};

pub(in super::super) static JSON_TO_XML: Function = Function {
    namespace: "std",
    name: "jsonToXml",
    parameters: &[one("value", Kind::Any), maybe("root", Kind::String)],
    returns: Kind::String,
    errors: &[EvalCode::TooDeep, EvalCode::TooLarge, EvalCode::SecretUse],
    purity: Purity::Pure,
    doc: "A value as XML, by the shape of `xmlToJson`. With `root` it stands in an element of that name; without, it must be an \
          object with one field, which is the root.",
    example: ("@std.jsonToXml({a: {\"@x\": 1, b: [2, 3]}})", "\"<a x=\\\"1\\\"><b>2</b><b>3</b></a>\""),
    call: |machine, arguments| {
        let value = value(arguments, 0)?;
        let mut out = String::new();
        match (
            text_or(arguments, 1, "")?,
            value.as_object().filter(|fields| fields.len() == 1).and_then(|fields| fields.first()),
        ) {
            ("", Some((name, Value::Array(_)))) => {
                return fault(
                    EvalCode::BadArgument,
                    format!("`{}` is an array, and a document has one root", shown(name)),
                );
            }
            ("", Some((name, root))) => element(machine, name, root, DEEPEST, &mut out)?,
            ("", None) => return fault(EvalCode::BadArgument, "give a `root`, or an object with one field"),
            (_, _) if matches!(value, Value::Array(_)) => {
                return fault(EvalCode::BadArgument, "an array is no element: put it into an object");
            }
            (root, _) => element(machine, root, value, DEEPEST, &mut out)?,
        }
        give(machine, out)
    },
};

/// An element that is being read.
#[derive(Default)]
struct Open {
    name: String,
    fields: Object,
    text: String,
}

impl Open {
    fn of(tag: &BytesStart<'_>) -> Outcome<Self> {
        let mut fields = Object::new();
        // Twice the same is found below; the library would look at each beside each.
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.or_else(|_| unreadable())?;
            let name = name(attribute.key.as_ref())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).or_else(|_| unreadable())?;
            if fields.insert(Arc::from(format!("@{name}")), Value::from(value.into_owned())).is_some() {
                return unreadable();
            }
        }
        Ok(Self { name: name(tag.name().as_ref())?.to_owned(), fields, text: String::new() })
    }

    fn add(&mut self, name: &str, value: Value) {
        match self.fields.get_mut(name) {
            None => drop(self.fields.insert(Arc::from(name), value)),
            Some(Value::Array(items)) => Arc::make_mut(items).push(value),
            Some(first) => *first = Value::from(vec![std::mem::take(first), value]),
        }
    }

    fn close(mut self) -> (String, Value) {
        let blank = self.text.trim().is_empty();
        let value = match (self.fields.is_empty(), blank) {
            (true, true) if self.text.is_empty() => Value::Null,
            (true, _) => Value::from(self.text),
            (false, true) => Value::from(self.fields),
            (false, false) => {
                self.fields.insert(Arc::from("#text"), Value::from(self.text.trim()));
                Value::from(self.fields)
            }
        };
        (self.name, value)
    }
}

fn read(text: &str) -> Outcome<Value> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    loop {
        let event = reader.read_event().or_else(|_| unreadable())?;
        let closed = match &event {
            Event::Start(tag) => {
                if open.len() >= DEEPEST {
                    return fault(EvalCode::TooDeep, "the document is nested too deeply");
                }
                open.push(Open::of(tag)?);
                None
            }
            Event::Empty(tag) => Some(Open::of(tag)?),
            Event::End(_) => open.pop(),
            Event::Text(plain) => {
                add_text(&mut open, &plain.xml10_content().or_else(|_| unreadable())?)?;
                None
            }
            Event::CData(plain) => {
                add_text(&mut open, &plain.xml10_content().or_else(|_| unreadable())?)?;
                None
            }
            Event::GeneralRef(name) => {
                let character = name.resolve_char_ref().or_else(|_| unreadable())?;
                let name = name.decode().or_else(|_| unreadable())?;
                match (character, resolve_xml_entity(&name)) {
                    (Some(character), _) => add_text(&mut open, character.encode_utf8(&mut [0; 4]))?,
                    (None, Some(text)) => add_text(&mut open, text)?,
                    (None, None) => return fault(EvalCode::Unreadable, "an entity is not one of XML's own"),
                }
                None
            }
            Event::DocType(_) => return fault(EvalCode::Unreadable, "a document type is not read"),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => None,
            Event::Eof => break,
        };
        let Some((name, value)) = closed.map(Open::close) else { continue };
        match open.last_mut() {
            Some(outer) => outer.add(&name, value),
            None if root.is_none() => root = Some((name, value)),
            None => return fault(EvalCode::Unreadable, "a document has one root"),
        }
    }
    match root {
        Some((name, value)) if open.is_empty() => Ok(object([(&name, value)])),
        _ => fault(EvalCode::Unreadable, "the document is not complete"),
    }
}

fn add_text(open: &mut [Open], text: &str) -> Outcome<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return fault(EvalCode::Unreadable, "there is text outside the root"),
    }
    Ok(())
}

fn name(bytes: &[u8]) -> Outcome<&str> {
    std::str::from_utf8(bytes).ok().filter(|name| is_name(name)).map_or_else(unreadable, Ok)
}

/// The library's own words may hold what it read: they are left out.
fn unreadable<T>() -> Outcome<T> {
    fault(EvalCode::Unreadable, "this is no well-formed XML")
}

fn element(machine: &mut Machine<'_, '_>, name: &str, value: &Value, depth: usize, out: &mut String) -> Outcome<()> {
    let Some(below) = depth.checked_sub(1) else {
        return fault(EvalCode::TooDeep, "the value is nested too deeply");
    };
    machine.charge(1)?;
    if !is_name(name) {
        return fault(EvalCode::BadArgument, format!("`{}` is no name of an element", shown(name)));
    }
    if let Value::Array(items) = value {
        return items.iter().try_for_each(|item| element(machine, name, item, below, out));
    }
    push("<", out)?;
    push(name, out)?;
    let Value::Object(fields) = value else {
        if matches!(value, Value::Null) {
            return push("/>", out);
        }
        push(">", out)?;
        content(value, out)?;
        return close(name, out);
    };
    for (key, field) in fields.iter() {
        if let Some(attribute) = key.strip_prefix('@') {
            if !is_name(attribute) {
                return fault(EvalCode::BadArgument, format!("`{}` is no name of an attribute", shown(attribute)));
            }
            push(&format!(" {attribute}=\""), out)?;
            content(field, out)?;
            push("\"", out)?;
        }
    }
    push(">", out)?;
    for (key, field) in fields.iter() {
        match &**key {
            "#text" => content(field, out)?,
            key if key.starts_with('@') => {}
            key => element(machine, key, field, below, out)?,
        }
    }
    close(name, out)
}

fn close(name: &str, out: &mut String) -> Outcome<()> {
    push("</", out)?;
    push(name, out)?;
    push(">", out)
}

/// Text of an element or attribute. XML has no place for most control characters, and none is lost in silence.
fn content(value: &Value, out: &mut String) -> Outcome<()> {
    let mut plain = String::new();
    append(value, &mut plain)?;
    if plain.chars().any(|c| {
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{7f}'..='\u{9f}'))
            || matches!(c, '\u{fffe}' | '\u{ffff}')
    }) {
        return fault(EvalCode::BadArgument, "a text holds a character that XML does not have");
    }
    push(&escape(plain), out)
}

/// The names that need no table of Unicode: letters, digits, `_`, `-`, `.`, and one `:` for a prefix.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        let mut characters = part.chars();
        characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    name.split_once(':').map_or_else(|| part(name), |(prefix, local)| part(prefix) && part(local))
}

fn shown(name: &str) -> String {
    name.chars().take(32).collect()
}
