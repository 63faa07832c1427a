#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use wayfarer_lang::{Catalog, Secret};

use super::{ShapeError, declaration};
use crate::{Context, Method, Reply, Shape, Step, StepError};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Level {
    Low,
    High,
}

/// What it takes.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only the schema is of interest")]
struct Params {
    /// Who.
    user: String,
    /// The code.
    code: Secret<String>,
    #[serde(default)]
    level: Option<Level>,
    tags: Vec<String>,
    choices: std::collections::BTreeMap<String, String>,
}

#[derive(Serialize, JsonSchema)]
struct Score {
    score: i64,
    note: Option<String>,
    raw: serde_json::Value,
}

struct Scored;

impl Step for Scored {
    const TYPE: &'static str = "scored";
    const VERSION: u32 = 3;
    type Params = Params;
    type State = ();
    type Output = Score;

    fn shape() -> Shape {
        Shape::new("scores")
            .exit("low", "it is low")
            .exit_following("lower", "low", "it is lower")
            .exits_from("choices")
            .expression("user")
            .verifies(&Method::TEMP_CODE, "low")
    }

    async fn enter(&self, _: &mut Context, _: Params) -> Result<Reply<(), Score>, StepError> {
        Ok(Reply::exit("low").output(Score { score: 1, note: None, raw: json!(null) }))
    }
}

#[test]
fn types_and_docs_become_a_declaration() {
    let declared = serde_json::to_value(declaration::<Scored>().unwrap()).unwrap();
    assert_eq!(
        declared["parameters"],
        json!([
            { "name": "user", "doc": "Who.", "type": { "type": "string", "description": "Who." }, "required": true, "place": "expression", "secret": false },
            { "name": "code", "doc": "The code.", "type": { "type": "string", "description": "The code." }, "required": true, "place": "value", "secret": true },
            { "name": "level", "type": { "type": "string", "values": ["low", "high"], "nullable": true }, "required": false, "place": "value", "secret": false },
            { "name": "tags", "type": { "type": "array", "items": "string" }, "required": true, "place": "value", "secret": false },
            { "name": "choices", "type": "object", "required": true, "place": "value", "secret": false },
        ])
    );
    assert_eq!(
        declared["output"],
        json!({ "type": "object", "properties": { "score": "integer", "note": { "type": "string", "nullable": true, "required": false }, "raw": "any" } })
    );
    assert_eq!(declared["version"], 3);
}

#[test]
fn a_catalogue_file_says_the_same_as_the_code() {
    let declared = declaration::<Scored>().unwrap();
    let mut catalog = Catalog::default();
    catalog.insert(declared.clone()).unwrap();
    let read = Catalog::from_json(&catalog.to_json().unwrap()).unwrap();
    assert_eq!(read.get("scored"), Some(&declared));
    assert!(catalog.insert(crate::Declaration { version: 4, ..declared }).is_err());
}

struct Dangling;

impl Step for Dangling {
    const TYPE: &'static str = "dangling";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("names what is not there").exit_following("expired", "failure", "nowhere")
    }

    async fn enter(&self, _: &mut Context, _: Params) -> Result<Reply<(), ()>, StepError> {
        Ok(Reply::exit("expired"))
    }
}

#[test]
fn a_shape_that_contradicts_itself_is_refused() {
    assert!(matches!(declaration::<Dangling>(), Err(ShapeError::Dangling { name, .. }) if name == "failure"));
}
