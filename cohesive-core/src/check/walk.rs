//! Ways through a body.

use super::reasoning::{Condition, Known, Names, Term};
use crate::model::{Arm, At, Entity, Expr, Literal, Pattern, Step, StepArm, Transition};

/// Shows every step, within ways too, in order.
pub(super) fn each_step(steps: &'static [Step], show: &mut dyn FnMut(&'static Step)) {
    for step in steps {
        show(step);
        match step {
            Step::If { then, otherwise, .. } => {
                each_step(then, show);
                each_step(otherwise, show);
            }
            Step::Match { arms, .. } => arms.iter().for_each(|arm| each_step(arm.steps, show)),
            _ => {}
        }
    }
}

/// The expressions of a step itself.
pub(super) fn expressions(step: &'static Step) -> Vec<&'static Expr> {
    match step {
        Step::Let { value, .. } | Step::Set { value, .. } => vec![value],
        Step::Change { operands, .. } => operands.iter().collect(),
        Step::Emit { payload, .. } | Step::Request { payload, .. } => vec![payload],
        Step::If { condition, .. } => vec![condition],
        Step::Match { on, arms } => {
            std::iter::once(on).chain(arms.iter().filter_map(|arm| arm.condition.as_ref())).collect()
        }
        Step::Reject { .. } => Vec::new(),
    }
}

/// Shows every expression of a transition, parts of others included.
pub(super) fn each_expression(transition: &Transition, show: &mut dyn FnMut(&Expr)) {
    transition.guards.iter().for_each(|guard| guard.condition.each(show));
    each_step(transition.steps, &mut |step| expressions(step).into_iter().for_each(|expr| expr.each(show)));
}

/// The fields that steps assign or change, within ways too.
pub(super) fn assigned(steps: &'static [Step]) -> Vec<&'static str> {
    let mut fields = Vec::new();
    each_step(steps, &mut |step| {
        if let Step::Set { field, .. } | Step::Change { field, .. } = step {
            fields.push(*field);
        }
    });
    fields
}

/// The first place within steps.
fn place(steps: &'static [Step]) -> Option<At> {
    let mut first = None;
    each_step(steps, &mut |step| {
        if let Step::Set { at, .. }
        | Step::Change { at, .. }
        | Step::Emit { at, .. }
        | Step::Request { at, .. } = step
        {
            first.get_or_insert(*at);
        }
    });
    first
}

/// A choice between ways, of which the first whose condition holds is taken.
pub(super) struct Choice {
    pub(super) ways: Vec<Way>,
    /// What is known where the choice is made.
    pub(super) known: Known,
}

/// One way of a choice.
pub(super) struct Way {
    pub(super) condition: Condition,
    /// The condition as it is written.
    pub(super) text: String,
    /// A place within it, or else that of what it belongs to.
    pub(super) at: At,
}

/// The choices in the body of a transition, in order.
pub(super) fn choices(entity: &Entity, transition: &Transition) -> Vec<Choice> {
    let mut known = Known::of_transition(entity, transition);
    for guard in transition.guards {
        known = known.and(&Condition::of(&guard.condition, &Names::default(), true));
    }
    let mut walk = Walk { found: Vec::new(), at: transition.at };
    walk.steps(transition.steps, &mut Names::default(), &known);
    walk.found
}

struct Walk {
    found: Vec<Choice>,
    at: At,
}

impl Walk {
    fn steps(&mut self, steps: &'static [Step], names: &mut Names, known: &Known) {
        for step in steps {
            let outside = self.at;
            self.at = place(std::slice::from_ref(step)).unwrap_or(outside);
            match step {
                Step::If { condition, then, otherwise } => {
                    self.value(condition, names, known);
                    self.ways(condition, then, otherwise, names, known);
                }
                Step::Match { on, arms } => {
                    self.value(on, names, known);
                    self.arms(on, arms, names, known);
                }
                other => expressions(other).into_iter().for_each(|expr| self.value(expr, names, known)),
            }
            if let Step::Let { name, value } = step {
                names.name(name, Term::of(value, names));
            }
            for field in assigned(std::slice::from_ref(step)) {
                names.assign(field);
            }
            self.at = outside;
        }
    }

    /// `if … else if … else …`, as one choice.
    fn ways(
        &mut self,
        condition: &'static Expr,
        then: &'static [Step],
        otherwise: &'static [Step],
        names: &Names,
        known: &Known,
    ) {
        let (mut ways, mut rest) = (vec![self.way(condition, then, names)], otherwise);
        let mut bodies = vec![then];
        while let [Step::If { condition, then, otherwise }] = rest {
            ways.push(self.way(condition, then, names));
            bodies.push(then);
            rest = otherwise;
        }
        if !rest.is_empty() {
            ways.push(Way {
                condition: Condition::ALWAYS,
                text: "else".to_owned(),
                at: place(rest).unwrap_or(self.at),
            });
            bodies.push(rest);
        }
        let inner: Vec<Known> = ways.iter().map(|way| known.and(&way.condition)).collect();
        self.found.push(Choice { ways, known: known.clone() });
        for (body, known) in bodies.into_iter().zip(inner) {
            self.steps(body, &mut names.clone(), &known);
        }
    }

    fn way(&self, condition: &'static Expr, then: &'static [Step], names: &Names) -> Way {
        Way {
            condition: Condition::of(condition, names, true),
            text: condition.to_string(),
            at: place(then).unwrap_or(self.at),
        }
    }

    fn arms(&mut self, on: &'static Expr, arms: &'static [StepArm], names: &Names, known: &Known) {
        let term = Term::of(on, names);
        let (mut ways, mut inner) = (Vec::new(), Vec::new());
        for arm in arms.iter().filter(|arm| !(arm.pattern == Pattern::Any && arm.steps.is_empty())) {
            let mut bound = names.clone();
            let condition = arm_condition(term.as_ref(), &arm.pattern, arm.condition.as_ref(), &mut bound);
            let (text, at) =
                (arm_text(&arm.pattern, arm.condition.as_ref()), place(arm.steps).unwrap_or(self.at));
            inner.push((arm.steps, bound, known.and(&condition)));
            ways.push(Way { condition, text, at });
        }
        self.found.push(Choice { ways, known: known.clone() });
        for (steps, mut bound, known) in inner {
            self.steps(steps, &mut bound, &known);
        }
    }

    /// The choices within a value.
    fn value(&mut self, expr: &'static Expr, names: &Names, known: &Known) {
        match expr {
            Expr::If { condition, then, otherwise } => {
                let mut ways = vec![self.way(condition, &[], names)];
                let mut parts = vec![*condition, *then];
                let mut rest = *otherwise;
                while let Expr::If { condition, then, otherwise } = rest {
                    ways.push(self.way(condition, &[], names));
                    parts.extend([*condition, *then]);
                    rest = otherwise;
                }
                ways.push(Way { condition: Condition::ALWAYS, text: "else".to_owned(), at: self.at });
                parts.push(rest);
                self.found.push(Choice { ways, known: known.clone() });
                for part in parts {
                    self.value(part, names, known);
                }
            }
            Expr::Match { on, arms } => {
                self.value(on, names, known);
                self.value_arms(on, arms, names, known);
            }
            Expr::Let { name, value, body } => {
                self.value(value, names, known);
                let mut inner = names.clone();
                inner.name(name, Term::of(value, names));
                self.value(body, &inner, known);
            }
            Expr::Fold { list, binding, body, .. } => {
                self.value(list, names, known);
                let mut inner = names.clone();
                inner.bind(binding);
                self.value(body, &inner, known);
            }
            other => parts(other).into_iter().for_each(|part| self.value(part, names, known)),
        }
    }

    fn value_arms(&mut self, on: &'static Expr, arms: &'static [Arm], names: &Names, known: &Known) {
        let term = Term::of(on, names);
        let mut ways = Vec::new();
        for arm in arms {
            let mut bound = names.clone();
            let condition = arm_condition(term.as_ref(), &arm.pattern, arm.condition.as_ref(), &mut bound);
            ways.push(Way { condition, text: arm_text(&arm.pattern, arm.condition.as_ref()), at: self.at });
            self.value(&arm.value, &bound, known);
        }
        // `matches!` asks one question; what it answers is looked at where it is asked.
        let truth = |arm: &Arm| matches!(arm.value, Expr::Literal(Literal::Bool(_)));
        if !arms.iter().all(truth) {
            self.found.push(Choice { ways, known: known.clone() });
        }
    }
}

fn arm_condition(
    on: Option<&Term>,
    pattern: &Pattern,
    condition: Option<&Expr>,
    names: &mut Names,
) -> Condition {
    let shape = Condition::pattern(on, pattern, names);
    match condition {
        Some(condition) => shape.and(&Condition::of(condition, names, true)),
        None => shape,
    }
}

fn arm_text(pattern: &Pattern, condition: Option<&Expr>) -> String {
    condition.map_or_else(|| pattern.to_string(), |condition| format!("{pattern} if {condition}"))
}

/// The parts of an expression that has no ways and no names of its own.
fn parts(expr: &'static Expr) -> Vec<&'static Expr> {
    match expr {
        Expr::Unary(_, operand) | Expr::Member(operand, _) => vec![operand],
        Expr::Binary(_, left, right) => vec![left, right],
        Expr::Call { receiver, arguments, .. } => std::iter::once(*receiver).chain(*arguments).collect(),
        Expr::Record { members, base, .. } => members.iter().map(|(_, value)| value).chain(*base).collect(),
        Expr::Construct { arguments, .. }
        | Expr::List(arguments)
        | Expr::Concat(arguments)
        | Expr::Native { arguments, .. } => arguments.iter().collect(),
        _ => Vec::new(),
    }
}
