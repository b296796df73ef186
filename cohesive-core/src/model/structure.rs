//! What an entity is made of.

use super::{Allowance, At, Constraint, EnumType, Expr, Merge, Type};

/// The fields of an entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Structure {
    /// The entity's name. It stays the same when the Rust type is renamed with `#[entity(name = "…")]`.
    pub name: &'static str,
    /// The name of the table and the stem of codes, for example `tender`.
    pub table: &'static str,
    /// The path segment of its collection, for example `tenders`.
    pub plural: &'static str,
    /// What it is, in the words of its author.
    pub docs: &'static str,
    /// The file that declares it.
    pub file: &'static str,
    /// The fields, in the order they were written. The position of a field is its column index.
    pub fields: &'static [Field],
    /// Warnings that its author allows, with reasons.
    pub allowances: &'static [Allowance],
    /// Where the name stands.
    pub at: At,
}

impl Structure {
    /// The field called `name` in code.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The position of the field called `name` in code.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The field that identifies the entity.
    #[must_use]
    pub fn id(&self) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.role == FieldRole::Id)
    }

    /// The field that holds the lifecycle state, with the states.
    #[must_use]
    pub fn lifecycle(&self) -> Option<(&'static Field, &'static EnumType)> {
        self.fields.iter().find_map(|field| match (field.role, field.ty) {
            (FieldRole::Lifecycle, Type::Enum(states)) => Some((field, states)),
            _ => None,
        })
    }
}

/// One field of an entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// The name in code.
    pub name: &'static str,
    /// The name that is stored and sent; by default the name in code.
    pub wire: &'static str,
    /// What it is, in the words of its author.
    pub docs: &'static str,
    /// Its type. Presence and cardinality follow from it.
    pub ty: Type,
    /// What part it plays.
    pub role: FieldRole,
    /// Who may set it, and when.
    pub mutability: Mutability,
    /// The value it has when a creation leaves it out.
    pub default: Option<Expr>,
    /// Whether no two entities may share a value.
    pub unique: bool,
    /// Whether lists may be filtered by it.
    pub index: bool,
    /// What its value has to be like, in the order it was written.
    pub constraints: &'static [Constraint],
    /// The entity whose id it holds. Whether that entity exists is not checked: it may live elsewhere.
    pub references: Option<&'static str>,
    /// Whether it tells something about a person.
    pub personal: bool,
    /// Names that it was stored and sent under before. They are still read.
    pub aliases: &'static [&'static str],
    /// How two values become one; `None` for a field that transitions assign.
    pub merge: Option<Merge>,
    /// Warnings that its author allows, with reasons.
    pub allowances: &'static [Allowance],
    /// Where the name stands.
    pub at: At,
}

impl Field {
    /// A mutable data field without further settings, sent under its own name.
    #[must_use]
    pub const fn new(name: &'static str, ty: Type, at: At) -> Self {
        Self {
            name,
            wire: name,
            docs: "",
            ty,
            role: FieldRole::Data,
            mutability: Mutability::Mutable,
            default: None,
            unique: false,
            index: false,
            constraints: &[],
            references: None,
            personal: false,
            aliases: &[],
            merge: None,
            allowances: &[],
            at,
        }
    }

    /// Whether a creation has to supply a value.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        !matches!(self.ty, Type::Optional(_) | Type::List(_) | Type::Set(_))
            && self.default.is_none()
            && !matches!(self.mutability, Mutability::Computed(_))
            && !matches!(self.role, FieldRole::Lifecycle)
    }

    /// Whether lists may be filtered by it: indexed, unique, a reference, or the lifecycle state.
    #[must_use]
    pub const fn is_filter(&self) -> bool {
        self.index || self.unique || self.references.is_some() || matches!(self.role, FieldRole::Lifecycle)
    }
}

/// What part a field plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldRole {
    /// It identifies the entity and never changes.
    Id,
    /// It holds the lifecycle state; transitions move it along declared edges only.
    Lifecycle,
    /// It holds the versions at which the other fields changed last, and is kept without anybody assigning it.
    FieldVersions,
    /// It holds data.
    Data,
}

/// Who may set a field, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mutability {
    /// Any transition may set it.
    Mutable,
    /// It may be set while it is absent, and never again, not even to an equal value.
    WriteOnce,
    /// It follows from other fields and is never assigned.
    Computed(Expr),
}
