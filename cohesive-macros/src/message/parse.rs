//! A struct as an event or an effect.

use cohesive_core::diagnostic::Diagnostic;
use cohesive_core::model::{Allowance, At, Policy};
use proc_macro2::{Span, TokenStream};
use syn::{Fields, Ident, ItemStruct, Type};

use super::{Kind, policy};
use crate::allow::{self, ALLOW};
use crate::attr::{self, Arguments, Shape};
use crate::constraint::{self, CONSTRAINTS, Constraint, Within};
use crate::name;
use crate::report::Report;

/// What the struct says.
pub(crate) struct Message {
    pub(crate) item: ItemStruct,
    pub(crate) kind: Kind,
    pub(crate) docs: String,
    pub(crate) members: Vec<Member>,
    /// The type of the reply, for an effect.
    pub(crate) reply: Option<Type>,
    /// How it is performed, for an effect.
    pub(crate) policy: Policy,
    /// The findings that its author allows.
    pub(crate) allowances: Vec<Allowance>,
    pub(crate) at: At,
    pub(crate) derived: Vec<String>,
}

/// What a member says.
pub(crate) struct Member {
    pub(crate) ident: Ident,
    pub(crate) name: &'static str,
    pub(crate) wire: String,
    pub(crate) docs: String,
    pub(crate) ty: Type,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) personal: bool,
    /// Whether it tells the records of one list apart.
    pub(crate) id: bool,
}

/// What kind of members are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Those of an event or an effect.
    Message,
    /// Those of a record.
    Record,
}

pub(crate) fn message(
    report: &mut Report,
    kind: Kind,
    arguments: TokenStream,
    item: TokenStream,
) -> Option<Message> {
    let attribute = if kind == Kind::Event { "event" } else { "effect" };
    let mut item: ItemStruct = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => {
            let message = format!("`#[{attribute}]` belongs on a struct with named members");
            let help = format!("write `#[{attribute}] pub struct OrderPlaced {{ pub order_id: OrderId }}`");
            report.error_with_help("COH0005", error.span(), message, help);
            return None;
        }
    };
    let permitted = if kind == Kind::Event { &[ALLOW] } else { policy::EFFECT };
    let arguments = Arguments::read(report, attribute, permitted, arguments, Span::call_site());
    if attr::generic(report, &item.generics, &format!("an {attribute}")) {
        return None;
    }
    let reply = reply(report, kind, &item, &arguments);
    let (policy, allowances) = (policy::read(report, &arguments), allow::all(report, &arguments));
    let members = if let Fields::Named(named) = &mut item.fields {
        members(report, named, Of::Message)
    } else {
        let help = format!("write `pub struct {} {{ … }}`, with `{{}}` for no members", item.ident);
        report.error_with_help(
            "COH0005",
            item.ident.span(),
            format!("the members of an {attribute} have names"),
            help,
        );
        Vec::new()
    };
    let derived = super::derived(&item.attrs);
    let personal = members.iter().any(|member| member.personal);
    attr::personal_debug(report, &item, &derived, personal);
    let (docs, at) = (attr::docs(&item.attrs), report.at(item.ident.span()));
    Some(Message { item, kind, docs, members, reply, policy, allowances, at, derived })
}

fn reply(report: &mut Report, kind: Kind, item: &ItemStruct, arguments: &Arguments) -> Option<Type> {
    if kind == Kind::Effect && !arguments.has("reply") {
        let at = report.at(item.ident.span());
        report.push(
            Diagnostic::error(
                "COH0303",
                at,
                format!("effect `{}` does not say what is answered", item.ident),
            )
            .note("whoever asks for an effect is owed one reply or one failure")
            .help("write `#[effect(reply = Nothing)]`, or the type of the reply"),
        );
    }
    arguments.ty("reply").cloned()
}

/// The named members of a message or a record.
pub(crate) fn members(report: &mut Report, named: &mut syn::FieldsNamed, of: Of) -> Vec<Member> {
    attr::once(report, named, "member");
    let mut members: Vec<Member> = Vec::new();
    for field in &mut named.named {
        let Some(ident) = field.ident.clone() else { continue };
        let name = name::of(&ident);
        let span = ident.span();
        // Where there are too many conditions, that was said already.
        attr::take(&mut field.attrs, "cfg");
        let wire = attr::wire(report, &mut field.attrs);
        let docs = attr::docs(&field.attrs);
        let wire = wire.unwrap_or_else(|| name.to_owned());
        if members.iter().any(|member| member.wire == wire) {
            report.error_with_help(
                "COH0112",
                span,
                format!("two members have the same wire name `{wire}`"),
                "give one of them another name",
            );
        }
        let id = of == Of::Record && attr::marker(report, &mut field.attrs, "id").is_some();
        if id && members.iter().any(|member| member.id) {
            let message = "a record has one id";
            report.error_with_help("COH0102", span, message, "keep `#[id]` on one member");
        }
        let Settings { constraints, personal } = settings(report, &mut field.attrs, name, of);
        members.push(Member { name, wire, docs, ty: field.ty.clone(), constraints, personal, id, ident });
    }
    members
}

/// What `#[field(…)]` says of a member or a parameter.
pub(crate) struct Settings {
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) personal: bool,
}

/// Takes `#[field(…)]` off a member or a parameter.
pub(crate) fn settings(
    report: &mut Report,
    attributes: &mut Vec<syn::Attribute>,
    name: &str,
    of: Of,
) -> Settings {
    let constrained = [("pii", Shape::Flag), CONSTRAINTS[0], CONSTRAINTS[1], CONSTRAINTS[2], CONSTRAINTS[3]];
    let permitted = match of {
        Of::Message => &constrained[..1],
        Of::Record => &constrained[..],
    };
    let (tokens, within) = attr::field_tokens(report, attributes);
    let arguments = Arguments::read(report, "field", permitted, tokens, within);
    Settings {
        constraints: constraint::read(report, &arguments, name, Within::Record),
        personal: arguments.has("pii"),
    }
}
