//! From JSON text to an input, and what to say when that is not possible.
//!
//! The reasons come from the model, never from the reader: the reader quotes what it found, and a value that was
//! sent does not belong into a problem document, which ends up in logs (H14).

use cohesive_core::kernel::Input;
use cohesive_core::model::{Parameter, Type};
use cohesive_core::suggest::nearest;
use cohesive_core::value::Flaw;
use serde_json::Value as Json;
use serde_path_to_error::Segment;

/// Why a call could not even become an input.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Unreadable {
    /// The body is not JSON.
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    /// The body is JSON, and not of the input's shape.
    #[error("{}{reason}", place(.path))]
    Shape {
        /// Where in the body, for example `partner_id` or `lines[2].amount`; empty for the body itself.
        path: String,
        /// What is wrong there. Names members and types, and never a value that was sent.
        reason: String,
    },
    /// The id cannot be one.
    #[error("the id is not usable: {0}")]
    Id(Flaw),
}

impl Unreadable {
    /// A type, in words for a caller: what was expected where something else was sent.
    #[must_use]
    pub fn expected(ty: &Type) -> String {
        words(ty)
    }
}

fn place(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("`{path}`: ") }
}

/// An input from JSON text. An empty body stands for an input without parameters.
pub(super) fn read<I: Input>(body: &[u8]) -> Result<I, Unreadable> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let body = if first.is_none() { b"{}".as_slice() } else { body };
    if first == Some(&b'[') {
        // The reader would take a list for the members in order, which is nobody's contract.
        return Err(Unreadable::Shape { path: String::new(), reason: "expected a JSON object".to_owned() });
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let input = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        if error.inner().is_data() {
            shape(I::TRANSITION.parameters, error.path().iter(), &error.inner().to_string())
        } else {
            Unreadable::NotJson(error.inner().to_string())
        }
    })?;
    deserializer.end().map_err(|error| Unreadable::NotJson(error.to_string()))?;
    if I::TRANSITION.parameters.iter().any(|parameter| has_record(&parameter.ty)) {
        // The same holds for records within the input.
        let sent: Json =
            serde_json::from_slice(body).map_err(|error| Unreadable::NotJson(error.to_string()))?;
        for parameter in I::TRANSITION.parameters {
            objects(&parameter.ty, parameter.name.to_owned(), sent.get(parameter.name))?;
        }
    }
    Ok(input)
}

fn has_record(ty: &Type) -> bool {
    match ty {
        Type::Record(_) => true,
        Type::Optional(inner) | Type::List(inner) | Type::Set(inner) => has_record(inner),
        _ => false,
    }
}

/// Refuses a list where a record belongs.
fn objects(ty: &Type, path: String, sent: Option<&Json>) -> Result<(), Unreadable> {
    match (ty, sent) {
        (Type::Optional(inner), _) => objects(inner, path, sent),
        (Type::List(element) | Type::Set(element), Some(Json::Array(items))) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| objects(element, format!("{path}[{index}]"), Some(item))),
        (Type::Record(record), Some(Json::Object(members))) => {
            let mut each = record.members.iter();
            each.try_for_each(|member| {
                objects(&member.ty, format!("{path}.{}", member.wire), members.get(member.wire))
            })
        }
        (Type::Record(_), Some(Json::Array(_))) => {
            Err(Unreadable::Shape { path, reason: format!("expected {}", words(ty)) })
        }
        _ => Ok(()),
    }
}

/// What the reader stood in front of.
#[derive(Clone, Copy)]
enum Place {
    /// The input itself.
    Input(&'static [Parameter]),
    /// A value of this type.
    Value(Type),
    /// Something the model does not describe.
    Elsewhere,
}

impl Place {
    /// The members that may stand here; `None` where it is no object.
    fn members(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Input(parameters) => Some(parameters.iter().map(|parameter| parameter.name).collect()),
            Self::Value(Type::Record(record)) => {
                Some(record.members.iter().map(|member| member.wire).collect())
            }
            Self::Value(_) | Self::Elsewhere => None,
        }
    }

    fn member(self, name: &str) -> Option<Type> {
        match self {
            Self::Input(parameters) => {
                parameters.iter().find(|parameter| parameter.name == name).map(|parameter| parameter.ty)
            }
            Self::Value(Type::Record(record)) => {
                record.members.iter().find(|member| member.wire == name).map(|member| member.ty)
            }
            Self::Value(_) | Self::Elsewhere => None,
        }
    }

    fn words(self) -> String {
        match self {
            Self::Input(_) => "a JSON object".to_owned(),
            Self::Value(ty) => words(&ty),
            Self::Elsewhere => "a value that fits".to_owned(),
        }
    }
}

/// The flaw of a body, from where the reader stopped and what it said.
fn shape<'a>(
    parameters: &'static [Parameter],
    segments: impl Iterator<Item = &'a Segment>,
    said: &str,
) -> Unreadable {
    let mut path = String::new();
    let mut place = Place::Input(parameters);
    let mut unknown = None;
    for segment in segments {
        let inner = match place {
            Place::Value(ty) => Place::Value(*ty.required()),
            other => other,
        };
        place = match (segment, inner) {
            (Segment::Seq { index }, Place::Value(Type::List(element) | Type::Set(element))) => {
                path = format!("{path}[{index}]");
                Place::Value(*element)
            }
            (Segment::Map { key }, holder) => {
                let Some(ty) = holder.member(key) else {
                    unknown = Some(key.as_str());
                    break;
                };
                path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                Place::Value(ty)
            }
            _ => Place::Elsewhere,
        };
    }
    if let Place::Value(ty) = place {
        place = Place::Value(*ty.required());
    }
    Unreadable::Shape { path, reason: reason(place, unknown, said) }
}

/// What to say about a place. `said` tells only which of the few kinds of flaw it is.
fn reason(place: Place, unknown: Option<&str>, said: &str) -> String {
    let members = place.members().unwrap_or_default();
    for (start, what) in [("missing field", "is missing"), ("duplicate field", "is there twice")] {
        if said.starts_with(start)
            && let Some(name) = members.iter().find(|name| said.starts_with(&format!("{start} `{name}`")))
        {
            return format!("`{name}` {what}");
        }
    }
    if said.starts_with("unknown field")
        && let Some(name) = unknown.or_else(|| said.split('`').nth(1))
    {
        let shown: String = name.chars().take(64).collect();
        return match nearest(name, members.iter().copied()) {
            Some(meant) => format!("there is no member `{shown}`; did you mean `{meant}`?"),
            None if members.is_empty() => format!("there is no member `{shown}`; there are none"),
            None => format!("there is no member `{shown}`; there are `{}`", members.join("`, `")),
        };
    }
    format!("expected {}", place.words())
}

/// A type, in words for a caller.
fn words(ty: &Type) -> String {
    match ty {
        Type::Bool => "`true` or `false`".to_owned(),
        Type::Int32 => "a whole number of 32 bits".to_owned(),
        Type::Int64 => "a whole number of 64 bits".to_owned(),
        Type::UInt32 => "a whole number from 0 to 4294967295".to_owned(),
        Type::Decimal => "a decimal number as text, such as `\"12.50\"`".to_owned(),
        Type::Text => "text without U+0000".to_owned(),
        Type::Bytes => "base64 text with padding (RFC 4648)".to_owned(),
        Type::Timestamp => {
            "an instant such as `2026-03-01T12:00:00Z`, with at most six fractional digits".to_owned()
        }
        Type::Date => "a date such as `2026-03-01`".to_owned(),
        Type::Uuid => "a UUID".to_owned(),
        Type::Id(id) => match id.inner {
            Type::Text => {
                "an identifier: text of at most 255 bytes, not blank and without control characters"
                    .to_owned()
            }
            other => format!("an identifier: {}", words(&other)),
        },
        Type::Enum(names) => {
            let names: Vec<&str> = names.variants.iter().map(|variant| variant.wire).collect();
            format!("one of `{}`", names.join("`, `"))
        }
        Type::Record(record) => format!("an object of the shape `{}`", record.name),
        Type::Optional(inner) => format!("{}, or null", words(inner)),
        Type::List(_) => "a list".to_owned(),
        Type::Set(_) => "a list of distinct values".to_owned(),
        Type::Duration => "a length of time such as `PT1H30M`".to_owned(),
        Type::Currency => "a currency such as `EUR` (ISO 4217)".to_owned(),
        Type::Opaque => "any JSON value".to_owned(),
        Type::Named(name) => format!("a `{name}`"),
    }
}

#[cfg(test)]
mod tests {
    use cohesive_core::model::{At, Member, Parameter, RecordType, Type};
    use serde::Deserialize;

    use super::{Unreadable, shape};

    const LINE: RecordType = RecordType {
        name: "Line",
        docs: "",
        members: &[Member::new("amount", Type::Int32, At(0))],
        id: None,
    };
    const fn parameter(name: &'static str, ty: Type) -> Parameter {
        Parameter::new(name, ty, At(0))
    }

    const PARAMETERS: &[Parameter] = &[
        parameter("partner_id", Type::Text),
        parameter("lines", Type::Optional(&Type::List(&Type::Record(&LINE)))),
    ];

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape counts")]
    struct Sent {
        partner_id: String,
        lines: Option<Vec<Line>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape counts")]
    struct Line {
        amount: i32,
    }

    fn said(body: &str) -> String {
        let mut reader = serde_json::Deserializer::from_str(body);
        let error = serde_path_to_error::deserialize::<_, Sent>(&mut reader).unwrap_err();
        shape(PARAMETERS, error.path().iter(), &error.inner().to_string()).to_string()
    }

    // H14
    #[test]
    fn a_flaw_names_its_place_and_never_what_was_sent() {
        let secret = r#"{"partner_id":"p","lines":[{"amount":"the secret"}]}"#;
        assert_eq!(said(secret), "`lines[0].amount`: expected a whole number of 32 bits");
        assert_eq!(said(r#"{"partner_id":5}"#), "`partner_id`: expected text without U+0000");
        assert_eq!(said("{}"), "`partner_id` is missing");
        assert_eq!(said("7"), "expected a JSON object");
        assert_eq!(said(r#"{"partner_id":"p","lines":5}"#), "`lines`: expected a list");
    }

    #[test]
    fn a_wrong_member_is_named_with_its_neighbour() {
        assert_eq!(
            said(r#"{"partnerid":"p"}"#),
            "there is no member `partnerid`; did you mean `partner_id`?"
        );
        assert_eq!(
            said(r#"{"partner_id":"p","zzz":1}"#),
            "there is no member `zzz`; there are `partner_id`, `lines`"
        );
        assert_eq!(said(r#"{"partner_id":"p","partner_id":"q"}"#), "`partner_id` is there twice");
        let inner = r#"{"partner_id":"p","lines":[{"amout":1}]}"#;
        assert_eq!(said(inner), "`lines[0]`: there is no member `amout`; did you mean `amount`?");
    }

    #[test]
    fn a_place_reads_well() {
        let flaw = Unreadable::Shape { path: String::new(), reason: "expected a JSON object".to_owned() };
        assert_eq!(flaw.to_string(), "expected a JSON object");
    }
}
