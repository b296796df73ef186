//! How an effect is performed: `timeout`, `attempts`, `then`, `otherwise` and `irreversible`.

use cohesive_core::model::Policy;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Lit};

use crate::allow::ALLOW;
use crate::attr::{Arguments, Shape, path_text};
use crate::name::keep;
use crate::report::Report;

/// What `#[effect(…)]` takes.
pub(super) const EFFECT: &[(&str, Shape)] = &[
    ("reply", Shape::Type),
    ("timeout", Shape::Value),
    ("attempts", Shape::Value),
    ("then", Shape::Value),
    ("otherwise", Shape::Value),
    ("irreversible", Shape::Flag),
    ALLOW,
];

/// Reads the policy. What cannot be read is reported and counts as declared, so that nothing else is said about it.
pub(super) fn read(report: &mut Report, arguments: &Arguments) -> Policy {
    Policy {
        timeout: arguments.value("timeout").map(|value| timeout(report, value)),
        attempts: arguments.value("attempts").map(|value| attempts(report, value)),
        then: arguments.value("then").map(|value| transition(report, "then", value)),
        otherwise: arguments.value("otherwise").map(|value| transition(report, "otherwise", value)),
        irreversible: arguments.has("irreversible"),
    }
}

fn timeout(report: &mut Report, value: &Expr) -> u64 {
    let text = match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.value(),
        _ => String::new(),
    };
    milliseconds(&text).unwrap_or_else(|| {
        let span = value.span();
        let message = "a timeout is a whole number above zero and a unit";
        report.error_with_help(
            "COH0301",
            span,
            message,
            "write `timeout = \"30s\"`; the units are `ms`, `s`, `m` and `h`",
        );
        1
    })
}

/// `30s` as 30 000; nothing for what is no length of time above zero, or too long to be meant.
fn milliseconds(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
    let plain = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let (_, unit) = UNITS.iter().find(|(unit, _)| text.get(digits.len()..) == Some(unit))?;
    let number: u64 = digits.parse().ok().filter(|number| plain && *number > 0)?;
    number.checked_mul(*unit)
}

fn attempts(report: &mut Report, value: &Expr) -> u32 {
    let number = match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        _ => None,
    };
    number.filter(|number| *number > 0).unwrap_or_else(|| {
        let help = "write `attempts = 8`; with `1` it is tried once";
        report.error_with_help("COH0302", value.span(), "an effect is tried at least once", help);
        1
    })
}

/// `Tender::confirm`, as text. Whether there is such a transition is known to the whole system only.
fn transition(report: &mut Report, argument: &str, value: &Expr) -> &'static str {
    if let Expr::Path(path) = value
        && path.path.segments.len() >= 2
        && path.qself.is_none()
    {
        return keep(&last_two(&path_text(&path.path)));
    }
    let message = format!("`{argument}` names a transition and its entity");
    report.error_with_help("COH0004", value.span(), message, format!("write `{argument} = Order::confirm`"));
    ""
}

fn last_two(path: &str) -> String {
    let mut segments = path.rsplit("::");
    let (last, before) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    format!("{before}::{last}")
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn lengths_of_time_are_read() {
        assert_eq!(milliseconds("30s"), Some(30_000));
        assert_eq!(milliseconds("250ms"), Some(250));
        assert_eq!(milliseconds("2h"), Some(7_200_000));
        for wrong in ["", "30", "s", "0s", "-1s", "1.5s", "30 s", "30S", "1d", "+3s", "99999999999999999999s"]
        {
            assert_eq!(milliseconds(wrong), None, "{wrong}");
        }
    }
}
