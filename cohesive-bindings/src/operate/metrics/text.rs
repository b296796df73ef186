//! The text that Prometheus reads: its exposition format, version 0.0.4.

use std::fmt::Write as _;

use super::family::{Family, Value};

/// The media type of the text.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Families as text.
pub(super) fn text(families: &[Family]) -> String {
    let mut text = String::new();
    for family in families.iter().filter(|family| !family.samples.is_empty()) {
        // Writing to a string does not fail.
        let _ = write!(text, "# HELP {} ", family.name);
        escape(&mut text, &family.help, false);
        let _ = writeln!(text, "\n# TYPE {} {}", family.name, family.kind.word());
        for sample in &family.samples {
            let name = &*family.name;
            match &sample.value {
                Value::Count(count) => line(&mut text, name, "", &sample.labels, None, &count.to_string()),
                Value::Number(value) => line(&mut text, name, "", &sample.labels, None, &number(*value)),
                Value::Histogram { bounds, counts, sum } => {
                    let mut all = 0;
                    let ends = bounds.iter().copied().chain([f64::INFINITY]);
                    for (end, count) in ends.zip(counts) {
                        all += count;
                        let end = number(end);
                        line(&mut text, name, "_bucket", &sample.labels, Some(&end), &all.to_string());
                    }
                    line(&mut text, name, "_sum", &sample.labels, None, &number(*sum));
                    line(&mut text, name, "_count", &sample.labels, None, &all.to_string());
                }
            }
        }
    }
    text
}

fn line(
    text: &mut String,
    name: &str,
    ending: &str,
    labels: &[(&'static str, String)],
    end: Option<&str>,
    value: &str,
) {
    text.push_str(name);
    text.push_str(ending);
    let labels = labels.iter().map(|(label, value)| (*label, value.as_str()));
    let mut separator = '{';
    for (label, value) in labels.chain(end.map(|end| ("le", end))) {
        let _ = write!(text, "{separator}{label}=\"");
        escape(text, value, true);
        text.push('"');
        separator = ',';
    }
    if separator == ',' {
        text.push('}');
    }
    let _ = writeln!(text, " {value}");
}

/// A number as the format spells it.
fn number(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() }
    } else {
        number.to_string()
    }
}

fn escape(text: &mut String, raw: &str, quotes: bool) {
    for letter in raw.chars() {
        match letter {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '"' if quotes => text.push_str("\\\""),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_as_the_format_says() {
        let histogram = Value::Histogram { bounds: vec![0.000_1, 0.5], counts: vec![2, 0, 1], sum: 7.25 };
        let families = [
            Family::counter("a_total", "Says \"a\\b\"\nand more.")
                .with(&[("x", "\"\\\n"), ("y", "ä")], u64::MAX)
                .with(&[], 0_u64),
            Family::gauge("none", "No numbers, no lines."),
            Family::gauge("b", "B.").with(&[], f64::NAN).with(&[("x", "")], f64::NEG_INFINITY),
            Family::histogram("c_seconds", "C.").with(&[("x", "1")], histogram),
        ];
        let expected = r#"# HELP a_total Says "a\\b"\nand more.
# TYPE a_total counter
a_total{x="\"\\\n",y="ä"} 18446744073709551615
a_total 0
# HELP b B.
# TYPE b gauge
b NaN
b{x=""} -Inf
# HELP c_seconds C.
# TYPE c_seconds histogram
c_seconds_bucket{x="1",le="0.0001"} 2
c_seconds_bucket{x="1",le="0.5"} 2
c_seconds_bucket{x="1",le="+Inf"} 3
c_seconds_sum{x="1"} 7.25
c_seconds_count{x="1"} 3
"#;
        assert_eq!(text(&families), expected);
    }
}
