use cohesive::prelude::*;
pub struct GuestId(String);
impl GuestId {
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
impl ::cohesive::__private::Value for GuestId {
    const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Id(
        &::cohesive::__private::model::IdType {
            name: "GuestId",
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
impl ::cohesive::__private::EntityId for GuestId {}
#[automatically_derived]
impl ::core::clone::Clone for GuestId {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}
#[automatically_derived]
impl ::core::cmp::PartialEq for GuestId {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
#[automatically_derived]
impl ::core::cmp::Eq for GuestId {}
#[automatically_derived]
impl ::core::cmp::PartialOrd for GuestId {
    fn partial_cmp(
        &self,
        other: &Self,
    ) -> ::core::option::Option<::core::cmp::Ordering> {
        ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
    }
}
#[automatically_derived]
impl ::core::cmp::Ord for GuestId {
    fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
        ::core::cmp::Ord::cmp(&self.0, &other.0)
    }
}
#[automatically_derived]
impl ::core::hash::Hash for GuestId {
    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for GuestId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_tuple(formatter, "GuestId", &self.0)
    }
}
#[automatically_derived]
impl ::core::fmt::Display for GuestId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Display::fmt(&self.0, formatter)
    }
}
#[automatically_derived]
impl ::core::str::FromStr for GuestId {
    type Err = ::cohesive::__private::Flaw;
    fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
        <String as ::cohesive::__private::IdContent>::parse_id(text)
            .map(|content| Self(content))
    }
}
#[automatically_derived]
impl ::cohesive::__private::serde::Serialize for GuestId {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::serde::Serialize::serialize(&self.0, serializer)
    }
}
#[automatically_derived]
impl<'de> ::cohesive::__private::serde::Deserialize<'de> for GuestId {
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
impl ::cohesive::__private::Structure for Guest {
    const NAME: &'static str = "Guest";
    const STRUCTURE: &'static ::cohesive::__private::model::Structure = &::cohesive::__private::model::Structure {
        name: Self::NAME,
        table: "guest",
        plural: "guests",
        docs: "",
        file: ::core::file!(),
        fields: &[
            ::cohesive::__private::model::Field {
                role: ::cohesive::__private::model::FieldRole::Id,
                ..::cohesive::__private::model::Field::new(
                    "id",
                    <GuestId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                default: ::core::option::Option::Some(
                    ::cohesive::__private::model::Expr::Literal(
                        ::cohesive::__private::model::Literal::Int(0i128),
                    ),
                ),
                ..::cohesive::__private::model::Field::new(
                    "stays",
                    <i64 as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field::new(
                "name",
                <Option<String> as ::cohesive::__private::Value>::TYPE,
                ::cohesive::__private::model::At(::core::line!()),
            ),
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
    type Patch = GuestPatch;
    type View<'a> = GuestView<'a>;
    type Id = GuestId;
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
        GuestView {
            id: ::core::option::Option::Some(&self.id),
            stays: ::core::option::Option::Some(&self.stays),
            name: ::core::option::Option::Some(&self.name),
        }
    }
    #[inline]
    fn narrow<'short, 'long: 'short>(view: Self::View<'long>) -> Self::View<'short> {
        view
    }
    #[inline]
    fn overlay<'a>(view: Self::View<'a>, patch: &'a Self::Patch) -> Self::View<'a> {
        GuestView {
            id: patch.id.as_ref().or(view.id),
            stays: patch.stays.as_ref().or(view.stays),
            name: patch.name.as_ref().or(view.name),
        }
    }
    #[inline]
    fn observe(patch: &Self::Patch) -> Self::View<'_> {
        GuestView {
            id: patch.id.as_ref(),
            stays: patch.stays.as_ref(),
            name: patch.name.as_ref(),
        }
    }
    fn fill(
        patch: &mut Self::Patch,
    ) -> ::core::result::Result<(), ::cohesive::__private::Arithmetic> {
        ::cohesive::__private::fill(
            &mut patch.id,
            || <GuestId as ::cohesive::__private::Value>::absent(),
        );
        if patch.stays.is_none() {
            patch.stays = ::core::option::Option::Some(0);
        }
        ::cohesive::__private::fill(
            &mut patch.name,
            || <Option<String> as ::cohesive::__private::Value>::absent(),
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
        ::cohesive::__private::trim(view.stays, &mut patch.stays);
        ::cohesive::__private::trim(view.name, &mut patch.name);
    }
    fn whole(&self) -> Self::Patch {
        GuestPatch {
            id: ::core::option::Option::Some(::core::clone::Clone::clone(&self.id)),
            stays: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.stays),
            ),
            name: ::core::option::Option::Some(::core::clone::Clone::clone(&self.name)),
        }
    }
    fn merge(patch: &mut Self::Patch, later: Self::Patch) {
        ::cohesive::__private::merge(&mut patch.id, later.id);
        ::cohesive::__private::merge(&mut patch.stays, later.stays);
        ::cohesive::__private::merge(&mut patch.name, later.name);
    }
    fn complete(patch: Self::Patch) -> ::core::result::Result<Self, &'static str> {
        ::core::result::Result::Ok(Self {
            id: ::cohesive::__private::required(patch.id, "id")?,
            stays: ::cohesive::__private::required(patch.stays, "stays")?,
            name: ::cohesive::__private::required(patch.name, "name")?,
        })
    }
    fn check(
        patch: &Self::Patch,
    ) -> ::core::option::Option<(&'static str, ::cohesive::__private::Flaw)> {
        ::core::option::Option::None
            .or_else(|| ::cohesive::__private::flaw(
                patch.id.as_ref(),
                |value| <GuestId as ::cohesive::__private::Value>::check(value),
                "id",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.stays.as_ref(),
                |value| <i64 as ::cohesive::__private::Value>::check(value),
                "stays",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.name.as_ref(),
                |value| <Option<String> as ::cohesive::__private::Value>::check(value),
                "name",
            ))
    }
    fn encode<'a>(
        patch: &'a Self::Patch,
        show: &mut dyn ::core::ops::FnMut(usize, ::cohesive::__private::Datum<'a>),
    ) -> ::core::result::Result<(), (usize, ::cohesive::__private::Flaw)> {
        ::cohesive::__private::show(
            0,
            patch.id.as_ref(),
            |value| <GuestId as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            1,
            patch.stays.as_ref(),
            |value| <i64 as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            2,
            patch.name.as_ref(),
            |value| <Option<String> as ::cohesive::__private::Value>::encode(value),
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
                    <GuestId as ::cohesive::__private::Value>::decode(datum),
                )
            }
            1 => {
                ::cohesive::__private::read(
                    &mut patch.stays,
                    <i64 as ::cohesive::__private::Value>::decode(datum),
                )
            }
            2 => {
                ::cohesive::__private::read(
                    &mut patch.name,
                    <Option<String> as ::cohesive::__private::Value>::decode(datum),
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
pub struct Guest {
    pub id: GuestId,
    pub stays: i64,
    pub name: Option<String>,
}
///Some fields of a [`Guest`]: what a transition changed, or what was loaded.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub struct GuestPatch {
    ///`id`, if it is there.
    pub id: ::core::option::Option<GuestId>,
    ///`stays`, if it is there.
    pub stays: ::core::option::Option<i64>,
    ///`name`, if it is there.
    pub name: ::core::option::Option<Option<String>>,
}
///References to some or all fields of a [`Guest`].
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::marker::Copy)]
pub struct GuestView<'a> {
    ///`id`, if it was observed.
    pub id: ::core::option::Option<&'a GuestId>,
    ///`stays`, if it was observed.
    pub stays: ::core::option::Option<&'a i64>,
    ///`name`, if it was observed.
    pub name: ::core::option::Option<&'a Option<String>>,
}
#[automatically_derived]
impl ::cohesive::__private::Entity for Guest {
    const MODEL: &'static ::cohesive::__private::model::Entity = &::cohesive::__private::model::Entity {
        transitions: &[
            *<RegisterGuest as ::cohesive::__private::Input>::TRANSITION,
            *<ThankGuest as ::cohesive::__private::Input>::TRANSITION,
        ],
        invariants: &[],
        messages: &[],
        ..::cohesive::__private::model::Entity::new(
            <Guest as ::cohesive::__private::Structure>::STRUCTURE,
            ::core::file!(),
        )
    };
    #[inline]
    fn invariants(
        _: <Guest as ::cohesive::__private::Structure>::View<'_>,
    ) -> ::core::result::Result<
        (),
        ::cohesive::__private::Stop<::cohesive::__private::Refusal>,
    > {
        ::core::result::Result::Ok(())
    }
    fn inputs(visitor: &mut impl ::cohesive::__private::InputVisitor<Guest>) {
        ::cohesive::__private::InputVisitor::create::<RegisterGuest>(visitor);
        ::cohesive::__private::InputVisitor::created_by::<RegisterGuest>(visitor);
        ::cohesive::__private::InputVisitor::update::<ThankGuest>(visitor);
        ::cohesive::__private::InputVisitor::updated_by::<ThankGuest>(visitor);
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<2> = ::cohesive::__private::names(
        ["id"],
        <Guest as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<2> = ::cohesive::__private::names(
        ["id"],
        <Guest as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for RegisterGuest {
        type Entity = Guest;
        type Rejection = RegisterGuestRejection;
        type Effects = ::cohesive::__private::Effects<RegisterGuestEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "id",
                    <GuestId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            steps: &[
                ::cohesive::__private::model::Step::Set {
                    field: "id",
                    value: ::cohesive::__private::model::Expr::Input("id"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            consumes: ::core::option::Option::Some(::cohesive::__private::model::Consumption {
                event: <StayPaid as ::cohesive::__private::Event>::MESSAGE.name,
                bindings: &[("guest_id", "id")],
                at: ::cohesive::__private::model::At(::core::line!()),
            }),
            ..::cohesive::__private::model::Transition::new(
                "register",
                "RegisterGuest",
                ::cohesive::__private::model::Kind::Create,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <GuestId as ::cohesive::__private::Value>::check(&self.id),
                "id",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///The input of `register` of a [`Guest`].
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct RegisterGuest {
    ///`id`, as the caller supplies it.
    pub id: GuestId,
}
///Why [`RegisterGuest`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum RegisterGuestRejection {
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for RegisterGuestRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for RegisterGuestRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for RegisterGuestRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for RegisterGuestRejection {
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
///What [`RegisterGuest`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum RegisterGuestEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for RegisterGuestEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Create for RegisterGuest {
    #[inline]
    fn run(
        &self,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<
        (),
        ::cohesive::__private::Stop<RegisterGuestRejection>,
    > {
        draft.patch.id = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.id),
        );
        ::core::result::Result::Ok(())
    }
}
#[automatically_derived]
impl ::cohesive::__private::CreatedBy for RegisterGuest {
    type Event = StayPaid;
    fn follow(event: Self::Event) -> Self {
        let StayPaid { guest_id: guest_id_of_event, .. } = event;
        Self {
            id: ::core::convert::Into::into(guest_id_of_event),
        }
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["name", "stays"],
        <Guest as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["name", "stays"],
        <Guest as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for ThankGuest {
        type Entity = Guest;
        type Rejection = ThankGuestRejection;
        type Effects = ::cohesive::__private::Effects<ThankGuestEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "name",
                    <Option<String> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            steps: &[
                ::cohesive::__private::model::Step::Set {
                    field: "name",
                    value: ::cohesive::__private::model::Expr::Input("name"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "stays",
                    value: ::cohesive::__private::model::Expr::Binary(
                        ::cohesive::__private::model::BinaryOperator::Add,
                        &::cohesive::__private::model::Expr::Field("stays"),
                        &::cohesive::__private::model::Expr::Literal(
                            ::cohesive::__private::model::Literal::Int(1i128),
                        ),
                    ),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            consumes: ::core::option::Option::Some(::cohesive::__private::model::Consumption {
                event: <StayPaid as ::cohesive::__private::Event>::MESSAGE.name,
                bindings: &[("guest_id", "id"), ("name", "name")],
                at: ::cohesive::__private::model::At(::core::line!()),
            }),
            conflict: ::cohesive::__private::model::Conflict::AtHead,
            ..::cohesive::__private::model::Transition::new(
                "thank",
                "ThankGuest",
                ::cohesive::__private::model::Kind::Update,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <Option<String> as ::cohesive::__private::Value>::check(&self.name),
                "name",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///The input of `thank` of a [`Guest`].
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct ThankGuest {
    ///`name`, as the caller supplies it.
    pub name: Option<String>,
}
///Why [`ThankGuest`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum ThankGuestRejection {
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for ThankGuestRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for ThankGuestRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for ThankGuestRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for ThankGuestRejection {
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
///What [`ThankGuest`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum ThankGuestEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for ThankGuestEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Update for ThankGuest {
    const FROM: &'static [<Guest as ::cohesive::__private::Structure>::Status] = &[];
    const TO: ::core::option::Option<
        <Guest as ::cohesive::__private::Structure>::Status,
    > = ::core::option::Option::None;
    const CHOICES: &'static [<Guest as ::cohesive::__private::Structure>::Status] = &[];
    #[inline]
    fn wrong_state(
        state: <Guest as ::cohesive::__private::Structure>::Status,
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
        state: <Guest as ::cohesive::__private::Structure>::View<'_>,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<ThankGuestRejection>> {
        let state_stays = ::cohesive::__private::observed(state.stays, "stays")?;
        draft.patch.name = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.name),
        );
        draft.patch.stays = ::core::option::Option::Some(
            ::cohesive::__private::arithmetic::add(
                ::core::clone::Clone::clone(&(*state_stays)),
                1,
            )?,
        );
        ::core::result::Result::Ok(())
    }
}
#[automatically_derived]
impl ::cohesive::__private::UpdatedBy for ThankGuest {
    type Event = StayPaid;
    fn follow(
        event: Self::Event,
    ) -> (<Guest as ::cohesive::__private::Structure>::Id, Self) {
        let StayPaid { guest_id: guest_id_of_event, name: name_of_event, bill: _ } = event;
        (
            ::core::convert::Into::into(guest_id_of_event),
            Self {
                name: ::core::convert::Into::into(name_of_event),
            },
        )
    }
}
#[automatically_derived]
impl<CohesiveHandler> ::cohesive::__private::Requests<CohesiveHandler> for Guest {
    fn handlers(_: &mut impl ::cohesive::__private::HandlerVisitor<CohesiveHandler>) {}
}
const _: () = ::cohesive::__private::assignable(
    <Guest as ::cohesive::__private::Structure>::STRUCTURE,
    "id",
    "register",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::complete(
    <Guest as ::cohesive::__private::Structure>::STRUCTURE,
    &["id"],
    "register",
);
const _: () = ::cohesive::__private::assignable(
    <Guest as ::cohesive::__private::Structure>::STRUCTURE,
    "name",
    "thank",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Guest as ::cohesive::__private::Structure>::STRUCTURE,
    "stays",
    "thank",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::identifies(
    <Guest as ::cohesive::__private::Structure>::STRUCTURE,
    "id",
    "thank",
);
pub struct StayId<T>(String, core::marker::PhantomData<fn() -> T>);
impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> StayId<T> {
    /// The identifier with this content.
    ///
    /// # Errors
    /// When the content is blank, too long or not printable.
    pub fn new(
        content: impl ::core::convert::Into<String>,
    ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
        let content = ::core::convert::Into::into(content);
        <String as ::cohesive::__private::IdContent>::check_id(&content)?;
        ::core::result::Result::Ok(Self(content, ::core::marker::PhantomData))
    }
}
#[automatically_derived]
impl<
    T: ::core::marker::Send + ::core::marker::Sync + 'static,
> ::cohesive::__private::Value for StayId<T> {
    const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Id(
        &::cohesive::__private::model::IdType {
            name: "StayId",
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
            .map(|content| Self(content, ::core::marker::PhantomData))
    }
    #[inline]
    fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
        ::cohesive::__private::IdContent::check_id(&self.0)
    }
}
#[automatically_derived]
impl<
    T: ::core::marker::Send + ::core::marker::Sync + 'static,
> ::cohesive::__private::EntityId for StayId<T> {}
#[automatically_derived]
impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> ::core::clone::Clone
for StayId<T> {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0), ::core::marker::PhantomData)
    }
}
#[automatically_derived]
impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> ::core::cmp::PartialEq
for StayId<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
#[automatically_derived]
impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> ::core::cmp::Eq
for StayId<T> {}
#[automatically_derived]
impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> ::core::cmp::PartialOrd
for StayId<T> {
    fn partial_cmp(
        &self,
        other: &Self,
    ) -> ::core::option::Option<::core::cmp::Ordering> {
        ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
    }
}
#[automatically_derived]
impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> ::core::cmp::Ord
for StayId<T> {
    fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
        ::core::cmp::Ord::cmp(&self.0, &other.0)
    }
}
#[automatically_derived]
impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> ::core::hash::Hash
for StayId<T> {
    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}
#[automatically_derived]
impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> ::core::fmt::Debug
for StayId<T> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_tuple(formatter, "StayId", &self.0)
    }
}
#[automatically_derived]
impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> ::core::fmt::Display
for StayId<T> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Display::fmt(&self.0, formatter)
    }
}
#[automatically_derived]
impl<T: ::core::marker::Send + ::core::marker::Sync + 'static> ::core::str::FromStr
for StayId<T> {
    type Err = ::cohesive::__private::Flaw;
    fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
        <String as ::cohesive::__private::IdContent>::parse_id(text)
            .map(|content| Self(content, ::core::marker::PhantomData))
    }
}
#[automatically_derived]
impl<
    T: ::core::marker::Send + ::core::marker::Sync + 'static,
> ::cohesive::__private::serde::Serialize for StayId<T> {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::serde::Serialize::serialize(&self.0, serializer)
    }
}
#[automatically_derived]
impl<
    'de,
    T: ::core::marker::Send + ::core::marker::Sync + 'static,
> ::cohesive::__private::serde::Deserialize<'de> for StayId<T> {
    fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        let content: String = ::cohesive::__private::serde::Deserialize::deserialize(
            deserializer,
        )?;
        Self::new(content).map_err(::cohesive::__private::serde::de::Error::custom)
    }
}
pub enum StayStatus {
    Open,
    Paid,
}
#[automatically_derived]
impl ::cohesive::__private::Choice for StayStatus {
    const CHOICES: &'static ::cohesive::__private::model::EnumType = &::cohesive::__private::model::EnumType {
        name: "StayStatus",
        docs: "",
        file: ::core::file!(),
        variants: &[
            ::cohesive::__private::model::Variant {
                name: "Open",
                wire: "Open",
                docs: "",
                initial: true,
                terminal: false,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
            ::cohesive::__private::model::Variant {
                name: "Paid",
                wire: "Paid",
                docs: "",
                initial: false,
                terminal: true,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
        ],
        lifecycle: true,
    };
    const ALL: &'static [Self] = &[Self::Open, Self::Paid];
    #[inline]
    fn position(self) -> usize {
        match self {
            Self::Open => 0,
            Self::Paid => 1,
        }
    }
}
#[automatically_derived]
impl ::cohesive::__private::LifecycleState for StayStatus {
    const STATES: &'static ::cohesive::__private::model::EnumType = <Self as ::cohesive::__private::Choice>::CHOICES;
    const INITIAL: Self = Self::Open;
    fn name(self) -> &'static str {
        ::cohesive::__private::Choice::wire(self)
    }
}
#[automatically_derived]
impl ::core::clone::Clone for StayStatus {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl ::core::marker::Copy for StayStatus {}
#[automatically_derived]
impl ::core::cmp::PartialEq for StayStatus {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        ::cohesive::__private::Choice::position(*self)
            == ::cohesive::__private::Choice::position(*other)
    }
}
#[automatically_derived]
impl ::core::cmp::Eq for StayStatus {}
#[automatically_derived]
impl ::core::fmt::Debug for StayStatus {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str(::cohesive::__private::Choice::wire(*self))
    }
}
#[automatically_derived]
impl ::core::fmt::Display for StayStatus {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str(::cohesive::__private::Choice::wire(*self))
    }
}
#[automatically_derived]
impl ::cohesive::__private::serde::Serialize for StayStatus {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::Choice::write(*self, serializer)
    }
}
#[automatically_derived]
impl<'de> ::cohesive::__private::serde::Deserialize<'de> for StayStatus {
    fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        ::cohesive::__private::Choice::read(deserializer)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Value for StayStatus {
    const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Enum(
        <Self as ::cohesive::__private::Choice>::CHOICES,
    );
    fn encode(
        &self,
    ) -> ::core::result::Result<
        ::cohesive::__private::Datum<'_>,
        ::cohesive::__private::Flaw,
    > {
        ::core::result::Result::Ok(::cohesive::__private::Choice::datum(*self))
    }
    fn decode(
        datum: ::cohesive::__private::Datum<'_>,
    ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
        ::cohesive::__private::Choice::from_datum(&datum)
    }
    #[inline]
    fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
        ::core::result::Result::Ok(())
    }
}
pub struct Item {
    pub number: u32,
    pub pieces: u32,
    pub note: String,
}
#[automatically_derived]
impl ::cohesive::__private::Value for Item {
    const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Record(
        &::cohesive::__private::model::RecordType {
            name: "Item",
            docs: "",
            members: &[
                ::cohesive::__private::model::Member::new(
                    "number",
                    <u32 as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Member {
                    constraints: &[
                        ::cohesive::__private::model::Constraint {
                            name: "pieces_range",
                            message: "1 to 10 pieces",
                            rule: ::cohesive::__private::model::Rule::Range {
                                least: ::core::option::Option::Some(
                                    ::cohesive::__private::model::Expr::Literal(
                                        ::cohesive::__private::model::Literal::Int(1i128),
                                    ),
                                ),
                                greatest: ::core::option::Option::Some(
                                    ::cohesive::__private::model::Expr::Literal(
                                        ::cohesive::__private::model::Literal::Int(10i128),
                                    ),
                                ),
                                inclusive: true,
                            },
                            at: ::cohesive::__private::model::At(::core::line!()),
                        },
                    ],
                    ..::cohesive::__private::model::Member::new(
                        "pieces",
                        <u32 as ::cohesive::__private::Value>::TYPE,
                        ::cohesive::__private::model::At(::core::line!()),
                    )
                },
                ::cohesive::__private::model::Member {
                    personal: true,
                    ..::cohesive::__private::model::Member::new(
                        "note",
                        <String as ::cohesive::__private::Value>::TYPE,
                        ::cohesive::__private::model::At(::core::line!()),
                    )
                },
            ],
            id: ::core::option::Option::Some("number"),
        },
    );
    fn encode(
        &self,
    ) -> ::core::result::Result<
        ::cohesive::__private::Datum<'_>,
        ::cohesive::__private::Flaw,
    > {
        ::cohesive::__private::encode_json(self)
    }
    fn decode(
        datum: ::cohesive::__private::Datum<'_>,
    ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
        ::cohesive::__private::decode_json(&datum)
    }
    fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
        <u32 as ::cohesive::__private::Value>::check(&self.number)?;
        <u32 as ::cohesive::__private::Value>::check(&self.pieces)?;
        <String as ::cohesive::__private::Value>::check(&self.note)?;
        {
            const KEPT: &[::cohesive::__private::model::Constraint] = &[
                ::cohesive::__private::model::Constraint {
                    name: "pieces_range",
                    message: "1 to 10 pieces",
                    rule: ::cohesive::__private::model::Rule::Range {
                        least: ::core::option::Option::Some(
                            ::cohesive::__private::model::Expr::Literal(
                                ::cohesive::__private::model::Literal::Int(1i128),
                            ),
                        ),
                        greatest: ::core::option::Option::Some(
                            ::cohesive::__private::model::Expr::Literal(
                                ::cohesive::__private::model::Literal::Int(10i128),
                            ),
                        ),
                        inclusive: true,
                    },
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ];
            ::cohesive::__private::kept(
                ::cohesive::__private::constraint::at_least(&self.pieces, &1)
                    && ::cohesive::__private::constraint::at_most(&self.pieces, &10),
                &KEPT[0],
            )?;
        }
        ::core::result::Result::Ok(())
    }
    fn same_child(&self, other: &Self) -> bool {
        self.number == other.number
    }
}
#[automatically_derived]
impl ::cohesive::__private::Child for Item {
    type Id = u32;
    fn child_id(&self) -> &Self::Id {
        &self.number
    }
}
#[automatically_derived]
impl ::core::clone::Clone for Item {
    fn clone(&self) -> Self {
        Self {
            number: ::core::clone::Clone::clone(&self.number),
            pieces: ::core::clone::Clone::clone(&self.pieces),
            note: ::core::clone::Clone::clone(&self.note),
        }
    }
}
#[automatically_derived]
impl ::core::cmp::PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number && self.pieces == other.pieces
            && self.note == other.note
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for Item {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_struct(
            formatter,
            "Item",
            &[
                ("number", &self.number),
                ("pieces", &self.pieces),
                ("note", &::cohesive::__private::Personal),
            ],
        )
    }
}
const _: () = {
    #[derive(
        ::cohesive::__private::serde::Serialize,
        ::cohesive::__private::serde::Deserialize
    )]
    #[serde(
        remote = "Item",
        crate = "::cohesive::__private::serde",
        deny_unknown_fields
    )]
    struct MirrorOfItem {
        #[serde(rename = "number")]
        number: u32,
        #[serde(rename = "pieces")]
        pieces: u32,
        #[serde(rename = "note")]
        note: String,
    }
    #[automatically_derived]
    impl ::cohesive::__private::serde::Serialize for Item {
        fn serialize<S: ::cohesive::__private::serde::Serializer>(
            &self,
            serializer: S,
        ) -> ::core::result::Result<S::Ok, S::Error> {
            MirrorOfItem::serialize(self, serializer)
        }
    }
    #[automatically_derived]
    impl<'de> ::cohesive::__private::serde::Deserialize<'de> for Item {
        fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::core::result::Result<Self, D::Error> {
            MirrorOfItem::deserialize(deserializer)
        }
    }
};
#[automatically_derived]
impl ::cohesive::__private::Event for StayPaid {
    const MESSAGE: &'static ::cohesive::__private::model::Message = &::cohesive::__private::model::Message {
        name: "StayPaid",
        docs: "",
        file: ::core::file!(),
        role: ::cohesive::__private::model::Role::Event,
        members: &[
            ::cohesive::__private::model::Member::new(
                "guest_id",
                <GuestId as ::cohesive::__private::Value>::TYPE,
                ::cohesive::__private::model::At(::core::line!()),
            ),
            ::cohesive::__private::model::Member::new(
                "bill",
                <Money as ::cohesive::__private::Value>::TYPE,
                ::cohesive::__private::model::At(::core::line!()),
            ),
            ::cohesive::__private::model::Member {
                personal: true,
                ..::cohesive::__private::model::Member::new(
                    "name",
                    <Option<String> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
}
#[automatically_derived]
impl ::cohesive::__private::Payload for StayPaid {
    fn message(&self) -> &'static ::cohesive::__private::model::Message {
        <Self as ::cohesive::__private::Event>::MESSAGE
    }
    fn json(
        &self,
    ) -> ::core::result::Result<
        ::cohesive::__private::String,
        ::cohesive::__private::Flaw,
    > {
        ::cohesive::__private::json(self)
    }
    fn check(
        &self,
    ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
        ::cohesive::__private::named(
            <GuestId as ::cohesive::__private::Value>::check(&self.guest_id),
            "guest_id",
        )?;
        ::cohesive::__private::named(
            <Money as ::cohesive::__private::Value>::check(&self.bill),
            "bill",
        )?;
        ::cohesive::__private::named(
            <Option<String> as ::cohesive::__private::Value>::check(&self.name),
            "name",
        )?;
        ::core::result::Result::Ok(())
    }
    fn reread(
        &self,
        json: &str,
    ) -> ::core::result::Result<
        ::cohesive::__private::String,
        ::cohesive::__private::Flaw,
    > {
        ::cohesive::__private::reread::<Self>(json)
    }
}
#[derive(
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde")]
pub struct StayPaid {
    pub guest_id: GuestId,
    pub bill: Money,
    pub name: Option<String>,
}
#[automatically_derived]
impl ::core::fmt::Debug for StayPaid {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_struct(
            formatter,
            "StayPaid",
            &[
                ("guest_id", &self.guest_id),
                ("bill", &self.bill),
                ("name", &::cohesive::__private::Personal),
            ],
        )
    }
}
#[automatically_derived]
impl ::cohesive::__private::Effect for Thank {
    const MESSAGE: &'static ::cohesive::__private::model::Message = &::cohesive::__private::model::Message {
        name: "Thank",
        docs: "",
        file: ::core::file!(),
        role: ::cohesive::__private::model::Role::Request {
            reply: ::cohesive::__private::reply::<Thank>(),
            policy: ::cohesive::__private::model::Policy::UNDECLARED,
        },
        members: &[
            ::cohesive::__private::model::Member::new(
                "guest_id",
                <GuestId as ::cohesive::__private::Value>::TYPE,
                ::cohesive::__private::model::At(::core::line!()),
            ),
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
    type Reply = Nothing;
}
#[automatically_derived]
impl ::cohesive::__private::Payload for Thank {
    fn message(&self) -> &'static ::cohesive::__private::model::Message {
        <Self as ::cohesive::__private::Effect>::MESSAGE
    }
    fn json(
        &self,
    ) -> ::core::result::Result<
        ::cohesive::__private::String,
        ::cohesive::__private::Flaw,
    > {
        ::cohesive::__private::json(self)
    }
    fn check(
        &self,
    ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
        ::cohesive::__private::named(
            <GuestId as ::cohesive::__private::Value>::check(&self.guest_id),
            "guest_id",
        )?;
        ::core::result::Result::Ok(())
    }
    fn reread(
        &self,
        json: &str,
    ) -> ::core::result::Result<
        ::cohesive::__private::String,
        ::cohesive::__private::Flaw,
    > {
        ::cohesive::__private::reread::<Self>(json)
    }
}
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde")]
pub struct Thank {
    pub guest_id: GuestId,
}
#[automatically_derived]
impl ::cohesive::__private::Structure for Stay {
    const NAME: &'static str = "Stay";
    const STRUCTURE: &'static ::cohesive::__private::model::Structure = &::cohesive::__private::model::Structure {
        name: Self::NAME,
        table: "stay",
        plural: "stays",
        docs: "",
        file: ::core::file!(),
        fields: &[
            ::cohesive::__private::model::Field {
                role: ::cohesive::__private::model::FieldRole::Id,
                ..::cohesive::__private::model::Field::new(
                    "id",
                    <StayId<Guest> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                role: ::cohesive::__private::model::FieldRole::Lifecycle,
                ..::cohesive::__private::model::Field::new(
                    "status",
                    <StayStatus as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                references: ::core::option::Option::Some(
                    <Guest as ::cohesive::__private::Structure>::NAME,
                ),
                ..::cohesive::__private::model::Field::new(
                    "guest_id",
                    <GuestId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                constraints: &[
                    ::cohesive::__private::model::Constraint {
                        name: "name_length",
                        message: "must have a length of at most 12",
                        rule: ::cohesive::__private::model::Rule::Length {
                            least: 0u32,
                            greatest: ::core::option::Option::Some(12u32),
                        },
                        at: ::cohesive::__private::model::At(::core::line!()),
                    },
                ],
                personal: true,
                aliases: &["surname"],
                ..::cohesive::__private::model::Field::new(
                    "name",
                    <Option<String> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                constraints: &[
                    ::cohesive::__private::model::Constraint {
                        name: "room_pattern",
                        message: "must match `[A-Z]{2}[0-9]{3}`",
                        rule: ::cohesive::__private::model::Rule::Pattern(
                            "[A-Z]{2}[0-9]{3}",
                        ),
                        at: ::cohesive::__private::model::At(::core::line!()),
                    },
                ],
                ..::cohesive::__private::model::Field::new(
                    "room",
                    <String as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field::new(
                "items",
                <Vec<Item> as ::cohesive::__private::Value>::TYPE,
                ::cohesive::__private::model::At(::core::line!()),
            ),
            ::cohesive::__private::model::Field::new(
                "bill",
                <Money as ::cohesive::__private::Value>::TYPE,
                ::cohesive::__private::model::At(::core::line!()),
            ),
            ::cohesive::__private::model::Field::new(
                "arrival",
                <Timestamp as ::cohesive::__private::Value>::TYPE,
                ::cohesive::__private::model::At(::core::line!()),
            ),
            ::cohesive::__private::model::Field {
                constraints: &[
                    ::cohesive::__private::model::Constraint {
                        name: "leaves_later",
                        message: "a guest leaves after arriving",
                        rule: ::cohesive::__private::model::Rule::Check(
                            ::cohesive::__private::model::Expr::Binary(
                                ::cohesive::__private::model::BinaryOperator::Greater,
                                &::cohesive::__private::model::Expr::Field("departure"),
                                &::cohesive::__private::model::Expr::Field("arrival"),
                            ),
                        ),
                        at: ::cohesive::__private::model::At(::core::line!()),
                    },
                ],
                ..::cohesive::__private::model::Field::new(
                    "departure",
                    <Timestamp as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                merge: ::core::option::Option::Some(
                    ::cohesive::__private::model::Merge::Max,
                ),
                ..::cohesive::__private::model::Field::new(
                    "seen",
                    <Option<Timestamp> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field::new(
                "tags",
                <BTreeSet<String> as ::cohesive::__private::Value>::TYPE,
                ::cohesive::__private::model::At(::core::line!()),
            ),
            ::cohesive::__private::model::Field {
                role: ::cohesive::__private::model::FieldRole::FieldVersions,
                ..::cohesive::__private::model::Field::new(
                    "touched",
                    <FieldVersions as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
    type Patch = StayPatch;
    type View<'a> = StayView<'a>;
    type Id = StayId<Guest>;
    fn id(&self) -> &Self::Id {
        &self.id
    }
    fn id_of(patch: &Self::Patch) -> ::core::option::Option<&Self::Id> {
        patch.id.as_ref()
    }
    type Status = StayStatus;
    fn status(view: Self::View<'_>) -> ::core::option::Option<&Self::Status> {
        view.status
    }
    fn set_status(patch: &mut Self::Patch, status: Self::Status) {
        patch.status = ::core::option::Option::Some(status);
    }
    #[inline]
    fn view(&self) -> Self::View<'_> {
        StayView {
            id: ::core::option::Option::Some(&self.id),
            status: ::core::option::Option::Some(&self.status),
            guest_id: ::core::option::Option::Some(&self.guest_id),
            name: ::core::option::Option::Some(&self.name),
            room: ::core::option::Option::Some(&self.room),
            items: ::core::option::Option::Some(&self.items),
            bill: ::core::option::Option::Some(&self.bill),
            arrival: ::core::option::Option::Some(&self.arrival),
            departure: ::core::option::Option::Some(&self.departure),
            seen: ::core::option::Option::Some(&self.seen),
            tags: ::core::option::Option::Some(&self.tags),
            touched: ::core::option::Option::Some(&self.touched),
        }
    }
    #[inline]
    fn narrow<'short, 'long: 'short>(view: Self::View<'long>) -> Self::View<'short> {
        view
    }
    #[inline]
    fn overlay<'a>(view: Self::View<'a>, patch: &'a Self::Patch) -> Self::View<'a> {
        StayView {
            id: patch.id.as_ref().or(view.id),
            status: patch.status.as_ref().or(view.status),
            guest_id: patch.guest_id.as_ref().or(view.guest_id),
            name: patch.name.as_ref().or(view.name),
            room: patch.room.as_ref().or(view.room),
            items: patch.items.as_ref().or(view.items),
            bill: patch.bill.as_ref().or(view.bill),
            arrival: patch.arrival.as_ref().or(view.arrival),
            departure: patch.departure.as_ref().or(view.departure),
            seen: patch.seen.as_ref().or(view.seen),
            tags: patch.tags.as_ref().or(view.tags),
            touched: patch.touched.as_ref().or(view.touched),
        }
    }
    #[inline]
    fn observe(patch: &Self::Patch) -> Self::View<'_> {
        StayView {
            id: patch.id.as_ref(),
            status: patch.status.as_ref(),
            guest_id: patch.guest_id.as_ref(),
            name: patch.name.as_ref(),
            room: patch.room.as_ref(),
            items: patch.items.as_ref(),
            bill: patch.bill.as_ref(),
            arrival: patch.arrival.as_ref(),
            departure: patch.departure.as_ref(),
            seen: patch.seen.as_ref(),
            tags: patch.tags.as_ref(),
            touched: patch.touched.as_ref(),
        }
    }
    fn fill(
        patch: &mut Self::Patch,
    ) -> ::core::result::Result<(), ::cohesive::__private::Arithmetic> {
        ::cohesive::__private::fill(
            &mut patch.id,
            || <StayId<Guest> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::start::<Self>(&mut patch.status);
        ::cohesive::__private::fill(
            &mut patch.guest_id,
            || <GuestId as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.name,
            || <Option<String> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.room,
            || <String as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.items,
            || <Vec<Item> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.bill,
            || <Money as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.arrival,
            || <Timestamp as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.departure,
            || <Timestamp as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.seen,
            || <Option<Timestamp> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.tags,
            || <BTreeSet<String> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.touched,
            || <FieldVersions as ::cohesive::__private::Value>::absent(),
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
        ::cohesive::__private::trim(view.status, &mut patch.status);
        ::cohesive::__private::trim(view.guest_id, &mut patch.guest_id);
        ::cohesive::__private::trim(view.name, &mut patch.name);
        ::cohesive::__private::trim(view.room, &mut patch.room);
        ::cohesive::__private::trim(view.items, &mut patch.items);
        ::cohesive::__private::trim(view.bill, &mut patch.bill);
        ::cohesive::__private::trim(view.arrival, &mut patch.arrival);
        ::cohesive::__private::trim(view.departure, &mut patch.departure);
        ::cohesive::__private::trim(view.seen, &mut patch.seen);
        ::cohesive::__private::trim(view.tags, &mut patch.tags);
        ::cohesive::__private::trim(view.touched, &mut patch.touched);
    }
    fn whole(&self) -> Self::Patch {
        StayPatch {
            id: ::core::option::Option::Some(::core::clone::Clone::clone(&self.id)),
            status: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.status),
            ),
            guest_id: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.guest_id),
            ),
            name: ::core::option::Option::Some(::core::clone::Clone::clone(&self.name)),
            room: ::core::option::Option::Some(::core::clone::Clone::clone(&self.room)),
            items: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.items),
            ),
            bill: ::core::option::Option::Some(::core::clone::Clone::clone(&self.bill)),
            arrival: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.arrival),
            ),
            departure: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.departure),
            ),
            seen: ::core::option::Option::Some(::core::clone::Clone::clone(&self.seen)),
            tags: ::core::option::Option::Some(::core::clone::Clone::clone(&self.tags)),
            touched: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.touched),
            ),
        }
    }
    fn merge(patch: &mut Self::Patch, later: Self::Patch) {
        ::cohesive::__private::merge(&mut patch.id, later.id);
        ::cohesive::__private::merge(&mut patch.status, later.status);
        ::cohesive::__private::merge(&mut patch.guest_id, later.guest_id);
        ::cohesive::__private::merge(&mut patch.name, later.name);
        ::cohesive::__private::merge(&mut patch.room, later.room);
        ::cohesive::__private::merge(&mut patch.items, later.items);
        ::cohesive::__private::merge(&mut patch.bill, later.bill);
        ::cohesive::__private::merge(&mut patch.arrival, later.arrival);
        ::cohesive::__private::merge(&mut patch.departure, later.departure);
        ::cohesive::__private::merge(&mut patch.seen, later.seen);
        ::cohesive::__private::merge(&mut patch.tags, later.tags);
        ::cohesive::__private::merge(&mut patch.touched, later.touched);
    }
    fn complete(patch: Self::Patch) -> ::core::result::Result<Self, &'static str> {
        ::core::result::Result::Ok(Self {
            id: ::cohesive::__private::required(patch.id, "id")?,
            status: ::cohesive::__private::required(patch.status, "status")?,
            guest_id: ::cohesive::__private::required(patch.guest_id, "guest_id")?,
            name: ::cohesive::__private::required(patch.name, "name")?,
            room: ::cohesive::__private::required(patch.room, "room")?,
            items: ::cohesive::__private::required(patch.items, "items")?,
            bill: ::cohesive::__private::required(patch.bill, "bill")?,
            arrival: ::cohesive::__private::required(patch.arrival, "arrival")?,
            departure: ::cohesive::__private::required(patch.departure, "departure")?,
            seen: ::cohesive::__private::required(patch.seen, "seen")?,
            tags: ::cohesive::__private::required(patch.tags, "tags")?,
            touched: ::cohesive::__private::required(patch.touched, "touched")?,
        })
    }
    fn check(
        patch: &Self::Patch,
    ) -> ::core::option::Option<(&'static str, ::cohesive::__private::Flaw)> {
        ::core::option::Option::None
            .or_else(|| ::cohesive::__private::flaw(
                patch.id.as_ref(),
                |value| <StayId<Guest> as ::cohesive::__private::Value>::check(value),
                "id",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.status.as_ref(),
                |value| <StayStatus as ::cohesive::__private::Value>::check(value),
                "status",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.guest_id.as_ref(),
                |value| <GuestId as ::cohesive::__private::Value>::check(value),
                "guest_id",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.name.as_ref(),
                |value| <Option<String> as ::cohesive::__private::Value>::check(value),
                "name",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.room.as_ref(),
                |value| <String as ::cohesive::__private::Value>::check(value),
                "room",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.items.as_ref(),
                |value| <Vec<Item> as ::cohesive::__private::Value>::check(value),
                "items",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.bill.as_ref(),
                |value| <Money as ::cohesive::__private::Value>::check(value),
                "bill",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.arrival.as_ref(),
                |value| <Timestamp as ::cohesive::__private::Value>::check(value),
                "arrival",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.departure.as_ref(),
                |value| <Timestamp as ::cohesive::__private::Value>::check(value),
                "departure",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.seen.as_ref(),
                |value| <Option<
                    Timestamp,
                > as ::cohesive::__private::Value>::check(value),
                "seen",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.tags.as_ref(),
                |value| <BTreeSet<String> as ::cohesive::__private::Value>::check(value),
                "tags",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.touched.as_ref(),
                |value| <FieldVersions as ::cohesive::__private::Value>::check(value),
                "touched",
            ))
    }
    fn encode<'a>(
        patch: &'a Self::Patch,
        show: &mut dyn ::core::ops::FnMut(usize, ::cohesive::__private::Datum<'a>),
    ) -> ::core::result::Result<(), (usize, ::cohesive::__private::Flaw)> {
        ::cohesive::__private::show(
            0,
            patch.id.as_ref(),
            |value| <StayId<Guest> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            1,
            patch.status.as_ref(),
            |value| <StayStatus as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            2,
            patch.guest_id.as_ref(),
            |value| <GuestId as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            3,
            patch.name.as_ref(),
            |value| <Option<String> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            4,
            patch.room.as_ref(),
            |value| <String as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            5,
            patch.items.as_ref(),
            |value| <Vec<Item> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            6,
            patch.bill.as_ref(),
            |value| <Money as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            7,
            patch.arrival.as_ref(),
            |value| <Timestamp as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            8,
            patch.departure.as_ref(),
            |value| <Timestamp as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            9,
            patch.seen.as_ref(),
            |value| <Option<Timestamp> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            10,
            patch.tags.as_ref(),
            |value| <BTreeSet<String> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            11,
            patch.touched.as_ref(),
            |value| <FieldVersions as ::cohesive::__private::Value>::encode(value),
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
                    <StayId<Guest> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            1 => {
                ::cohesive::__private::read(
                    &mut patch.status,
                    <StayStatus as ::cohesive::__private::Value>::decode(datum),
                )
            }
            2 => {
                ::cohesive::__private::read(
                    &mut patch.guest_id,
                    <GuestId as ::cohesive::__private::Value>::decode(datum),
                )
            }
            3 => {
                ::cohesive::__private::read(
                    &mut patch.name,
                    <Option<String> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            4 => {
                ::cohesive::__private::read(
                    &mut patch.room,
                    <String as ::cohesive::__private::Value>::decode(datum),
                )
            }
            5 => {
                ::cohesive::__private::read(
                    &mut patch.items,
                    <Vec<Item> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            6 => {
                ::cohesive::__private::read(
                    &mut patch.bill,
                    <Money as ::cohesive::__private::Value>::decode(datum),
                )
            }
            7 => {
                ::cohesive::__private::read(
                    &mut patch.arrival,
                    <Timestamp as ::cohesive::__private::Value>::decode(datum),
                )
            }
            8 => {
                ::cohesive::__private::read(
                    &mut patch.departure,
                    <Timestamp as ::cohesive::__private::Value>::decode(datum),
                )
            }
            9 => {
                ::cohesive::__private::read(
                    &mut patch.seen,
                    <Option<Timestamp> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            10 => {
                ::cohesive::__private::read(
                    &mut patch.tags,
                    <BTreeSet<String> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            11 => {
                ::cohesive::__private::read(
                    &mut patch.touched,
                    <FieldVersions as ::cohesive::__private::Value>::decode(datum),
                )
            }
            _ => ::cohesive::__private::no_column(),
        }
    }
    fn join(view: Self::View<'_>, patch: &mut Self::Patch, later: Self::Patch) {
        ::cohesive::__private::join_field::<
            ::cohesive::__private::join::Max,
            _,
        >(&mut patch.seen, view.seen, later.seen);
    }
    fn field_versions(
        view: Self::View<'_>,
    ) -> ::core::option::Option<&::cohesive::__private::FieldVersions> {
        view.touched
    }
    fn set_field_versions(
        patch: &mut Self::Patch,
        versions: ::cohesive::__private::FieldVersions,
    ) {
        patch.touched = ::core::option::Option::Some(versions);
    }
    fn constrained(
        view: Self::View<'_>,
        patch: &Self::Patch,
    ) -> ::core::result::Result<
        (),
        ::cohesive::__private::Stop<::cohesive::__private::Refusal>,
    > {
        ::cohesive::__private::constrained(
            match &patch.name {
                ::core::option::Option::Some(value) => {
                    ::cohesive::__private::constraint::has_length(value, 0, 12)
                }
                ::core::option::Option::None => true,
            },
            "name",
            &Self::STRUCTURE.fields[3].constraints[0],
        )?;
        ::cohesive::__private::constrained(
            match &patch.room {
                ::core::option::Option::Some(value) => {
                    ::cohesive::__private::matches_pattern!(value, "[A-Z]{2}[0-9]{3}")
                }
                ::core::option::Option::None => true,
            },
            "room",
            &Self::STRUCTURE.fields[4].constraints[0],
        )?;
        ::cohesive::__private::constrained(
            if patch.arrival.is_some() || patch.departure.is_some() {
                let state_arrival = ::cohesive::__private::observed(
                    view.arrival,
                    "arrival",
                )?;
                let state_departure = ::cohesive::__private::observed(
                    view.departure,
                    "departure",
                )?;
                (*state_departure) > (*state_arrival)
            } else {
                true
            },
            "departure",
            &Self::STRUCTURE.fields[8].constraints[0],
        )?;
        ::core::result::Result::Ok(())
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for Stay {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_struct(
            formatter,
            "Stay",
            &[
                ("id", &self.id),
                ("status", &self.status),
                ("guest_id", &self.guest_id),
                ("name", &::cohesive::__private::Personal),
                ("room", &self.room),
                ("items", &self.items),
                ("bill", &self.bill),
                ("arrival", &self.arrival),
                ("departure", &self.departure),
                ("seen", &self.seen),
                ("tags", &self.tags),
                ("touched", &self.touched),
            ],
        )
    }
}
#[derive(
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct Stay {
    pub id: StayId<Guest>,
    pub status: StayStatus,
    pub guest_id: GuestId,
    #[serde(alias = "surname")]
    pub name: Option<String>,
    pub room: String,
    pub items: Vec<Item>,
    pub bill: Money,
    pub arrival: Timestamp,
    pub departure: Timestamp,
    pub seen: Option<Timestamp>,
    pub tags: BTreeSet<String>,
    pub touched: FieldVersions,
}
#[automatically_derived]
impl ::core::fmt::Debug for StayPatch {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_struct(
            formatter,
            "StayPatch",
            &[
                ("id", &self.id),
                ("status", &self.status),
                ("guest_id", &self.guest_id),
                ("name", &::cohesive::__private::Personal),
                ("room", &self.room),
                ("items", &self.items),
                ("bill", &self.bill),
                ("arrival", &self.arrival),
                ("departure", &self.departure),
                ("seen", &self.seen),
                ("tags", &self.tags),
                ("touched", &self.touched),
            ],
        )
    }
}
///Some fields of a [`Stay`]: what a transition changed, or what was loaded.
#[derive(::core::clone::Clone, ::core::default::Default, ::core::cmp::PartialEq)]
pub struct StayPatch {
    ///`id`, if it is there.
    pub id: ::core::option::Option<StayId<Guest>>,
    ///`status`, if it is there.
    pub status: ::core::option::Option<StayStatus>,
    ///`guest_id`, if it is there.
    pub guest_id: ::core::option::Option<GuestId>,
    ///`name`, if it is there.
    pub name: ::core::option::Option<Option<String>>,
    ///`room`, if it is there.
    pub room: ::core::option::Option<String>,
    ///`items`, if it is there.
    pub items: ::core::option::Option<Vec<Item>>,
    ///`bill`, if it is there.
    pub bill: ::core::option::Option<Money>,
    ///`arrival`, if it is there.
    pub arrival: ::core::option::Option<Timestamp>,
    ///`departure`, if it is there.
    pub departure: ::core::option::Option<Timestamp>,
    ///`seen`, if it is there.
    pub seen: ::core::option::Option<Option<Timestamp>>,
    ///`tags`, if it is there.
    pub tags: ::core::option::Option<BTreeSet<String>>,
    ///`touched`, if it is there.
    pub touched: ::core::option::Option<FieldVersions>,
}
#[automatically_derived]
impl ::core::fmt::Debug for StayView<'_> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_struct(
            formatter,
            "StayView",
            &[
                ("id", &self.id),
                ("status", &self.status),
                ("guest_id", &self.guest_id),
                ("name", &::cohesive::__private::Personal),
                ("room", &self.room),
                ("items", &self.items),
                ("bill", &self.bill),
                ("arrival", &self.arrival),
                ("departure", &self.departure),
                ("seen", &self.seen),
                ("tags", &self.tags),
                ("touched", &self.touched),
            ],
        )
    }
}
///References to some or all fields of a [`Stay`].
#[derive(::core::clone::Clone, ::core::marker::Copy)]
pub struct StayView<'a> {
    ///`id`, if it was observed.
    pub id: ::core::option::Option<&'a StayId<Guest>>,
    ///`status`, if it was observed.
    pub status: ::core::option::Option<&'a StayStatus>,
    ///`guest_id`, if it was observed.
    pub guest_id: ::core::option::Option<&'a GuestId>,
    ///`name`, if it was observed.
    pub name: ::core::option::Option<&'a Option<String>>,
    ///`room`, if it was observed.
    pub room: ::core::option::Option<&'a String>,
    ///`items`, if it was observed.
    pub items: ::core::option::Option<&'a Vec<Item>>,
    ///`bill`, if it was observed.
    pub bill: ::core::option::Option<&'a Money>,
    ///`arrival`, if it was observed.
    pub arrival: ::core::option::Option<&'a Timestamp>,
    ///`departure`, if it was observed.
    pub departure: ::core::option::Option<&'a Timestamp>,
    ///`seen`, if it was observed.
    pub seen: ::core::option::Option<&'a Option<Timestamp>>,
    ///`tags`, if it was observed.
    pub tags: ::core::option::Option<&'a BTreeSet<String>>,
    ///`touched`, if it was observed.
    pub touched: ::core::option::Option<&'a FieldVersions>,
}
const _: () = ::cohesive::__private::refers::<
    GuestId,
    <Guest as ::cohesive::__private::Structure>::Id,
>();
#[automatically_derived]
impl ::cohesive::__private::Entity for Stay {
    const MODEL: &'static ::cohesive::__private::model::Entity = &::cohesive::__private::model::Entity {
        transitions: &[
            *<BookStay as ::cohesive::__private::Input>::TRANSITION,
            *<CorrectStay as ::cohesive::__private::Input>::TRANSITION,
            *<CancelStay as ::cohesive::__private::Input>::TRANSITION,
            *<SeeStay as ::cohesive::__private::Input>::TRANSITION,
            *<PayStay as ::cohesive::__private::Input>::TRANSITION,
        ],
        invariants: &[],
        messages: &[
            <StayPaid as ::cohesive::__private::Event>::MESSAGE,
            <Thank as ::cohesive::__private::Effect>::MESSAGE,
        ],
        natives: &[
            ::cohesive::__private::model::Native {
                name: "weight",
                docs: "What it weighs.",
                reads: &["items"],
                at: ::cohesive::__private::model::At(::core::line!()),
            },
        ],
        ..::cohesive::__private::model::Entity::new(
            <Stay as ::cohesive::__private::Structure>::STRUCTURE,
            ::core::file!(),
        )
    };
    #[inline]
    fn invariants(
        _: <Stay as ::cohesive::__private::Structure>::View<'_>,
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
        show("Currency::EUR", ::cohesive::__private::Shown(&Currency::EUR).constant());
        show("Decimal::ZERO", ::cohesive::__private::Shown(&Decimal::ZERO).constant());
    }
    fn inputs(visitor: &mut impl ::cohesive::__private::InputVisitor<Stay>) {
        ::cohesive::__private::InputVisitor::create::<BookStay>(visitor);
        ::cohesive::__private::InputVisitor::update::<CorrectStay>(visitor);
        ::cohesive::__private::InputVisitor::update::<CancelStay>(visitor);
        ::cohesive::__private::InputVisitor::update::<SeeStay>(visitor);
        ::cohesive::__private::InputVisitor::update::<PayStay>(visitor);
    }
}
impl Stay {
    /// What it weighs.
    #[doc(hidden)]
    fn native_weight(
        view: <Stay as ::cohesive::__private::Structure>::View<'_>,
        each: usize,
    ) -> ::core::result::Result<usize, ::cohesive::__private::Unobserved> {
        let native_items = ::cohesive::__private::observed(view.items, "items")?;
        let value = move || -> usize { (*native_items).len() * each };
        ::core::result::Result::Ok(value())
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<8> = ::cohesive::__private::names(
        ["arrival", "bill", "departure", "guest_id", "id", "name", "room"],
        <Stay as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<8> = ::cohesive::__private::names(
        ["arrival", "bill", "departure", "guest_id", "id", "name", "room"],
        <Stay as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for BookStay {
        type Entity = Stay;
        type Rejection = BookStayRejection;
        type Effects = ::cohesive::__private::Effects<BookStayEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "id",
                    <StayId<Guest> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "guest_id",
                    <GuestId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter {
                    personal: true,
                    ..::cohesive::__private::model::Parameter::new(
                        "name",
                        <Option<String> as ::cohesive::__private::Value>::TYPE,
                        ::cohesive::__private::model::At(::core::line!()),
                    )
                },
                ::cohesive::__private::model::Parameter {
                    constraints: &[
                        ::cohesive::__private::model::Constraint {
                            name: "room_length",
                            message: "must have a length of at least 1",
                            rule: ::cohesive::__private::model::Rule::Length {
                                least: 1u32,
                                greatest: ::core::option::Option::None,
                            },
                            at: ::cohesive::__private::model::At(::core::line!()),
                        },
                    ],
                    ..::cohesive::__private::model::Parameter::new(
                        "room",
                        <String as ::cohesive::__private::Value>::TYPE,
                        ::cohesive::__private::model::At(::core::line!()),
                    )
                },
                ::cohesive::__private::model::Parameter::new(
                    "arrival",
                    <Timestamp as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            steps: &[
                ::cohesive::__private::model::Step::Let {
                    name: "bill",
                    value: ::cohesive::__private::model::Expr::Record {
                        name: "Money",
                        members: &[
                            (
                                "amount",
                                ::cohesive::__private::model::Expr::Path("Decimal::ZERO"),
                            ),
                            (
                                "currency",
                                ::cohesive::__private::model::Expr::Path("Currency::EUR"),
                            ),
                        ],
                        base: ::core::option::Option::None,
                    },
                },
                ::cohesive::__private::model::Step::Set {
                    field: "id",
                    value: ::cohesive::__private::model::Expr::Input("id"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "guest_id",
                    value: ::cohesive::__private::model::Expr::Input("guest_id"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "name",
                    value: ::cohesive::__private::model::Expr::Input("name"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "room",
                    value: ::cohesive::__private::model::Expr::Input("room"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "bill",
                    value: ::cohesive::__private::model::Expr::Local("bill"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "arrival",
                    value: ::cohesive::__private::model::Expr::Input("arrival"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "departure",
                    value: ::cohesive::__private::model::Expr::Binary(
                        ::cohesive::__private::model::BinaryOperator::Add,
                        &::cohesive::__private::model::Expr::Input("arrival"),
                        &::cohesive::__private::model::Expr::Construct {
                            name: "Duration::days",
                            arguments: &[
                                ::cohesive::__private::model::Expr::Literal(
                                    ::cohesive::__private::model::Literal::Int(3i128),
                                ),
                            ],
                        },
                    ),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            ..::cohesive::__private::model::Transition::new(
                "book",
                "BookStay",
                ::cohesive::__private::model::Kind::Create,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <StayId<Guest> as ::cohesive::__private::Value>::check(&self.id),
                "id",
            )?;
            ::cohesive::__private::named(
                <GuestId as ::cohesive::__private::Value>::check(&self.guest_id),
                "guest_id",
            )?;
            ::cohesive::__private::named(
                <Option<String> as ::cohesive::__private::Value>::check(&self.name),
                "name",
            )?;
            ::cohesive::__private::named(
                <String as ::cohesive::__private::Value>::check(&self.room),
                "room",
            )?;
            ::cohesive::__private::named(
                <Timestamp as ::cohesive::__private::Value>::check(&self.arrival),
                "arrival",
            )?;
            {
                const KEPT: &[::cohesive::__private::model::Constraint] = &[
                    ::cohesive::__private::model::Constraint {
                        name: "room_length",
                        message: "must have a length of at least 1",
                        rule: ::cohesive::__private::model::Rule::Length {
                            least: 1u32,
                            greatest: ::core::option::Option::None,
                        },
                        at: ::cohesive::__private::model::At(::core::line!()),
                    },
                ];
                ::cohesive::__private::named(
                    ::cohesive::__private::kept(
                        ::cohesive::__private::constraint::has_length(
                            &self.room,
                            1,
                            ::core::primitive::usize::MAX,
                        ),
                        &KEPT[0],
                    ),
                    "room",
                )?;
            }
            ::core::result::Result::Ok(())
        }
    }
};
///The input of `book` of a [`Stay`].
#[derive(
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct BookStay {
    ///`id`, as the caller supplies it.
    pub id: StayId<Guest>,
    ///`guest_id`, as the caller supplies it.
    pub guest_id: GuestId,
    ///`name`, as the caller supplies it.
    pub name: Option<String>,
    ///`room`, as the caller supplies it.
    pub room: String,
    ///`arrival`, as the caller supplies it.
    pub arrival: Timestamp,
}
#[automatically_derived]
impl ::core::fmt::Debug for BookStay {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_struct(
            formatter,
            "BookStay",
            &[
                ("id", &self.id),
                ("guest_id", &self.guest_id),
                ("name", &::cohesive::__private::Personal),
                ("room", &self.room),
                ("arrival", &self.arrival),
            ],
        )
    }
}
///Why [`BookStay`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum BookStayRejection {
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for BookStayRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for BookStayRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for BookStayRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for BookStayRejection {
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
///What [`BookStay`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum BookStayEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for BookStayEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Create for BookStay {
    #[inline]
    fn run(
        &self,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<BookStayRejection>> {
        let bill = Money {
            amount: Decimal::ZERO,
            currency: Currency::EUR,
        };
        draft.patch.id = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.id),
        );
        draft.patch.guest_id = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.guest_id),
        );
        draft.patch.name = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.name),
        );
        draft.patch.room = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.room),
        );
        draft.patch.bill = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&bill),
        );
        draft.patch.arrival = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.arrival),
        );
        draft.patch.departure = ::core::option::Option::Some(
            ::cohesive::__private::arithmetic::add(
                ::core::clone::Clone::clone(&self.arrival),
                Duration::days(3),
            )?,
        );
        ::core::result::Result::Ok(())
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<2> = ::cohesive::__private::names(
        ["items"],
        <Stay as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<2> = ::cohesive::__private::names(
        ["items"],
        <Stay as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for CorrectStay {
        type Entity = Stay;
        type Rejection = CorrectStayRejection;
        type Effects = ::cohesive::__private::Effects<CorrectStayEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "number",
                    <u32 as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "pieces",
                    <u32 as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            steps: &[
                ::cohesive::__private::model::Step::Match {
                    on: ::cohesive::__private::model::Expr::Fold {
                        fold: ::cohesive::__private::model::FoldOperator::Find,
                        list: &::cohesive::__private::model::Expr::Field("items"),
                        binding: "item",
                        body: &::cohesive::__private::model::Expr::Binary(
                            ::cohesive::__private::model::BinaryOperator::Equal,
                            &::cohesive::__private::model::Expr::Member(
                                &::cohesive::__private::model::Expr::Local("item"),
                                "number",
                            ),
                            &::cohesive::__private::model::Expr::Input("number"),
                        ),
                    },
                    arms: &[
                        ::cohesive::__private::model::StepArm {
                            pattern: ::cohesive::__private::model::Pattern::Construct {
                                name: "Some",
                                arguments: &[
                                    ::cohesive::__private::model::Pattern::Bind("item"),
                                ],
                            },
                            condition: ::core::option::Option::None,
                            steps: &[
                                ::cohesive::__private::model::Step::Change {
                                    field: "items",
                                    change: ::cohesive::__private::model::Change::Upsert,
                                    operands: &[
                                        ::cohesive::__private::model::Expr::Record {
                                            name: "Item",
                                            members: &[
                                                (
                                                    "pieces",
                                                    ::cohesive::__private::model::Expr::Input("pieces"),
                                                ),
                                            ],
                                            base: ::core::option::Option::Some(
                                                &::cohesive::__private::model::Expr::Local("item"),
                                            ),
                                        },
                                    ],
                                    at: ::cohesive::__private::model::At(::core::line!()),
                                },
                            ],
                        },
                        ::cohesive::__private::model::StepArm {
                            pattern: ::cohesive::__private::model::Pattern::Any,
                            condition: ::core::option::Option::None,
                            steps: &[],
                        },
                    ],
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            conflict: ::cohesive::__private::model::Conflict::Disjoint,
            ..::cohesive::__private::model::Transition::new(
                "correct",
                "CorrectStay",
                ::cohesive::__private::model::Kind::Update,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <u32 as ::cohesive::__private::Value>::check(&self.number),
                "number",
            )?;
            ::cohesive::__private::named(
                <u32 as ::cohesive::__private::Value>::check(&self.pieces),
                "pieces",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///The input of `correct` of a [`Stay`].
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct CorrectStay {
    ///`number`, as the caller supplies it.
    pub number: u32,
    ///`pieces`, as the caller supplies it.
    pub pieces: u32,
}
///Why [`CorrectStay`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum CorrectStayRejection {
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for CorrectStayRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for CorrectStayRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for CorrectStayRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for CorrectStayRejection {
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
///What [`CorrectStay`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum CorrectStayEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for CorrectStayEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Update for CorrectStay {
    const FROM: &'static [<Stay as ::cohesive::__private::Structure>::Status] = &[];
    const TO: ::core::option::Option<
        <Stay as ::cohesive::__private::Structure>::Status,
    > = ::core::option::Option::None;
    const CHOICES: &'static [<Stay as ::cohesive::__private::Structure>::Status] = &[];
    #[inline]
    fn wrong_state(
        state: <Stay as ::cohesive::__private::Structure>::Status,
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
        state: <Stay as ::cohesive::__private::Structure>::View<'_>,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<CorrectStayRejection>> {
        let state_items = ::cohesive::__private::observed(state.items, "items")?;
        match &::cohesive::__private::fold::find(
            &(*state_items),
            |item| ::core::result::Result::Ok((*item).number == self.number),
        )? {
            Some(item) => {
                ::cohesive::__private::collection::upsert(
                    ::cohesive::__private::part(&mut draft.patch.items, state_items),
                    Item {
                        pieces: ::core::clone::Clone::clone(&self.pieces),
                        ..::core::clone::Clone::clone(&(*item))
                    },
                )?;
            }
            _ => {}
        }
        ::core::result::Result::Ok(())
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["items", "tags"],
        <Stay as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["items", "tags"],
        <Stay as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for CancelStay {
        type Entity = Stay;
        type Rejection = CancelStayRejection;
        type Effects = ::cohesive::__private::Effects<CancelStayEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "number",
                    <u32 as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "tag",
                    <String as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            guards: &[
                ::cohesive::__private::model::Guard {
                    name: "Cheap",
                    message: "it weighs too much",
                    condition: ::cohesive::__private::model::Expr::Binary(
                        ::cohesive::__private::model::BinaryOperator::Less,
                        &::cohesive::__private::model::Expr::Native {
                            name: "weight",
                            reads: &["items"],
                            arguments: &[
                                ::cohesive::__private::model::Expr::Literal(
                                    ::cohesive::__private::model::Literal::Int(2i128),
                                ),
                            ],
                        },
                        &::cohesive::__private::model::Expr::Literal(
                            ::cohesive::__private::model::Literal::Int(10i128),
                        ),
                    ),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            steps: &[
                ::cohesive::__private::model::Step::Change {
                    field: "items",
                    change: ::cohesive::__private::model::Change::RemoveById,
                    operands: &[::cohesive::__private::model::Expr::Input("number")],
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Change {
                    field: "tags",
                    change: ::cohesive::__private::model::Change::Insert,
                    operands: &[::cohesive::__private::model::Expr::Input("tag")],
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            conflict: ::cohesive::__private::model::Conflict::Manual,
            ..::cohesive::__private::model::Transition::new(
                "cancel",
                "CancelStay",
                ::cohesive::__private::model::Kind::Update,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <u32 as ::cohesive::__private::Value>::check(&self.number),
                "number",
            )?;
            ::cohesive::__private::named(
                <String as ::cohesive::__private::Value>::check(&self.tag),
                "tag",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///The input of `cancel` of a [`Stay`].
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct CancelStay {
    ///`number`, as the caller supplies it.
    pub number: u32,
    ///`tag`, as the caller supplies it.
    pub tag: String,
}
///Why [`CancelStay`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum CancelStayRejection {
    ///it weighs too much
    Cheap,
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for CancelStayRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Cheap => formatter.write_str("it weighs too much"),
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for CancelStayRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for CancelStayRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for CancelStayRejection {
    fn name(&self) -> &'static str {
        match self {
            Self::Cheap => "cheap",
            Self::Refused(refusal) => refusal.name(),
        }
    }
    fn class(&self) -> ::cohesive::__private::RejectionClass {
        match self {
            Self::Cheap => ::cohesive::__private::RejectionClass::Guard,
            Self::Refused(_) => ::cohesive::__private::RejectionClass::Rule,
        }
    }
}
///What [`CancelStay`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum CancelStayEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for CancelStayEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Update for CancelStay {
    const FROM: &'static [<Stay as ::cohesive::__private::Structure>::Status] = &[];
    const TO: ::core::option::Option<
        <Stay as ::cohesive::__private::Structure>::Status,
    > = ::core::option::Option::None;
    const CHOICES: &'static [<Stay as ::cohesive::__private::Structure>::Status] = &[];
    #[inline]
    fn wrong_state(
        state: <Stay as ::cohesive::__private::Structure>::Status,
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
        state: <Stay as ::cohesive::__private::Structure>::View<'_>,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<CancelStayRejection>> {
        let state_items = ::cohesive::__private::observed(state.items, "items")?;
        let state_tags = ::cohesive::__private::observed(state.tags, "tags")?;
        if !(Stay::native_weight(state, 2)? < 10) {
            return ::core::result::Result::Err(
                ::cohesive::__private::Stop::Rejected(CancelStayRejection::Cheap),
            );
        }
        ::cohesive::__private::collection::remove_by_id(
            ::cohesive::__private::part(&mut draft.patch.items, state_items),
            &::core::clone::Clone::clone(&self.number),
        )?;
        ::cohesive::__private::collection::insert(
            ::cohesive::__private::part(&mut draft.patch.tags, state_tags),
            ::core::clone::Clone::clone(&self.tag),
        )?;
        ::core::result::Result::Ok(())
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<2> = ::cohesive::__private::names(
        ["seen"],
        <Stay as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<2> = ::cohesive::__private::names(
        ["seen"],
        <Stay as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for SeeStay {
        type Entity = Stay;
        type Rejection = SeeStayRejection;
        type Effects = ::cohesive::__private::Effects<SeeStayEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "at",
                    <Timestamp as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            steps: &[
                ::cohesive::__private::model::Step::Change {
                    field: "seen",
                    change: ::cohesive::__private::model::Change::Merge,
                    operands: &[
                        ::cohesive::__private::model::Expr::Construct {
                            name: "Some",
                            arguments: &[::cohesive::__private::model::Expr::Input("at")],
                        },
                    ],
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            ..::cohesive::__private::model::Transition::new(
                "see",
                "SeeStay",
                ::cohesive::__private::model::Kind::Update,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <Timestamp as ::cohesive::__private::Value>::check(&self.at),
                "at",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///The input of `see` of a [`Stay`].
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct SeeStay {
    ///`at`, as the caller supplies it.
    pub at: Timestamp,
}
///Why [`SeeStay`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum SeeStayRejection {
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for SeeStayRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for SeeStayRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for SeeStayRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for SeeStayRejection {
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
///What [`SeeStay`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum SeeStayEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for SeeStayEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Update for SeeStay {
    const FROM: &'static [<Stay as ::cohesive::__private::Structure>::Status] = &[];
    const TO: ::core::option::Option<
        <Stay as ::cohesive::__private::Structure>::Status,
    > = ::core::option::Option::None;
    const CHOICES: &'static [<Stay as ::cohesive::__private::Structure>::Status] = &[];
    #[inline]
    fn wrong_state(
        state: <Stay as ::cohesive::__private::Structure>::Status,
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
        state: <Stay as ::cohesive::__private::Structure>::View<'_>,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<SeeStayRejection>> {
        let state_seen = ::cohesive::__private::observed(state.seen, "seen")?;
        {
            let joined = Some(::core::clone::Clone::clone(&self.at));
            ::cohesive::__private::join::<
                <Self as ::cohesive::__private::Input>::Entity,
            >(
                state,
                &mut draft.patch,
                move |later| later.seen = ::core::option::Option::Some(joined),
            );
        }
        ::core::result::Result::Ok(())
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<5> = ::cohesive::__private::names(
        ["bill", "guest_id", "name", "status"],
        <Stay as ::cohesive::__private::Structure>::STRUCTURE,
        true,
    );
    const WRITES: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["bill", "status"],
        <Stay as ::cohesive::__private::Structure>::STRUCTURE,
        true,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for PayStay {
        type Entity = Stay;
        type Rejection = PayStayRejection;
        type Effects = ::cohesive::__private::Effects<PayStayEffect, 2>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            edge: ::core::option::Option::Some(::cohesive::__private::model::Edge {
                from: &[],
                to: ::cohesive::__private::model::Target::OneOf {
                    states: &["Paid"],
                    stay: true,
                },
            }),
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "payment_id",
                    <String as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "amount",
                    <Money as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "paid_at",
                    <Option<Timestamp> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            steps: &[
                ::cohesive::__private::model::Step::Let {
                    name: "bill",
                    value: ::cohesive::__private::model::Expr::Binary(
                        ::cohesive::__private::model::BinaryOperator::Subtract,
                        &::cohesive::__private::model::Expr::Field("bill"),
                        &::cohesive::__private::model::Expr::Input("amount"),
                    ),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "bill",
                    value: ::cohesive::__private::model::Expr::Local("bill"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::If {
                    condition: ::cohesive::__private::model::Expr::Binary(
                        ::cohesive::__private::model::BinaryOperator::LessOrEqual,
                        &::cohesive::__private::model::Expr::Member(
                            &::cohesive::__private::model::Expr::Local("bill"),
                            "amount",
                        ),
                        &::cohesive::__private::model::Expr::Path("Decimal::ZERO"),
                    ),
                    then: &[
                        ::cohesive::__private::model::Step::Set {
                            field: "status",
                            value: ::cohesive::__private::model::Expr::Path(
                                "StayStatus::Paid",
                            ),
                            at: ::cohesive::__private::model::At(::core::line!()),
                        },
                        ::cohesive::__private::model::Step::Emit {
                            message: "StayPaid",
                            payload: ::cohesive::__private::model::Expr::Record {
                                name: "StayPaid",
                                members: &[
                                    (
                                        "guest_id",
                                        ::cohesive::__private::model::Expr::Field("guest_id"),
                                    ),
                                    ("bill", ::cohesive::__private::model::Expr::Local("bill")),
                                    ("name", ::cohesive::__private::model::Expr::Field("name")),
                                ],
                                base: ::core::option::Option::None,
                            },
                            at: ::cohesive::__private::model::At(::core::line!()),
                        },
                        ::cohesive::__private::model::Step::Request {
                            message: "Thank",
                            payload: ::cohesive::__private::model::Expr::Record {
                                name: "Thank",
                                members: &[
                                    (
                                        "guest_id",
                                        ::cohesive::__private::model::Expr::Field("guest_id"),
                                    ),
                                ],
                                base: ::core::option::Option::None,
                            },
                            at: ::cohesive::__private::model::At(::core::line!()),
                        },
                    ],
                    otherwise: &[],
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            emits: &["StayPaid"],
            requests: &["Thank"],
            fact: ::core::option::Option::Some(::cohesive::__private::model::Fact {
                external_id: "payment_id",
                occurred_at: ::core::option::Option::Some("paid_at"),
            }),
            conflict: ::cohesive::__private::model::Conflict::AtHead,
            ..::cohesive::__private::model::Transition::new(
                "pay",
                "PayStay",
                ::cohesive::__private::model::Kind::Update,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <String as ::cohesive::__private::Value>::check(&self.payment_id),
                "payment_id",
            )?;
            ::cohesive::__private::named(
                <Money as ::cohesive::__private::Value>::check(&self.amount),
                "amount",
            )?;
            ::cohesive::__private::named(
                <Option<
                    Timestamp,
                > as ::cohesive::__private::Value>::check(&self.paid_at),
                "paid_at",
            )?;
            ::core::result::Result::Ok(())
        }
        fn external_id(&self) -> ::core::option::Option<::cohesive::__private::String> {
            ::core::option::Option::Some(
                ::cohesive::__private::ToString::to_string(&self.payment_id),
            )
        }
        fn occurred_at(
            &self,
            _: &::cohesive::__private::Context,
        ) -> ::core::option::Option<::cohesive::__private::Timestamp> {
            ::core::convert::Into::into(self.paid_at)
        }
    }
};
///The input of `pay` of a [`Stay`].
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct PayStay {
    ///`payment_id`, as the caller supplies it.
    pub payment_id: String,
    ///`amount`, as the caller supplies it.
    pub amount: Money,
    ///`paid_at`, as the caller supplies it.
    pub paid_at: Option<Timestamp>,
}
///Why [`PayStay`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum PayStayRejection {
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for PayStayRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for PayStayRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for PayStayRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for PayStayRejection {
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
///What [`PayStay`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum PayStayEffect {
    ///A `StayPaid`.
    StayPaid(StayPaid),
    ///A `Thank`.
    Thank(Thank),
}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for PayStayEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match self {
            Self::StayPaid(payload) => {
                <StayPaid as ::cohesive::__private::Event>::as_payload(payload)
            }
            Self::Thank(payload) => {
                <Thank as ::cohesive::__private::Effect>::as_payload(payload)
            }
        }
    }
}
#[automatically_derived]
impl ::core::convert::From<StayPaid> for PayStayEffect {
    fn from(payload: StayPaid) -> Self {
        Self::StayPaid(payload)
    }
}
#[automatically_derived]
impl ::core::convert::From<Thank> for PayStayEffect {
    fn from(payload: Thank) -> Self {
        Self::Thank(payload)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Update for PayStay {
    const FROM: &'static [<Stay as ::cohesive::__private::Structure>::Status] = &[];
    const TO: ::core::option::Option<
        <Stay as ::cohesive::__private::Structure>::Status,
    > = ::core::option::Option::None;
    const CHOICES: &'static [<Stay as ::cohesive::__private::Structure>::Status] = &[
        <<Stay as ::cohesive::__private::Structure>::Status>::Paid,
    ];
    #[inline]
    fn wrong_state(
        state: <Stay as ::cohesive::__private::Structure>::Status,
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
        state: <Stay as ::cohesive::__private::Structure>::View<'_>,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<PayStayRejection>> {
        let state_bill = ::cohesive::__private::observed(state.bill, "bill")?;
        let state_guest_id = ::cohesive::__private::observed(
            state.guest_id,
            "guest_id",
        )?;
        let state_name = ::cohesive::__private::observed(state.name, "name")?;
        let bill = ::cohesive::__private::arithmetic::subtract(
            ::core::clone::Clone::clone(&(*state_bill)),
            ::core::clone::Clone::clone(&self.amount),
        )?;
        draft.patch.bill = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&bill),
        );
        if bill.amount <= Decimal::ZERO {
            draft.patch.status = ::core::option::Option::Some(StayStatus::Paid);
            ::cohesive::__private::Effects::record(
                &mut draft.effects,
                StayPaid {
                    guest_id: ::core::clone::Clone::clone(&(*state_guest_id)),
                    bill: ::core::clone::Clone::clone(&bill),
                    name: ::core::clone::Clone::clone(&(*state_name)),
                },
            );
            ::cohesive::__private::Effects::record(
                &mut draft.effects,
                Thank {
                    guest_id: ::core::clone::Clone::clone(&(*state_guest_id)),
                },
            );
        }
        ::core::result::Result::Ok(())
    }
}
#[automatically_derived]
impl<CohesiveHandler> ::cohesive::__private::Requests<CohesiveHandler> for Stay
where
    CohesiveHandler: ::cohesive::__private::Handle<Thank>,
{
    fn handlers(
        visitor: &mut impl ::cohesive::__private::HandlerVisitor<CohesiveHandler>,
    ) {
        <Thank as ::cohesive::__private::Effect>::show_to(visitor);
    }
}
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "arrival",
    "book",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "bill",
    "book",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "departure",
    "book",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "guest_id",
    "book",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "id",
    "book",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "name",
    "book",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "room",
    "book",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::complete(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    &["arrival", "bill", "departure", "guest_id", "id", "name", "room"],
    "book",
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "items",
    "correct",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::keeps_field_versions(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "items",
    "cancel",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "tags",
    "cancel",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "seen",
    "see",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: true,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "bill",
    "pay",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: true,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Stay as ::cohesive::__private::Structure>::STRUCTURE,
    "status",
    "pay",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: true,
        joins: false,
    },
);
