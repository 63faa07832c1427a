//! Bytes of a body come in; the JSON value goes out, if it is within bounds and says each thing once (R83; RFC 8259).

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};

use crate::Limits;
use crate::refusal::Refusal;

/// Reads JSON. A key that comes twice is refused, for two readers could each see another value.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Json, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::malformed("the body is not UTF-8"))?;
    let bounds = Bounds { keys: Cell::new(limits.json_keys), broken: RefCell::default() };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Reader { bounds: &bounds, depth: limits.json_depth }.deserialize(&mut reader);
    // The reader's own words could show what was sent.
    let malformed = || bounds.broken.take().unwrap_or_else(|| Refusal::malformed("the body is not JSON"));
    let value = read.map_err(|_| malformed())?;
    reader.end().map_err(|_| malformed())?;
    Ok(value)
}

struct Bounds {
    keys: Cell<usize>,
    broken: RefCell<Option<Refusal>>,
}

impl Bounds {
    /// Keeps what was wrong, and ends the reading.
    fn refuse<E: Error>(&self, refusal: Refusal) -> E {
        self.broken.replace(Some(refusal));
        E::custom("refused")
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    bounds: &'a Bounds,
    depth: usize,
}

impl Reader<'_> {
    /// The reader of what lies within.
    fn deeper<E: Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(self.bounds.refuse(Refusal::malformed("the body is nested too deep"))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let within = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(within)? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Json, A::Error> {
        let within = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            let Some(left) = self.bounds.keys.get().checked_sub(1) else {
                return Err(self.bounds.refuse(Refusal::TooLarge));
            };
            self.bounds.keys.set(left);
            if object.contains_key(&name) {
                return Err(self.bounds.refuse(Refusal::malformed("a key of an object comes twice")));
            }
            object.insert(name, fields.next_value_seed(within)?);
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests;
