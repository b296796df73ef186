//! A model with every node there is, built by hand: documents show all of it, whatever the macros can say so far.

use cohesive::model::{
    Allowance, Arm, At, BinaryOperator, Change, Conflict, Constraint, Consumption, Edge, Entity, EnumType,
    Expr, Fact, Field, FieldRole, FoldOperator, Guard, IdType, Invariant, Kind, Literal, Member, Merge,
    Message, Mutability, Native, Parameter, Pattern, Policy, RecordType, RejectionCase, Role, Rule, Step,
    StepArm, Structure, Target, Transition, Type, UnaryOperator, Variant,
};
use cohesive::value::{Money, Value};

const AT: At = At(0);

const fn text(value: &'static str) -> Expr {
    Expr::Literal(Literal::Text(value))
}

const fn int(value: i128) -> Expr {
    Expr::Literal(Literal::Int(value))
}

const fn constraint(name: &'static str, message: &'static str, rule: Rule) -> Constraint {
    Constraint { name, message, rule, at: AT }
}

const fn variant(name: &'static str) -> Variant {
    Variant { name, wire: name, docs: "", initial: false, terminal: false, at: AT }
}

const fn parameter(name: &'static str, ty: Type) -> Parameter {
    Parameter::new(name, ty, AT)
}

const ORDER_ID: Type = Type::Id(&IdType { name: "OrderId", inner: Type::Text });
const PARTNER_ID: Type = Type::Id(&IdType { name: "PartnerId", inner: Type::Uuid });

const STATES: EnumType = EnumType {
    name: "OrderStatus",
    docs: "Where an order stands.",
    file: "everything.rs",
    variants: &[
        Variant { docs: "Lines can be added.", initial: true, ..variant("Open") },
        Variant { wire: "on hold", docs: "Somebody | has to look.", ..variant("Held") },
        Variant { docs: "It is on its way.", ..variant("End") },
        Variant { terminal: true, ..variant("Gelöscht") },
        Variant { docs: "Nothing is owed.", terminal: true, ..variant("Settled") },
    ],
    lifecycle: true,
};

const CHANNEL: EnumType = EnumType {
    name: "Channel",
    docs: "How it came in.",
    file: "everything.rs",
    variants: &[
        Variant { docs: "At the desk.", ..variant("Desk") },
        Variant { wire: "web", ..variant("Web") },
    ],
    lifecycle: false,
};

const LINE: RecordType = RecordType {
    name: "Line",
    docs: "One line of an order.",
    members: &[
        Member { docs: "Its number.", ..Member::new("number", Type::UInt32, AT) },
        Member {
            wire: "qty",
            docs: "How many.",
            constraints: &[constraint(
                "quantity_range",
                "1 to 20 pieces",
                Rule::Range { least: Some(int(1)), greatest: Some(int(20)), inclusive: true },
            )],
            ..Member::new("quantity", Type::Int32, AT)
        },
        Member::new("price", Money::TYPE, AT),
    ],
    id: Some("number"),
};

const fn field(name: &'static str, docs: &'static str, ty: Type) -> Field {
    Field { docs, ..Field::new(name, ty, AT) }
}

const FIELDS: &[Field] = &[
    Field { role: FieldRole::Id, ..field("id", "The number of the order.", ORDER_ID) },
    Field { role: FieldRole::Lifecycle, ..field("status", "Where it stands.", Type::Enum(&STATES)) },
    Field {
        mutability: Mutability::WriteOnce,
        references: Some("Partner"),
        ..field("partner_id", "Who ordered.\n\nNever changes.", PARTNER_ID)
    },
    Field {
        default: Some(Expr::Path("Channel::Web")),
        index: true,
        ..field("channel", "", Type::Enum(&CHANNEL))
    },
    Field {
        personal: true,
        aliases: &["mail", "e_mail"],
        constraints: &[
            constraint("email_length", "3 to 254 characters", Rule::Length { least: 3, greatest: Some(254) }),
            constraint("email_pattern", "has one @", Rule::Pattern("[^@]+@[^@]+")),
        ],
        ..field("email", "Where to write | to.", Type::Optional(&Type::Text))
    },
    Field {
        wire: "discount_percent",
        default: Some(int(0)),
        constraints: &[constraint(
            "discount_range",
            "less than 100",
            Rule::Range { least: Some(int(0)), greatest: Some(int(100)), inclusive: false },
        )],
        ..field("discount", "In percent.", Type::Int32)
    },
    Field {
        constraints: &[
            constraint("lines_length", "at least one line", Rule::Length { least: 1, greatest: None }),
            constraint(
                "lines_check",
                "a hold has `<= 5` lines",
                Rule::Check(Expr::Binary(
                    BinaryOperator::Or,
                    &Expr::Binary(
                        BinaryOperator::NotEqual,
                        &Expr::Field("status"),
                        &Expr::Path("OrderStatus::Held"),
                    ),
                    &Expr::Binary(
                        BinaryOperator::LessOrEqual,
                        &Expr::Call { receiver: &Expr::Field("lines"), method: "len", arguments: &[] },
                        &int(5),
                    ),
                )),
            ),
        ],
        ..field("lines", "What was ordered.", Type::List(&Type::Record(&LINE)))
    },
    Field {
        mutability: Mutability::Computed(Expr::Fold {
            fold: FoldOperator::Sum,
            list: &Expr::Field("lines"),
            binding: "line",
            body: &Expr::Member(&Expr::Local("line"), "price"),
        }),
        ..field("total", "What it costs.", Money::TYPE)
    },
    Field { unique: true, ..field("voucher", "", Type::Optional(&Type::Uuid)) },
    Field { merge: Some(Merge::Union), ..field("tags", "", Type::Set(&Type::Text)) },
    Field { merge: Some(Merge::Max), ..field("last_seen", "", Type::Optional(&Type::Timestamp)) },
    Field {
        constraints: &[constraint("seal_length", "16 bytes", Rule::Length { least: 16, greatest: Some(16) })],
        ..field("seal", "", Type::Optional(&Type::Bytes))
    },
    Field { role: FieldRole::FieldVersions, ..field("touched", "", Type::Optional(&Type::Opaque)) },
    field("patience", "", Type::Optional(&Type::Duration)),
    field("currency", "", Type::Optional(&Type::Currency)),
    field("due", "", Type::Optional(&Type::Date)),
    field("weight", "", Type::Optional(&Type::Decimal)),
    field("gift", "", Type::Optional(&Type::Bool)),
    field("serial", "", Type::Optional(&Type::Int64)),
    field("extra", "", Type::Optional(&Type::Opaque)),
];

const STRUCTURE: Structure = Structure {
    name: "Order",
    table: "order",
    plural: "orders",
    docs: "What somebody bought.\n\nIt is *not* a quote.",
    file: "everything.rs",
    fields: FIELDS,
    allowances: &[Allowance { code: "COH0199", reason: "the list is short in practice", at: AT }],
    at: AT,
};

const PLACED: Message = Message {
    name: "OrderPlaced",
    docs: "An order was placed.",
    file: "everything.rs",
    role: Role::Event,
    members: &[
        Member { docs: "Which.", ..Member::new("order_id", ORDER_ID, AT) },
        Member { personal: true, ..Member::new("email", Type::Optional(&Type::Text), AT) },
    ],
    allowances: &[Allowance { code: "COH0198", reason: "the web shop reads it", at: AT }],
    at: AT,
};

const CHARGE: Message = Message {
    name: "ChargeCard",
    docs: "Ask the bank for the money.",
    file: "everything.rs",
    role: Role::Request {
        reply: Some(Type::Record(&RecordType {
            name: "Receipt",
            docs: "",
            members: &[Member::new("number", Type::Text, AT)],
            id: None,
        })),
        policy: Policy {
            timeout: Some(30_000),
            attempts: Some(5),
            then: Some("Order::settle"),
            otherwise: Some("Order::hold"),
            irreversible: true,
        },
    },
    members: &[Member::new("order_id", ORDER_ID, AT), Member::new("amount", Money::TYPE, AT)],
    allowances: &[],
    at: AT,
};

const PRINT: Message = Message {
    name: "PrintLabel",
    docs: "",
    file: "everything.rs",
    role: Role::Request { reply: None, policy: Policy::UNDECLARED },
    members: &[Member::new("order_id", ORDER_ID, AT)],
    allowances: &[],
    at: AT,
};

const PLACE: Transition = Transition {
    docs: "Somebody orders.",
    parameters: &[
        parameter("id", ORDER_ID),
        parameter("partner_id", PARTNER_ID),
        Parameter { docs: "Where to write to.", personal: true, ..parameter("email", Type::Text) },
        Parameter {
            constraints: &[constraint(
                "discount_range",
                "must be at least -5",
                Rule::Range { least: Some(int(-5)), greatest: None, inclusive: false },
            )],
            ..parameter("discount", Type::Int32)
        },
        parameter("line", Type::Record(&LINE)),
    ],
    guards: &[Guard {
        name: "Reachable",
        message: "an address is needed",
        condition: Expr::Unary(
            UnaryOperator::Not,
            &Expr::Call { receiver: &Expr::Input("email"), method: "is_empty", arguments: &[] },
        ),
        at: AT,
    }],
    steps: &[
        Step::Set { field: "id", value: Expr::Input("id"), at: AT },
        Step::Set { field: "partner_id", value: Expr::Input("partner_id"), at: AT },
        Step::Set {
            field: "email",
            value: Expr::Construct { name: "Some", arguments: &[Expr::Input("email")] },
            at: AT,
        },
        Step::Set { field: "discount", value: Expr::Input("discount"), at: AT },
        Step::Set { field: "lines", value: Expr::List(&[Expr::Input("line")]), at: AT },
        Step::Emit {
            message: "OrderPlaced",
            payload: Expr::Record {
                name: "OrderPlaced",
                members: &[("order_id", Expr::Input("id")), ("email", Expr::Path("None"))],
                base: None,
            },
            at: AT,
        },
    ],
    reads: &["discount", "email", "id", "lines", "partner_id"],
    writes: &["discount", "email", "id", "lines", "partner_id"],
    emits: &["OrderPlaced"],
    ..Transition::new("place", "PlaceOrder", Kind::Create, AT)
};

const AMEND: Transition = Transition {
    docs: "The lines change.\n\nOnly while it is open.",
    edge: Some(Edge { from: &["Open"], to: Target::Same }),
    parameters: &[
        parameter("line", Type::Record(&LINE)),
        parameter("at", Type::UInt32),
        parameter("seen", Type::Timestamp),
    ],
    steps: &[
        Step::Change { field: "lines", change: Change::Push, operands: &[Expr::Input("line")], at: AT },
        Step::Change { field: "lines", change: Change::Remove, operands: &[Expr::Input("at")], at: AT },
        Step::Change {
            field: "lines",
            change: Change::Upsert,
            operands: &[Expr::Record {
                name: "Line",
                members: &[("quantity", int(2))],
                base: Some(&Expr::Input("line")),
            }],
            at: AT,
        },
        Step::Change { field: "lines", change: Change::RemoveById, operands: &[int(7)], at: AT },
        Step::Change { field: "tags", change: Change::Insert, operands: &[text("a|b")], at: AT },
        Step::Change { field: "tags", change: Change::Extend, operands: &[Expr::Field("tags")], at: AT },
        Step::Change { field: "tags", change: Change::Clear, operands: &[], at: AT },
        Step::Change { field: "last_seen", change: Change::Merge, operands: &[Expr::Input("seen")], at: AT },
    ],
    reads: &["last_seen", "lines", "status", "tags"],
    writes: &["last_seen", "lines", "tags"],
    conflict: Conflict::Disjoint,
    allowances: &[Allowance { code: "COH0197", reason: "amending twice is fine", at: AT }],
    ..Transition::new("amend", "AmendOrder", Kind::Update, AT)
};

const CHECK: Transition = Transition {
    edge: Some(Edge {
        from: &["Open", "Held"],
        to: Target::OneOf { states: &["End", "Gelöscht"], stay: true },
    }),
    parameters: &[parameter("note", Type::Optional(&Type::Text))],
    steps: &[
        Step::Let {
            name: "score",
            value: Expr::Native {
                name: "score",
                reads: &["lines", "total"],
                arguments: &[
                    Expr::Context("now"),
                    Expr::Unary(UnaryOperator::Negate, &Expr::Field("discount")),
                ],
            },
        },
        Step::If {
            condition: Expr::Binary(BinaryOperator::Greater, &Expr::Local("score"), &int(10)),
            then: &[Step::Set { field: "status", value: Expr::Path("OrderStatus::End"), at: AT }],
            otherwise: &[Step::Match {
                on: Expr::Input("note"),
                arms: &[
                    StepArm {
                        pattern: Pattern::Construct { name: "Some", arguments: &[Pattern::Bind("words")] },
                        condition: Some(Expr::Call {
                            receiver: &Expr::Local("words"),
                            method: "starts_with",
                            arguments: &[text("fraud")],
                        }),
                        steps: &[Step::Reject { name: "Fraud" }],
                    },
                    StepArm {
                        pattern: Pattern::OneOf(&[Pattern::Path("None"), Pattern::Any]),
                        condition: None,
                        steps: &[],
                    },
                ],
            }],
        },
        Step::Request {
            message: "PrintLabel",
            payload: Expr::Record {
                name: "PrintLabel",
                members: &[("order_id", Expr::Field("id"))],
                base: None,
            },
            at: AT,
        },
    ],
    rejections: &[RejectionCase { name: "Fraud", message: "this is fraud", at: AT }],
    reads: &["discount", "id", "lines", "status", "total"],
    writes: &["status"],
    requests: &["PrintLabel"],
    conflict: Conflict::Manual,
    ..Transition::new("check", "CheckOrder", Kind::Update, AT)
};

const SETTLE: Transition = Transition {
    docs: "The bank paid.",
    edge: Some(Edge { from: &["End"], to: Target::State("Settled") }),
    parameters: &[parameter("payment_id", Type::Text), parameter("paid_at", Type::Timestamp)],
    steps: &[
        Step::Set {
            field: "weight",
            value: Expr::Match {
                on: &Expr::Field("channel"),
                arms: &[
                    Arm {
                        pattern: Pattern::Path("Channel::Desk"),
                        condition: Some(Expr::Literal(Literal::Bool(true))),
                        value: Expr::Literal(Literal::Decimal("1.50")),
                    },
                    Arm { pattern: Pattern::Any, condition: None, value: Expr::Path("Decimal::ZERO") },
                ],
            },
            at: AT,
        },
        Step::Set {
            field: "serial",
            value: Expr::Let {
                name: "next",
                value: &Expr::Binary(BinaryOperator::Add, &int(1), &int(2)),
                body: &Expr::If {
                    condition: &Expr::Local("next"),
                    then: &Expr::Local("next"),
                    otherwise: &Expr::Match {
                        on: &int(3),
                        arms: &[Arm {
                            pattern: Pattern::Literal(Literal::Int(3)),
                            condition: None,
                            value: int(-4),
                        }],
                    },
                },
            },
            at: AT,
        },
        Step::Set {
            field: "currency",
            value: Expr::Concat(&[text("to "), Expr::Input("payment_id")]),
            at: AT,
        },
    ],
    reads: &["channel", "currency", "serial", "status", "weight"],
    writes: &["currency", "serial", "weight"],
    conflict: Conflict::AtHead,
    fact: Some(Fact { external_id: "payment_id", occurred_at: Some("paid_at") }),
    ..Transition::new("settle", "SettleOrder", Kind::Update, AT)
};

const HOLD: Transition = Transition {
    edge: Some(Edge { from: &["Open"], to: Target::State("Held") }),
    steps: &[Step::Request {
        message: "ChargeCard",
        payload: Expr::Record {
            name: "ChargeCard",
            members: &[("order_id", Expr::Field("id")), ("amount", Expr::Field("total"))],
            base: None,
        },
        at: AT,
    }],
    parameters: &[parameter("by", Type::Text)],
    reads: &["id", "status", "total"],
    requests: &["ChargeCard"],
    conflict: Conflict::Strict,
    consumes: Some(Consumption {
        event: "PartnerBlocked",
        bindings: &[("order_id", "id"), ("blocked_by", "by")],
        at: AT,
    }),
    ..Transition::new("hold", "HoldOrder", Kind::Update, AT)
};

const TOUCH: Transition = Transition {
    docs: "Nothing to see.",
    edge: Some(Edge { from: &[], to: Target::OneOf { states: &["Held"], stay: true } }),
    fact: Some(Fact { external_id: "reading_id", occurred_at: None }),
    parameters: &[parameter("reading_id", Type::Text)],
    ..Transition::new("touch", "TouchOrder", Kind::Update, AT)
};

/// Every node.
pub const ORDER: Entity = Entity {
    structure: &STRUCTURE,
    file: "everything.rs",
    transitions: &[PLACE, AMEND, CHECK, SETTLE, HOLD, TOUCH],
    invariants: &[Invariant {
        name: "costs_something",
        docs: "An order | a line costs something.",
        condition: Expr::Fold {
            fold: FoldOperator::All,
            list: &Expr::Field("lines"),
            binding: "line",
            body: &Expr::Binary(
                BinaryOperator::Greater,
                &Expr::Member(&Expr::Member(&Expr::Local("line"), "price"), "amount"),
                &Expr::Path("Decimal::ZERO"),
            ),
        },
        reads: &["lines"],
        at: AT,
    }],
    messages: &[&CHARGE, &PLACED, &PRINT],
    natives: &[Native { name: "score", docs: "How risky it is.", reads: &["lines", "total"], at: AT }],
    allowances: &[Allowance { code: "COH0196", reason: "scoring is done by a `library`", at: AT }],
};

const BLOCKED: Message = Message {
    name: "PartnerBlocked",
    docs: "A partner may not buy any more.",
    file: "everything.rs",
    role: Role::Event,
    members: &[Member::new("partner_id", PARTNER_ID, AT)],
    allowances: &[],
    at: AT,
};

/// An entity without a lifecycle.
pub const PARTNER: Entity = Entity {
    transitions: &[
        Transition {
            parameters: &[parameter("id", PARTNER_ID)],
            steps: &[Step::Set { field: "id", value: Expr::Input("id"), at: AT }],
            reads: &["id"],
            writes: &["id"],
            ..Transition::new("enrol", "EnrolPartner", Kind::Create, AT)
        },
        Transition {
            docs: "Nothing more is sold to it.",
            steps: &[Step::Emit {
                message: "PartnerBlocked",
                payload: Expr::Record {
                    name: "PartnerBlocked",
                    members: &[("partner_id", Expr::Field("id"))],
                    base: None,
                },
                at: AT,
            }],
            reads: &["id"],
            emits: &["PartnerBlocked"],
            ..Transition::new("block", "BlockPartner", Kind::Update, AT)
        },
    ],
    messages: &[&BLOCKED],
    ..Entity::new(
        &Structure {
            name: "Partner",
            table: "partner",
            plural: "partners",
            docs: "Who buys.",
            file: "everything.rs",
            fields: &[Field { role: FieldRole::Id, ..field("id", "", PARTNER_ID) }],
            allowances: &[],
            at: AT,
        },
        "everything.rs",
    )
};
