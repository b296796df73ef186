//! The input that the end of an effect means.

use serde_json::{Map, Value as Json};

use crate::model::{Ending, Message, Source, Transition};

/// The input of `transition`, as a JSON object, when `effect` ends like this with `end`: the reply as JSON, or the text of
/// what went wrong. `request` is the payload of the request.
///
/// Values go by [`Ending::source`], and members by their names on the wire. What is absent stays out, and is reported where
/// the input is read; in a model that is sound, nothing that is required is absent.
#[must_use]
pub fn answered(
    ending: Ending,
    effect: &Message,
    transition: &Transition,
    end: &Json,
    request: &Json,
) -> Map<String, Json> {
    let value = |source| match source {
        Source::Reply(_) | Source::Error => Some(end.clone()),
        Source::ReplyMember(member) => end.get(member.wire).cloned(),
        Source::RequestMember(member) => request.get(member.wire).cloned(),
    };
    let parameters = transition.parameters.iter();
    let filled = parameters.filter_map(|parameter| {
        let source = ending.source(effect, transition, parameter)?;
        Some((parameter.name.to_owned(), value(source)?))
    });
    filled.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::answered;
    use crate::model::{
        At, Ending, Kind, Member, Message, Parameter, Policy, RecordType, Role, Transition, Type,
    };

    const AT: At = At(0);
    const RECEIPT: RecordType = RecordType::new(
        "Receipt",
        &[
            Member { wire: "no", ..Member::new("number", Type::Int64, AT) },
            Member::new("sum", Type::Decimal, AT),
        ],
    );
    const SETTLE: Transition = Transition {
        parameters: &[
            Parameter::new("number", Type::Int64, AT),
            Parameter::new("order", Type::Text, AT),
            Parameter::new("error", Type::Optional(&Type::Text), AT),
        ],
        ..Transition::new("settle", "SettleOrder", Kind::Update, AT)
    };

    const REQUEST: &[Member] = &[Member { wire: "order_no", ..Member::new("order", Type::Text, AT) }];

    fn input(ending: Ending, reply: Option<Type>, end: &Json) -> Json {
        let effect = Message {
            name: "Charge",
            docs: "",
            file: "",
            role: Role::Request { reply, policy: Policy::UNDECLARED },
            members: REQUEST,
            allowances: &[],
            at: AT,
        };
        answered(ending, &effect, &SETTLE, end, &json!({ "order_no": "O-1", "number": 5 })).into()
    }

    /// Names on the wire are those of the members, and what has another name there is not taken.
    #[test]
    fn members_are_found_by_their_names_on_the_wire() {
        let record = Some(Type::Record(&RECEIPT));
        assert_eq!(
            input(Ending::Reply, record, &json!({ "no": 7, "sum": "1.50" })),
            json!({ "number": 7, "order": "O-1" })
        );
        assert_eq!(input(Ending::Reply, record, &json!({ "number": 7 })), json!({ "order": "O-1" }));
        assert_eq!(
            input(Ending::Failure, record, &json!("no money")),
            json!({ "order": "O-1", "error": "no money" })
        );
        assert_eq!(input(Ending::Reply, None, &Json::Null), json!({ "order": "O-1" }));
    }
}
