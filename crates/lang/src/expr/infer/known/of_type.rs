//! A declared type comes in; what is known of a value that it has accepted, and whether it will accept one, goes out.

use std::sync::Arc;

use super::{DEPTH, Fields, Kinds, Known};
use crate::types::{Type, TypeKind};

/// Whether a type accepts what is known of a value. Its bounds are not looked at: only a run knows them.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit {
    /// It does.
    Yes,
    /// It does not accept all of it: these kinds at this place are refused, or this place is missing.
    Maybe(Misfit),
    /// It accepts none of it.
    No(Misfit),
}

/// What does not fit, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// The way from the whole to the place, as `address.city`; empty for the whole.
    pub path: String,
    /// What is wanted there, in words.
    pub wanted: String,
    /// What may be there.
    pub found: Known,
    /// Whether only a null is in the way.
    pub only_null: bool,
}

impl Known {
    /// What is known of a value that the type has accepted.
    pub fn of(ty: &Type) -> Self {
        Self::of_within(ty, DEPTH)
    }

    /// The same of what may not be given.
    pub fn of_optional(ty: &Type) -> Self {
        let known = Self::of(ty);
        if ty.is_required() || ty.default.is_some() { known } else { known.or(&Self::null()) }
    }

    fn of_within(ty: &Type, depth: usize) -> Self {
        let kinds = accepted(ty.kind);
        let known = match depth.checked_sub(1) {
            None => Self::kinds(kinds),
            Some(below) => match (&ty.values, &ty.properties, &ty.items) {
                (Some(values), _, _) => {
                    values.iter().fold(Self::nothing(), |known, value| known.or(&Self::constant_within(value, below)))
                }
                (_, Some(properties), _) => {
                    let field = |(name, ty): (&Arc<str>, &Type)| {
                        let known = Self::of_within(ty, below);
                        let optional = !ty.is_required() && ty.default.is_none();
                        (Arc::clone(name), if optional { known.or(&Self::null()) } else { known })
                    };
                    Self::object_of(Fields::closed(properties.iter().map(field)))
                }
                (_, _, Some(items)) => Self::array_of(Self::of_within(items, below)),
                _ => Self::kinds(kinds),
            },
        };
        let known = if ty.secret { Self::secret(known) } else { known };
        if ty.nullable { known.or(&Self::null()) } else { known }
    }

    /// Whether the type accepts such a value.
    pub fn fits(&self, ty: &Type) -> Fit {
        self.fits_at(ty, "")
    }

    fn fits_at(&self, ty: &Type, path: &str) -> Fit {
        // Where secrets may go is looked at elsewhere; here it counts what they hide.
        let plain = if self.kinds.has(Kinds::SECRET) { self.clone().plain() } else { self.clone() };
        if plain.is_nothing() || ty.kind == TypeKind::Any {
            return Fit::Yes;
        }
        let kinds = if ty.nullable { accepted(ty.kind).or(Kinds::NULL) } else { accepted(ty.kind) };
        // A whole number may come as a float.
        let takes = if ty.kind == TypeKind::Integer { kinds.or(Kinds::FLOAT) } else { kinds };
        let misfit = |found: &Self| Misfit {
            path: path.to_owned(),
            wanted: kinds.words(),
            found: found.clone(),
            only_null: found.without(Kinds::NULL).kinds.within(takes),
        };
        if !plain.kinds.has(takes) {
            return Fit::No(misfit(&plain));
        }
        if let (Some(allowed), Some(values)) = (&ty.values, plain.values())
            && !values.iter().any(|value| allowed.contains(value) || ty.nullable && *value == crate::Value::Null)
        {
            return Fit::No(misfit(&plain));
        }
        let inside = plain.inside_fits(ty, path);
        match inside {
            Fit::No(misfit) if plain.kinds.within(Kinds::OBJECT) || plain.kinds.within(Kinds::ARRAY) => Fit::No(misfit),
            Fit::No(misfit) | Fit::Maybe(misfit) => Fit::Maybe(misfit),
            Fit::Yes if !plain.kinds.within(takes) || !kinds.has(Kinds::FLOAT) && plain.kinds.has(Kinds::FLOAT) => {
                Fit::Maybe(misfit(&plain))
            }
            Fit::Yes => Fit::Yes,
        }
    }

    fn inside_fits(&self, ty: &Type, path: &str) -> Fit {
        let mut worst = Fit::Yes;
        if let (Some(properties), true) = (&ty.properties, self.kinds.has(Kinds::OBJECT)) {
            let fields = self.fields();
            for (name, property) in properties {
                let found = fields.get(name);
                let given = if property.is_required() { found } else { found.without(Kinds::NULL) };
                worst = worst.worse(given.fits_at(property, &below(path, name)));
            }
        }
        if let (Some(items), true) = (&ty.items, self.kinds.has(Kinds::ARRAY)) {
            // There may be no items at all.
            worst = worst.worse(match self.items().fits_at(items, &format!("{path}[]")) {
                Fit::No(misfit) => Fit::Maybe(misfit),
                fit => fit,
            });
        }
        worst
    }
}

impl Fit {
    fn worse(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::No(_), _) | (_, Self::Yes) => self,
            (_, Self::No(_)) | (Self::Yes, _) => other,
            (Self::Maybe(_), Self::Maybe(_)) => self,
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

const fn accepted(kind: TypeKind) -> Kinds {
    match kind {
        TypeKind::String | TypeKind::Date => Kinds::TEXT,
        TypeKind::Number => Kinds::NUMBER,
        TypeKind::Integer => Kinds::INTEGER,
        TypeKind::Boolean => Kinds::BOOLEAN,
        TypeKind::Object => Kinds::OBJECT,
        TypeKind::Array => Kinds::ARRAY,
        TypeKind::Any => Kinds::ANY,
    }
}
