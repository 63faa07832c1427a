//! Phone numbers as people write them come in; whether they are some, and their form by E.164, go out.

use phonenumber::{Mode, PhoneNumber, country};

use super::super::super::error::{EvalCode, Outcome, fault};
use super::super::super::eval::Machine;
use super::super::argument::{Arguments, given, object, text};
use super::super::{Function, Kind, Parameter, Purity, maybe, one};
use crate::Value;

/// The longest text that is looked at; E.164 has 15 digits.
const LONGEST: usize = 32;
const PARAMETERS: &[Parameter] = &[one("number", Kind::String), maybe("region", Kind::String)];
const COST: usize = 20;

pub(in super::super) static GET_E164_NUMBER: Function = Function {
    namespace: "std",
    name: "getE164Number",
    parameters: PARAMETERS,
    returns: Kind::String,
    errors: &[EvalCode::Unreadable],
    purity: Purity::Pure,
    doc: "The phone number in the form of E.164, such as `+41446681800`. A number without `+` is taken for one of `region`, two \
          letters of ISO 3166.",
    example: ("@std.getE164Number(\"044 668 18 00\", \"CH\")", "\"+41446681800\""),
    call: |machine, arguments| {
        let number = parsed(machine, arguments)?;
        Ok(Value::from(number.format().mode(Mode::E164).to_string()).into())
    },
};

pub(in super::super) static GET_E164_NUMBER_COMPONENTS: Function = Function {
    namespace: "std",
    name: "getE164NumberComponents",
    parameters: PARAMETERS,
    returns: Kind::Object,
    errors: &[EvalCode::Unreadable],
    purity: Purity::Pure,
    doc: "The parts of a phone number: `country_code` and `national_number` as strings of digits, `region` as two letters (null where \
          several share the code and the number does not tell), and `e164`. The names are our choice.",
    example: (
        "@std.getE164NumberComponents(\"+41 44 668 18 00\")",
        "{\"country_code\": \"41\", \"national_number\": \"446681800\", \"region\": \"CH\", \"e164\": \"+41446681800\"}",
    ),
    call: |machine, arguments| {
        let number = parsed(machine, arguments)?;
        let region = number.country().id().map(|id| Value::from(id.as_ref()));
        machine.admit(object([
            ("country_code", number.code().value().to_string().into()),
            ("national_number", number.national().to_string().into()),
            ("region", region.into()),
            ("e164", number.format().mode(Mode::E164).to_string().into()),
        ]))
    },
};

pub(in super::super) static IS_VALID_E164_NUMBER: Function = Function {
    namespace: "std",
    name: "isValidE164Number",
    parameters: &[one("number", Kind::String)],
    returns: Kind::Boolean,
    errors: &[],
    purity: Purity::Pure,
    doc: "Whether a text is a phone number in the form of E.164: `+` and digits, nothing between them, and a number that can be \
          assigned by the plan of its country.",
    example: ("@std.isValidE164Number(\"+41446681800\")", "true"),
    call: |machine, arguments| {
        machine.charge(COST)?;
        let text = text(arguments, 0)?;
        let is_plain = text.strip_prefix('+').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let valid = is_plain
            && read(text, None)
                .is_some_and(|number| number.is_valid() && number.format().mode(Mode::E164).to_string() == text);
        Ok(Value::Bool(valid).into())
    },
};

fn parsed(machine: &mut Machine<'_, '_>, arguments: Arguments<'_, '_>) -> Outcome<PhoneNumber> {
    machine.charge(COST)?;
    let region = match given(arguments, 1)?.and_then(Value::as_text) {
        None => None,
        Some(region) => match region.parse::<country::Id>() {
            Ok(id) => Some(id),
            Err(_) => return fault(EvalCode::BadArgument, "`region` is two capital letters of ISO 3166"),
        },
    };
    match read(text(arguments, 0)?, region) {
        Some(number) => Ok(number),
        None => fault(EvalCode::Unreadable, "this is no phone number, or it needs a `region`"),
    }
}

/// Reads a number of the signs in which people write them, and of no others.
fn read(text: &str, region: Option<country::Id>) -> Option<PhoneNumber> {
    let known = |byte: u8| byte.is_ascii_digit() || b"+ ()-./".contains(&byte);
    if text.len() > LONGEST || !text.bytes().all(known) {
        return None;
    }
    phonenumber::parse(region, text).ok()
}

#[cfg(test)]
mod tests;
