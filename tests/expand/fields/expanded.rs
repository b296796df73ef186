//! Every kind of field.
use cohesive::prelude::*;
/// The number of an order.
pub struct OrderId(i64);
impl OrderId {
    /// The identifier with this content.
    ///
    /// # Errors
    /// When the content is blank, too long or not printable.
    pub fn new(
        content: impl ::core::convert::Into<i64>,
    ) -> ::core::result::Result<Self, ::cohesive::__private::Flaw> {
        let content = ::core::convert::Into::into(content);
        <i64 as ::cohesive::__private::IdContent>::check_id(&content)?;
        ::core::result::Result::Ok(Self(content))
    }
}
#[automatically_derived]
impl ::cohesive::__private::Value for OrderId {
    const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Id(
        &::cohesive::__private::model::IdType {
            name: "OrderId",
            inner: <i64 as ::cohesive::__private::Value>::TYPE,
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
        <i64 as ::cohesive::__private::Value>::decode(datum).map(|content| Self(content))
    }
    #[inline]
    fn check(&self) -> ::core::result::Result<(), ::cohesive::__private::Flaw> {
        ::cohesive::__private::IdContent::check_id(&self.0)
    }
}
#[automatically_derived]
impl ::cohesive::__private::EntityId for OrderId {}
#[automatically_derived]
impl ::core::clone::Clone for OrderId {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}
#[automatically_derived]
impl ::core::cmp::PartialEq for OrderId {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
#[automatically_derived]
impl ::core::cmp::Eq for OrderId {}
#[automatically_derived]
impl ::core::cmp::PartialOrd for OrderId {
    fn partial_cmp(
        &self,
        other: &Self,
    ) -> ::core::option::Option<::core::cmp::Ordering> {
        ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
    }
}
#[automatically_derived]
impl ::core::cmp::Ord for OrderId {
    fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
        ::core::cmp::Ord::cmp(&self.0, &other.0)
    }
}
#[automatically_derived]
impl ::core::hash::Hash for OrderId {
    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for OrderId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_tuple(formatter, "OrderId", &self.0)
    }
}
#[automatically_derived]
impl ::core::fmt::Display for OrderId {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Display::fmt(&self.0, formatter)
    }
}
#[automatically_derived]
impl ::core::str::FromStr for OrderId {
    type Err = ::cohesive::__private::Flaw;
    fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
        <i64 as ::cohesive::__private::IdContent>::parse_id(text)
            .map(|content| Self(content))
    }
}
#[automatically_derived]
impl ::cohesive::__private::serde::Serialize for OrderId {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::serde::Serialize::serialize(&self.0, serializer)
    }
}
#[automatically_derived]
impl<'de> ::cohesive::__private::serde::Deserialize<'de> for OrderId {
    fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        let content: i64 = ::cohesive::__private::serde::Deserialize::deserialize(
            deserializer,
        )?;
        Self::new(content).map_err(::cohesive::__private::serde::de::Error::custom)
    }
}
/// How an order is sent.
pub enum Shipping {
    /// By road.
    Road,
    /// By sea.
    Sea,
}
#[automatically_derived]
impl ::cohesive::__private::Choice for Shipping {
    const CHOICES: &'static ::cohesive::__private::model::EnumType = &::cohesive::__private::model::EnumType {
        name: "Shipping",
        docs: "How an order is sent.",
        file: ::core::file!(),
        variants: &[
            ::cohesive::__private::model::Variant {
                name: "Road",
                wire: "road",
                docs: "By road.",
                initial: false,
                terminal: false,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
            ::cohesive::__private::model::Variant {
                name: "Sea",
                wire: "Sea",
                docs: "By sea.",
                initial: false,
                terminal: false,
                at: ::cohesive::__private::model::At(::core::line!()),
            },
        ],
        lifecycle: false,
    };
    const ALL: &'static [Self] = &[Self::Road, Self::Sea];
    #[inline]
    fn position(self) -> usize {
        match self {
            Self::Road => 0,
            Self::Sea => 1,
        }
    }
}
#[automatically_derived]
impl ::core::clone::Clone for Shipping {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl ::core::marker::Copy for Shipping {}
#[automatically_derived]
impl ::core::cmp::PartialEq for Shipping {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        ::cohesive::__private::Choice::position(*self)
            == ::cohesive::__private::Choice::position(*other)
    }
}
#[automatically_derived]
impl ::core::cmp::Eq for Shipping {}
#[automatically_derived]
impl ::core::fmt::Debug for Shipping {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str(::cohesive::__private::Choice::wire(*self))
    }
}
#[automatically_derived]
impl ::core::fmt::Display for Shipping {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str(::cohesive::__private::Choice::wire(*self))
    }
}
#[automatically_derived]
impl ::cohesive::__private::serde::Serialize for Shipping {
    fn serialize<S: ::cohesive::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::cohesive::__private::Choice::write(*self, serializer)
    }
}
#[automatically_derived]
impl<'de> ::cohesive::__private::serde::Deserialize<'de> for Shipping {
    fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        ::cohesive::__private::Choice::read(deserializer)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Value for Shipping {
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
/// One line of an order.
pub struct Line {
    /// What is ordered.
    pub article: String,
    /// How many of it.
    pub quantity: i32,
}
#[automatically_derived]
impl ::cohesive::__private::Value for Line {
    const TYPE: ::cohesive::__private::model::Type = ::cohesive::__private::model::Type::Record(
        &::cohesive::__private::model::RecordType {
            name: "Line",
            docs: "One line of an order.",
            members: &[
                ::cohesive::__private::model::Member {
                    docs: "What is ordered.",
                    ..::cohesive::__private::model::Member::new(
                        "article",
                        <String as ::cohesive::__private::Value>::TYPE,
                        ::cohesive::__private::model::At(::core::line!()),
                    )
                },
                ::cohesive::__private::model::Member {
                    wire: "qty",
                    docs: "How many of it.",
                    ..::cohesive::__private::model::Member::new(
                        "quantity",
                        <i32 as ::cohesive::__private::Value>::TYPE,
                        ::cohesive::__private::model::At(::core::line!()),
                    )
                },
            ],
            id: ::core::option::Option::None,
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
        <String as ::cohesive::__private::Value>::check(&self.article)?;
        <i32 as ::cohesive::__private::Value>::check(&self.quantity)?;
        ::core::result::Result::Ok(())
    }
}
#[automatically_derived]
impl ::core::clone::Clone for Line {
    fn clone(&self) -> Self {
        Self {
            article: ::core::clone::Clone::clone(&self.article),
            quantity: ::core::clone::Clone::clone(&self.quantity),
        }
    }
}
#[automatically_derived]
impl ::core::cmp::PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.article == other.article && self.quantity == other.quantity
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for Line {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::cohesive::__private::debug_struct(
            formatter,
            "Line",
            &[("article", &self.article), ("quantity", &self.quantity)],
        )
    }
}
const _: () = {
    #[derive(
        ::cohesive::__private::serde::Serialize,
        ::cohesive::__private::serde::Deserialize
    )]
    #[serde(
        remote = "Line",
        crate = "::cohesive::__private::serde",
        deny_unknown_fields
    )]
    struct MirrorOfLine {
        #[serde(rename = "article")]
        article: String,
        #[serde(rename = "qty")]
        quantity: i32,
    }
    #[automatically_derived]
    impl ::cohesive::__private::serde::Serialize for Line {
        fn serialize<S: ::cohesive::__private::serde::Serializer>(
            &self,
            serializer: S,
        ) -> ::core::result::Result<S::Ok, S::Error> {
            MirrorOfLine::serialize(self, serializer)
        }
    }
    #[automatically_derived]
    impl<'de> ::cohesive::__private::serde::Deserialize<'de> for Line {
        fn deserialize<D: ::cohesive::__private::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::core::result::Result<Self, D::Error> {
            MirrorOfLine::deserialize(deserializer)
        }
    }
};
#[automatically_derived]
impl ::cohesive::__private::Structure for Order {
    const NAME: &'static str = "Order";
    const STRUCTURE: &'static ::cohesive::__private::model::Structure = &::cohesive::__private::model::Structure {
        name: Self::NAME,
        table: "purchase_order",
        plural: "purchase-orders",
        docs: "An order.",
        file: ::core::file!(),
        fields: &[
            ::cohesive::__private::model::Field {
                docs: "The number.",
                role: ::cohesive::__private::model::FieldRole::Id,
                ..::cohesive::__private::model::Field::new(
                    "id",
                    <OrderId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "The number at the customer's.",
                mutability: ::cohesive::__private::model::Mutability::WriteOnce,
                unique: true,
                ..::cohesive::__private::model::Field::new(
                    "reference",
                    <Option<String> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                wire: "day",
                docs: "The day.",
                index: true,
                ..::cohesive::__private::model::Field::new(
                    "ordered_on",
                    <Date as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "How it is sent.",
                default: ::core::option::Option::Some(
                    ::cohesive::__private::model::Expr::Path("Shipping::Road"),
                ),
                ..::cohesive::__private::model::Field::new(
                    "type",
                    <Shipping as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "What is ordered.",
                ..::cohesive::__private::model::Field::new(
                    "lines",
                    <Vec<Line> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "The last line, if there was one.",
                ..::cohesive::__private::model::Field::new(
                    "latest",
                    <Option<Line> as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "What it costs.",
                ..::cohesive::__private::model::Field::new(
                    "amount",
                    <Decimal as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "What it costs to send.",
                default: ::core::option::Option::Some(
                    ::cohesive::__private::model::Expr::Path("Decimal::ZERO"),
                ),
                ..::cohesive::__private::model::Field::new(
                    "postage",
                    <Decimal as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
            ::cohesive::__private::model::Field {
                docs: "What is to be paid.",
                mutability: ::cohesive::__private::model::Mutability::Computed(
                    ::cohesive::__private::model::Expr::Binary(
                        ::cohesive::__private::model::BinaryOperator::Add,
                        &::cohesive::__private::model::Expr::Field("amount"),
                        &::cohesive::__private::model::Expr::Field("postage"),
                    ),
                ),
                ..::cohesive::__private::model::Field::new(
                    "total",
                    <Decimal as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                )
            },
        ],
        allowances: &[],
        at: ::cohesive::__private::model::At(::core::line!()),
    };
    type Patch = OrderPatch;
    type View<'a> = OrderView<'a>;
    type Id = OrderId;
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
        OrderView {
            id: ::core::option::Option::Some(&self.id),
            reference: ::core::option::Option::Some(&self.reference),
            ordered_on: ::core::option::Option::Some(&self.ordered_on),
            r#type: ::core::option::Option::Some(&self.r#type),
            lines: ::core::option::Option::Some(&self.lines),
            latest: ::core::option::Option::Some(&self.latest),
            amount: ::core::option::Option::Some(&self.amount),
            postage: ::core::option::Option::Some(&self.postage),
            total: ::core::option::Option::Some(&self.total),
        }
    }
    #[inline]
    fn narrow<'short, 'long: 'short>(view: Self::View<'long>) -> Self::View<'short> {
        view
    }
    #[inline]
    fn overlay<'a>(view: Self::View<'a>, patch: &'a Self::Patch) -> Self::View<'a> {
        OrderView {
            id: patch.id.as_ref().or(view.id),
            reference: patch.reference.as_ref().or(view.reference),
            ordered_on: patch.ordered_on.as_ref().or(view.ordered_on),
            r#type: patch.r#type.as_ref().or(view.r#type),
            lines: patch.lines.as_ref().or(view.lines),
            latest: patch.latest.as_ref().or(view.latest),
            amount: patch.amount.as_ref().or(view.amount),
            postage: patch.postage.as_ref().or(view.postage),
            total: patch.total.as_ref().or(view.total),
        }
    }
    #[inline]
    fn observe(patch: &Self::Patch) -> Self::View<'_> {
        OrderView {
            id: patch.id.as_ref(),
            reference: patch.reference.as_ref(),
            ordered_on: patch.ordered_on.as_ref(),
            r#type: patch.r#type.as_ref(),
            lines: patch.lines.as_ref(),
            latest: patch.latest.as_ref(),
            amount: patch.amount.as_ref(),
            postage: patch.postage.as_ref(),
            total: patch.total.as_ref(),
        }
    }
    fn fill(
        patch: &mut Self::Patch,
    ) -> ::core::result::Result<(), ::cohesive::__private::Arithmetic> {
        ::cohesive::__private::fill(
            &mut patch.id,
            || <OrderId as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.reference,
            || <Option<String> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.ordered_on,
            || <Date as ::cohesive::__private::Value>::absent(),
        );
        if patch.r#type.is_none() {
            patch.r#type = ::core::option::Option::Some(Shipping::Road);
        }
        ::cohesive::__private::fill(
            &mut patch.lines,
            || <Vec<Line> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.latest,
            || <Option<Line> as ::cohesive::__private::Value>::absent(),
        );
        ::cohesive::__private::fill(
            &mut patch.amount,
            || <Decimal as ::cohesive::__private::Value>::absent(),
        );
        if patch.postage.is_none() {
            patch.postage = ::core::option::Option::Some(Decimal::ZERO);
        }
        ::core::result::Result::Ok(())
    }
    fn compute(
        view: Self::View<'_>,
    ) -> ::core::result::Result<
        Self::Patch,
        ::cohesive::__private::Stop<::cohesive::__private::Refusal>,
    > {
        let mut patch = <Self::Patch as ::core::default::Default>::default();
        patch.total = {
            let state_amount = ::cohesive::__private::observed(view.amount, "amount")?;
            let state_postage = ::cohesive::__private::observed(
                view.postage,
                "postage",
            )?;
            ::core::option::Option::Some(
                ::cohesive::__private::arithmetic::add(
                    ::core::clone::Clone::clone(&(*state_amount)),
                    ::core::clone::Clone::clone(&(*state_postage)),
                )?,
            )
        };
        ::core::result::Result::Ok(patch)
    }
    fn sealed(
        view: Self::View<'_>,
        patch: &Self::Patch,
    ) -> ::core::option::Option<&'static str> {
        ::core::option::Option::<&'static str>::None
            .or(
                ::cohesive::__private::sealed(
                    view.reference,
                    patch.reference.as_ref(),
                    |value| <Option<
                        String,
                    > as ::cohesive::__private::Value>::is_absent(value),
                    "reference",
                ),
            )
    }
    #[inline]
    fn trim(view: Self::View<'_>, patch: &mut Self::Patch) {
        ::cohesive::__private::trim(view.id, &mut patch.id);
        ::cohesive::__private::trim(view.reference, &mut patch.reference);
        ::cohesive::__private::trim(view.ordered_on, &mut patch.ordered_on);
        ::cohesive::__private::trim(view.r#type, &mut patch.r#type);
        ::cohesive::__private::trim(view.lines, &mut patch.lines);
        ::cohesive::__private::trim(view.latest, &mut patch.latest);
        ::cohesive::__private::trim(view.amount, &mut patch.amount);
        ::cohesive::__private::trim(view.postage, &mut patch.postage);
        ::cohesive::__private::trim(view.total, &mut patch.total);
    }
    fn whole(&self) -> Self::Patch {
        OrderPatch {
            id: ::core::option::Option::Some(::core::clone::Clone::clone(&self.id)),
            reference: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.reference),
            ),
            ordered_on: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.ordered_on),
            ),
            r#type: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.r#type),
            ),
            lines: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.lines),
            ),
            latest: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.latest),
            ),
            amount: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.amount),
            ),
            postage: ::core::option::Option::Some(
                ::core::clone::Clone::clone(&self.postage),
            ),
            total: ::core::option::Option::Some(::core::clone::Clone::clone(&self.total)),
        }
    }
    fn merge(patch: &mut Self::Patch, later: Self::Patch) {
        ::cohesive::__private::merge(&mut patch.id, later.id);
        ::cohesive::__private::merge(&mut patch.reference, later.reference);
        ::cohesive::__private::merge(&mut patch.ordered_on, later.ordered_on);
        ::cohesive::__private::merge(&mut patch.r#type, later.r#type);
        ::cohesive::__private::merge(&mut patch.lines, later.lines);
        ::cohesive::__private::merge(&mut patch.latest, later.latest);
        ::cohesive::__private::merge(&mut patch.amount, later.amount);
        ::cohesive::__private::merge(&mut patch.postage, later.postage);
        ::cohesive::__private::merge(&mut patch.total, later.total);
    }
    fn complete(patch: Self::Patch) -> ::core::result::Result<Self, &'static str> {
        ::core::result::Result::Ok(Self {
            id: ::cohesive::__private::required(patch.id, "id")?,
            reference: ::cohesive::__private::required(patch.reference, "reference")?,
            ordered_on: ::cohesive::__private::required(patch.ordered_on, "ordered_on")?,
            r#type: ::cohesive::__private::required(patch.r#type, "type")?,
            lines: ::cohesive::__private::required(patch.lines, "lines")?,
            latest: ::cohesive::__private::required(patch.latest, "latest")?,
            amount: ::cohesive::__private::required(patch.amount, "amount")?,
            postage: ::cohesive::__private::required(patch.postage, "postage")?,
            total: ::cohesive::__private::required(patch.total, "total")?,
        })
    }
    fn check(
        patch: &Self::Patch,
    ) -> ::core::option::Option<(&'static str, ::cohesive::__private::Flaw)> {
        ::core::option::Option::None
            .or_else(|| ::cohesive::__private::flaw(
                patch.id.as_ref(),
                |value| <OrderId as ::cohesive::__private::Value>::check(value),
                "id",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.reference.as_ref(),
                |value| <Option<String> as ::cohesive::__private::Value>::check(value),
                "reference",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.ordered_on.as_ref(),
                |value| <Date as ::cohesive::__private::Value>::check(value),
                "ordered_on",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.r#type.as_ref(),
                |value| <Shipping as ::cohesive::__private::Value>::check(value),
                "type",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.lines.as_ref(),
                |value| <Vec<Line> as ::cohesive::__private::Value>::check(value),
                "lines",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.latest.as_ref(),
                |value| <Option<Line> as ::cohesive::__private::Value>::check(value),
                "latest",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.amount.as_ref(),
                |value| <Decimal as ::cohesive::__private::Value>::check(value),
                "amount",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.postage.as_ref(),
                |value| <Decimal as ::cohesive::__private::Value>::check(value),
                "postage",
            ))
            .or_else(|| ::cohesive::__private::flaw(
                patch.total.as_ref(),
                |value| <Decimal as ::cohesive::__private::Value>::check(value),
                "total",
            ))
    }
    fn encode<'a>(
        patch: &'a Self::Patch,
        show: &mut dyn ::core::ops::FnMut(usize, ::cohesive::__private::Datum<'a>),
    ) -> ::core::result::Result<(), (usize, ::cohesive::__private::Flaw)> {
        ::cohesive::__private::show(
            0,
            patch.id.as_ref(),
            |value| <OrderId as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            1,
            patch.reference.as_ref(),
            |value| <Option<String> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            2,
            patch.ordered_on.as_ref(),
            |value| <Date as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            3,
            patch.r#type.as_ref(),
            |value| <Shipping as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            4,
            patch.lines.as_ref(),
            |value| <Vec<Line> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            5,
            patch.latest.as_ref(),
            |value| <Option<Line> as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            6,
            patch.amount.as_ref(),
            |value| <Decimal as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            7,
            patch.postage.as_ref(),
            |value| <Decimal as ::cohesive::__private::Value>::encode(value),
            show,
        )?;
        ::cohesive::__private::show(
            8,
            patch.total.as_ref(),
            |value| <Decimal as ::cohesive::__private::Value>::encode(value),
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
                    <OrderId as ::cohesive::__private::Value>::decode(datum),
                )
            }
            1 => {
                ::cohesive::__private::read(
                    &mut patch.reference,
                    <Option<String> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            2 => {
                ::cohesive::__private::read(
                    &mut patch.ordered_on,
                    <Date as ::cohesive::__private::Value>::decode(datum),
                )
            }
            3 => {
                ::cohesive::__private::read(
                    &mut patch.r#type,
                    <Shipping as ::cohesive::__private::Value>::decode(datum),
                )
            }
            4 => {
                ::cohesive::__private::read(
                    &mut patch.lines,
                    <Vec<Line> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            5 => {
                ::cohesive::__private::read(
                    &mut patch.latest,
                    <Option<Line> as ::cohesive::__private::Value>::decode(datum),
                )
            }
            6 => {
                ::cohesive::__private::read(
                    &mut patch.amount,
                    <Decimal as ::cohesive::__private::Value>::decode(datum),
                )
            }
            7 => {
                ::cohesive::__private::read(
                    &mut patch.postage,
                    <Decimal as ::cohesive::__private::Value>::decode(datum),
                )
            }
            8 => {
                ::cohesive::__private::read(
                    &mut patch.total,
                    <Decimal as ::cohesive::__private::Value>::decode(datum),
                )
            }
            _ => ::cohesive::__private::no_column(),
        }
    }
    fn field_constants(
        show: &mut dyn ::core::ops::FnMut(
            &'static str,
            ::core::option::Option<::cohesive::__private::Constant>,
        ),
    ) {
        show("Decimal::ZERO", ::cohesive::__private::Shown(&Decimal::ZERO).constant());
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
/// An order.
pub struct Order {
    /// The number.
    pub id: OrderId,
    /// The number at the customer's.
    pub reference: Option<String>,
    /// The day.
    #[serde(rename = "day")]
    pub ordered_on: Date,
    /// How it is sent.
    pub r#type: Shipping,
    /// What is ordered.
    pub lines: Vec<Line>,
    /// The last line, if there was one.
    pub latest: Option<Line>,
    /// What it costs.
    pub amount: Decimal,
    /// What it costs to send.
    pub postage: Decimal,
    /// What is to be paid.
    pub total: Decimal,
}
///Some fields of a [`Order`]: what a transition changed, or what was loaded.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::default::Default,
    ::core::cmp::PartialEq,
)]
pub struct OrderPatch {
    ///`id`, if it is there.
    pub id: ::core::option::Option<OrderId>,
    ///`reference`, if it is there.
    pub reference: ::core::option::Option<Option<String>>,
    ///`ordered_on`, if it is there.
    pub ordered_on: ::core::option::Option<Date>,
    ///`type`, if it is there.
    pub r#type: ::core::option::Option<Shipping>,
    ///`lines`, if it is there.
    pub lines: ::core::option::Option<Vec<Line>>,
    ///`latest`, if it is there.
    pub latest: ::core::option::Option<Option<Line>>,
    ///`amount`, if it is there.
    pub amount: ::core::option::Option<Decimal>,
    ///`postage`, if it is there.
    pub postage: ::core::option::Option<Decimal>,
    ///`total`, if it is there.
    pub total: ::core::option::Option<Decimal>,
}
///References to some or all fields of a [`Order`].
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::marker::Copy)]
pub struct OrderView<'a> {
    ///`id`, if it was observed.
    pub id: ::core::option::Option<&'a OrderId>,
    ///`reference`, if it was observed.
    pub reference: ::core::option::Option<&'a Option<String>>,
    ///`ordered_on`, if it was observed.
    pub ordered_on: ::core::option::Option<&'a Date>,
    ///`type`, if it was observed.
    pub r#type: ::core::option::Option<&'a Shipping>,
    ///`lines`, if it was observed.
    pub lines: ::core::option::Option<&'a Vec<Line>>,
    ///`latest`, if it was observed.
    pub latest: ::core::option::Option<&'a Option<Line>>,
    ///`amount`, if it was observed.
    pub amount: ::core::option::Option<&'a Decimal>,
    ///`postage`, if it was observed.
    pub postage: ::core::option::Option<&'a Decimal>,
    ///`total`, if it was observed.
    pub total: ::core::option::Option<&'a Decimal>,
}
#[automatically_derived]
impl ::cohesive::__private::Entity for Order {
    const MODEL: &'static ::cohesive::__private::model::Entity = &::cohesive::__private::model::Entity {
        transitions: &[
            *<PlaceOrder as ::cohesive::__private::Input>::TRANSITION,
            *<AddOrder as ::cohesive::__private::Input>::TRANSITION,
        ],
        invariants: &[],
        messages: &[],
        ..::cohesive::__private::model::Entity::new(
            <Order as ::cohesive::__private::Structure>::STRUCTURE,
            ::core::file!(),
        )
    };
    #[inline]
    fn invariants(
        _: <Order as ::cohesive::__private::Structure>::View<'_>,
    ) -> ::core::result::Result<
        (),
        ::cohesive::__private::Stop<::cohesive::__private::Refusal>,
    > {
        ::core::result::Result::Ok(())
    }
    fn inputs(visitor: &mut impl ::cohesive::__private::InputVisitor<Order>) {
        ::cohesive::__private::InputVisitor::create::<PlaceOrder>(visitor);
        ::cohesive::__private::InputVisitor::update::<AddOrder>(visitor);
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<4> = ::cohesive::__private::names(
        ["amount", "id", "ordered_on"],
        <Order as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<4> = ::cohesive::__private::names(
        ["amount", "id", "ordered_on"],
        <Order as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for PlaceOrder {
        type Entity = Order;
        type Rejection = PlaceOrderRejection;
        type Effects = ::cohesive::__private::Effects<PlaceOrderEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            docs: "Somebody orders.",
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "id",
                    <OrderId as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "ordered_on",
                    <Date as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
                ::cohesive::__private::model::Parameter::new(
                    "amount",
                    <Decimal as ::cohesive::__private::Value>::TYPE,
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
                    field: "ordered_on",
                    value: ::cohesive::__private::model::Expr::Input("ordered_on"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "amount",
                    value: ::cohesive::__private::model::Expr::Input("amount"),
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            ..::cohesive::__private::model::Transition::new(
                "place",
                "PlaceOrder",
                ::cohesive::__private::model::Kind::Create,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <OrderId as ::cohesive::__private::Value>::check(&self.id),
                "id",
            )?;
            ::cohesive::__private::named(
                <Date as ::cohesive::__private::Value>::check(&self.ordered_on),
                "ordered_on",
            )?;
            ::cohesive::__private::named(
                <Decimal as ::cohesive::__private::Value>::check(&self.amount),
                "amount",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///Somebody orders.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct PlaceOrder {
    ///`id`, as the caller supplies it.
    pub id: OrderId,
    ///`ordered_on`, as the caller supplies it.
    pub ordered_on: Date,
    ///`amount`, as the caller supplies it.
    pub amount: Decimal,
}
///Why [`PlaceOrder`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum PlaceOrderRejection {
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for PlaceOrderRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for PlaceOrderRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for PlaceOrderRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for PlaceOrderRejection {
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
///What [`PlaceOrder`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum PlaceOrderEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for PlaceOrderEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Create for PlaceOrder {
    #[inline]
    fn run(
        &self,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<PlaceOrderRejection>> {
        draft.patch.id = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.id),
        );
        draft.patch.ordered_on = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.ordered_on),
        );
        draft.patch.amount = ::core::option::Option::Some(
            ::core::clone::Clone::clone(&self.amount),
        );
        ::core::result::Result::Ok(())
    }
}
const _: () = {
    const READS: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["latest", "lines"],
        <Order as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    const WRITES: ::cohesive::__private::Names<3> = ::cohesive::__private::names(
        ["latest", "lines"],
        <Order as ::cohesive::__private::Structure>::STRUCTURE,
        false,
    );
    #[automatically_derived]
    impl ::cohesive::__private::Input for AddOrder {
        type Entity = Order;
        type Rejection = AddOrderRejection;
        type Effects = ::cohesive::__private::Effects<AddOrderEffect, 0>;
        const TRANSITION: &'static ::cohesive::__private::model::Transition = &::cohesive::__private::model::Transition {
            docs: "A line is added.",
            parameters: &[
                ::cohesive::__private::model::Parameter::new(
                    "line",
                    <Line as ::cohesive::__private::Value>::TYPE,
                    ::cohesive::__private::model::At(::core::line!()),
                ),
            ],
            steps: &[
                ::cohesive::__private::model::Step::Change {
                    field: "lines",
                    change: ::cohesive::__private::model::Change::Push,
                    operands: &[::cohesive::__private::model::Expr::Input("line")],
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
                ::cohesive::__private::model::Step::Set {
                    field: "latest",
                    value: ::cohesive::__private::model::Expr::Construct {
                        name: "Some",
                        arguments: &[::cohesive::__private::model::Expr::Input("line")],
                    },
                    at: ::cohesive::__private::model::At(::core::line!()),
                },
            ],
            reads: ::cohesive::__private::listed(&READS),
            writes: ::cohesive::__private::listed(&WRITES),
            ..::cohesive::__private::model::Transition::new(
                "add",
                "AddOrder",
                ::cohesive::__private::model::Kind::Update,
                ::cohesive::__private::model::At(::core::line!()),
            )
        };
        #[inline]
        fn check(
            &self,
        ) -> ::core::result::Result<(), (&'static str, ::cohesive::__private::Flaw)> {
            ::cohesive::__private::named(
                <Line as ::cohesive::__private::Value>::check(&self.line),
                "line",
            )?;
            ::core::result::Result::Ok(())
        }
    }
};
///A line is added.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::cohesive::__private::serde::Serialize,
    ::cohesive::__private::serde::Deserialize
)]
#[serde(crate = "::cohesive::__private::serde", deny_unknown_fields)]
pub struct AddOrder {
    ///`line`, as the caller supplies it.
    pub line: Line,
}
///Why [`AddOrder`] may be refused.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum AddOrderRejection {
    /// A rule of the entity does not permit it.
    Refused(::cohesive::__private::Refusal),
}
#[automatically_derived]
impl ::core::fmt::Display for AddOrderRejection {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Refused(refusal) => ::core::fmt::Display::fmt(refusal, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for AddOrderRejection {}
#[automatically_derived]
impl ::core::convert::From<::cohesive::__private::Refusal> for AddOrderRejection {
    fn from(refusal: ::cohesive::__private::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
#[automatically_derived]
impl ::cohesive::__private::Rejection for AddOrderRejection {
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
///What [`AddOrder`] may produce.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum AddOrderEffect {}
#[automatically_derived]
impl ::core::convert::AsRef<dyn ::cohesive::__private::Payload> for AddOrderEffect {
    fn as_ref(&self) -> &(dyn ::cohesive::__private::Payload + 'static) {
        match *self {}
    }
}
#[automatically_derived]
impl ::cohesive::__private::Update for AddOrder {
    const FROM: &'static [<Order as ::cohesive::__private::Structure>::Status] = &[];
    const TO: ::core::option::Option<
        <Order as ::cohesive::__private::Structure>::Status,
    > = ::core::option::Option::None;
    const CHOICES: &'static [<Order as ::cohesive::__private::Structure>::Status] = &[];
    #[inline]
    fn wrong_state(
        state: <Order as ::cohesive::__private::Structure>::Status,
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
        state: <Order as ::cohesive::__private::Structure>::View<'_>,
        _: &::cohesive::__private::Context,
        draft: &mut ::cohesive::__private::Draft<Self>,
    ) -> ::core::result::Result<(), ::cohesive::__private::Stop<AddOrderRejection>> {
        let state_lines = ::cohesive::__private::observed(state.lines, "lines")?;
        ::cohesive::__private::collection::push(
            ::cohesive::__private::part(&mut draft.patch.lines, state_lines),
            ::core::clone::Clone::clone(&self.line),
        )?;
        draft.patch.latest = ::core::option::Option::Some(
            Some(::core::clone::Clone::clone(&self.line)),
        );
        ::core::result::Result::Ok(())
    }
}
#[automatically_derived]
impl<CohesiveHandler> ::cohesive::__private::Requests<CohesiveHandler> for Order {
    fn handlers(_: &mut impl ::cohesive::__private::HandlerVisitor<CohesiveHandler>) {}
}
const _: () = ::cohesive::__private::assignable(
    <Order as ::cohesive::__private::Structure>::STRUCTURE,
    "amount",
    "place",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Order as ::cohesive::__private::Structure>::STRUCTURE,
    "id",
    "place",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Order as ::cohesive::__private::Structure>::STRUCTURE,
    "ordered_on",
    "place",
    ::cohesive::__private::Writing {
        creates: true,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::complete(
    <Order as ::cohesive::__private::Structure>::STRUCTURE,
    &["amount", "id", "ordered_on"],
    "place",
);
const _: () = ::cohesive::__private::assignable(
    <Order as ::cohesive::__private::Structure>::STRUCTURE,
    "latest",
    "add",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
const _: () = ::cohesive::__private::assignable(
    <Order as ::cohesive::__private::Structure>::STRUCTURE,
    "lines",
    "add",
    ::cohesive::__private::Writing {
        creates: false,
        chooses: false,
        joins: false,
    },
);
