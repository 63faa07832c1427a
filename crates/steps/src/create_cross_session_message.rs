//! `create_cross_session_message`: data comes in; the id of a message that holds it goes out, for another session to find.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Builder;
use wayfarer_step::port::Entropy;
use wayfarer_step::serde_json::{Map, Value as Json};
use wayfarer_step::{Actor, Context, Fact, PortError, Reply, Shape, Step, StepError, Write};

use crate::cross_session::{LONGEST_LIFE, Message, proven};

/// Creates a message that another session can process.
#[derive(Clone, Copy, Debug)]
pub struct CreateCrossSessionMessage;

/// What stands under `with:`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// What the other session will see. It takes no secret.
    data: Option<Map<String, Json>>,
    /// How its id is written: `uuid`, or `alphanumeric` for people who type it. `uuid` if not said.
    identifier: Option<Form>,
    /// For how many seconds it can be processed. Three days if not said, which is also the most.
    #[schemars(range(min = 1, max = 259_200))]
    expires_in: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Form {
    #[default]
    Uuid,
    Alphanumeric,
}

/// What `output` takes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Created {
    /// The id. Whoever has it can process the message.
    id: String,
    /// When it expires, by RFC 3339.
    expires_at: String,
}

impl Step for CreateCrossSessionMessage {
    const TYPE: &'static str = "create_cross_session_message";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = Created;

    fn shape() -> Shape {
        Shape::new("creates a message that another session can process")
            .doc(include_str!("create_cross_session_message.md"))
            .exit_giving("next", "the message is kept; `output` takes its id")
            .error("too_large", "there is too much data for a message")
    }

    async fn enter(&self, cx: &mut Context, params: Params) -> Result<Reply<(), Created>, StepError> {
        let mut message = Message {
            created_at: cx.now(),
            created_by: proven(cx),
            creator: cx.visit().run,
            expires_at: cx.now(),
            data: params.data.unwrap_or_default(),
            attachment: Json::Null,
            waiter: None,
            processed: None,
        };
        message.live(cx.now(), params.expires_in.unwrap_or(LONGEST_LIFE))?;
        let id = roll(params.identifier.unwrap_or_default(), cx.entropy()?)?;
        message.create(cx, &id)?;
        let fact = Fact::new("message.created", Actor::system());
        cx.stage(Write::Record(match proven(cx) {
            Some(user_id) => fact.subject(user_id),
            None => fact,
        }));
        Ok(Reply::exit("next").output(Created { id, expires_at: message.expires_at.to_string() }))
    }
}

/// Digits and letters of which no two are taken for each other (Crockford's base 32).
const UNAMBIGUOUS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// As many of them as hold 130 bits.
const CHARACTERS: usize = 26;

/// Rolls an id that nobody can guess (R46).
fn roll(form: Form, entropy: &dyn Entropy) -> Result<String, PortError> {
    match form {
        Form::Uuid => {
            let mut random = [0; 16];
            entropy.fill(&mut random)?;
            // Version 4 (RFC 9562 section 5.4): 122 of the bits are free.
            Ok(Builder::from_random_bytes(random).into_uuid().to_string())
        }
        Form::Alphanumeric => {
            let mut random = [0; CHARACTERS];
            entropy.fill(&mut random)?;
            // 32 divides 256, so each character is as likely as any other.
            let character = |byte: &u8| UNAMBIGUOUS.get(usize::from(byte % 32)).copied().map(char::from);
            Ok(random.iter().filter_map(character).collect())
        }
    }
}

#[cfg(test)]
mod tests;
