//! A type and a value come in; where [`Type::accept`] names the first place that does not fit, here all of them go out.

use super::{Type, TypeError};
use crate::Value;
use crate::value::path;

impl Type {
    /// Takes an input value as [`accept`](Self::accept) does, and names every field that does not fit: a form shows all
    /// mistakes at once.
    ///
    /// # Errors
    /// At least one; none holds the value.
    pub fn accept_all(&self, value: &Value) -> Result<Value, Vec<TypeError>> {
        self.accept(value).map_err(|first| {
            let all = self.mistakes(value);
            if all.is_empty() { vec![first] } else { all }
        })
    }

    /// The mistakes below an object; none says that the mistake is the value itself.
    fn mistakes(&self, value: &Value) -> Vec<TypeError> {
        let (Some(properties), Value::Object(fields)) = (&self.properties, value) else { return Vec::new() };
        let at = |name: &str, message: &str| TypeError { path: name.to_owned(), message: message.to_owned() };
        let unknown = fields.keys().filter(|name| !properties.contains_key(*name));
        let mut all: Vec<_> = unknown.map(|name| at(name, "there is no such field")).collect();
        for (name, ty) in properties {
            match fields.get(name) {
                Some(given) => {
                    let below = ty.accept_all(given).err().unwrap_or_default();
                    all.extend(below.into_iter().map(|one| TypeError { path: path::field(name, &one.path), ..one }));
                }
                None if ty.is_required() => all.push(at(name, "this field is missing")),
                None => {}
            }
        }
        all
    }
}
