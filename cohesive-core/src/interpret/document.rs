//! Named values: the fields of an entity, the parameters of an input, the members of a message.

use crate::kernel::{Payload, Structure};
use crate::model::{self, Member, Message, Parameter, Type};
use crate::value::Flaw;

use super::{Content, json};

/// Some named values, each once, in the order in which they came.
///
/// A field that is not in the document of a state was not observed, which differs from one that is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document(Vec<(&'static str, Content)>);

impl Document {
    /// No values.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value under `name`, if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Content> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Puts a value under `name`, in place of one that is there.
    pub fn set(&mut self, name: &'static str, value: Content) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// Takes the value under `name` out.
    pub fn remove(&mut self, name: &str) -> Option<Content> {
        let place = self.0.iter().position(|(known, _)| *known == name)?;
        Some(self.0.remove(place).1)
    }

    /// Whether there is no value.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Content)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// The values of this document, and where it has none, those of `earlier`.
    #[must_use]
    pub fn over(&self, earlier: &Self) -> Self {
        let mut whole = earlier.clone();
        for (name, value) in &self.0 {
            whole.set(name, value.clone());
        }
        whole
    }

    /// The fields that a patch of `E` has.
    ///
    /// # Errors
    /// When a field has no stored form, or one that the model does not describe.
    pub fn of_patch<E: Structure>(patch: &E::Patch) -> Result<Self, Flaw> {
        let mut document = Self::new();
        let mut flaw = None;
        let shown = E::encode(patch, &mut |column, datum| {
            let Some(field) = E::STRUCTURE.fields.get(column) else { return };
            match Content::from_datum(&field.ty, &datum) {
                Ok(value) => document.set(field.name, value),
                Err(wrong) => flaw = Some(wrong),
            }
        });
        match (shown, flaw) {
            (Err((_, flaw)), _) | (Ok(()), Some(flaw)) => Err(flaw),
            (Ok(()), None) => Ok(document),
        }
    }

    /// The same fields as a patch of `E`.
    ///
    /// # Errors
    /// When a value does not fit its field.
    pub fn to_patch<E: Structure>(&self) -> Result<E::Patch, Flaw> {
        let mut patch = E::Patch::default();
        for (column, field) in E::STRUCTURE.fields.iter().enumerate() {
            if let Some(value) = self.get(field.name) {
                E::decode(&mut patch, column, value.to_datum(&field.ty))?;
            }
        }
        Ok(patch)
    }

    /// What an event or an effect request says.
    ///
    /// # Errors
    /// When its JSON is not as its model describes it.
    pub fn of_payload(payload: &dyn Payload) -> Result<Self, Flaw> {
        Self::of_message(payload.message(), &payload.json()?)
    }

    /// The members of a message, from its JSON text.
    ///
    /// # Errors
    /// When the text is not as the model describes it.
    pub fn of_message(message: &Message, text: &str) -> Result<Self, Flaw> {
        let value = serde_json::from_str(text).map_err(|_| Flaw::malformed("JSON", text))?;
        json::members(message.members, &value).map(Self)
    }

    /// The parameters of an input, from its JSON text.
    ///
    /// # Errors
    /// When the text is not as the model describes it.
    pub fn of_input(parameters: &[Parameter], text: &str) -> Result<Self, Flaw> {
        let value = serde_json::from_str(text).map_err(|_| Flaw::malformed("JSON", text))?;
        let members: Vec<Member> = parameters
            .iter()
            .map(|parameter| Member::new(parameter.name, parameter.ty, parameter.at))
            .collect();
        json::members(&members, &value).map(Self)
    }

    /// The parameters of an input as JSON text.
    #[must_use]
    pub fn input_json(&self, parameters: &[Parameter]) -> String {
        self.json(parameters.iter().map(|parameter| (parameter.name, parameter.name, parameter.ty)))
    }

    /// The fields of an entity as JSON text.
    #[must_use]
    pub fn state_json(&self, structure: &model::Structure) -> String {
        self.json(structure.fields.iter().map(|field| (field.name, field.wire, field.ty)))
    }

    /// The members of a message as JSON text.
    #[must_use]
    pub fn message_json(&self, message: &Message) -> String {
        self.json(message.members.iter().map(|member| (member.name, member.wire, member.ty)))
    }

    fn json(&self, members: impl Iterator<Item = (&'static str, &'static str, Type)>) -> String {
        let mut text = String::new();
        let named = members.filter_map(|(name, wire, ty)| Some((wire, ty, self.get(name)?)));
        json::object(named, &mut text);
        text
    }
}

impl FromIterator<(&'static str, Content)> for Document {
    fn from_iter<I: IntoIterator<Item = (&'static str, Content)>>(values: I) -> Self {
        let mut document = Self::new();
        for (name, value) in values {
            document.set(name, value);
        }
        document
    }
}
