//! Why a transition may be refused, read from the model alone.

use cohesive_core::model::{
    BinaryOperator, Entity, Expr, FoldOperator, Kind, Mutability, Step, Target, Transition, UnaryOperator,
};
use cohesive_core::spelling::snake;

/// One way in which the domain may refuse an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rejection {
    /// The code on the wire, for example `tender.accept.can_accept`.
    pub(super) code: String,
    /// What the caller is told.
    pub(super) message: String,
    /// `state`, `guard` or `rule`.
    pub(super) class: &'static str,
}

/// Every way in which `transition` may be refused, in the order of the checks.
pub(super) fn rejections(entity: &Entity, transition: &Transition) -> Vec<Rejection> {
    let mut found: Vec<Rejection> = Vec::new();
    let mut add = |class, rule: &str, message: String| {
        let code = format!("{}.{}.{rule}", entity.structure.table, transition.name);
        if found.iter().all(|known| known.code != code) {
            found.push(Rejection { code, message, class });
        }
    };
    if let Some(edge) = transition.edge.filter(|_| transition.kind == Kind::Update) {
        let from = states(entity, edge.from);
        add("state", "wrong_state", format!("`{}` is possible in {from}", transition.name));
    }
    for guard in transition.guards {
        add("guard", &snake(guard.name), guard.message.to_owned());
    }
    for case in transition.rejections {
        add("guard", &snake(case.name), case.message.to_owned());
    }
    let written = written(entity, transition);
    let sealed = entity.structure.fields.iter().filter(|field| field.mutability == Mutability::WriteOnce);
    let sealed: Vec<_> = sealed.filter(|field| transition.writes.contains(&field.name)).collect();
    if transition.kind == Kind::Update && !sealed.is_empty() {
        let names: Vec<_> = sealed.iter().map(|field| field.name).collect();
        add("rule", "write_once", format!("`{}` can be set once", names.join("`, `")));
    }
    if transition.edge.is_some_and(|edge| matches!(edge.to, Target::OneOf { .. })) {
        add("rule", "edge", "the lifecycle cannot move there".to_owned());
    }
    let arithmetic = arithmetic(entity, transition);
    if arithmetic.overflows {
        add("rule", "overflow", "the result of a calculation is beyond the range of its type".to_owned());
    }
    if arithmetic.divides {
        add("rule", "division_by_zero", "a calculation divides by zero".to_owned());
    }
    for invariant in entity.invariants {
        // A condition that held before and reads nothing that changes still holds.
        if transition.kind == Kind::Create || invariant.reads.iter().any(|field| written.contains(field)) {
            let docs = if invariant.docs.is_empty() { "" } else { ": " };
            let message = format!("`{}` would not hold{docs}{}", invariant.name, invariant.docs);
            add("rule", invariant.name, message);
        }
    }
    found
}

/// States by the names they have on the wire.
pub(super) fn states(entity: &Entity, names: &[&str]) -> String {
    let lifecycle = entity.structure.lifecycle().map(|(_, states)| states);
    let wire = |name: &&str| match lifecycle.and_then(|states| states.variant(name)) {
        Some(variant) => format!("`{}`", variant.wire),
        None => format!("`{name}`"),
    };
    names.iter().map(wire).collect::<Vec<_>>().join(" or ")
}

/// The fields that may be different afterwards.
fn written(entity: &Entity, transition: &Transition) -> Vec<&'static str> {
    let mut names = transition.writes.to_vec();
    let fields = entity.structure.fields.iter();
    names.extend(
        fields.filter(|field| matches!(field.mutability, Mutability::Computed(_))).map(|field| field.name),
    );
    if transition.edge.is_some_and(|edge| edge.to != Target::Same) {
        names.extend(entity.structure.lifecycle().map(|(field, _)| field.name));
    }
    names
}

/// What calculations may run into.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Arithmetic {
    overflows: bool,
    divides: bool,
}

impl Arithmetic {
    fn look(&mut self, expression: &Expr) {
        expression.each(&mut |part| match part {
            Expr::Binary(operator, ..) => match operator {
                BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply => {
                    self.overflows = true;
                }
                BinaryOperator::Divide | BinaryOperator::Remainder => {
                    self.overflows = true;
                    self.divides = true;
                }
                _ => {}
            },
            Expr::Unary(UnaryOperator::Negate, _) | Expr::Fold { fold: FoldOperator::Sum, .. } => {
                self.overflows = true;
            }
            // A decimal has at most 28 places; more than that is refused like any result that does not fit.
            Expr::Construct { name: "Decimal::new", arguments } if !are_fixed(arguments) => {
                self.overflows = true;
            }
            _ => {}
        });
    }

    fn look_at(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Let { value, .. } | Step::Set { value, .. } => self.look(value),
                Step::Change { operands, .. } => operands.iter().for_each(|operand| self.look(operand)),
                Step::Emit { payload, .. } | Step::Request { payload, .. } => self.look(payload),
                Step::Reject { .. } => {}
                Step::If { condition, then, otherwise } => {
                    self.look(condition);
                    self.look_at(then);
                    self.look_at(otherwise);
                }
                Step::Match { on, arms } => {
                    self.look(on);
                    for arm in *arms {
                        arm.condition.iter().for_each(|condition| self.look(condition));
                        self.look_at(arm.steps);
                    }
                }
            }
        }
    }
}

/// Whether a constructor gets literals only, so that its result is known when it is written.
fn are_fixed(arguments: &[Expr]) -> bool {
    arguments.iter().all(|argument| matches!(argument, Expr::Literal(_)))
}

fn arithmetic(entity: &Entity, transition: &Transition) -> Arithmetic {
    let mut arithmetic = Arithmetic::default();
    transition.guards.iter().for_each(|guard| arithmetic.look(&guard.condition));
    arithmetic.look_at(transition.steps);
    for field in entity.structure.fields {
        if let Mutability::Computed(expression) = &field.mutability {
            arithmetic.look(expression);
        }
        if let (Kind::Create, Some(default)) = (transition.kind, &field.default) {
            arithmetic.look(default);
        }
    }
    entity.invariants.iter().for_each(|invariant| arithmetic.look(&invariant.condition));
    arithmetic
}

#[cfg(test)]
mod tests {
    use cohesive_core::model::{BinaryOperator, Expr, Literal, Step};

    use super::Arithmetic;

    #[test]
    fn calculations_are_found_wherever_they_stand() {
        const ONE: Expr = Expr::Literal(Literal::Int(1));
        const RATIO: Expr = Expr::Binary(BinaryOperator::Divide, &ONE, &ONE);
        let mut arithmetic = Arithmetic::default();
        arithmetic.look_at(&[Step::Let { name: "x", value: ONE }]);
        assert_eq!(arithmetic, Arithmetic::default());
        arithmetic.look_at(&[Step::If {
            condition: ONE,
            then: &[],
            otherwise: &[Step::Let { name: "x", value: Expr::List(&[RATIO]) }],
        }]);
        assert_eq!(arithmetic, Arithmetic { overflows: true, divides: true });
    }

    #[test]
    fn a_decimal_with_places_that_are_not_known_may_not_fit() {
        const FIXED: Expr =
            Expr::Construct { name: "Decimal::new", arguments: &[Expr::Literal(Literal::Int(1))] };
        const OPEN: Expr = Expr::Construct { name: "Decimal::new", arguments: &[Expr::Input("scale")] };
        for (value, overflows) in [(FIXED, false), (OPEN, true)] {
            let mut arithmetic = Arithmetic::default();
            arithmetic.look_at(&[Step::Let { name: "x", value }]);
            assert_eq!(arithmetic.overflows, overflows);
        }
    }
}
