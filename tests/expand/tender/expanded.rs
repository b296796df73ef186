//! The Tender of the design.
use cohesive::prelude::*;
/// The id of a tender.
pub struct TenderId(String);
impl TenderId {
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
impl ::cohesive::__private::Value for TenderId {
    const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Id(
        &::cohesive::__private::model::IdType {
            name: "TenderId",
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
impl ::cohesive::__private::EntityId for TenderId {}
#[automatically_derived]
impl ::core::clone::Clone for TenderId {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}
#[automatically_derived]
impl ::core::cmp::PartialEq for TenderId {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
#[automatically_derived]
impl ::core::cmp::Eq for TenderId {}
#[automatically_derived]
impl ::core::cmp::PartialOrd for TenderId {
    fn partial_cmp(
        &self,
        other: &Self,
    ) -> ::core::option::Option<::core::cmp::Ordering> {
        ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
    }
}
#[automatically_derived]
impl ::core::cmp::Ord for TenderId {
    fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
        ::core::cmp::Ord::cmp(&self.0, &other.0)
    }
}
#[automatically_derived]
impl ::core::hash::Hash for TenderId {
    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for TenderId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_tuple(formatter, "TenderId", &self.0)
    }
}
#[automatically_derived]
impl ::core::fmt::Display for TenderId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Display::fmt(&self.0, formatter)
    }
}
#[automatically_derived]
impl ::core::str::FromStr for TenderId {
    type Err = ::cohesive::__private::Flaw;
    fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
        <String as ::cohesive::__private::IdContent>::parse_id(text)
            .map(|content| Self(content))
    }
}
#[automatically_derived]
impl ::cohesive::__private::serde::Serialize for TenderId {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::serde::Serialize::serialize(&self.0, serializer)
    }
}
#[automatically_derived]
impl<'de> ::cohesive::__private::serde::Deserialize<'de> for TenderId {
    fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        let content: String = ::cohesive::__private::serde::Deserialize::deserialize(
            deserializer,
        )?;
        Self::new(content).map_err(::cohesive::__private::serde::de::Error::custom)
    }
}
/// The id of a carrier.
pub struct PartnerId(String);
impl PartnerId {
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
impl ::cohesive::__private::Value for PartnerId {
    const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Id(
        &::cohesive::__private::model::IdType {
            name: "PartnerId",
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
impl ::cohesive::__private::EntityId for PartnerId {}
#[automatically_derived]
impl ::core::clone::Clone for PartnerId {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}
#[automatically_derived]
impl ::core::cmp::PartialEq for PartnerId {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
#[automatically_derived]
impl ::core::cmp::Eq for PartnerId {}
#[automatically_derived]
impl ::core::cmp::PartialOrd for PartnerId {
    fn partial_cmp(
        &self,
        other: &Self,
    ) -> ::core::option::Option<::core::cmp::Ordering> {
        ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
    }
}
#[automatically_derived]
impl ::core::cmp::Ord for PartnerId {
    fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
        ::core::cmp::Ord::cmp(&self.0, &other.0)
    }
}
#[automatically_derived]
impl ::core::hash::Hash for PartnerId {
    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for PartnerId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_tuple(formatter, "PartnerId", &self.0)
    }
}
#[automatically_derived]
impl ::core::fmt::Display for PartnerId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Display::fmt(&self.0, formatter)
    }
}
#[automatically_derived]
impl ::core::str::FromStr for PartnerId {
    type Err = ::cohesive::__private::Flaw;
    fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
        <String as ::cohesive::__private::IdContent>::parse_id(text)
            .map(|content| Self(content))
    }
}
#[automatically_derived]
impl ::cohesive::__private::serde::Serialize for PartnerId {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::serde::Serialize::serialize(&self.0, serializer)
    }
}
#[automatically_derived]
impl<'de> ::cohesive::__private::serde::Deserialize<'de> for PartnerId {
    fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        let content: String = ::cohesive::__private::serde::Deserialize::deserialize(
            deserializer,
        )?;
        Self::new(content).map_err(::cohesive::__private::serde::de::Error::custom)
    }
}
/// Where a tender stands.
pub enum TenderStatus {
    /// Offered.
    Pending,
    /// A partner has accepted it.
    Accepted,
    /// Nobody accepted it in time.
    Expired,
}
#[automatically_derived]
impl ::cohesive::__private::Choice for TenderStatus {
    const CHOICES: &'static ::cohesive::__private::model::EnumType = &::cohesive::__private::model::EnumType {
        name: "TenderStatus",
        docs: "Where a tender stands.",
        file: ::core::file!(),
        variants: &[
            ::cohesive::__private::model::Variant {
                name: "Pending",
                wire: "Pending",
                docs: "Offered.",
                initial: true,
                terminal: false,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
            ::cohesive::__private::model::Variant {
                name: "Accepted",
                wire: "Accepted",
                docs: "A partner has accepted it.",
                initial: false,
                terminal: true,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
            ::cohesive::__private::model::Variant {
                name: "Expired",
                wire: "Expired",
                docs: "Nobody accepted it in time.",
                initial: false,
                terminal: true,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
        ],
        lifecycle: true,
    };
    const ALL: &'static [Self] = &[Self::Pending, Self::Accepted, Self::Expired];
    #[inline]
    fn position(self) -> usize {
        match self {
            Self::Pending => 0,
            Self::Accepted => 1,
            Self::Expired => 2,
        }
    }
}
#[automatically_derived]
impl ::cohesive::__private::LifecycleState for TenderStatus {
    const STATES: &'static ::cohesive::__private::model::EnumType = <Self as ::cohesive::__private::Choice>::CHOICES;
    const INITIAL: Self = Self::Pending;
    fn name(self) -> &'static str {
        ::cohesive::__private::Choice::wire(self)
    }
}
#[automatically_derived]
impl ::core::clone::Clone for TenderStatus {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl ::core::marker::Copy for TenderStatus {}
#[automatically_derived]
impl ::core::cmp::PartialEq for TenderStatus {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        ::cohesive::__private::Choice::position(*self)
            == ::cohesive::__private::Choice::position(*other)
    }
}
#[automatically_derived]
impl ::core::cmp::Eq for TenderStatus {}
#[automatically_derived]
impl ::core::fmt::Debug for TenderStatus {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str(::cohesive::__private::Choice::wire(*self))
    }
}
#[automatically_derived]
impl ::core::fmt::Display for TenderStatus {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str(::cohesive::__private::Choice::wire(*self))
    }
}
#[automatically_derived]
impl ::cohesive::__private::serde::Serialize for TenderStatus {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::Choice::write(*self, serializer)
    }
}
#[automatically_derived]
impl<'de> ::cohesive::__private::serde::Deserialize<'de> for TenderStatus {
    fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        ::cohesive::__private::Choice::read(deserializer)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Value for TenderStatus {
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
#[automatically_derived]
impl ::cohesive::__private::Structure for Tender {
    const NAME: &'static str = "Tender";
    const STRUCTURE: &'static ::cohesive::__private::model::Structure = &::cohesive::__private::model::Structure {
        name: Self::NAME,
        table: "tender",
        plural: "tenders",
        docs: "A load that is offered to carriers.",
        file: ::core::file!(),
        fields: &[
            ::cohesive::__private::model::Field {
                docs: "The id of the tender.",
                role: ::cohesive::__private::model::FieldRole::Id,
                ..::cohesive::__private::model::Field::new(
                    "id",
                    <TenderId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "Where it stands.",
                role: ::cohesive::__private::model::FieldRole::Lifecycle,
                ..::cohesive::__private::model::Field::new(
                    "status",
                    <TenderStatus as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "Until when it can be accepted.",
                mutability: ::cohesive::__private::model::Mutability::WriteOnce,
                ..::cohesive::__private::model::Field::new(
                    "expiration",
                    <Timestamp as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "The partner that accepted it.",
                ..::cohesive::__private::model::Field::new(
                    "partner_id",
                    <Option<PartnerId> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "When it was accepted.",
                ..::cohesive::__private::model::Field::new(
                    "accepted_at",
                    <Option<Timestamp> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
    type Patch = TenderPatch;
    type View<'a> = TenderView<'a>;
    type Id = TenderId;
    fn id(&self) -> &Self::Id {
        &self.id
    }
    fn id_of(patch: &Self::Patch) -> ::core::option::Option<&Self::Id> {
        patch.id.as_ref()
    }
    type Status = TenderStatus;
    fn status(view: Self::View<'_>) -> ::core::option::Option<&Self::Status> {
        view.status
    }
    fn set_status(patch: &mut Self::Patch, status: Self::Status) {
        patch.status = ::core::option::Option::Some(status);
    }
    #[inline]
    fn view(&self) -> Self::View<'_> {
        TenderView {
            id: ::core::option::Option::Some(&self.id),
            status: ::core::option::Option::Some(&self.status),
            expiration: ::core::option::Option::Some(&self.expiration),
            partner_id: ::core::option::Option::Some(&self.partner_id),
            accepted_at: ::core::option::Option::Some(&self.accepted_at),
        }
    }
    #[inline]
    fn narrow<'short, 'long: 'short>(view: Self::View<'long>) -> Self::View<'short> {
        view
    }
    #[inline]
    fn overlay<'a>(view: Self::View<'a>, patch: &'a Self::Patch) -> Self::View<'a> {
        TenderView {
            id: patch.id.as_ref().or(view.id),
            status: patch.status.as_ref().or(view.status),
            expiration: patch.expiration.as_ref().or(view.expiration),
            partner_id: patch.partner_id.as_ref().or(view.partner_id),
            accepted_at: patch.accepted_at.as_ref().or(view.accepted_at),
        }
    }
    #[inline]
    fn observe(patch: &Self::Patch) -> Self::View<'_> {
        TenderView {
            id: patch.id.as_ref(),
            status: patch.status.as_ref(),
            expiration: patch.expiration.as_ref(),
            partner_id: patch.partner_id.as_ref(),
            accepted_at: patch.accepted_at.as_ref(),
        }
    }
    fn fill(
        patch: &mut Self::Patch,
    ) -> ::core::result::Result<(), ::cohesive::__private::Arithmetic> {
        ::cohesive::__private::fill(
            &mut patch.id,
            || <TenderId as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::start::<Self>(&mut patch.status);
        ::cohesive::__private::fill(
            &mut patch.expiration,
            || <Timestamp as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.partner_id,
            || <Option<PartnerId> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.accepted_at,
            || <Option<Timestamp> as ::cohesive::__private::Value>::absent(),
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
        view: Self::View<'_>,
        patch: &Self::Patch,
    ) -> ::core::option::Option<&'static str> {
        ::core::option::Option::<&'static str>::None
            .or(
                ::cohesive::__private::sealed(
                    view.expiration,
                    patch.expiration.as_ref(),
                    |value| <Timestamp as ::cohesive::__private::Value>::is_absent(
                        value,
                    ),
                    "expiration",
                ),
            )
    }
    #[inline]
    fn trim(view: Self::View<'_>, patch: &mut Self::Patch) {
        ::cohesive::__private::trim(view.id, &mut patch.id);
        ::cohesive::__private::trim(view.status, &mut patch.status);
        ::cohesive::__private::trim(view.expiration, &mut patch.expiration);
        ::cohesive::__private::trim(view.partner_id, &mut patch.partner_id);
        ::cohesive::__private::trim(view.accepted_at, &mut patch.accepted_at);
    }
    fn whole(&self) -> Self::Patch {
        TenderPatch {
            id: ::core::option::Option::Some(::core::clone::Clone::clone(&self.id)),
            status: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.status),
            ),
            expiration: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.expiration),
            ),
            partner_id: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.partner_id),
            ),
            accepted_at: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.accepted_at),
            ),
        }
    }
    fn merge(patch: &mut Self::Patch, later: Self::Patch) {
        ::cohesive::__private::merge(&mut patch.id, later.id);
        ::cohesive::__private::merge(&mut patch.status, later.status);
        ::cohesive::__private::merge(&mut patch.expiration, later.expiration);
        ::cohesive::__private::merge(&mut patch.partner_id, later.partner_id);
        ::cohesive::__private::merge(&mut patch.accepted_at, later.accepted_at);
    }
    fn complete(patch: Self::Patch) -> ::core::result::Result<Self, &'static str> {
        ::core::result::Result::Ok(Self {
            id: ::cohesive::__private::required(patch.id, "id")?,
            status: ::cohesive::__private::required(patch.status, "status")?,
            expiration: ::cohesive::__private::required(patch.expiration, "expiration")?,
            partner_id: ::cohesive::__private::required(patch.partner_id, "partner_id")?,
            accepted_at: ::cohesive::__private::required(
                patch.accepted_at,
                "accepted_at",
            )?,
        })
    }
    fn check(
        patch: &Self::Patch,
    ) -> ::core::option::Option<(&'static str, ::cohesive::__private::Flaw)> {
        ::core::option::Option::None
            .or_else(|| ::cohesive::__private::flaw(
                patch.id.as_ref(),
                |value| <TenderId as ::cohesive::__private::Value>::check(value),
                "id",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.status.as_ref(),
                |value| <TenderStatus as ::cohesive::__private::Value>::check(value),
                "status",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.expiration.as_ref(),
                |value| <Timestamp as ::cohesive::__private::Value>::check(value),
                "expiration",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.partner_id.as_ref(),
                |value| <Option<
                    PartnerId,
                > as ::cohesive::__private::Value>::check(value),
                "partner_id",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.accepted_at.as_ref(),
                |value| <Option<
                    Timestamp,
                > as ::cohesive::__private::Value>::check(value),
                "accepted_at",
            ))
    }
    fn encode<'a>(
        patch: &'a Self::Patch,
        show: &mut dyn ::core::ops::FnMut(usize, ::cohesive::__private::Datum<'a>),
    ) -> ::core::result::Result<(), (usize, ::cohesive::__private::Flaw)> {
        ::cohesive::__private::show(
            0,
            patch.id.as_ref(),
            |value| <TenderId as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            1,
            patch.status.as_ref(),
            |value| <TenderStatus as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            2,
            patch.expiration.as_ref(),
            |value| <Timestamp as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            3,
            patch.partner_id.as_ref(),
            |value| <Option<PartnerId> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            4,
            patch.accepted_at.as_ref(),
            |value| <Option<Timestamp> as ::cohesive::__private::Value>::encode(value),
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
                    <TenderId as ::cohesive::__private::Value>::decode(datum),
                )
            }
            1 => {
                ::cohesive::__private::read(
                    &mut patch.status,
                    <TenderStatus as ::cohesive::__private::Value>::decode(datum),
                )
            }
            2 => {
                ::cohesive::__private::read(
                    &mut patch.expiration,
                    <Timestamp as ::cohesive::__private::Value>::decode(datum),
                )
            }
            3 => {
                ::cohesive::__private::read(
                    &mut patch.partner_id,
                    <Option<PartnerId> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            4 => {
                ::cohesive::__private::read(
                    &mut patch.accepted_at,
                    <Option<Timestamp> as ::cohesive::__private::Value>::decode(datum),
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
/// A load that is offered to carriers.
pub struct Tender {
    /// The id of the tender.
    pub id: TenderId,
    /// Where it stands.
    pub status: TenderStatus,
    /// Until when it can be accepted.
    pub expiration: Timestamp,
    /// The partner that accepted it.
    pub partner_id: Option<PartnerId>,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
}
///Some fields of a [`Tender`]: what a transition changed, or what was loaded.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub struct TenderPatch {
    ///`id`, if it is there.
    pub id: ::core::option::Option<TenderId>,
    ///`status`, if it is there.
    pub status: ::core::option::Option<TenderStatus>,
    ///`expiration`, if it is there.
    pub expiration: ::core::option::Option<Timestamp>,
    ///`partner_id`, if it is there.
    pub partner_id: ::core::option::Option<Option<PartnerId>>,
    ///`accepted_at`, if it is there.
    pub accepted_at: ::core::option::Option<Option<Timestamp>>,
}
///References to some or all fields of a [`Tender`].
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::marker::Copy)]
pub struct TenderView<'a> {
    ///`id`, if it was observed.
    pub id: ::core::option::Option<&'a TenderId>,
    ///`status`, if it was observed.
    pub status: ::core::option::Option<&'a TenderStatus>,
    ///`expiration`, if it was observed.
    pub expiration: ::core::option::Option<&'a Timestamp>,
    ///`partner_id`, if it was observed.
    pub partner_id: ::core::option::Option<&'a Option<PartnerId>>,
    ///`accepted_at`, if it was observed.
    pub accepted_at: ::core::option::Option<&'a Option<Timestamp>>,
}
#[automatically_derived]
impl ::cohesive::__private::Event for TenderAccepted {
    const MESSAGE: &'static ::cohesive::__private::model::Message = &::cohesive::__private::model::Message {
        name: "TenderAccepted",
        docs: "One partner accepted the tender.",
        file: ::core::file!(),
        role: ::cohesive::__private::model::Role::Event,
        members: &[
            ::cohesive::__private::model::Member {
                docs: "The tender.",
                ..::cohesive::__private::model::Member::new(
                    "tender_id",
                    <TenderId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Member {
                docs: "The partner.",
                ..::cohesive::__private::model::Member::new(
                    "partner_id",
                    <PartnerId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
}
#[automatically_derived]
impl ::cohesive::__private::Payload for TenderAccepted {
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
            <TenderId as ::cohesive::__private::Value>::check(&self.tender_id),
            "tender_id",
        )?;
        ::cohesive::__private::named(
            <PartnerId as ::cohesive::__private::Value>::check(&self.partner_id),
            "partner_id",
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
/// One partner accepted the tender.
pub struct TenderAccepted {
    /// The tender.
    pub tender_id: TenderId,
    /// The partner.
    pub partner_id: PartnerId,
}
#[automatically_derived]
impl ::cohesive::__private::Effect for Emit990Accept {
    const MESSAGE: &'static ::cohesive::__private::model::Message = &::cohesive::__private::model::Message {
        name: "Emit990Accept",
        docs: "Ask the gateway to send an acceptance to the partner.",
        file: ::core::file!(),
        role: ::cohesive::__private::model::Role::Request {
            reply: ::cohesive::__private::reply::<Emit990Accept>(),
            policy: ::cohesive::__private::model::Policy::UNDECLARED,
        },
        members: &[
            ::cohesive::__private::model::Member {
                docs: "The tender.",
                ..::cohesive::__private::model::Member::new(
                    "tender_id",
                    <TenderId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Member {
                docs: "The partner.",
                ..::cohesive::__private::model::Member::new(
                    "partner_id",
                    <PartnerId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
    type Reply = Nothing;
}
#[automatically_derived]
impl ::cohesive::__private::Payload for Emit990Accept {
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
            <TenderId as ::cohesive::__private::Value>::check(&self.tender_id),
            "tender_id",
        )?;
        ::cohesive::__private::named(
            <PartnerId as ::cohesive::__private::Value>::check(&self.partner_id),
            "partner_id",
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
/// Ask the gateway to send an acceptance to the partner.
pub struct Emit990Accept {
    /// The tender.
    pub tender_id: TenderId,
    /// The partner.
    pub partner_id: PartnerId,
}
#[automatically_derived]
impl ::cohesive::__private::Entity for Tender {
    const MODEL: &'static ::cohesive::__private::model::Entity = &::cohesive::__private::model::Entity {
        transitions: &[
            *<OfferTender as ::cohesive::__private::Input>::TRANSITION,
            *<AcceptTender as ::cohesive::__private::Input>::TRANSITION,
        ],
        invariants: &[
            ::cohesive::__private::model::Invariant {
                name: "accepted_tenders_name_their_partner",
                docs: "An accepted tender names the partner that accepted it.",
                condition: ::cohesive::__private::model::Expr::Binary(
                    ::cohesive::__private::model::BinaryOperator::Or,
                    &::cohesive::__private::model::Expr::Binary(
                        ::cohesive::__private::model::BinaryOperator::NotEqual,
                        &::cohesive::__private::model::Expr::Field("status"),
                        &::cohesive::__private::model::Expr::Path(
                            "TenderStatus::Accepted",
                        ),
                    ),
                    &::cohesive::__private::model::Expr::Call {
                        receiver: &::cohesive::__private::model::Expr::Field(
                            "partner_id",
                        ),
                        method: "is_some",
                        arguments: &[],
                    },
                ),
                reads: &["partner_id", "status"],
                at: ::cohesive::__private::model::At(::core::line!()),
            },
        ],
        messages: &[
            <Emit990Accept as ::cohesive::__private::Effect>::MESSAGE,
            <TenderAccepted as ::cohesive::__private::Event>::MESSAGE,
        ],
        ..::cohesive::__private::model::Entity::new(
            <Tender as ::cohesive::__private::Structure>::STRUCTURE,
            ::core::file!(),
        )
    };
    #[inline]
    fn invariants(
        view: <Tender as ::cohesive::__private::Structure>::View<'_>,
    ) -> ::core::result::Result<
        (),
        ::cohesive::__private::Stop<::cohesive::__private::Refusal>,
    > {
        {
            let state_partner_id = ::cohesive::__private::observed(
                view.partner_id,
                "partner_id",
            )?;
            let state_status = ::cohesive::__private::observed(view.status, "status")?;
            ::cohesive::__private::invariant(
                (*state_status) != TenderStatus::Accepted
                    || (*state_partner_id).is_some(),
                &Self::MODEL.invariants[0],
            )?;
        }
        ::core::result::Result::Ok(())
    }
    fn inputs(visitor: &mut impl ::cohesive::__private::InputVisitor<Tender>) {
        ::cohesive::__private::InputVisitor::create::<OfferTender>(visitor);
        ::cohesive::__private::InputVisitor::update::<AcceptTender>(visitor);
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["expiration", "id"],
        <Tender as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["expiration", "id"],
        <Tender as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for OfferTender {
        type Entity = Tender;
        type Rejection = OfferTenderRejection;
        type Effects = ::cohesive::__private::Effects<OfferTenderEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            docs: "Offers a load to carriers until `expiration`.",
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "id",
                    <TenderId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "expiration",
                    <Timestamp as ::cohesive::__private::Value>::TYPE,
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
                    field: "expiration",
                    value: ::cohesive::__private::model::Expr::Input("expiration"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            ..::cohesive::__private::model::Transition::new(
                "offer",
                "OfferTender",
                ::cohesive::__private::model::Kind::Create,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <TenderId as ::cohesive::__private::Value>::check(&self.id),
                "id",
            )?;
            ::cohesive::__private::named(
                <Timestamp as ::cohesive::__private::Value>::check(&self.expiration),
                "expiration",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///Offers a load to carriers until `expiration`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct OfferTender {
    ///`id`, as the caller supplies it.
    pub id: TenderId,
    ///`expiration`, as the caller supplies it.
    pub expiration: Timestamp,
}
///Why [`OfferTender`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum OfferTenderRejection {
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for OfferTenderRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for OfferTenderRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for OfferTenderRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for OfferTenderRejection {
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
///What [`OfferTender`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum OfferTenderEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for OfferTenderEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Create for OfferTender {
    #[inline]
    fn run(
        &self,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<OfferTenderRejection>> {
        draft.patch.id = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.id),
        );
        draft.patch.expiration = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.expiration),
        );
        ::core::result::Result::Ok(())
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<5> = ::cohesive::__private::names(
        ["accepted_at", "expiration", "id", "partner_id"],
        <Tender as ::cohesive::__private::Structure>::STRUCTURE,
        true,
    );
    const WRITES: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["accepted_at", "partner_id"],
        <Tender as ::cohesive::__private::Structure>::STRUCTURE,
        true,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for AcceptTender {
        type Entity = Tender;
        type Rejection = AcceptTenderRejection;
        type Effects = ::cohesive::__private::Effects<AcceptTenderEffect, 2>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            docs: "A partner accepts the tender before it expires.",
            edge: ::core::option::Option::Some(::cohesive::__private::model::Edge {
                from: &["Pending"],
                to: ::cohesive::__private::model::Target::State("Accepted"),
            }),
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "partner_id",
                    <PartnerId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "accepted_at",
                    <Timestamp as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            guards: &[
                ::cohesive::__private::model::Guard {
                    name: "CanAccept",
                    message: "the tender has expired",
                    condition: ::cohesive::__private::model::Expr::Binary(
                        ::cohesive::__private::model::BinaryOperator::Greater,
                        &::cohesive::__private::model::Expr::Field("expiration"),
                        &::cohesive::__private::model::Expr::Input("accepted_at"),
                    ),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            steps: &[
                ::cohesive::__private::model::Step::Set {
                    field: "partner_id",
                    value: ::cohesive::__private::model::Expr::Construct {
                        name: "Some",
                        arguments: &[
                            ::cohesive::__private::model::Expr::Input("partner_id"),
                        ],
                    },
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "accepted_at",
                    value: ::cohesive::__private::model::Expr::Construct {
                        name: "Some",
                        arguments: &[
                            ::cohesive::__private::model::Expr::Input("accepted_at"),
                        ],
                    },
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Emit {
                    message: "TenderAccepted",
                    payload: ::cohesive::__private::model::Expr::Record {
                        name: "TenderAccepted",
                        members: &[
                            (
                                "tender_id",
                                ::cohesive::__private::model::Expr::Field("id"),
                            ),
                            (
                                "partner_id",
                                ::cohesive::__private::model::Expr::Input("partner_id"),
                            ),
                        ],
                        base: ::core::option::Option::None,
                    },
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Request {
                    message: "Emit990Accept",
                    payload: ::cohesive::__private::model::Expr::Record {
                        name: "Emit990Accept",
                        members: &[
                            (
                                "tender_id",
                                ::cohesive::__private::model::Expr::Field("id"),
                            ),
                            (
                                "partner_id",
                                ::cohesive::__private::model::Expr::Input("partner_id"),
                            ),
                        ],
                        base: ::core::option::Option::None,
                    },
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            emits: &["TenderAccepted"],
            requests: &["Emit990Accept"],
            ..::cohesive::__private::model::Transition::new(
                "accept",
                "AcceptTender",
                ::cohesive::__private::model::Kind::Update,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <PartnerId as ::cohesive::__private::Value>::check(&self.partner_id),
                "partner_id",
            )?;
            ::cohesive::__private::named(
                <Timestamp as ::cohesive::__private::Value>::check(&self.accepted_at),
                "accepted_at",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///A partner accepts the tender before it expires.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct AcceptTender {
    ///`partner_id`, as the caller supplies it.
    pub partner_id: PartnerId,
    ///`accepted_at`, as the caller supplies it.
    pub accepted_at: Timestamp,
}
///Why [`AcceptTender`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum AcceptTenderRejection {
    /// The entity is in a state in which this is not possible.
    WrongState {
        /// The state it is in.
        state: <Tender as ::cohesive::__private::Structure>::Status,
    },
    ///the tender has expired
    CanAccept,
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for AcceptTenderRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::WrongState { state } => {
                ::cohesive::__private::wrong_state::<
                    Tender,
                >(
                    formatter,
                    "accept",
                    <AcceptTender as ::cohesive::__private::Update>::FROM,
                    *state,
                )
            }
            Self::CanAccept => formatter.write_str("the tender has expired"),
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for AcceptTenderRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for AcceptTenderRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for AcceptTenderRejection {
    fn name(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::CanAccept => "can_accept",
            Self::Refused(refusal) => refusal.name(),
        }
    }
    fn class(&self) -> ::cohesive::__private::RejectionClass {
        match self {
            Self::WrongState { .. } => ::cohesive::__private::RejectionClass::State,
            Self::CanAccept => ::cohesive::__private::RejectionClass::Guard,
            Self::Refused(_) => ::cohesive::__private::RejectionClass::Rule,
        }
    }
}
///What [`AcceptTender`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum AcceptTenderEffect {
    ///A `TenderAccepted`.
    TenderAccepted(TenderAccepted),
    ///A `Emit990Accept`.
    Emit990Accept(Emit990Accept),
}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for AcceptTenderEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match self {
            Self::TenderAccepted(payload) => {
                <TenderAccepted as ::cohesive::__private::Event>::as_payload(payload)
            }
            Self::Emit990Accept(payload) => {
                <Emit990Accept as ::cohesive::__private::Effect>::as_payload(payload)
            }
        }
    }
}
#[automatically_derived]
impl ::core::convert::From<TenderAccepted> for AcceptTenderEffect {
    fn from(payload: TenderAccepted) -> Self {
        Self::TenderAccepted(payload)
    }
}
#[automatically_derived]
impl ::core::convert::From<Emit990Accept> for AcceptTenderEffect {
    fn from(payload: Emit990Accept) -> Self {
        Self::Emit990Accept(payload)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Update for AcceptTender {
    const FROM: &'static [<Tender as ::cohesive::__private::Structure>::Status] = &[
        <<Tender as ::cohesive::__private::Structure>::Status>::Pending,
    ];
    const TO: ::core::option::Option<
        <Tender as ::cohesive::__private::Structure>::Status,
    > = ::core::option::Option::Some(
        <<Tender as ::cohesive::__private::Structure>::Status>::Accepted,
    );
    const CHOICES: &'static [<Tender as ::cohesive::__private::Structure>::Status] = &[];
    #[inline]
    fn wrong_state(
        state: <Tender as ::cohesive::__private::Structure>::Status,
    ) -> Self::Rejection {
        Self::Rejection::WrongState {
            state,
        }
    }
    #[inline]
    fn run(
        &self,
        state: <Tender as ::cohesive::__private::Structure>::View<'_>,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<AcceptTenderRejection>> {
        let state_expiration = ::cohesive::__private::observed(
            state.expiration,
            "expiration",
        )?;
        let state_id = ::cohesive::__private::observed(state.id, "id")?;
        if !((*state_expiration) > self.accepted_at) {
            return ::core::result::Result::Err(
                ::cohesive::__private::Stop::Rejected(AcceptTenderRejection::CanAccept),
            );
        }
        draft.patch.partner_id = ::core::option::Option::Some(
            Some(::core::clone::Clone::clone(&self.partner_id)),
        );
        draft.patch.accepted_at = ::core::option::Option::Some(
            Some(::core::clone::Clone::clone(&self.accepted_at)),
        );
        ::cohesive::__private::Effects::record(
            &mut draft.effects,
            TenderAccepted {
                tender_id: ::core::clone::Clone::clone(&(*state_id)),
                partner_id: ::core::clone::Clone::clone(&self.partner_id),
            },
        );
        ::cohesive::__private::Effects::record(
            &mut draft.effects,
            Emit990Accept {
                tender_id: ::core::clone::Clone::clone(&(*state_id)),
                partner_id: ::core::clone::Clone::clone(&self.partner_id),
            },
        );
        ::core::result::Result::Ok(())
    }
}
#[automatically_derived]
impl<CohesiveHandler> ::cohesive::__private::Requests<CohesiveHandler> for Tender
where
    CohesiveHandler: ::cohesive::__private::Handle<Emit990Accept>,
{
    fn handlers(
        visitor: &mut impl ::cohesive::__private::HandlerVisitor<CohesiveHandler>,
    ) {
        <Emit990Accept as ::cohesive::__private::Effect>::show_to(visitor);
    }
}
const _: () = ::cohesive::__private::assignable(
    <Tender as ::cohesive::__private::Structure>::STRUCTURE,
    "expiration",
    "offer",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Tender as ::cohesive::__private::Structure>::STRUCTURE,
    "id",
    "offer",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::complete(
    <Tender as ::cohesive::__private::Structure>::STRUCTURE,
    &["expiration", "id"],
    "offer",
);
const _: () = ::cohesive::__private::assignable(
    <Tender as ::cohesive::__private::Structure>::STRUCTURE,
    "accepted_at",
    "accept",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Tender as ::cohesive::__private::Structure>::STRUCTURE,
    "partner_id",
    "accept",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::leavable(
    <Tender as ::cohesive::__private::Structure>::STRUCTURE,
    "Pending",
    "accept",
);
