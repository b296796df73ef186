//! Constraints as keywords of JSON Schema, as far as it has words for them.

use serde_json::{Value as Json, json};

use crate::model::{Constraint, Entity, Expr, Literal, Parameter, Rule, Step, Transition, Type};

/// Adds what `constraints` demand of a value of type `ty` to its schema.
pub(super) fn apply(schema: &mut Json, ty: &Type, constraints: &[&Constraint]) {
    let ty = ty.required();
    for constraint in constraints {
        match &constraint.rule {
            Rule::Range { least, greatest, inclusive } => {
                range(schema, ty, least.as_ref(), greatest.as_ref(), *inclusive);
            }
            Rule::Length { least, greatest } => length(schema, ty, *least, *greatest),
            Rule::Pattern(pattern) => self::pattern(schema, pattern),
            Rule::Check(_) => {}
        }
    }
    if !constraints.is_empty() {
        let listed = constraints.iter().map(|constraint| {
            json!({
                "name": constraint.name,
                "message": constraint.message,
                "source": constraint.rule.to_string(),
            })
        });
        schema["x-constraints"] = listed.collect();
    }
}

/// The constraints that bind a parameter: its own, and those of a field whose value it becomes whatever else
/// happens. Those that look at other fields are left out: what they see depends on the state.
pub(super) fn of_parameter(
    entity: &Entity,
    transition: &Transition,
    parameter: &Parameter,
) -> Vec<&'static Constraint> {
    let fields = transition.steps.iter().filter_map(|step| match step {
        Step::Set { field, value, .. } if is(value, parameter.name) => entity.structure.field(field),
        _ => None,
    });
    let constraints = parameter.constraints.iter().chain(fields.flat_map(|field| field.constraints));
    constraints.filter(|constraint| !matches!(constraint.rule, Rule::Check(_))).collect()
}

/// Whether an expression is the parameter itself, perhaps within `Some`.
fn is(value: &Expr, parameter: &str) -> bool {
    match value {
        Expr::Input(name) => *name == parameter,
        Expr::Construct { name: "Some", arguments: [inner] } => is(inner, parameter),
        _ => false,
    }
}

/// Numbers only: JSON Schema does not compare text, which decimals and instants travel as.
fn range(schema: &mut Json, ty: &Type, least: Option<&Expr>, greatest: Option<&Expr>, inclusive: bool) {
    if !matches!(ty, Type::Int32 | Type::Int64 | Type::UInt32) {
        return;
    }
    if let Some(least) = least.and_then(number) {
        tighten(schema, "minimum", least, i64::max);
    }
    if let Some(greatest) = greatest.and_then(number) {
        let greatest = if inclusive { greatest } else { greatest.saturating_sub(1) };
        tighten(schema, "maximum", greatest, i64::min);
    }
}

/// Sets a bound, unless a narrower one is there already.
fn tighten(schema: &mut Json, keyword: &str, bound: i64, narrower: fn(i64, i64) -> i64) {
    let known = schema.get(keyword).and_then(Json::as_i64).unwrap_or(bound);
    schema[keyword] = narrower(known, bound).into();
}

fn number(bound: &Expr) -> Option<i64> {
    match bound {
        Expr::Literal(Literal::Int(value)) => i64::try_from(*value).ok(),
        _ => None,
    }
}

fn length(schema: &mut Json, ty: &Type, least: u32, greatest: Option<u32>) {
    let (least_word, greatest_word, unit) = match ty {
        Type::List(_) | Type::Set(_) => ("minItems", "maxItems", i64::from as fn(u32) -> i64),
        Type::Bytes => ("minLength", "maxLength", encoded as fn(u32) -> i64),
        _ => ("minLength", "maxLength", i64::from as fn(u32) -> i64),
    };
    tighten(schema, least_word, unit(least), i64::max);
    if let Some(greatest) = greatest {
        tighten(schema, greatest_word, unit(greatest), i64::min);
    }
}

/// How many characters so many bytes have in base 64.
fn encoded(bytes: u32) -> i64 {
    i64::from(bytes.div_ceil(3)) * 4
}

/// A further pattern beside that of the type. One that means something else to the readers of JSON Schema
/// (ECMA-262) is left out.
fn pattern(schema: &mut Json, pattern: &str) {
    if !is_portable(pattern) {
        return;
    }
    let whole = json!({ "pattern": format!("^(?:{pattern})$") });
    match schema.get_mut("allOf").and_then(Json::as_array_mut) {
        Some(all) => all.push(whole),
        None => schema["allOf"] = json!([whole]),
    }
}

/// Whether a regular expression means the same here (`regex-lite`) and in ECMA-262: literals, escaped punctuation,
/// digits and words (of ASCII both), classes, groups and repetitions do; dots, spaces, flags, names and classes of
/// classes do not.
fn is_portable(pattern: &str) -> bool {
    let mut characters = pattern.chars().peekable();
    let mut within_class = false;
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        match character {
            '\\' => match characters.next() {
                Some(escaped) if escaped.is_ascii_punctuation() && !matches!(escaped, '<' | '>') => {}
                Some('n' | 'r' | 't' | 'd' | 'D' | 'w' | 'W') => {}
                _ => return false,
            },
            '[' if within_class => return false,
            '[' => within_class = true,
            ']' => within_class = false,
            '&' | '-' | '~' if within_class && next == Some(character) => return false,
            '(' if !within_class && next == Some('?') => {
                characters.next();
                if characters.next() != Some(':') {
                    return false;
                }
            }
            '.' if !within_class => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{apply, is_portable};
    use crate::model::{At, Constraint, Expr, Literal, Rule, Type};

    fn applied(ty: Type, rule: Rule) -> Json {
        let constraint = Constraint { name: "x_rule", message: "no", rule, at: At(0) };
        let mut schema = json!({});
        apply(&mut schema, &ty, &[&constraint]);
        let listed = schema.as_object_mut().unwrap().remove("x-constraints").unwrap();
        assert_eq!((&listed[0]["name"], &listed[0]["message"]), (&json!("x_rule"), &json!("no")));
        schema
    }

    fn range(least: Option<i128>, greatest: Option<i128>, inclusive: bool) -> Rule {
        let bound = |value: Option<i128>| value.map(|value| Expr::Literal(Literal::Int(value)));
        Rule::Range { least: bound(least), greatest: bound(greatest), inclusive }
    }

    #[test]
    fn ranges_bind_numbers_and_no_text() {
        assert_eq!(
            applied(Type::Int32, range(Some(1), Some(20), true)),
            json!({ "minimum": 1, "maximum": 20 })
        );
        assert_eq!(applied(Type::Int64, range(None, Some(20), false)), json!({ "maximum": 19 }));
        assert_eq!(
            applied(Type::Optional(&Type::UInt32), range(Some(2), None, true)),
            json!({ "minimum": 2 })
        );
        assert_eq!(applied(Type::Decimal, range(Some(1), Some(20), true)), json!({}));
        let open = Rule::Range { least: Some(Expr::Path("LEAST")), greatest: None, inclusive: true };
        assert_eq!(applied(Type::Int32, open), json!({}));
    }

    #[test]
    fn lengths_count_what_the_type_is_made_of() {
        let rule = Rule::Length { least: 1, greatest: Some(4) };
        assert_eq!(applied(Type::Text, rule), json!({ "minLength": 1, "maxLength": 4 }));
        assert_eq!(applied(Type::List(&Type::Text), rule), json!({ "minItems": 1, "maxItems": 4 }));
        assert_eq!(applied(Type::Set(&Type::Text), rule), json!({ "minItems": 1, "maxItems": 4 }));
        assert_eq!(applied(Type::Bytes, rule), json!({ "minLength": 4, "maxLength": 8 }));
        let open = Rule::Length { least: 2, greatest: None };
        assert_eq!(applied(Type::Optional(&Type::Text), open), json!({ "minLength": 2 }));
    }

    #[test]
    fn a_pattern_binds_the_whole_text_where_every_reader_understands_it() {
        assert_eq!(
            applied(Type::Text, Rule::Pattern("[A-Z]{3}|x\\.y")),
            json!({ "allOf": [{ "pattern": "^(?:[A-Z]{3}|x\\.y)$" }] })
        );
        assert_eq!(applied(Type::Text, Rule::Pattern("(?i)abc")), json!({}));
        assert_eq!(applied(Type::Text, Rule::Check(Expr::Path("X"))), json!({}));
        for portable in ["", "(?:a|b)+", "[-a]", "[^\\]]", "a{2,3}?", "[.]", "[&-]", "\\d+\\w"] {
            assert!(is_portable(portable), "{portable}");
        }
        for other in ["\\s", "\\pL", "(?P<x>a)", "[a&&b]", "[a--b]", "[[:alpha:]]", "a.b", "\\", "\\<"] {
            assert!(!is_portable(other), "{other}");
        }
    }
}
