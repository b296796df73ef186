//! A model built by hand and the same one built by the macros are one model.

use cohesive::kernel::Entity as _;
use cohesive::model::{
    At, BinaryOperator, Entity, Expr, Field, FieldRole, Guard, IdType, Kind, Parameter, Step, Structure,
    Transition, Type,
};
use cohesive::render::{fingerprint, model_json};

use crate::expand_plain::Note;

const AT: At = At(0);
const NOTE_ID: Type = Type::Id(&IdType { name: "NoteId", inner: Type::Text });

const fn set(field: &'static str) -> Step {
    Step::Set { field, value: Expr::Input(field), at: AT }
}

/// The note of `tests/expand/plain/input.rs`.
const NOTE: Entity = Entity {
    transitions: &[
        Transition {
            docs: "Somebody writes a note.",
            parameters: &[
                Parameter::new("id", NOTE_ID, AT),
                Parameter::new("text", Type::Text, AT),
                Parameter::new("written_on", Type::Date, AT),
            ],
            steps: &[set("id"), set("text"), set("written_on")],
            reads: &["id", "text", "written_on"],
            writes: &["id", "text", "written_on"],
            ..Transition::new("write", "WriteNote", Kind::Create, AT)
        },
        Transition {
            docs: "Somebody changes it.",
            parameters: &[Parameter::new("text", Type::Text, AT), Parameter::new("length", Type::Int32, AT)],
            guards: &[Guard {
                name: "Short",
                message: "the note is too long",
                condition: Expr::Binary(
                    BinaryOperator::LessOrEqual,
                    &Expr::Input("length"),
                    &Expr::Path("Note::LIMIT"),
                ),
                at: AT,
            }],
            steps: &[set("text")],
            reads: &["text"],
            writes: &["text"],
            ..Transition::new("change", "ChangeNote", Kind::Update, AT)
        },
    ],
    ..Entity::new(
        &Structure {
            name: "Note",
            table: "note",
            plural: "notes",
            docs: "A note.",
            file: "",
            fields: &[
                Field { role: FieldRole::Id, docs: "The id.", ..Field::new("id", NOTE_ID, AT) },
                Field { docs: "What it says.", ..Field::new("text", Type::Text, AT) },
                Field { docs: "When it was written.", ..Field::new("written_on", Type::Date, AT) },
            ],
            allowances: &[],
            at: AT,
        },
        "",
    )
};

#[test]
fn m04_a_model_built_by_hand_is_the_one_of_the_macros() {
    assert_eq!(model_json(&NOTE), model_json(Note::MODEL));
    assert_eq!(fingerprint(&NOTE), fingerprint(Note::MODEL));
}
