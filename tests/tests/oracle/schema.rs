//! Random journeys and what the schema of journey files says of them come in; nothing goes out if it accepts all that check.

use jsonschema::Validator;
use wayfarer::lang::schema::journey_schema;
use wayfarer::lang::yaml::{self, Budget};

use crate::generate::Case;
use crate::machine::Machine;
use crate::{Outcome, play_all, write};

const CASES: u64 = 5_000;

fn accepted(validator: &Validator, case: &Case) -> Outcome {
    for journey in &case.library.journeys {
        let (document, _) = yaml::read(write::file(journey).as_bytes(), &Budget::default());
        let value = document.unwrap().root().to_value().to_json().unwrap();
        validator.validate(&value).map_err(|error| format!("refused at `{}`: {error}", error.instance_path()))?;
    }
    Ok("accepted".to_owned())
}

#[test]
fn the_schema_accepts_every_random_journey_that_checks() {
    let tally = play_all(CASES, || {
        let machine = Machine::new();
        let validator = jsonschema::draft202012::new(&journey_schema(machine.catalog())).unwrap();
        move |case: &Case| match machine.check(case) {
            Ok(_) => accepted(&validator, case),
            Err(word) => Ok(word.to_owned()),
        }
    });
    let accepted = tally.get("accepted").copied().unwrap_or_default();
    assert!(accepted > 2_000, "{tally:#?}");
}
