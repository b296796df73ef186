//! What the calculations of a transition may run into: found by walking its expressions once, with their types.

use super::rejections::{changed, is_touched};
use crate::model::{
    BinaryOperator, Entity, Expr, FoldOperator, Kind, Literal, Mutability, Pattern, Rule, Step, Transition,
    Type, UnaryOperator,
};
use crate::value::{MONEY, Money, Value};

/// The ways in which calculations may have no result.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Calculations {
    /// A result may be beyond the range of its type.
    pub(super) overflow: bool,
    /// Something may be divided by zero.
    pub(super) division: bool,
    /// Amounts in two currencies may be added or subtracted.
    pub(super) currencies: bool,
}

impl Calculations {
    /// What every calculation that `transition` causes may run into: guards, body, computed fields, defaults,
    /// constraints and invariants.
    pub(super) fn of(entity: &Entity, transition: &Transition) -> Self {
        let mut walk = Walk::new(entity, transition);
        for guard in transition.guards {
            walk.look(&guard.condition);
        }
        walk.steps(transition.steps);
        walk.rules(&changed(entity, transition));
        walk.found
    }
}

/// What is known of a value's type: `Option` is left out, because calculations see what is inside.
type Known = Option<Type>;

struct Walk<'a> {
    entity: &'a Entity,
    transition: &'a Transition,
    locals: Vec<(&'static str, Known)>,
    /// Whether anything here holds money, so that a value of unknown type may be money.
    has_money: bool,
    found: Calculations,
}

impl<'a> Walk<'a> {
    fn new(entity: &'a Entity, transition: &'a Transition) -> Self {
        let fields = entity.structure.fields.iter().map(|field| field.ty);
        let has_money = fields.chain(transition.parameters.iter().map(|one| one.ty)).any(holds_money);
        Self { entity, transition, locals: Vec::new(), has_money, found: Calculations::default() }
    }

    /// Rules of the entity. What is not changed has been calculated before, and had a result.
    fn rules(&mut self, changed: &[&str]) {
        let creates = self.transition.kind == Kind::Create;
        for field in self.entity.structure.fields {
            if let Mutability::Computed(expression) = &field.mutability
                && changed.contains(&field.name)
            {
                self.look(expression);
            }
            if let Some(default) = field.default.as_ref().filter(|_| creates) {
                self.look(default);
            }
            for constraint in field.constraints.iter().filter(|one| is_touched(one, field.name, changed)) {
                match &constraint.rule {
                    Rule::Range { least, greatest, .. } => {
                        for bound in least.iter().chain(greatest) {
                            self.look(bound);
                        }
                    }
                    Rule::Check(condition) => {
                        self.look(condition);
                    }
                    Rule::Length { .. } | Rule::Pattern(_) => {}
                }
            }
        }
        for invariant in self.entity.invariants {
            if creates || invariant.reads.iter().any(|name| changed.contains(name)) {
                self.look(&invariant.condition);
            }
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        let outside = self.locals.len();
        for step in steps {
            match step {
                Step::Let { name, value } => {
                    let known = self.look(value);
                    self.locals.push((name, known));
                }
                Step::Set { value, .. } => {
                    self.look(value);
                }
                Step::Change { operands, .. } => self.all(operands),
                Step::Emit { payload, .. } | Step::Request { payload, .. } => {
                    self.look(payload);
                }
                Step::Reject { .. } => {}
                Step::If { condition, then, otherwise } => {
                    self.look(condition);
                    self.steps(then);
                    self.steps(otherwise);
                }
                Step::Match { on, arms } => {
                    let on = self.look(on);
                    for arm in *arms {
                        let outside = self.locals.len();
                        self.bind(&arm.pattern, on);
                        if let Some(condition) = &arm.condition {
                            self.look(condition);
                        }
                        self.steps(arm.steps);
                        self.locals.truncate(outside);
                    }
                }
            }
        }
        self.locals.truncate(outside);
    }

    fn all(&mut self, parts: &[Expr]) {
        self.first(parts);
    }

    /// Looks at all parts, and gives the first type that is known.
    fn first(&mut self, parts: &[Expr]) -> Known {
        parts.iter().map(|part| self.look(part)).fold(None, Option::or)
    }

    /// Notes what an expression and its parts may run into, and gives its type where that is known.
    fn look(&mut self, expression: &Expr) -> Known {
        match expression {
            Expr::Field(name) => self.entity.structure.field(name).map(|field| *field.ty.required()),
            Expr::Input(name) => {
                let parameter = self.transition.parameters.iter().find(|one| one.name == *name);
                parameter.map(|parameter| *parameter.ty.required())
            }
            Expr::Local(name) => {
                self.locals.iter().rev().find(|(local, _)| local == name).and_then(|(_, known)| *known)
            }
            Expr::Context(name) => Some(if *name == "now" { Type::Timestamp } else { Type::Text }),
            Expr::Literal(Literal::Text(_)) => Some(Type::Text),
            Expr::Literal(Literal::Bool(_)) => Some(Type::Bool),
            Expr::Literal(Literal::Int(_)) => Some(Type::Int64),
            Expr::Literal(Literal::Decimal(_)) => Some(Type::Decimal),
            Expr::Path(_) => None,
            Expr::Unary(UnaryOperator::Not, operand) => {
                self.look(operand);
                Some(Type::Bool)
            }
            Expr::Unary(UnaryOperator::Negate, operand) => {
                self.found.overflow = true;
                self.look(operand)
            }
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right),
            Expr::Call { receiver, method, arguments } => {
                let receiver = self.look(receiver);
                self.all(arguments);
                // Beyond the years that a day can have.
                self.found.overflow |= *method == "plus_days";
                matches!(
                    *method,
                    "unwrap_or"
                        | "unwrap_or_default"
                        | "or"
                        | "min"
                        | "max"
                        | "abs"
                        | "round_dp"
                        | "plus_days"
                )
                .then_some(receiver)
                .unwrap_or_else(|| of_method(method))
            }
            Expr::Member(record, name) => match self.look(record)? {
                Type::Record(record) => {
                    record.members.iter().find(|one| one.name == *name).map(|one| *one.ty.required())
                }
                _ => None,
            },
            _ => self.compound(expression),
        }
    }

    fn compound(&mut self, expression: &Expr) -> Known {
        match expression {
            Expr::If { condition, then, otherwise } => {
                self.look(condition);
                let (then, otherwise) = (self.look(then), self.look(otherwise));
                then.or(otherwise)
            }
            Expr::Match { on, arms } => {
                let on = self.look(on);
                let mut known = None;
                for arm in *arms {
                    let outside = self.locals.len();
                    self.bind(&arm.pattern, on);
                    if let Some(condition) = &arm.condition {
                        self.look(condition);
                    }
                    known = known.or(self.look(&arm.value));
                    self.locals.truncate(outside);
                }
                known
            }
            Expr::Record { name, members, base } => {
                for (_, value) in *members {
                    self.look(value);
                }
                let base = base.and_then(|base| self.look(base));
                if *name == MONEY { Some(Money::TYPE) } else { base }
            }
            Expr::Construct { name, arguments } => {
                // A decimal has at most 28 places; more than that is refused like any result that does not fit.
                self.found.overflow |= *name == "Decimal::new" && !are_fixed(arguments);
                let inner = self.first(arguments);
                match *name {
                    "Some" => inner,
                    "Decimal::new" => Some(Type::Decimal),
                    _ => None,
                }
            }
            // A list that is written down counts as what its elements are.
            Expr::List(items) => self.first(items),
            Expr::Concat(parts) => {
                self.all(parts);
                Some(Type::Text)
            }
            Expr::Native { arguments, .. } => {
                self.all(arguments);
                None
            }
            Expr::Fold { fold, list, binding, body } => self.fold(*fold, list, binding, body),
            Expr::Let { name, value, body } => {
                let known = self.look(value);
                self.within(name, known, body)
            }
            _ => None,
        }
    }

    fn binary(&mut self, operator: BinaryOperator, left: &Expr, right: &Expr) -> Known {
        let (left, right) = (self.look(left), self.look(right));
        match operator {
            BinaryOperator::Add | BinaryOperator::Subtract => {
                self.found.overflow = true;
                self.found.currencies |= self.adds_money(left, right);
                left.or(right)
            }
            BinaryOperator::Multiply => {
                self.found.overflow = true;
                left.or(right)
            }
            BinaryOperator::Divide | BinaryOperator::Remainder => {
                self.found.overflow = true;
                self.found.division = true;
                left.or(right)
            }
            _ => Some(Type::Bool),
        }
    }

    fn adds_money(&self, left: Known, right: Known) -> bool {
        match left.or(right) {
            Some(ty) => is_money(ty),
            None => self.has_money,
        }
    }

    fn fold(&mut self, fold: FoldOperator, list: &Expr, binding: &'static str, body: &Expr) -> Known {
        let element = self.look(list).map(|list| match list {
            Type::List(element) | Type::Set(element) => *element.required(),
            element => element,
        });
        let body = self.within(binding, element, body);
        match fold {
            FoldOperator::Sum => {
                self.found.overflow = true;
                self.found.currencies |= self.adds_money(body, None);
                body
            }
            FoldOperator::Min | FoldOperator::Max => body,
            FoldOperator::Find => element,
            FoldOperator::Any | FoldOperator::All => Some(Type::Bool),
            FoldOperator::Count => Some(Type::UInt32),
        }
    }

    fn within(&mut self, name: &'static str, known: Known, body: &Expr) -> Known {
        let outside = self.locals.len();
        self.locals.push((name, known));
        let known = self.look(body);
        self.locals.truncate(outside);
        known
    }

    fn bind(&mut self, pattern: &Pattern, on: Known) {
        match pattern {
            Pattern::Bind(name) => self.locals.push((name, on)),
            Pattern::Construct { arguments, .. } => {
                arguments.iter().for_each(|argument| self.bind(argument, on));
            }
            Pattern::OneOf(choices) => choices.iter().for_each(|choice| self.bind(choice, on)),
            Pattern::Any | Pattern::Literal(_) | Pattern::Path(_) => {}
        }
    }
}

/// The type that a method gives whatever it is called on.
fn of_method(method: &str) -> Known {
    match method {
        "is_some" | "is_none" | "is_empty" | "is_zero" | "contains" | "starts_with" | "ends_with" => {
            Some(Type::Bool)
        }
        "len" => Some(Type::UInt32),
        "days_since" => Some(Type::Int64),
        _ => None,
    }
}

/// Whether a constructor gets literals only, so that its result is known when it is written.
fn are_fixed(arguments: &[Expr]) -> bool {
    arguments.iter().all(|argument| matches!(argument, Expr::Literal(_)))
}

fn is_money(ty: Type) -> bool {
    ty == Money::TYPE
}

fn holds_money(ty: Type) -> bool {
    match ty {
        Type::Optional(inner) | Type::List(inner) | Type::Set(inner) => holds_money(*inner),
        Type::Record(record) => is_money(ty) || record.members.iter().any(|member| holds_money(member.ty)),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
