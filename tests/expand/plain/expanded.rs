//! An entity without lifecycle.
use cohesive::prelude::*;
/// The id of a note.
pub struct NoteId(String);
impl NoteId {
    /// The identifier with this content.
    ///
    /// # Errors
    /// When the content is blank, too long or not printable.
    pub fn new(
        content: impl ::core::convert::Into<String>,
    ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
        let content = ::core::convert::Into::into(content);
        <String as ::cohesive::__private::IdContent>::check_id(&content)?;
        ::core::result::Result::Ok(Self(content))
    }
}
#[automatically_derived]
impl ::cohesive::__private::Value for NoteId {
    const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Id(
        &::cohesive::__private::model::IdType {
            name: "NoteId",
            inner: <String as ::cohesive::__private::Value>::TYPE,
        },
    );
    fn encode(
        &self,
    ) -> ::core::result::Result<
        ::cohesive::__private::Datum<'_>,
        ::cohesive::__private::Flaw,
    > {
        ::cohesive::__private::Value::encode(&self.0)
    }
    fn decode(
        datum: ::cohesive::__private::Datum<'_>,
    ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
        <String as ::cohesive::__private::Value>::decode(datum)
            .map(|content| Self(content))
    }
    #[inline]
    fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
        ::cohesive::__private::IdContent::check_id(&self.0)
    }
}
#[automatically_derived]
impl ::cohesive::__private::EntityId for NoteId {}
#[automatically_derived]
impl ::core::clone::Clone for NoteId {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}
#[automatically_derived]
impl ::core::cmp::PartialEq for NoteId {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
#[automatically_derived]
impl ::core::cmp::Eq for NoteId {}
#[automatically_derived]
impl ::core::cmp::PartialOrd for NoteId {
    fn partial_cmp(
        &self,
        other: &Self,
    ) -> ::core::option::Option<::core::cmp::Ordering> {
        ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
    }
}
#[automatically_derived]
impl ::core::cmp::Ord for NoteId {
    fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
        ::core::cmp::Ord::cmp(&self.0, &other.0)
    }
}
#[automatically_derived]
impl ::core::hash::Hash for NoteId {
    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for NoteId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_tuple(formatter, "NoteId", &self.0)
    }
}
#[automatically_derived]
impl ::core::fmt::Display for NoteId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Display::fmt(&self.0, formatter)
    }
}
#[automatically_derived]
impl ::core::str::FromStr for NoteId {
    type Err = ::cohesive::__private::Flaw;
    fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
        <String as ::cohesive::__private::IdContent>::parse_id(text)
            .map(|content| Self(content))
    }
}
#[automatically_derived]
impl ::cohesive::__private::serde::Serialize for NoteId {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::serde::Serialize::serialize(&self.0, serializer)
    }
}
#[automatically_derived]
impl<'de> ::cohesive::__private::serde::Deserialize<'de> for NoteId {
    fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        let content: String = ::cohesive::__private::serde::Deserialize::deserialize(
            deserializer,
        )?;
        Self::new(content).map_err(::cohesive::__private::serde::de::Error::custom)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Structure for Note {
    const NAME: &'static str = "Note";
    const STRUCTURE: &'static ::cohesive::__private::model::Structure = &::cohesive::__private::model::Structure {
        name: Self::NAME,
        table: "note",
        plural: "notes",
        docs: "A note.",
        file: ::core::file!(),
        fields: &[
            ::cohesive::__private::model::Field {
                docs: "The id.",
                role: ::cohesive::__private::model::FieldRole::Id,
                ..::cohesive::__private::model::Field::new(
                    "id",
                    <NoteId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "What it says.",
                ..::cohesive::__private::model::Field::new(
                    "text",
                    <String as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "When it was written.",
                ..::cohesive::__private::model::Field::new(
                    "written_on",
                    <Date as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
    type Patch = NotePatch;
    type View<'a> = NoteView<'a>;
    type Id = NoteId;
    fn id(&self) -> &Self::Id {
        &self.id
    }
    fn id_of(patch: &Self::Patch) -> ::core::option::Option<&Self::Id> {
        patch.id.as_ref()
    }
    type Status = ::cohesive::__private::NoLifecycle;
    fn status(_: Self::View<'_>) -> ::core::option::Option<&Self::Status> {
        ::core::option::Option::None
    }
    fn set_status(_: &mut Self::Patch, _: Self::Status) {}
    #[inline]
    fn view(&self) -> Self::View<'_> {
        NoteView {
            id: ::core::option::Option::Some(&self.id),
            text: ::core::option::Option::Some(&self.text),
            written_on: ::core::option::Option::Some(&self.written_on),
        }
    }
    #[inline]
    fn narrow<'short, 'long: 'short>(view: Self::View<'long>) -> Self::View<'short> {
        view
    }
    #[inline]
    fn overlay<'a>(view: Self::View<'a>, patch: &'a Self::Patch) -> Self::View<'a> {
        NoteView {
            id: patch.id.as_ref().or(view.id),
            text: patch.text.as_ref().or(view.text),
            written_on: patch.written_on.as_ref().or(view.written_on),
        }
    }
    #[inline]
    fn observe(patch: &Self::Patch) -> Self::View<'_> {
        NoteView {
            id: patch.id.as_ref(),
            text: patch.text.as_ref(),
            written_on: patch.written_on.as_ref(),
        }
    }
    fn fill(
        patch: &mut Self::Patch,
    ) -> ::core::result::Result<(), ::cohesive::__private::Arithmetic> {
        ::cohesive::__private::fill(
            &mut patch.id,
            || <NoteId as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.text,
            || <String as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.written_on,
            || <Date as ::cohesive::__private::Value>::absent(),
        );
        ::core::result::Result::Ok(())
    }
    fn compute(
        _: Self::View<'_>,
    ) -> ::core::result::Result<
        Self::Patch,
        ::cohesive::__private::Stop<::cohesive::__private::Refusal>,
    > {
        let patch = <Self::Patch as ::core::default::Default>::default();
        ::core::result::Result::Ok(patch)
    }
    fn sealed(
        _: Self::View<'_>,
        _: &Self::Patch,
    ) -> ::core::option::Option<&'static str> {
        ::core::option::Option::<&'static str>::None
    }
    #[inline]
    fn trim(view: Self::View<'_>, patch: &mut Self::Patch) {
        ::cohesive::__private::trim(view.id, &mut patch.id);
        ::cohesive::__private::trim(view.text, &mut patch.text);
        ::cohesive::__private::trim(view.written_on, &mut patch.written_on);
    }
    fn whole(&self) -> Self::Patch {
        NotePatch {
            id: ::core::option::Option::Some(::core::clone::Clone::clone(&self.id)),
            text: ::core::option::Option::Some(::core::clone::Clone::clone(&self.text)),
            written_on: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.written_on),
            ),
        }
    }
    fn merge(patch: &mut Self::Patch, later: Self::Patch) {
        ::cohesive::__private::merge(&mut patch.id, later.id);
        ::cohesive::__private::merge(&mut patch.text, later.text);
        ::cohesive::__private::merge(&mut patch.written_on, later.written_on);
    }
    fn complete(patch: Self::Patch) -> ::core::result::Result<Self, &'static str> {
        ::core::result::Result::Ok(Self {
            id: ::cohesive::__private::required(patch.id, "id")?,
            text: ::cohesive::__private::required(patch.text, "text")?,
            written_on: ::cohesive::__private::required(patch.written_on, "written_on")?,
        })
    }
    fn check(
        patch: &Self::Patch,
    ) -> ::core::option::Option<(&'static str, ::cohesive::__private::Flaw)> {
        ::core::option::Option::None
            .or_else(|| ::cohesive::__private::flaw(
                patch.id.as_ref(),
                |value| <NoteId as ::cohesive::__private::Value>::check(value),
                "id",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.text.as_ref(),
                |value| <String as ::cohesive::__private::Value>::check(value),
                "text",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.written_on.as_ref(),
                |value| <Date as ::cohesive::__private::Value>::check(value),
                "written_on",
            ))
    }
    fn encode<'a>(
        patch: &'a Self::Patch,
        show: &mut dyn ::core::ops::FnMut(usize, ::cohesive::__private::Datum<'a>),
    ) -> ::core::result::Result<(), (usize, ::cohesive::__private::Flaw)> {
        ::cohesive::__private::show(
            0,
            patch.id.as_ref(),
            |value| <NoteId as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            1,
            patch.text.as_ref(),
            |value| <String as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            2,
            patch.written_on.as_ref(),
            |value| <Date as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::core::result::Result::Ok(())
    }
    fn decode(
        patch: &mut Self::Patch,
        column: usize,
        datum: ::cohesive::__private::Datum<'_>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
        match column {
            0 => {
                ::cohesive::__private::read(
                    &mut patch.id,
                    <NoteId as ::cohesive::__private::Value>::decode(datum),
                )
            }
            1 => {
                ::cohesive::__private::read(
                    &mut patch.text,
                    <String as ::cohesive::__private::Value>::decode(datum),
                )
            }
            2 => {
                ::cohesive::__private::read(
                    &mut patch.written_on,
                    <Date as ::cohesive::__private::Value>::decode(datum),
                )
            }
            _ => ::cohesive::__private::no_column(),
        }
    }
}
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
/// A note.
pub struct Note {
    /// The id.
    pub id: NoteId,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub written_on: Date,
}
///Some fields of a [`Note`]: what a transition changed, or what was loaded.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub struct NotePatch {
    ///`id`, if it is there.
    pub id: ::core::option::Option<NoteId>,
    ///`text`, if it is there.
    pub text: ::core::option::Option<String>,
    ///`written_on`, if it is there.
    pub written_on: ::core::option::Option<Date>,
}
///References to some or all fields of a [`Note`].
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::marker::Copy)]
pub struct NoteView<'a> {
    ///`id`, if it was observed.
    pub id: ::core::option::Option<&'a NoteId>,
    ///`text`, if it was observed.
    pub text: ::core::option::Option<&'a String>,
    ///`written_on`, if it was observed.
    pub written_on: ::core::option::Option<&'a Date>,
}
#[automatically_derived]
impl ::cohesive::__private::Entity for Note {
    const MODEL: &'static ::cohesive::__private::model::Entity = &::cohesive::__private::model::Entity {
        transitions: &[
            *<WriteNote as ::cohesive::__private::Input>::TRANSITION,
            *<ChangeNote as ::cohesive::__private::Input>::TRANSITION,
        ],
        invariants: &[],
        messages: &[],
        ..::cohesive::__private::model::Entity::new(
            <Note as ::cohesive::__private::Structure>::STRUCTURE,
            ::core::file!(),
        )
    };
    #[inline]
    fn invariants(
        _: <Note as ::cohesive::__private::Structure>::View<'_>,
    ) -> ::core::result::Result<
        (),
        ::cohesive::__private::Stop<::cohesive::__private::Refusal>,
    > {
        ::core::result::Result::Ok(())
    }
    fn body_constants(
        show: &mut dyn ::core::ops::FnMut(
            &'static str,
            ::core::option::Option<::cohesive::__private::Constant>,
        ),
    ) {
        show("Note::LIMIT", ::cohesive::__private::Shown(&Note::LIMIT).constant());
    }
    fn inputs(visitor: &mut impl ::cohesive::__private::InputVisitor<Note>) {
        ::cohesive::__private::InputVisitor::create::<WriteNote>(visitor);
        ::cohesive::__private::InputVisitor::update::<ChangeNote>(visitor);
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<4> = ::cohesive::__private::names(
        ["id", "text", "written_on"],
        <Note as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<4> = ::cohesive::__private::names(
        ["id", "text", "written_on"],
        <Note as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for WriteNote {
        type Entity = Note;
        type Rejection = WriteNoteRejection;
        type Effects = ::cohesive::__private::Effects<WriteNoteEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            docs: "Somebody writes a note.",
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "id",
                    <NoteId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "text",
                    <String as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "written_on",
                    <Date as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            steps: &[
                ::cohesive::__private::model::Step::Set {
                    field: "id",
                    value: ::cohesive::__private::model::Expr::Input("id"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "text",
                    value: ::cohesive::__private::model::Expr::Input("text"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "written_on",
                    value: ::cohesive::__private::model::Expr::Input("written_on"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            ..::cohesive::__private::model::Transition::new(
                "write",
                "WriteNote",
                ::cohesive::__private::model::Kind::Create,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <NoteId as ::cohesive::__private::Value>::check(&self.id),
                "id",
            )?;
            ::cohesive::__private::named(
                <String as ::cohesive::__private::Value>::check(&self.text),
                "text",
            )?;
            ::cohesive::__private::named(
                <Date as ::cohesive::__private::Value>::check(&self.written_on),
                "written_on",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///Somebody writes a note.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct WriteNote {
    ///`id`, as the caller supplies it.
    pub id: NoteId,
    ///`text`, as the caller supplies it.
    pub text: String,
    ///`written_on`, as the caller supplies it.
    pub written_on: Date,
}
///Why [`WriteNote`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum WriteNoteRejection {
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for WriteNoteRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for WriteNoteRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for WriteNoteRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for WriteNoteRejection {
    fn name(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.name(),
        }
    }
    fn class(&self) -> ::cohesive::__private::RejectionClass {
        match self {
            Self::Refused(_) => ::cohesive::__private::RejectionClass::Rule,
        }
    }
}
///What [`WriteNote`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum WriteNoteEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for WriteNoteEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Create for WriteNote {
    #[inline]
    fn run(
        &self,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<WriteNoteRejection>> {
        draft.patch.id = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.id),
        );
        draft.patch.text = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.text),
        );
        draft.patch.written_on = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.written_on),
        );
        ::core::result::Result::Ok(())
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<2> = ::cohesive::__private::names(
        ["text"],
        <Note as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<2> = ::cohesive::__private::names(
        ["text"],
        <Note as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for ChangeNote {
        type Entity = Note;
        type Rejection = ChangeNoteRejection;
        type Effects = ::cohesive::__private::Effects<ChangeNoteEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            docs: "Somebody changes it.",
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "text",
                    <String as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "length",
                    <i32 as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            guards: &[
                ::cohesive::__private::model::Guard {
                    name: "Short",
                    message: "the note is too long",
                    condition: ::cohesive::__private::model::Expr::Binary(
                        ::cohesive::__private::model::BinaryOperator::LessOrEqual,
                        &::cohesive::__private::model::Expr::Input("length"),
                        &::cohesive::__private::model::Expr::Path("Note::LIMIT"),
                    ),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            steps: &[
                ::cohesive::__private::model::Step::Set {
                    field: "text",
                    value: ::cohesive::__private::model::Expr::Input("text"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            ..::cohesive::__private::model::Transition::new(
                "change",
                "ChangeNote",
                ::cohesive::__private::model::Kind::Update,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <String as ::cohesive::__private::Value>::check(&self.text),
                "text",
            )?;
            ::cohesive::__private::named(
                <i32 as ::cohesive::__private::Value>::check(&self.length),
                "length",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///Somebody changes it.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct ChangeNote {
    ///`text`, as the caller supplies it.
    pub text: String,
    ///`length`, as the caller supplies it.
    pub length: i32,
}
///Why [`ChangeNote`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum ChangeNoteRejection {
    ///the note is too long
    Short,
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for ChangeNoteRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Short => formatter.write_str("the note is too long"),
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for ChangeNoteRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for ChangeNoteRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for ChangeNoteRejection {
    fn name(&self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Refused(refusal) => refusal.name(),
        }
    }
    fn class(&self) -> ::cohesive::__private::RejectionClass {
        match self {
            Self::Short => ::cohesive::__private::RejectionClass::Guard,
            Self::Refused(_) => ::cohesive::__private::RejectionClass::Rule,
        }
    }
}
///What [`ChangeNote`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum ChangeNoteEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for ChangeNoteEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Update for ChangeNote {
    const FROM: &'static [<Note as ::cohesive::__private::Structure>::Status] = &[];
    const TO: ::core::option::Option<
        <Note as ::cohesive::__private::Structure>::Status,
    > = ::core::option::Option::None;
    const CHOICES: &'static [<Note as ::cohesive::__private::Structure>::Status] = &[];
    #[inline]
    fn wrong_state(
        state: <Note as ::cohesive::__private::Structure>::Status,
    ) -> Self::Rejection {
        Self::Rejection::Refused(
            ::cohesive::__private::Refusal::Edge(
                ::cohesive::__private::LifecycleState::name(state),
            ),
        )
    }
    #[inline]
    fn run(
        &self,
        _: <Note as ::cohesive::__private::Structure>::View<'_>,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<ChangeNoteRejection>> {
        if !(self.length <= Note::LIMIT) {
            return ::core::result::Result::Err(
                ::cohesive::__private::Stop::Rejected(ChangeNoteRejection::Short),
            );
        }
        draft.patch.text = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.text),
        );
        ::core::result::Result::Ok(())
    }
}
#[automatically_derived]
impl<CohesiveHandler> ::cohesive::__private::Requests<CohesiveHandler> for Note {
    fn handlers(_: &mut impl ::cohesive::__private::HandlerVisitor<CohesiveHandler>) {}
}
const _: () = ::cohesive::__private::assignable(
    <Note as ::cohesive::__private::Structure>::STRUCTURE,
    "id",
    "write",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Note as ::cohesive::__private::Structure>::STRUCTURE,
    "text",
    "write",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Note as ::cohesive::__private::Structure>::STRUCTURE,
    "written_on",
    "write",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::complete(
    <Note as ::cohesive::__private::Structure>::STRUCTURE,
    &["id", "text", "written_on"],
    "write",
);
const _: () = ::cohesive::__private::assignable(
    <Note as ::cohesive::__private::Structure>::STRUCTURE,
    "text",
    "change",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
impl Note {
    /// The longest note.
    pub const LIMIT: i32 = 1000;
    /// Whether it says nothing.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}
