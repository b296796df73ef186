//! A struct as the structure of an entity.

use cohesive_core::diagnostic::Diagnostic;
use cohesive_core::model::{Allowance, At, Expr, FieldRole, Merge};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Fields, Ident, ItemStruct, Type, Visibility};

use super::naming;
use crate::allow::{self, ALLOW};
use crate::attr::{self, Arguments, Shape};
use crate::body::{Lowered, Scope};
use crate::constraint::{self, CONSTRAINTS, Constraint, Within};
use crate::name;
use crate::report::Report;

/// What the struct says.
pub(crate) struct Entity {
    /// The struct, without our attributes on its fields.
    pub(crate) item: ItemStruct,
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) plural: String,
    pub(crate) docs: String,
    pub(crate) fields: Vec<Field>,
    /// Names of traits that the user derives already.
    pub(crate) derived: Vec<String>,
    /// The findings that its author allows.
    pub(crate) allowances: Vec<Allowance>,
}

/// What a field says.
#[expect(clippy::struct_excessive_bools, reason = "each is a word that stands on the field or does not")]
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) ty: Type,
    pub(crate) name: &'static str,
    pub(crate) wire: String,
    pub(crate) docs: String,
    pub(crate) role: FieldRole,
    pub(crate) write_once: bool,
    pub(crate) unique: bool,
    pub(crate) index: bool,
    pub(crate) constraints: Vec<Constraint>,
    /// The entity whose id it holds.
    pub(crate) references: Option<syn::Path>,
    pub(crate) personal: bool,
    pub(crate) aliases: Vec<String>,
    pub(crate) merge: Option<(Merge, Span)>,
    pub(crate) default: Option<Rule>,
    pub(crate) computed: Option<Rule>,
    /// The findings that its author allows.
    pub(crate) allowances: Vec<Allowance>,
    pub(crate) at: At,
}

/// An expression of a field, as model data and as code, with the code that fetches what it reads.
pub(crate) struct Rule {
    pub(crate) model: Expr,
    pub(crate) observations: TokenStream,
    pub(crate) tokens: TokenStream,
}

const ENTITY: &[(&str, Shape)] =
    &[("name", Shape::Value), ("table", Shape::Value), ("plural", Shape::Value), ALLOW];

const FIELD: &[(&str, Shape)] = &[
    ("write_once", Shape::Flag),
    ("unique", Shape::Flag),
    ("index", Shape::Flag),
    ("pii", Shape::Flag),
    ("wire", Shape::Value),
    ("alias", Shape::Values),
    ("default", Shape::Value),
    ("computed", Shape::Value),
    ("merge", Shape::Value),
    ("references", Shape::Call),
    CONSTRAINTS[0],
    CONSTRAINTS[1],
    CONSTRAINTS[2],
    CONSTRAINTS[3],
    ALLOW,
];

pub(crate) fn entity(report: &mut Report, arguments: TokenStream, item: TokenStream) -> Option<Entity> {
    let mut item: ItemStruct = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => {
            let message = "`#[entity]` belongs on a struct with named fields";
            let help = "write `pub struct Order { #[id] pub id: OrderId }`";
            report.error_with_help("COH0005", error.span(), message, help);
            return None;
        }
    };
    let arguments = Arguments::read(report, "entity", ENTITY, arguments, Span::call_site());
    if attr::generic(report, &item.generics, "an entity") {
        return None;
    }
    let Fields::Named(named) = &mut item.fields else {
        report.error_with_help(
            "COH0005",
            item.ident.span(),
            "the fields of an entity have names",
            format!("write `pub struct {} {{ … }}`", item.ident),
        );
        return None;
    };
    let own = name::of(&item.ident).to_owned();
    let name = arguments.text(report, "name").map_or_else(|| own.clone(), |(name, _)| name);
    let table = naming::identifier(report, &arguments, "table", name::snake(&name));
    let plural = naming::identifier(report, &arguments, "plural", name::plural(&table.replace('_', "-")));
    attr::once(report, named, "field");
    let mut fields: Vec<Field> = named.named.iter_mut().map(|field| read_field(report, field)).collect();
    compute(report, &mut fields);
    whole(report, &item.ident, &fields);
    demote(&mut fields);
    let docs = attr::docs(&item.attrs);
    let derived = crate::message::derived(&item.attrs);
    attr::personal_debug(report, &item, &derived, fields.iter().any(|field| field.personal));
    let allowances = allow::all(report, &arguments);
    Some(Entity { item, name, table, plural, docs, fields, derived, allowances })
}

fn read_field(report: &mut Report, field: &mut syn::Field) -> Field {
    let ident = field.ident.clone().unwrap_or_else(|| Ident::new("field", Span::call_site()));
    let name = name::of(&ident);
    // Where there are too many conditions, that was said already.
    attr::take(&mut field.attrs, "cfg");
    let id = attr::marker(report, &mut field.attrs, "id");
    let lifecycle = attr::marker(report, &mut field.attrs, "lifecycle");
    let versions = attr::marker(report, &mut field.attrs, "field_versions");
    let (tokens, within) = attr::field_tokens(report, &mut field.attrs);
    let arguments = Arguments::read(report, "field", FIELD, tokens, within);
    if let (Some(_), Some(span)) = (id, lifecycle) {
        let message = format!("`{name}` cannot be both the id and the lifecycle");
        report.error_with_help(
            "COH0106",
            span,
            message,
            "keep `#[id]`, and declare a field for the lifecycle",
        );
    }
    let role = match (id, lifecycle) {
        (Some(_), _) => FieldRole::Id,
        (None, Some(_)) => FieldRole::Lifecycle,
        (None, None) if versions.is_some() => FieldRole::FieldVersions,
        (None, None) => FieldRole::Data,
    };
    contradictions(report, name, role, &arguments);
    let wire = arguments.text(report, "wire");
    if let Some((wire, span)) = &wire {
        naming::check_wire(report, wire, *span);
    }
    let at = report.at(ident.span());
    let docs = attr::docs(&field.attrs);
    let default = match arguments.value("default") {
        Some(expr) => Some(default_rule(report, expr)),
        None => arguments.broken.then(Rule::unknown),
    };
    let aliases = arguments.texts(report, "alias");
    for (alias, span) in &aliases {
        naming::check_wire(report, alias, *span);
    }
    let constraints = constraint::read(report, &arguments, name, Within::Entity);
    if let (Some(rule), Some(value)) = (&default, arguments.value("default")) {
        constraint::default(report, name, &constraints, rule.model, value.span());
    }
    Field {
        constraints,
        references: references(report, &arguments),
        personal: arguments.has("pii"),
        aliases: aliases.into_iter().map(|(alias, _)| alias).collect(),
        merge: merge(report, &arguments),
        allowances: allow::all(report, &arguments),
        name,
        wire: wire.map_or_else(|| name.to_owned(), |(wire, _)| wire),
        docs,
        role,
        write_once: arguments.has("write_once"),
        unique: arguments.has("unique"),
        index: arguments.has("index"),
        default,
        computed: arguments.value("computed").map(Rule::unread),
        at,
        ty: field.ty.clone(),
        visibility: field.vis.clone(),
        ident,
    }
}

/// The entity in `references(Partner)`.
fn references(report: &mut Report, arguments: &Arguments) -> Option<syn::Path> {
    let (span, tokens) = arguments.calls("references").next()?;
    let read = syn::parse2(tokens);
    if read.is_err() {
        let help = "write `references(Partner)`";
        report.error_with_help("COH0004", span, "`references` needs the name of an entity", help);
    }
    read.ok()
}

/// The merge in `merge = max`.
fn merge(report: &mut Report, arguments: &Arguments) -> Option<(Merge, Span)> {
    let value = arguments.value("merge")?;
    let known = [Merge::Max, Merge::Min, Merge::Union];
    let named = match value {
        syn::Expr::Path(path) => known.into_iter().find(|merge| path.path.is_ident(merge.word())),
        _ => None,
    };
    if named.is_none() {
        let message = "there is no such merge";
        report.error_with_help("COH0004", value.span(), message, "write `max`, `min` or `union`");
    }
    named.map(|merge| (merge, value.span()))
}

/// Leaves each role to the first field that has it; the others were reported.
fn demote(fields: &mut [Field]) {
    for role in [FieldRole::Id, FieldRole::Lifecycle, FieldRole::FieldVersions] {
        for field in fields.iter_mut().filter(|field| field.role == role).skip(1) {
            field.role = FieldRole::Data;
        }
    }
}

impl Entity {
    /// Whether a field tells something about a person.
    pub(crate) fn is_personal(&self) -> bool {
        self.fields.iter().any(|field| field.personal)
    }

    /// Whether a field identifies it.
    pub(crate) fn has_id(&self) -> bool {
        self.fields.iter().any(|field| field.role == FieldRole::Id)
    }
}

impl Rule {
    /// Stands in for a rule that may have been meant, so that the field is not called required.
    fn unknown() -> Self {
        Self { model: Expr::List(&[]), observations: TokenStream::new(), tokens: TokenStream::new() }
    }

    /// An expression whose fields are not known yet; [`compute`] reads it.
    fn unread(expr: &syn::Expr) -> Self {
        Self { model: Expr::List(&[]), observations: TokenStream::new(), tokens: expr.to_token_stream() }
    }
}

fn default_rule(report: &mut Report, expr: &syn::Expr) -> Rule {
    let mut scope = Scope::new(report, false);
    let Lowered { model, tokens, .. } = scope.value(expr);
    Rule { model, observations: TokenStream::new(), tokens }
}

/// Reads the computed fields, once all fields are known.
fn compute(report: &mut Report, fields: &mut [Field]) {
    let computed: Vec<&'static str> =
        fields.iter().filter(|field| field.computed.is_some()).map(|field| field.name).collect();
    for field in fields.iter_mut() {
        let Some(rule) = &mut field.computed else { continue };
        let Ok(expr) = syn::parse2::<syn::Expr>(std::mem::take(&mut rule.tokens)) else { continue };
        let mut scope = Scope::new(report, true);
        let Lowered { model, tokens, .. } = scope.value(&expr);
        let observations = scope.observations(&crate::body::local("view"));
        let reads = std::mem::take(&mut scope.reads);
        for (read, span) in reads {
            if computed.contains(&read.as_str()) {
                report.error_with_help(
                    "COH0113",
                    span,
                    format!("the computed field `{}` cannot depend on another computed field", field.name),
                    format!("write out what `{read}` is computed from"),
                );
            }
        }
        *rule = Rule { model, observations, tokens };
    }
}

fn contradictions(report: &mut Report, name: &str, role: FieldRole, arguments: &Arguments) {
    let pairs = [
        ("computed", "default"),
        ("computed", "write_once"),
        ("computed", "merge"),
        ("write_once", "merge"),
        ("unique", "index"),
        ("unique", "merge"),
    ];
    for (one, other) in pairs {
        if let (true, Some(span)) = (arguments.has(one), arguments.span(other)) {
            let message = format!("`{name}` cannot be both `{one}` and `{other}`");
            report.error_with_help("COH0106", span, message, format!("leave out `{other}`"));
        }
    }
    let word = match role {
        FieldRole::Id => "id",
        FieldRole::Lifecycle => "lifecycle",
        FieldRole::FieldVersions => "field_versions",
        FieldRole::Data => return,
    };
    for argument in ["write_once", "unique", "index", "default", "computed", "merge", "references"] {
        if let Some(span) = arguments.span(argument) {
            let help = format!("leave out `{argument}`: the {word} field has its own rules");
            report.error_with_help("COH0106", span, format!("the {word} field cannot be `{argument}`"), help);
        }
    }
}

/// Rules about the fields together.
fn whole(report: &mut Report, entity: &Ident, fields: &[Field]) {
    if fields.is_empty() {
        report.error_with_help(
            "COH0104",
            entity.span(),
            format!("entity `{entity}` has no fields"),
            format!("give it an id at least: `#[id] pub id: {entity}Id`"),
        );
        return;
    }
    for (role, code, word) in [
        (FieldRole::Id, "COH0102", "id"),
        (FieldRole::Lifecycle, "COH0103", "lifecycle"),
        (FieldRole::FieldVersions, "COH0103", "field_versions"),
    ] {
        let mut with_role = fields.iter().filter(|field| field.role == role);
        if let (Some(first), Some(second)) = (with_role.next(), with_role.next()) {
            let message =
                format!("entity `{entity}` has two {word} fields, `{}` and `{}`", first.name, second.name);
            let help = format!("keep `#[{word}]` on one of them");
            report.push(Diagnostic::error(code, second.at, message).help(help));
        }
    }
    if !fields.iter().any(|field| field.role == FieldRole::Id) {
        let likely = fields.iter().find(|field| field.name.ends_with("id")).or_else(|| fields.first());
        let name = likely.map_or("id", |field| field.name);
        let at = report.at(entity.span());
        report.push(
            Diagnostic::error("COH0101", at, format!("entity `{entity}` has no id field"))
                .note("inputs, messages and rows all refer to an entity by its id")
                .help(format!("mark the field that identifies it, for example `#[id] pub {name}: …`")),
        );
    }
    naming::distinct(report, fields);
}
