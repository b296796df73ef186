//! Bodies as lists of what happens.

use super::{code, codes};
use crate::model::{Change, Entity, Expr, Field, Step, Type};

/// What happens, step by step, as a nested list.
pub(super) fn steps(entity: &Entity, steps: &[Step]) -> String {
    let mut list = List { entity, text: String::new() };
    list.steps(steps, 0);
    list.text
}

struct List<'a> {
    entity: &'a Entity,
    text: String,
}

impl List<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str("- ");
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn steps(&mut self, steps: &[Step], depth: usize) {
        for step in steps {
            self.step(step, depth);
        }
    }

    fn step(&mut self, step: &Step, depth: usize) {
        match step {
            Step::Let { name, value } => {
                self.line(depth, &format!("lets {} be {}", code(name), expression(value)));
            }
            Step::Set { field, value, .. } => {
                self.line(depth, &format!("sets {} to {}", code(field), expression(value)));
            }
            Step::Change { field, change, operands, .. } => {
                let field = self.entity.structure.field(field);
                self.line(depth, &field.map(|field| changed(field, *change, operands)).unwrap_or_default());
            }
            Step::Emit { message, payload, .. } => {
                self.line(depth, &format!("emits {}{}", code(message), with(payload)));
            }
            Step::Request { message, payload, .. } => {
                self.line(depth, &format!("requests {}{}", code(message), with(payload)));
            }
            Step::Reject { name } => self.line(depth, &format!("refuses as {}", code(name))),
            Step::If { condition, then, otherwise } => {
                self.line(depth, &format!("if {}", expression(condition)));
                self.way(then, depth + 1);
                if !otherwise.is_empty() {
                    self.line(depth, "otherwise");
                    self.way(otherwise, depth + 1);
                }
            }
            Step::Match { on, arms } => {
                self.line(depth, &format!("depending on {}", expression(on)));
                for arm in *arms {
                    let condition = arm.condition.as_ref();
                    let condition =
                        condition.map(|one| format!(" if {}", expression(one))).unwrap_or_default();
                    self.line(depth + 1, &format!("{}{condition}", code(&arm.pattern.to_string())));
                    self.way(arm.steps, depth + 2);
                }
            }
        }
    }

    fn way(&mut self, steps: &[Step], depth: usize) {
        if steps.is_empty() {
            self.line(depth, "nothing");
        }
        self.steps(steps, depth);
    }
}

fn expression(value: &Expr) -> String {
    code(&value.to_string())
}

/// The payload of a message, member by member.
fn with(payload: &Expr) -> String {
    match payload {
        Expr::Record { members: [], base: None, .. } => String::new(),
        Expr::Record { members, base: None, .. } => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            format!(" with {}", codes(members.iter().map(String::as_str), ", "))
        }
        other => format!(" with {}", expression(other)),
    }
}

/// A change to a collection or to a field with a merge, in words.
fn changed(field: &Field, change: Change, operands: &[Expr]) -> String {
    let name = code(field.name);
    let operand = |index: usize| operands.get(index).map(expression).unwrap_or_default();
    let is_set = matches!(field.ty.required(), Type::Set(_));
    let child = match field.ty.required() {
        Type::List(Type::Record(record)) => record.id.map(code).unwrap_or_default(),
        _ => String::new(),
    };
    match change {
        Change::Push => format!("adds {} at the end of {name}", operand(0)),
        Change::Insert if is_set => format!("adds {} to {name}", operand(0)),
        Change::Insert => format!("puts {} into {name}, before the element at {}", operand(1), operand(0)),
        Change::Remove if is_set => format!("takes {} out of {name}", operand(0)),
        Change::Remove => format!("takes the element at {} out of {name}", operand(0)),
        Change::Extend => format!("adds all of {} to {name}", operand(0)),
        Change::Clear => format!("takes everything out of {name}"),
        Change::Upsert => {
            format!("puts {} into {name}, in the place of the one with its {child}", operand(0))
        }
        Change::RemoveById => format!("takes the one whose {child} is {} out of {name}", operand(0)),
        Change::Merge => format!("merges {} into {name}", operand(0)),
    }
}
