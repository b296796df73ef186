//! Ways through a body: several targets, conditions, patterns, names, lists, folds, refusals.
use cohesive::prelude::*;
/// The id of a claim.
pub struct ClaimId(Uuid);
impl ClaimId {
    /// The identifier with this content.
    ///
    /// # Errors
    /// When the content is blank, too long or not printable.
    pub fn new(
        content: impl ::core::convert::Into<Uuid>,
    ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
        let content = ::core::convert::Into::into(content);
        <Uuid as ::cohesive::__private::IdContent>::check_id(&content)?;
        ::core::result::Result::Ok(Self(content))
    }
}
#[automatically_derived]
impl ::cohesive::__private::Value for ClaimId {
    const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Id(
        &::cohesive::__private::model::IdType {
            name: "ClaimId",
            inner: <Uuid as ::cohesive::__private::Value>::TYPE,
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
        <Uuid as ::cohesive::__private::Value>::decode(datum)
            .map(|content| Self(content))
    }
    #[inline]
    fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
        ::cohesive::__private::IdContent::check_id(&self.0)
    }
}
#[automatically_derived]
impl ::cohesive::__private::EntityId for ClaimId {}
#[automatically_derived]
impl ::core::clone::Clone for ClaimId {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}
#[automatically_derived]
impl ::core::cmp::PartialEq for ClaimId {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
#[automatically_derived]
impl ::core::cmp::Eq for ClaimId {}
#[automatically_derived]
impl ::core::cmp::PartialOrd for ClaimId {
    fn partial_cmp(
        &self,
        other: &Self,
    ) -> ::core::option::Option<::core::cmp::Ordering> {
        ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
    }
}
#[automatically_derived]
impl ::core::cmp::Ord for ClaimId {
    fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
        ::core::cmp::Ord::cmp(&self.0, &other.0)
    }
}
#[automatically_derived]
impl ::core::hash::Hash for ClaimId {
    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for ClaimId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_tuple(formatter, "ClaimId", &self.0)
    }
}
#[automatically_derived]
impl ::core::fmt::Display for ClaimId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Display::fmt(&self.0, formatter)
    }
}
#[automatically_derived]
impl ::core::str::FromStr for ClaimId {
    type Err = ::cohesive::__private::Flaw;
    fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
        <Uuid as ::cohesive::__private::IdContent>::parse_id(text)
            .map(|content| Self(content))
    }
}
#[automatically_derived]
impl ::cohesive::__private::serde::Serialize for ClaimId {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::serde::Serialize::serialize(&self.0, serializer)
    }
}
#[automatically_derived]
impl<'de> ::cohesive::__private::serde::Deserialize<'de> for ClaimId {
    fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        let content: Uuid = ::cohesive::__private::serde::Deserialize::deserialize(
            deserializer,
        )?;
        Self::new(content).map_err(::cohesive::__private::serde::de::Error::custom)
    }
}
/// Where a claim stands.
pub enum ClaimStatus {
    /// Somebody filed it.
    Filed,
    /// It is being looked into.
    InReview,
    /// It was paid.
    Paid,
    /// It was refused.
    Refused,
}
#[automatically_derived]
impl ::cohesive::__private::Choice for ClaimStatus {
    const CHOICES: &'static ::cohesive::__private::model::EnumType = &::cohesive::__private::model::EnumType {
        name: "ClaimStatus",
        docs: "Where a claim stands.",
        file: ::core::file!(),
        variants: &[
            ::cohesive::__private::model::Variant {
                name: "Filed",
                wire: "Filed",
                docs: "Somebody filed it.",
                initial: true,
                terminal: false,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
            ::cohesive::__private::model::Variant {
                name: "InReview",
                wire: "InReview",
                docs: "It is being looked into.",
                initial: false,
                terminal: false,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
            ::cohesive::__private::model::Variant {
                name: "Paid",
                wire: "Paid",
                docs: "It was paid.",
                initial: false,
                terminal: true,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
            ::cohesive::__private::model::Variant {
                name: "Refused",
                wire: "Refused",
                docs: "It was refused.",
                initial: false,
                terminal: true,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
        ],
        lifecycle: true,
    };
    const ALL: &'static [Self] = &[
        Self::Filed,
        Self::InReview,
        Self::Paid,
        Self::Refused,
    ];
    #[inline]
    fn position(self) -> usize {
        match self {
            Self::Filed => 0,
            Self::InReview => 1,
            Self::Paid => 2,
            Self::Refused => 3,
        }
    }
}
#[automatically_derived]
impl ::cohesive::__private::LifecycleState for ClaimStatus {
    const STATES: &'static ::cohesive::__private::model::EnumType = <Self as ::cohesive::__private::Choice>::CHOICES;
    const INITIAL: Self = Self::Filed;
    fn name(self) -> &'static str {
        ::cohesive::__private::Choice::wire(self)
    }
}
#[automatically_derived]
impl ::core::clone::Clone for ClaimStatus {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl ::core::marker::Copy for ClaimStatus {}
#[automatically_derived]
impl ::core::cmp::PartialEq for ClaimStatus {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        ::cohesive::__private::Choice::position(*self)
            == ::cohesive::__private::Choice::position(*other)
    }
}
#[automatically_derived]
impl ::core::cmp::Eq for ClaimStatus {}
#[automatically_derived]
impl ::core::fmt::Debug for ClaimStatus {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str(::cohesive::__private::Choice::wire(*self))
    }
}
#[automatically_derived]
impl ::core::fmt::Display for ClaimStatus {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str(::cohesive::__private::Choice::wire(*self))
    }
}
#[automatically_derived]
impl ::cohesive::__private::serde::Serialize for ClaimStatus {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::Choice::write(*self, serializer)
    }
}
#[automatically_derived]
impl<'de> ::cohesive::__private::serde::Deserialize<'de> for ClaimStatus {
    fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        ::cohesive::__private::Choice::read(deserializer)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Value for ClaimStatus {
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
impl ::cohesive::__private::Structure for Claim {
    const NAME: &'static str = "Claim";
    const STRUCTURE: &'static ::cohesive::__private::model::Structure = &::cohesive::__private::model::Structure {
        name: Self::NAME,
        table: "claim",
        plural: "claims",
        docs: "A claim against an insurance.",
        file: ::core::file!(),
        fields: &[
            ::cohesive::__private::model::Field {
                docs: "The id.",
                role: ::cohesive::__private::model::FieldRole::Id,
                ..::cohesive::__private::model::Field::new(
                    "id",
                    <ClaimId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "Where it stands.",
                role: ::cohesive::__private::model::FieldRole::Lifecycle,
                ..::cohesive::__private::model::Field::new(
                    "status",
                    <ClaimStatus as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "What is claimed, part by part.",
                ..::cohesive::__private::model::Field::new(
                    "parts",
                    <Vec<Decimal> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "What may be paid.",
                mutability: ::cohesive::__private::model::Mutability::WriteOnce,
                ..::cohesive::__private::model::Field::new(
                    "limit",
                    <Decimal as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "What was paid.",
                ..::cohesive::__private::model::Field::new(
                    "paid",
                    <Option<Decimal> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "Remarks.",
                ..::cohesive::__private::model::Field::new(
                    "remarks",
                    <Vec<String> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
    type Patch = ClaimPatch;
    type View<'a> = ClaimView<'a>;
    type Id = ClaimId;
    fn id(&self) -> &Self::Id {
        &self.id
    }
    fn id_of(patch: &Self::Patch) -> ::core::option::Option<&Self::Id> {
        patch.id.as_ref()
    }
    type Status = ClaimStatus;
    fn status(view: Self::View<'_>) -> ::core::option::Option<&Self::Status> {
        view.status
    }
    fn set_status(patch: &mut Self::Patch, status: Self::Status) {
        patch.status = ::core::option::Option::Some(status);
    }
    #[inline]
    fn view(&self) -> Self::View<'_> {
        ClaimView {
            id: ::core::option::Option::Some(&self.id),
            status: ::core::option::Option::Some(&self.status),
            parts: ::core::option::Option::Some(&self.parts),
            limit: ::core::option::Option::Some(&self.limit),
            paid: ::core::option::Option::Some(&self.paid),
            remarks: ::core::option::Option::Some(&self.remarks),
        }
    }
    #[inline]
    fn narrow<'short, 'long: 'short>(view: Self::View<'long>) -> Self::View<'short> {
        view
    }
    #[inline]
    fn overlay<'a>(view: Self::View<'a>, patch: &'a Self::Patch) -> Self::View<'a> {
        ClaimView {
            id: patch.id.as_ref().or(view.id),
            status: patch.status.as_ref().or(view.status),
            parts: patch.parts.as_ref().or(view.parts),
            limit: patch.limit.as_ref().or(view.limit),
            paid: patch.paid.as_ref().or(view.paid),
            remarks: patch.remarks.as_ref().or(view.remarks),
        }
    }
    #[inline]
    fn observe(patch: &Self::Patch) -> Self::View<'_> {
        ClaimView {
            id: patch.id.as_ref(),
            status: patch.status.as_ref(),
            parts: patch.parts.as_ref(),
            limit: patch.limit.as_ref(),
            paid: patch.paid.as_ref(),
            remarks: patch.remarks.as_ref(),
        }
    }
    fn fill(
        patch: &mut Self::Patch,
    ) -> ::core::result::Result<(), ::cohesive::__private::Arithmetic> {
        ::cohesive::__private::fill(
            &mut patch.id,
            || <ClaimId as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::start::<Self>(&mut patch.status);
        ::cohesive::__private::fill(
            &mut patch.parts,
            || <Vec<Decimal> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.limit,
            || <Decimal as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.paid,
            || <Option<Decimal> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.remarks,
            || <Vec<String> as ::cohesive::__private::Value>::absent(),
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
                    view.limit,
                    patch.limit.as_ref(),
                    |value| <Decimal as ::cohesive::__private::Value>::is_absent(value),
                    "limit",
                ),
            )
    }
    #[inline]
    fn trim(view: Self::View<'_>, patch: &mut Self::Patch) {
        ::cohesive::__private::trim(view.id, &mut patch.id);
        ::cohesive::__private::trim(view.status, &mut patch.status);
        ::cohesive::__private::trim(view.parts, &mut patch.parts);
        ::cohesive::__private::trim(view.limit, &mut patch.limit);
        ::cohesive::__private::trim(view.paid, &mut patch.paid);
        ::cohesive::__private::trim(view.remarks, &mut patch.remarks);
    }
    fn whole(&self) -> Self::Patch {
        ClaimPatch {
            id: ::core::option::Option::Some(::core::clone::Clone::clone(&self.id)),
            status: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.status),
            ),
            parts: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.parts),
            ),
            limit: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.limit),
            ),
            paid: ::core::option::Option::Some(::core::clone::Clone::clone(&self.paid)),
            remarks: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.remarks),
            ),
        }
    }
    fn merge(patch: &mut Self::Patch, later: Self::Patch) {
        ::cohesive::__private::merge(&mut patch.id, later.id);
        ::cohesive::__private::merge(&mut patch.status, later.status);
        ::cohesive::__private::merge(&mut patch.parts, later.parts);
        ::cohesive::__private::merge(&mut patch.limit, later.limit);
        ::cohesive::__private::merge(&mut patch.paid, later.paid);
        ::cohesive::__private::merge(&mut patch.remarks, later.remarks);
    }
    fn complete(patch: Self::Patch) -> ::core::result::Result<Self, &'static str> {
        ::core::result::Result::Ok(Self {
            id: ::cohesive::__private::required(patch.id, "id")?,
            status: ::cohesive::__private::required(patch.status, "status")?,
            parts: ::cohesive::__private::required(patch.parts, "parts")?,
            limit: ::cohesive::__private::required(patch.limit, "limit")?,
            paid: ::cohesive::__private::required(patch.paid, "paid")?,
            remarks: ::cohesive::__private::required(patch.remarks, "remarks")?,
        })
    }
    fn check(
        patch: &Self::Patch,
    ) -> ::core::option::Option<(&'static str, ::cohesive::__private::Flaw)> {
        ::core::option::Option::None
            .or_else(|| ::cohesive::__private::flaw(
                patch.id.as_ref(),
                |value| <ClaimId as ::cohesive::__private::Value>::check(value),
                "id",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.status.as_ref(),
                |value| <ClaimStatus as ::cohesive::__private::Value>::check(value),
                "status",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.parts.as_ref(),
                |value| <Vec<Decimal> as ::cohesive::__private::Value>::check(value),
                "parts",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.limit.as_ref(),
                |value| <Decimal as ::cohesive::__private::Value>::check(value),
                "limit",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.paid.as_ref(),
                |value| <Option<Decimal> as ::cohesive::__private::Value>::check(value),
                "paid",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.remarks.as_ref(),
                |value| <Vec<String> as ::cohesive::__private::Value>::check(value),
                "remarks",
            ))
    }
    fn encode<'a>(
        patch: &'a Self::Patch,
        show: &mut dyn ::core::ops::FnMut(usize, ::cohesive::__private::Datum<'a>),
    ) -> ::core::result::Result<(), (usize, ::cohesive::__private::Flaw)> {
        ::cohesive::__private::show(
            0,
            patch.id.as_ref(),
            |value| <ClaimId as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            1,
            patch.status.as_ref(),
            |value| <ClaimStatus as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            2,
            patch.parts.as_ref(),
            |value| <Vec<Decimal> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            3,
            patch.limit.as_ref(),
            |value| <Decimal as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            4,
            patch.paid.as_ref(),
            |value| <Option<Decimal> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            5,
            patch.remarks.as_ref(),
            |value| <Vec<String> as ::cohesive::__private::Value>::encode(value),
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
                    <ClaimId as ::cohesive::__private::Value>::decode(datum),
                )
            }
            1 => {
                ::cohesive::__private::read(
                    &mut patch.status,
                    <ClaimStatus as ::cohesive::__private::Value>::decode(datum),
                )
            }
            2 => {
                ::cohesive::__private::read(
                    &mut patch.parts,
                    <Vec<Decimal> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            3 => {
                ::cohesive::__private::read(
                    &mut patch.limit,
                    <Decimal as ::cohesive::__private::Value>::decode(datum),
                )
            }
            4 => {
                ::cohesive::__private::read(
                    &mut patch.paid,
                    <Option<Decimal> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            5 => {
                ::cohesive::__private::read(
                    &mut patch.remarks,
                    <Vec<String> as ::cohesive::__private::Value>::decode(datum),
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
/// A claim against an insurance.
pub struct Claim {
    /// The id.
    pub id: ClaimId,
    /// Where it stands.
    pub status: ClaimStatus,
    /// What is claimed, part by part.
    pub parts: Vec<Decimal>,
    /// What may be paid.
    pub limit: Decimal,
    /// What was paid.
    pub paid: Option<Decimal>,
    /// Remarks.
    pub remarks: Vec<String>,
}
///Some fields of a [`Claim`]: what a transition changed, or what was loaded.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub struct ClaimPatch {
    ///`id`, if it is there.
    pub id: ::core::option::Option<ClaimId>,
    ///`status`, if it is there.
    pub status: ::core::option::Option<ClaimStatus>,
    ///`parts`, if it is there.
    pub parts: ::core::option::Option<Vec<Decimal>>,
    ///`limit`, if it is there.
    pub limit: ::core::option::Option<Decimal>,
    ///`paid`, if it is there.
    pub paid: ::core::option::Option<Option<Decimal>>,
    ///`remarks`, if it is there.
    pub remarks: ::core::option::Option<Vec<String>>,
}
///References to some or all fields of a [`Claim`].
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::marker::Copy)]
pub struct ClaimView<'a> {
    ///`id`, if it was observed.
    pub id: ::core::option::Option<&'a ClaimId>,
    ///`status`, if it was observed.
    pub status: ::core::option::Option<&'a ClaimStatus>,
    ///`parts`, if it was observed.
    pub parts: ::core::option::Option<&'a Vec<Decimal>>,
    ///`limit`, if it was observed.
    pub limit: ::core::option::Option<&'a Decimal>,
    ///`paid`, if it was observed.
    pub paid: ::core::option::Option<&'a Option<Decimal>>,
    ///`remarks`, if it was observed.
    pub remarks: ::core::option::Option<&'a Vec<String>>,
}
#[automatically_derived]
impl ::cohesive::__private::Event for ClaimSettled {
    const MESSAGE: &'static ::cohesive::__private::model::Message = &::cohesive::__private::model::Message {
        name: "ClaimSettled",
        docs: "A claim was settled.",
        file: ::core::file!(),
        role: ::cohesive::__private::model::Role::Event,
        members: &[
            ::cohesive::__private::model::Member {
                docs: "The claim.",
                ..::cohesive::__private::model::Member::new(
                    "claim_id",
                    <ClaimId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Member {
                docs: "What was paid.",
                ..::cohesive::__private::model::Member::new(
                    "amount",
                    <Decimal as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
}
#[automatically_derived]
impl ::cohesive::__private::Payload for ClaimSettled {
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
            <ClaimId as ::cohesive::__private::Value>::check(&self.claim_id),
            "claim_id",
        )?;
        ::cohesive::__private::named(
            <Decimal as ::cohesive::__private::Value>::check(&self.amount),
            "amount",
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
/// A claim was settled.
pub struct ClaimSettled {
    /// The claim.
    pub claim_id: ClaimId,
    /// What was paid.
    pub amount: Decimal,
}
#[automatically_derived]
impl ::cohesive::__private::Entity for Claim {
    const MODEL: &'static ::cohesive::__private::model::Entity = &::cohesive::__private::model::Entity {
        transitions: &[
            *<FileClaim as ::cohesive::__private::Input>::TRANSITION,
            *<ExtendClaim as ::cohesive::__private::Input>::TRANSITION,
            *<DecideClaim as ::cohesive::__private::Input>::TRANSITION,
        ],
        invariants: &[],
        messages: &[<ClaimSettled as ::cohesive::__private::Event>::MESSAGE],
        ..::cohesive::__private::model::Entity::new(
            <Claim as ::cohesive::__private::Structure>::STRUCTURE,
            ::core::file!(),
        )
    };
    #[inline]
    fn invariants(
        _: <Claim as ::cohesive::__private::Structure>::View<'_>,
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
        show("Decimal::ZERO", ::cohesive::__private::Shown(&Decimal::ZERO).constant());
    }
    fn inputs(visitor: &mut impl ::cohesive::__private::InputVisitor<Claim>) {
        ::cohesive::__private::InputVisitor::create::<FileClaim>(visitor);
        ::cohesive::__private::InputVisitor::update::<ExtendClaim>(visitor);
        ::cohesive::__private::InputVisitor::update::<DecideClaim>(visitor);
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<4> = ::cohesive::__private::names(
        ["id", "limit", "parts"],
        <Claim as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<4> = ::cohesive::__private::names(
        ["id", "limit", "parts"],
        <Claim as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for FileClaim {
        type Entity = Claim;
        type Rejection = FileClaimRejection;
        type Effects = ::cohesive::__private::Effects<FileClaimEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            docs: "Somebody files a claim.",
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "id",
                    <ClaimId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "limit",
                    <Decimal as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "part",
                    <Decimal as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            guards: &[
                ::cohesive::__private::model::Guard {
                    name: "Positive",
                    message: "a claim asks for something",
                    condition: ::cohesive::__private::model::Expr::Binary(
                        ::cohesive::__private::model::BinaryOperator::Greater,
                        &::cohesive::__private::model::Expr::Input("part"),
                        &::cohesive::__private::model::Expr::Path("Decimal::ZERO"),
                    ),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            steps: &[
                ::cohesive::__private::model::Step::Let {
                    name: "parts",
                    value: ::cohesive::__private::model::Expr::List(
                        &[::cohesive::__private::model::Expr::Input("part")],
                    ),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "id",
                    value: ::cohesive::__private::model::Expr::Input("id"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "limit",
                    value: ::cohesive::__private::model::Expr::Input("limit"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "parts",
                    value: ::cohesive::__private::model::Expr::Local("parts"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            ..::cohesive::__private::model::Transition::new(
                "file",
                "FileClaim",
                ::cohesive::__private::model::Kind::Create,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <ClaimId as ::cohesive::__private::Value>::check(&self.id),
                "id",
            )?;
            ::cohesive::__private::named(
                <Decimal as ::cohesive::__private::Value>::check(&self.limit),
                "limit",
            )?;
            ::cohesive::__private::named(
                <Decimal as ::cohesive::__private::Value>::check(&self.part),
                "part",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///Somebody files a claim.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct FileClaim {
    ///`id`, as the caller supplies it.
    pub id: ClaimId,
    ///`limit`, as the caller supplies it.
    pub limit: Decimal,
    ///`part`, as the caller supplies it.
    pub part: Decimal,
}
///Why [`FileClaim`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum FileClaimRejection {
    ///a claim asks for something
    Positive,
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for FileClaimRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Positive => formatter.write_str("a claim asks for something"),
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for FileClaimRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for FileClaimRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for FileClaimRejection {
    fn name(&self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Refused(refusal) => refusal.name(),
        }
    }
    fn class(&self) -> ::cohesive::__private::RejectionClass {
        match self {
            Self::Positive => ::cohesive::__private::RejectionClass::Guard,
            Self::Refused(_) => ::cohesive::__private::RejectionClass::Rule,
        }
    }
}
///What [`FileClaim`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum FileClaimEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for FileClaimEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Create for FileClaim {
    #[inline]
    fn run(
        &self,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<FileClaimRejection>> {
        if !(self.part > Decimal::ZERO) {
            return ::core::result::Result::Err(
                ::cohesive::__private::Stop::Rejected(FileClaimRejection::Positive),
            );
        }
        let parts = ::cohesive::__private::Vec::from([
            ::core::clone::Clone::clone(&self.part),
        ]);
        draft.patch.id = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.id),
        );
        draft.patch.limit = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.limit),
        );
        draft.patch.parts = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&parts),
        );
        ::core::result::Result::Ok(())
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<4> = ::cohesive::__private::names(
        ["limit", "parts", "remarks"],
        <Claim as ::cohesive::__private::Structure>::STRUCTURE,
        true,
    );
    const WRITES: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["parts", "remarks"],
        <Claim as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for ExtendClaim {
        type Entity = Claim;
        type Rejection = ExtendClaimRejection;
        type Effects = ::cohesive::__private::Effects<ExtendClaimEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            docs: "Another part is claimed.",
            edge: ::core::option::Option::Some(::cohesive::__private::model::Edge {
                from: &["Filed", "InReview"],
                to: ::cohesive::__private::model::Target::Same,
            }),
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "part",
                    <Decimal as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "remark",
                    <Option<String> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            guards: &[
                ::cohesive::__private::model::Guard {
                    name: "WithinLimit",
                    message: "the limit is reached",
                    condition: ::cohesive::__private::model::Expr::Let {
                        name: "sum",
                        value: &::cohesive::__private::model::Expr::Fold {
                            fold: ::cohesive::__private::model::FoldOperator::Sum,
                            list: &::cohesive::__private::model::Expr::Field("parts"),
                            binding: "claimed",
                            body: &::cohesive::__private::model::Expr::Local("claimed"),
                        },
                        body: &::cohesive::__private::model::Expr::Binary(
                            ::cohesive::__private::model::BinaryOperator::LessOrEqual,
                            &::cohesive::__private::model::Expr::Binary(
                                ::cohesive::__private::model::BinaryOperator::Add,
                                &::cohesive::__private::model::Expr::Local("sum"),
                                &::cohesive::__private::model::Expr::Input("part"),
                            ),
                            &::cohesive::__private::model::Expr::Field("limit"),
                        ),
                    },
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            steps: &[
                ::cohesive::__private::model::Step::Let {
                    name: "sum",
                    value: ::cohesive::__private::model::Expr::Fold {
                        fold: ::cohesive::__private::model::FoldOperator::Sum,
                        list: &::cohesive::__private::model::Expr::Field("parts"),
                        binding: "claimed",
                        body: &::cohesive::__private::model::Expr::Local("claimed"),
                    },
                },
                ::cohesive::__private::model::Step::Change {
                    field: "parts",
                    change: ::cohesive::__private::model::Change::Push,
                    operands: &[::cohesive::__private::model::Expr::Input("part")],
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Match {
                    on: ::cohesive::__private::model::Expr::Input("remark"),
                    arms: &[
                        ::cohesive::__private::model::StepArm {
                            pattern: ::cohesive::__private::model::Pattern::Construct {
                                name: "Some",
                                arguments: &[
                                    ::cohesive::__private::model::Pattern::Bind("text"),
                                ],
                            },
                            condition: ::core::option::Option::None,
                            steps: &[
                                ::cohesive::__private::model::Step::Change {
                                    field: "remarks",
                                    change: ::cohesive::__private::model::Change::Push,
                                    operands: &[
                                        ::cohesive::__private::model::Expr::Local("text"),
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
            ..::cohesive::__private::model::Transition::new(
                "extend",
                "ExtendClaim",
                ::cohesive::__private::model::Kind::Update,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <Decimal as ::cohesive::__private::Value>::check(&self.part),
                "part",
            )?;
            ::cohesive::__private::named(
                <Option<String> as ::cohesive::__private::Value>::check(&self.remark),
                "remark",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///Another part is claimed.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct ExtendClaim {
    ///`part`, as the caller supplies it.
    pub part: Decimal,
    ///`remark`, as the caller supplies it.
    pub remark: Option<String>,
}
///Why [`ExtendClaim`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum ExtendClaimRejection {
    /// The entity is in a state in which this is not possible.
    WrongState {
        /// The state it is in.
        state: <Claim as ::cohesive::__private::Structure>::Status,
    },
    ///the limit is reached
    WithinLimit,
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for ExtendClaimRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::WrongState { state } => {
                ::cohesive::__private::wrong_state::<
                    Claim,
                >(
                    formatter,
                    "extend",
                    <ExtendClaim as ::cohesive::__private::Update>::FROM,
                    *state,
                )
            }
            Self::WithinLimit => formatter.write_str("the limit is reached"),
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for ExtendClaimRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for ExtendClaimRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for ExtendClaimRejection {
    fn name(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::WithinLimit => "within_limit",
            Self::Refused(refusal) => refusal.name(),
        }
    }
    fn class(&self) -> ::cohesive::__private::RejectionClass {
        match self {
            Self::WrongState { .. } => ::cohesive::__private::RejectionClass::State,
            Self::WithinLimit => ::cohesive::__private::RejectionClass::Guard,
            Self::Refused(_) => ::cohesive::__private::RejectionClass::Rule,
        }
    }
}
///What [`ExtendClaim`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum ExtendClaimEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for ExtendClaimEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Update for ExtendClaim {
    const FROM: &'static [<Claim as ::cohesive::__private::Structure>::Status] = &[
        <<Claim as ::cohesive::__private::Structure>::Status>::Filed,
        <<Claim as ::cohesive::__private::Structure>::Status>::InReview,
    ];
    const TO: ::core::option::Option<
        <Claim as ::cohesive::__private::Structure>::Status,
    > = ::core::option::Option::None;
    const CHOICES: &'static [<Claim as ::cohesive::__private::Structure>::Status] = &[];
    #[inline]
    fn wrong_state(
        state: <Claim as ::cohesive::__private::Structure>::Status,
    ) -> Self::Rejection {
        Self::Rejection::WrongState {
            state,
        }
    }
    #[inline]
    fn run(
        &self,
        state: <Claim as ::cohesive::__private::Structure>::View<'_>,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<ExtendClaimRejection>> {
        let state_limit = ::cohesive::__private::observed(state.limit, "limit")?;
        let state_parts = ::cohesive::__private::observed(state.parts, "parts")?;
        let state_remarks = ::cohesive::__private::observed(state.remarks, "remarks")?;
        let sum = ::cohesive::__private::fold::sum(
            &(*state_parts),
            |claimed| ::core::result::Result::Ok(
                ::core::clone::Clone::clone(&(*claimed)),
            ),
        )?;
        if !(::cohesive::__private::arithmetic::add(
            ::core::clone::Clone::clone(&sum),
            ::core::clone::Clone::clone(&self.part),
        )? <= (*state_limit))
        {
            return ::core::result::Result::Err(
                ::cohesive::__private::Stop::Rejected(ExtendClaimRejection::WithinLimit),
            );
        }
        ::cohesive::__private::collection::push(
            ::cohesive::__private::part(&mut draft.patch.parts, state_parts),
            ::core::clone::Clone::clone(&self.part),
        )?;
        match &self.remark {
            Some(text) => {
                ::cohesive::__private::collection::push(
                    ::cohesive::__private::part(&mut draft.patch.remarks, state_remarks),
                    ::core::clone::Clone::clone(&(*text)),
                )?;
            }
            _ => {}
        }
        ::core::result::Result::Ok(())
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<6> = ::cohesive::__private::names(
        ["id", "limit", "paid", "parts", "status"],
        <Claim as ::cohesive::__private::Structure>::STRUCTURE,
        true,
    );
    const WRITES: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["paid", "status"],
        <Claim as ::cohesive::__private::Structure>::STRUCTURE,
        true,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for DecideClaim {
        type Entity = Claim;
        type Rejection = DecideClaimRejection;
        type Effects = ::cohesive::__private::Effects<DecideClaimEffect, 1>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            docs: "The claim is decided.",
            edge: ::core::option::Option::Some(::cohesive::__private::model::Edge {
                from: &["Filed", "InReview"],
                to: ::cohesive::__private::model::Target::OneOf {
                    states: &["InReview", "Paid", "Refused"],
                    stay: true,
                },
            }),
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "offer",
                    <Option<Decimal> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            guards: &[
                ::cohesive::__private::model::Guard {
                    name: "Known",
                    message: "nobody decides without a name",
                    condition: ::cohesive::__private::model::Expr::Call {
                        receiver: &::cohesive::__private::model::Expr::Context("actor"),
                        method: "is_some",
                        arguments: &[],
                    },
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            steps: &[
                ::cohesive::__private::model::Step::Let {
                    name: "large",
                    value: ::cohesive::__private::model::Expr::Fold {
                        fold: ::cohesive::__private::model::FoldOperator::Any,
                        list: &::cohesive::__private::model::Expr::Field("parts"),
                        binding: "part",
                        body: &::cohesive::__private::model::Expr::Binary(
                            ::cohesive::__private::model::BinaryOperator::Greater,
                            &::cohesive::__private::model::Expr::Local("part"),
                            &::cohesive::__private::model::Expr::Construct {
                                name: "Decimal::new",
                                arguments: &[
                                    ::cohesive::__private::model::Expr::Literal(
                                        ::cohesive::__private::model::Literal::Int(1000i128),
                                    ),
                                    ::cohesive::__private::model::Expr::Literal(
                                        ::cohesive::__private::model::Literal::Int(0i128),
                                    ),
                                ],
                            },
                        ),
                    },
                },
                ::cohesive::__private::model::Step::Match {
                    on: ::cohesive::__private::model::Expr::Input("offer"),
                    arms: &[
                        ::cohesive::__private::model::StepArm {
                            pattern: ::cohesive::__private::model::Pattern::Construct {
                                name: "Some",
                                arguments: &[
                                    ::cohesive::__private::model::Pattern::Bind("amount"),
                                ],
                            },
                            condition: ::core::option::Option::Some(
                                ::cohesive::__private::model::Expr::Binary(
                                    ::cohesive::__private::model::BinaryOperator::Greater,
                                    &::cohesive::__private::model::Expr::Local("amount"),
                                    &::cohesive::__private::model::Expr::Field("limit"),
                                ),
                            ),
                            steps: &[
                                ::cohesive::__private::model::Step::Reject {
                                    name: "AboveLimit",
                                },
                            ],
                        },
                        ::cohesive::__private::model::StepArm {
                            pattern: ::cohesive::__private::model::Pattern::Construct {
                                name: "Some",
                                arguments: &[
                                    ::cohesive::__private::model::Pattern::Bind("amount"),
                                ],
                            },
                            condition: ::core::option::Option::None,
                            steps: &[
                                ::cohesive::__private::model::Step::Set {
                                    field: "status",
                                    value: ::cohesive::__private::model::Expr::If {
                                        condition: &::cohesive::__private::model::Expr::Local(
                                            "large",
                                        ),
                                        then: &::cohesive::__private::model::Expr::Path(
                                            "ClaimStatus::InReview",
                                        ),
                                        otherwise: &::cohesive::__private::model::Expr::Path(
                                            "ClaimStatus::Paid",
                                        ),
                                    },
                                    at: ::cohesive::__private::model::At(::core::line!()),
                                },
                                ::cohesive::__private::model::Step::Set {
                                    field: "paid",
                                    value: ::cohesive::__private::model::Expr::Construct {
                                        name: "Some",
                                        arguments: &[
                                            ::cohesive::__private::model::Expr::Local("amount"),
                                        ],
                                    },
                                    at: ::cohesive::__private::model::At(::core::line!()),
                                },
                                ::cohesive::__private::model::Step::Emit {
                                    message: "ClaimSettled",
                                    payload: ::cohesive::__private::model::Expr::Record {
                                        name: "ClaimSettled",
                                        members: &[
                                            (
                                                "claim_id",
                                                ::cohesive::__private::model::Expr::Field("id"),
                                            ),
                                            (
                                                "amount",
                                                ::cohesive::__private::model::Expr::Local("amount"),
                                            ),
                                        ],
                                        base: ::core::option::Option::None,
                                    },
                                    at: ::cohesive::__private::model::At(::core::line!()),
                                },
                            ],
                        },
                        ::cohesive::__private::model::StepArm {
                            pattern: ::cohesive::__private::model::Pattern::Path("None"),
                            condition: ::core::option::Option::None,
                            steps: &[
                                ::cohesive::__private::model::Step::If {
                                    condition: ::cohesive::__private::model::Expr::Call {
                                        receiver: &::cohesive::__private::model::Expr::Field(
                                            "parts",
                                        ),
                                        method: "is_empty",
                                        arguments: &[],
                                    },
                                    then: &[
                                        ::cohesive::__private::model::Step::Set {
                                            field: "status",
                                            value: ::cohesive::__private::model::Expr::Path(
                                                "ClaimStatus::Refused",
                                            ),
                                            at: ::cohesive::__private::model::At(::core::line!()),
                                        },
                                    ],
                                    otherwise: &[],
                                },
                            ],
                        },
                    ],
                },
            ],
            rejections: &[
                ::cohesive::__private::model::RejectionCase {
                    name: "AboveLimit",
                    message: "the offer is above the limit",
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            emits: &["ClaimSettled"],
            conflict: ::cohesive::__private::model::Conflict::Strict,
            ..::cohesive::__private::model::Transition::new(
                "decide",
                "DecideClaim",
                ::cohesive::__private::model::Kind::Update,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <Option<Decimal> as ::cohesive::__private::Value>::check(&self.offer),
                "offer",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///The claim is decided.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct DecideClaim {
    ///`offer`, as the caller supplies it.
    pub offer: Option<Decimal>,
}
///Why [`DecideClaim`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum DecideClaimRejection {
    /// The entity is in a state in which this is not possible.
    WrongState {
        /// The state it is in.
        state: <Claim as ::cohesive::__private::Structure>::Status,
    },
    ///nobody decides without a name
    Known,
    ///the offer is above the limit
    AboveLimit,
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for DecideClaimRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::WrongState { state } => {
                ::cohesive::__private::wrong_state::<
                    Claim,
                >(
                    formatter,
                    "decide",
                    <DecideClaim as ::cohesive::__private::Update>::FROM,
                    *state,
                )
            }
            Self::Known => formatter.write_str("nobody decides without a name"),
            Self::AboveLimit => formatter.write_str("the offer is above the limit"),
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for DecideClaimRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for DecideClaimRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for DecideClaimRejection {
    fn name(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::Known => "known",
            Self::AboveLimit => "above_limit",
            Self::Refused(refusal) => refusal.name(),
        }
    }
    fn class(&self) -> ::cohesive::__private::RejectionClass {
        match self {
            Self::WrongState { .. } => ::cohesive::__private::RejectionClass::State,
            Self::Known | Self::AboveLimit => {
                ::cohesive::__private::RejectionClass::Guard
            }
            Self::Refused(_) => ::cohesive::__private::RejectionClass::Rule,
        }
    }
}
///What [`DecideClaim`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum DecideClaimEffect {
    ///A `ClaimSettled`.
    ClaimSettled(ClaimSettled),
}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for DecideClaimEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match self {
            Self::ClaimSettled(payload) => {
                <ClaimSettled as ::cohesive::__private::Event>::as_payload(payload)
            }
        }
    }
}
#[automatically_derived]
impl ::core::convert::From<ClaimSettled> for DecideClaimEffect {
    fn from(payload: ClaimSettled) -> Self {
        Self::ClaimSettled(payload)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Update for DecideClaim {
    const FROM: &'static [<Claim as ::cohesive::__private::Structure>::Status] = &[
        <<Claim as ::cohesive::__private::Structure>::Status>::Filed,
        <<Claim as ::cohesive::__private::Structure>::Status>::InReview,
    ];
    const TO: ::core::option::Option<
        <Claim as ::cohesive::__private::Structure>::Status,
    > = ::core::option::Option::None;
    const CHOICES: &'static [<Claim as ::cohesive::__private::Structure>::Status] = &[
        <<Claim as ::cohesive::__private::Structure>::Status>::InReview,
        <<Claim as ::cohesive::__private::Structure>::Status>::Paid,
        <<Claim as ::cohesive::__private::Structure>::Status>::Refused,
    ];
    #[inline]
    fn wrong_state(
        state: <Claim as ::cohesive::__private::Structure>::Status,
    ) -> Self::Rejection {
        Self::Rejection::WrongState {
            state,
        }
    }
    #[inline]
    fn run(
        &self,
        state: <Claim as ::cohesive::__private::Structure>::View<'_>,
        context: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<DecideClaimRejection>> {
        let state_id = ::cohesive::__private::observed(state.id, "id")?;
        let state_limit = ::cohesive::__private::observed(state.limit, "limit")?;
        let state_parts = ::cohesive::__private::observed(state.parts, "parts")?;
        if !(::cohesive::__private::actor(context).is_some()) {
            return ::core::result::Result::Err(
                ::cohesive::__private::Stop::Rejected(DecideClaimRejection::Known),
            );
        }
        let large = ::cohesive::__private::fold::any(
            &(*state_parts),
            |part| ::core::result::Result::Ok(
                (*part) > ::cohesive::__private::decimal(1000, 0)?,
            ),
        )?;
        match &self.offer {
            Some(amount) if (*amount) > (*state_limit) => {
                return ::core::result::Result::Err(
                    ::cohesive::__private::Stop::Rejected(
                        DecideClaimRejection::AboveLimit,
                    ),
                );
            }
            Some(amount) => {
                draft.patch.status = ::core::option::Option::Some(
                    if large { ClaimStatus::InReview } else { ClaimStatus::Paid },
                );
                draft.patch.paid = ::core::option::Option::Some(
                    Some(::core::clone::Clone::clone(&(*amount))),
                );
                ::cohesive::__private::Effects::record(
                    &mut draft.effects,
                    ClaimSettled {
                        claim_id: ::core::clone::Clone::clone(&(*state_id)),
                        amount: ::core::clone::Clone::clone(&(*amount)),
                    },
                );
            }
            None => {
                if (*state_parts).is_empty() {
                    draft.patch.status = ::core::option::Option::Some(
                        ClaimStatus::Refused,
                    );
                }
            }
        }
        ::core::result::Result::Ok(())
    }
}
#[automatically_derived]
impl<CohesiveHandler> ::cohesive::__private::Requests<CohesiveHandler> for Claim {
    fn handlers(_: &mut impl ::cohesive::__private::HandlerVisitor<CohesiveHandler>) {}
}
const _: () = ::cohesive::__private::assignable(
    <Claim as ::cohesive::__private::Structure>::STRUCTURE,
    "id",
    "file",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Claim as ::cohesive::__private::Structure>::STRUCTURE,
    "limit",
    "file",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Claim as ::cohesive::__private::Structure>::STRUCTURE,
    "parts",
    "file",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::complete(
    <Claim as ::cohesive::__private::Structure>::STRUCTURE,
    &["id", "limit", "parts"],
    "file",
);
const _: () = ::cohesive::__private::assignable(
    <Claim as ::cohesive::__private::Structure>::STRUCTURE,
    "parts",
    "extend",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Claim as ::cohesive::__private::Structure>::STRUCTURE,
    "remarks",
    "extend",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Claim as ::cohesive::__private::Structure>::STRUCTURE,
    "paid",
    "decide",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: true,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Claim as ::cohesive::__private::Structure>::STRUCTURE,
    "status",
    "decide",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: true,
        joins: false,
    },
);
const _: () = ::cohesive::__private::leavable(
    <Claim as ::cohesive::__private::Structure>::STRUCTURE,
    "Filed",
    "decide",
);
const _: () = ::cohesive::__private::leavable(
    <Claim as ::cohesive::__private::Structure>::STRUCTURE,
    "InReview",
    "decide",
);
