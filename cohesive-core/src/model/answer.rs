//! How the end of an effect becomes the input of a transition.

use super::{Entity, Member, Message, Parameter, Policy, Role, Transition, Type};

/// How an effect ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It was performed, and there is a reply: the input is that of `then`.
    Reply,
    /// It failed for good: the input is that of `otherwise`.
    Failure,
}

/// Where a parameter of the transition that an effect ends in gets its value from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source {
    /// The reply as a whole.
    Reply(Type),
    /// A member of the reply. In JSON it has its name on the wire.
    ReplyMember(&'static Member),
    /// A member of the request. In JSON it has its name on the wire.
    RequestMember(&'static Member),
    /// The text of the failure.
    Error,
}

impl Source {
    /// The type of the value.
    #[must_use]
    pub const fn ty(&self) -> Type {
        match self {
            Self::Reply(ty) => *ty,
            Self::ReplyMember(member) | Self::RequestMember(member) => member.ty,
            Self::Error => Type::Text,
        }
    }

    /// Whether `parameter` can take the value: it has the type, or is an option of it.
    #[must_use]
    pub fn fits(&self, parameter: &Parameter) -> bool {
        parameter.ty == self.ty() || matches!(parameter.ty, Type::Optional(inner) if *inner == self.ty())
    }
}

impl Ending {
    /// Both endings, with the word of the policy.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Reply, "then"), (Self::Failure, "otherwise")];

    /// The transition that the policy names for this ending, for example `Tender::confirm`.
    #[must_use]
    pub const fn follower(self, policy: &Policy) -> Option<&'static str> {
        match self {
            Self::Reply => policy.then,
            Self::Failure => policy.otherwise,
        }
    }

    /// Where `parameter` of `transition` gets its value from when `effect` ends like this; nothing where neither the
    /// end nor the request has one of its name.
    ///
    /// A reply that is no record fills the only parameter, or else the only one whose name the request does not have.
    #[must_use]
    pub fn source(self, effect: &Message, transition: &Transition, parameter: &Parameter) -> Option<Source> {
        let request = || named(effect.members, parameter.name).map(Source::RequestMember);
        match (self, effect.role) {
            (Self::Failure, _) if parameter.name == "error" => Some(Source::Error),
            (Self::Reply, Role::Request { reply: Some(Type::Record(record)), .. }) => {
                named(record.members, parameter.name).map(Source::ReplyMember).or_else(request)
            }
            (Self::Reply, Role::Request { reply: Some(reply), .. }) => {
                let mut open = transition.parameters.iter();
                let alone = transition.parameters.len() == 1
                    || request().is_none()
                        && open
                            .all(|other| other == parameter || named(effect.members, other.name).is_some());
                if alone { Some(Source::Reply(reply)) } else { request() }
            }
            _ => request(),
        }
    }
}

fn named(members: &'static [Member], name: &str) -> Option<&'static Member> {
    members.iter().find(|member| member.name == name)
}

impl Entity {
    /// The update that a policy means by `path`, for example `Tender::confirm`: it names the type and the method.
    #[must_use]
    pub fn follower(&self, path: &str) -> Option<&'static Transition> {
        self.transitions.iter().find(|transition| transition.path().as_deref() == Some(path))
    }
}

impl Transition {
    /// The type and the method as an author writes them: `Tender::confirm`, of the transition `confirm` with the input
    /// `ConfirmTender`. The type may have another name than the entity.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        let method = crate::spelling::pascal(self.name);
        let plain = self.input.strip_prefix(&method);
        let ty = plain.or_else(|| self.input.strip_prefix("Some")?.strip_prefix(&method))?;
        Some(format!("{ty}::{}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Ending, Source};
    use crate::model::{At, Kind, Member, Message, Parameter, Policy, RecordType, Role, Transition, Type};

    const AT: At = At(0);
    const REQUEST: &[Member] = &[Member::new("order", Type::Text, AT), Member::new("sum", Type::Decimal, AT)];
    const RECEIPT: RecordType = RecordType::new(
        "Receipt",
        &[Member::new("number", Type::Int64, AT), Member::new("sum", Type::Int32, AT)],
    );

    fn effect(reply: Option<Type>) -> Message {
        Message {
            name: "Charge",
            docs: "",
            file: "",
            role: Role::Request { reply, policy: Policy::UNDECLARED },
            members: REQUEST,
            allowances: &[],
            at: AT,
        }
    }

    /// Where the parameters get their values from, in words.
    fn sources(ending: Ending, reply: Option<Type>, names: &[&'static str]) -> Vec<String> {
        let parameters: Vec<Parameter> =
            names.iter().map(|name| Parameter::new(name, Type::Text, AT)).collect();
        let parameters = parameters.leak();
        let transition =
            Transition { parameters, ..Transition::new("settle", "SettleOrder", Kind::Update, AT) };
        let word = |parameter: &Parameter| match ending.source(&effect(reply), &transition, parameter) {
            None => "nothing".to_owned(),
            Some(Source::Reply(_)) => "reply".to_owned(),
            Some(Source::ReplyMember(member)) => format!("reply.{}", member.name),
            Some(Source::RequestMember(member)) => format!("request.{}", member.name),
            Some(Source::Error) => "error".to_owned(),
        };
        parameters.iter().map(word).collect()
    }

    #[test]
    fn a_record_comes_before_the_request() {
        let reply = Some(Type::Record(&RECEIPT));
        let expected = ["reply.number", "reply.sum", "request.order", "nothing"];
        assert_eq!(sources(Ending::Reply, reply, &["number", "sum", "order", "error"]), expected);
    }

    #[test]
    fn another_reply_fills_the_one_parameter_that_is_left() {
        let reply = Some(Type::Int64);
        assert_eq!(sources(Ending::Reply, reply, &["number"]), ["reply"]);
        assert_eq!(sources(Ending::Reply, reply, &["sum"]), ["reply"]);
        assert_eq!(sources(Ending::Reply, reply, &["order", "number"]), ["request.order", "reply"]);
        assert_eq!(sources(Ending::Reply, reply, &["order", "sum"]), ["request.order", "request.sum"]);
        assert_eq!(sources(Ending::Reply, reply, &["number", "date"]), ["nothing", "nothing"]);
    }

    #[test]
    fn no_reply_and_a_failure_leave_the_request() {
        assert_eq!(sources(Ending::Reply, None, &["order", "number"]), ["request.order", "nothing"]);
        let reply = Some(Type::Record(&RECEIPT));
        let expected = ["request.sum", "error", "nothing"];
        assert_eq!(sources(Ending::Failure, reply, &["sum", "error", "number"]), expected);
    }

    #[test]
    fn a_value_fits_its_type_and_an_option_of_it() {
        const OPTION: Type = Type::Optional(&Type::Text);
        let fits = |ty| Source::Error.fits(&Parameter::new("error", ty, AT));
        assert!(fits(Type::Text) && fits(OPTION) && !fits(Type::Int32));
        assert!(!Source::Reply(OPTION).fits(&Parameter::new("error", Type::Text, AT)), "it may be absent");
    }

    #[test]
    fn a_path_is_that_of_the_type() {
        let path = |name, input| Transition::new(name, input, Kind::Update, AT).path();
        assert_eq!(path("confirm", "ConfirmOrder").as_deref(), Some("Order::confirm"));
        assert_eq!(path("_confirm", "SomeConfirmOrder").as_deref(), Some("Order::_confirm"));
        assert_eq!(path("confirm", "CloseOrder"), None);
    }
}
