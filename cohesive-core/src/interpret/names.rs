//! What the names of a model stand for: types that can be reached from it, and constants of its code.

use std::collections::BTreeMap;

use regex_lite::Regex;

use crate::kernel::Constant;
use crate::model::{self, Constraint, EnumType, IdType, RecordType, Role, Rule, Type};
use crate::value::constraint::whole;

use super::{Content, Stop};

/// Types by name, and constants by the path that the code writes.
#[derive(Debug, Default)]
pub(super) struct Names {
    choices: Vec<&'static EnumType>,
    records: Vec<&'static RecordType>,
    ids: Vec<&'static IdType>,
    patterns: BTreeMap<&'static str, Option<Regex>>,
    structure: BTreeMap<&'static str, Content>,
    behaviour: BTreeMap<&'static str, Content>,
}

/// Where an expression stands. The two items may be in different modules, where one path names different constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the declaration of the entity.
    Structure,
    /// In the block of its transitions.
    Behaviour,
    /// In a type that a field has, whose module nobody knows.
    Elsewhere,
}

impl Names {
    pub(super) fn of(entity: &model::Entity) -> Self {
        let mut names = Self::default();
        for field in entity.structure.fields {
            names.reach(&field.ty);
            names.compile(field.constraints);
        }
        for parameter in entity.transitions.iter().flat_map(|transition| transition.parameters) {
            names.reach(&parameter.ty);
            names.compile(parameter.constraints);
        }
        for message in entity.messages {
            for member in message.members {
                names.reach(&member.ty);
                names.compile(member.constraints);
            }
            if let Role::Request { reply: Some(reply), .. } = &message.role {
                names.reach(reply);
            }
        }
        names
    }

    fn reach(&mut self, ty: &Type) {
        match ty {
            Type::Optional(inner) | Type::List(inner) | Type::Set(inner) => self.reach(inner),
            Type::Enum(choice) if !self.choices.contains(choice) => self.choices.push(choice),
            Type::Id(id) => {
                if !self.ids.contains(id) {
                    self.ids.push(id);
                }
                self.reach(&id.inner);
            }
            Type::Record(record) if !self.records.contains(record) => {
                self.records.push(record);
                for member in record.members {
                    self.reach(&member.ty);
                    self.compile(member.constraints);
                }
            }
            _ => {}
        }
    }

    fn compile(&mut self, constraints: &[Constraint]) {
        for constraint in constraints {
            if let Rule::Pattern(source) = constraint.rule {
                self.patterns.entry(source).or_insert_with(|| whole(source).ok());
            }
        }
    }

    /// Whether the whole of a text matches a regular expression.
    pub(super) fn matches(&self, source: &str, text: &str) -> Result<bool, Stop> {
        let pattern = self.patterns.get(source).and_then(Option::as_ref);
        let pattern = pattern.ok_or_else(|| Stop::opaque(format!("the pattern `{source}`")))?;
        Ok(pattern.is_match(text))
    }

    /// Takes note of a constant.
    pub(super) fn constant(&mut self, place: Place, path: &'static str, shown: Option<Constant>) {
        let value = match shown {
            Some(Constant::Value(ty, datum)) => Content::from_datum(&ty, &datum).ok(),
            Some(Constant::Size(size)) => Some(Content::Size(size)),
            None => None,
        };
        let known = match place {
            Place::Structure => &mut self.structure,
            Place::Behaviour => &mut self.behaviour,
            Place::Elsewhere => return,
        };
        known.extend(value.map(|value| (path, value)));
    }

    /// Every constant that is known.
    pub(super) fn constants(&self) -> impl Iterator<Item = &Content> {
        self.structure.values().chain(self.behaviour.values())
    }

    /// What a path stands for.
    pub(super) fn path(&self, place: Place, path: &str) -> Result<Content, Stop> {
        let constant = match place {
            Place::Structure => self.structure.get(path),
            Place::Behaviour => self.behaviour.get(path),
            Place::Elsewhere => None,
        };
        if let Some(known) = constant.cloned().or_else(|| self.choice(path)) {
            return Ok(known);
        }
        if matches!(path, "None" | "Option::None") {
            return Ok(Content::Absent);
        }
        Err(Stop::opaque(format!("the constant `{path}`")))
    }

    /// The variant that a path names. Two types of one name that both have it are not told apart.
    fn choice(&self, path: &str) -> Option<Content> {
        let mut segments = path.rsplit("::");
        let (variant, name) = (segments.next()?, segments.next()?);
        let mut found =
            self.choices.iter().filter(|choice| choice.name == name && choice.variant(variant).is_some());
        match (found.next(), found.next()) {
            (Some(choice), None) => Content::variant(choice, variant),
            _ => None,
        }
    }

    /// The record type that a path names.
    pub(super) fn record(&self, path: &str) -> Option<&'static RecordType> {
        let name = path.rsplit("::").next()?;
        let mut found = self.records.iter().filter(|record| record.name == name);
        found.next().filter(|_| found.next().is_none()).copied()
    }

    /// The identifier type that a path names.
    pub(super) fn id(&self, path: &str) -> Option<&'static IdType> {
        let name = path.rsplit("::").next()?;
        self.ids.iter().find(|id| id.name == name).copied()
    }
}
