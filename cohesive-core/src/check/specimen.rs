//! A sound entity to try rules on: an order that is placed and closed.

use super::findings::Findings;
use crate::model::{
    At, BinaryOperator, Edge, Entity, EnumType, Expr, Field, FieldRole, Guard, Invariant, Kind, Literal,
    Member, Message, Parameter, Policy, Role, Step, Structure, Target, Transition, Type, Variant,
};

/// The parts of an entity, to be changed by a test.
pub(super) struct Specimen {
    pub(super) name: &'static str,
    pub(super) states: Vec<Variant>,
    pub(super) fields: Vec<Field>,
    pub(super) transitions: Vec<Transition>,
    pub(super) invariants: Vec<Invariant>,
    pub(super) messages: Vec<Message>,
}

pub(super) fn keep<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

pub(super) fn int(number: i128) -> Expr {
    Expr::Literal(Literal::Int(number))
}

pub(super) fn binary(operator: BinaryOperator, left: Expr, right: Expr) -> Expr {
    Expr::Binary(operator, keep(left), keep(right))
}

pub(super) fn set(field: &'static str, value: Expr) -> Step {
    Step::Set { field, value, at: At(50) }
}

pub(super) fn guard(name: &'static str, operator: BinaryOperator, left: Expr, right: Expr) -> Guard {
    Guard { name, message: "", condition: binary(operator, left, right), at: At(40) }
}

pub(super) fn parameter(name: &'static str, ty: Type) -> Parameter {
    Parameter::new(name, ty, At(30))
}

pub(super) fn state(name: &'static str, line: u32) -> Variant {
    Variant { name, wire: name, docs: "", initial: false, terminal: false, at: At(line) }
}

/// An event, or an effect with this policy.
pub(super) fn message(name: &'static str, policy: Option<Policy>) -> Message {
    let role = policy.map_or(Role::Event, |policy| Role::Request { reply: None, policy });
    Message { name, docs: "", file: "messages.rs", role, members: &[], allowances: &[], at: At(60) }
}

pub(super) fn emit(message: &'static str, members: &[(&'static str, Expr)]) -> Step {
    let members = keep(members.to_vec()).as_slice();
    Step::Emit { message, payload: Expr::Record { name: message, members, base: None }, at: At(70) }
}

pub(super) fn request(message: &'static str) -> Step {
    Step::Request { message, payload: Expr::Record { name: message, members: &[], base: None }, at: At(71) }
}

/// Members of an event, and what they fill.
pub(super) type Bindings = &'static [(&'static str, &'static str)];

impl Specimen {
    /// An order that nothing is wrong with.
    pub(super) fn order() -> Self {
        let mut id = Field::new("id", Type::Text, At(1));
        id.role = FieldRole::Id;
        let mut place = Transition::new("place", "PlaceOrder", Kind::Create, At(21));
        place.parameters = keep([parameter("id", Type::Text), parameter("amount", Type::Int32)]);
        place.steps = keep([set("id", Expr::Input("id")), set("amount", Expr::Input("amount"))]);
        place.writes = &["amount", "id"];
        let mut close = Transition::new("close", "CloseOrder", Kind::Update, At(22));
        close.edge = Some(Edge { from: &["Open"], to: Target::State("Closed") });
        close.guards = keep([guard("Free", BinaryOperator::GreaterOrEqual, Expr::Field("amount"), int(0))]);
        close.steps = keep([emit("OrderClosed", &[("order_id", Expr::Field("id"))])]);
        close.emits = &["OrderClosed"];
        let invariant = Invariant {
            name: "bounded",
            docs: "",
            condition: binary(BinaryOperator::Less, Expr::Field("amount"), int(1000)),
            reads: &["amount"],
            at: At(45),
        };
        let mut closed = message("OrderClosed", None);
        closed.members = keep([Member::new("order_id", Type::Text, At(61))]);
        Self {
            name: "Order",
            states: vec![
                Variant { initial: true, ..state("Open", 11) },
                Variant { terminal: true, ..state("Closed", 12) },
            ],
            fields: vec![id, Field::new("amount", Type::Int32, At(3))],
            transitions: vec![place, close],
            invariants: vec![invariant],
            messages: vec![closed],
        }
    }

    /// The same with its closing changed.
    pub(super) fn closing(change: impl FnOnce(&mut Transition)) -> Self {
        let mut order = Self::order();
        change(&mut order.transitions[1]);
        order
    }

    /// The model.
    pub(super) fn entity(mut self) -> &'static Entity {
        let states = EnumType {
            name: "OrderStatus",
            docs: "",
            file: "states.rs",
            variants: keep(self.states).as_slice(),
            lifecycle: true,
        };
        let mut lifecycle = Field::new("status", Type::Enum(keep(states)), At(2));
        lifecycle.role = FieldRole::Lifecycle;
        self.fields.insert(1, lifecycle);
        let structure = Structure {
            name: self.name,
            table: self.name,
            plural: self.name,
            docs: "",
            file: "structure.rs",
            fields: keep(self.fields).as_slice(),
            allowances: &[],
            at: At(9),
        };
        keep(Entity {
            transitions: keep(self.transitions).as_slice(),
            invariants: keep(self.invariants).as_slice(),
            messages: keep(self.messages.iter().map(|message| keep(*message)).collect::<Vec<_>>()).as_slice(),
            ..Entity::new(keep(structure), "behaviour.rs")
        })
    }
}

/// Where a rule speaks: `COH0702 states.rs:13`.
pub(super) fn spoken(rule: fn(&Entity, &mut Findings), specimen: Specimen) -> Vec<String> {
    let mut findings = Findings::default();
    rule(specimen.entity(), &mut findings);
    let place = |finding: super::findings::Finding| {
        let found = finding.diagnostic;
        format!("{} {}:{}", found.code, found.file, found.at.0)
    };
    findings.0.into_iter().map(place).collect()
}
