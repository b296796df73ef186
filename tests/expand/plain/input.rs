//! An entity without lifecycle.

use cohesive::prelude::*;

/// The id of a note.
#[derive(Id)]
pub struct NoteId(String);

/// A note.
#[entity]
pub struct Note {
    /// The id.
    #[id]
    pub id: NoteId,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub written_on: Date,
}

#[transitions]
impl Note {
    /// The longest note.
    pub const LIMIT: i32 = 1000;

    /// Somebody writes a note.
    #[create]
    pub fn write(id: NoteId, text: String, written_on: Date) -> Self {
        Self { id, text, written_on }
    }

    /// Somebody changes it.
    #[transition]
    pub fn change(&mut self, text: String, length: i32) {
        requires!(Short: length <= Self::LIMIT, "the note is too long");
        self.text = text;
    }

    /// Whether it says nothing.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}
