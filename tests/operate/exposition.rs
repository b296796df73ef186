//! A reader of the text format of Prometheus that forgives nothing. It shares no code with the writer.
//!
//! Where `promtool` is found (`COHESIVE_PROMTOOL`, or on the path) it judges too.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::{Command, Stdio};

type Labels = BTreeMap<String, String>;

#[derive(Debug, Default)]
pub struct Exposition {
    /// The kind of each family, by name.
    pub kinds: BTreeMap<String, String>,
    /// The numbers, by name and labels.
    pub numbers: BTreeMap<(String, Labels), f64>,
}

impl Exposition {
    pub fn read(text: &str) -> Result<Self, String> {
        if !text.is_empty() && !text.ends_with('\n') {
            return Err("the last line has no end".to_owned());
        }
        let mut this = Self::default();
        let (mut helped, mut family) = (BTreeSet::new(), String::new());
        for line in text.lines() {
            let at = |what: &str| format!("{what}: {line}");
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').ok_or_else(|| at("no help"))?;
                if help.is_empty() || !helped.insert(name.to_owned()) {
                    return Err(at("no help, or help twice"));
                }
                name.clone_into(&mut family);
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').ok_or_else(|| at("no kind"))?;
                if name != family || !["counter", "gauge", "histogram"].contains(&kind) {
                    return Err(at("a kind out of place"));
                }
                if (kind == "counter") != name.ends_with("_total") {
                    return Err(at("a name that is not one of its kind"));
                }
                if this.kinds.insert(name.to_owned(), kind.to_owned()).is_some() {
                    return Err(at("a kind twice"));
                }
            } else {
                let (name, labels, value) = sample(line).map_err(at_owned(line))?;
                let kind = this.kinds.get(&family).ok_or_else(|| at("no kind before it"))?;
                let fits = match kind.as_str() {
                    "histogram" => ["_bucket", "_sum", "_count"]
                        .iter()
                        .any(|ending| name.strip_suffix(ending) == Some(family.as_str())),
                    _ => name == family && !labels.contains_key("le"),
                };
                if !fits || kind == "counter" && (value.is_nan() || value < 0.0) {
                    return Err(at("not a number of its family"));
                }
                if this.numbers.insert((name, labels), value).is_some() {
                    return Err(at("a number twice"));
                }
            }
        }
        this.check_histograms()?;
        Ok(this)
    }

    fn check_histograms(&self) -> Result<(), String> {
        for (name, _) in self.kinds.iter().filter(|(_, kind)| *kind == "histogram") {
            let mut series: BTreeMap<Labels, Vec<(f64, f64)>> = BTreeMap::new();
            for ((found, labels), value) in &self.numbers {
                if *found == format!("{name}_bucket") {
                    let mut rest = labels.clone();
                    let end = rest.remove("le").ok_or("a bucket without an end")?;
                    series.entry(rest).or_default().push((number(&end)?, *value));
                }
            }
            for (labels, mut buckets) in series {
                buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
                let whole = |ending: &str| self.numbers.get(&(format!("{name}{ending}"), labels.clone()));
                let last = buckets.last().ok_or("no buckets")?;
                if last.0 != f64::INFINITY || whole("_count") != Some(&last.1) || whole("_sum").is_none() {
                    return Err(format!("{name} does not add up: {buckets:?}"));
                }
                if !buckets.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1) {
                    return Err(format!("{name} is not cumulative: {buckets:?}"));
                }
            }
        }
        Ok(())
    }

    /// The number with this name and these labels.
    #[track_caller]
    pub fn get(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let labels: Labels =
            labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let found = self.numbers.get(&(name.to_owned(), labels.clone()));
        *found.unwrap_or_else(|| panic!("no {name} {labels:?} in {:#?}", self.numbers.keys()))
    }
}

fn at_owned(line: &str) -> impl Fn(String) -> String + '_ {
    move |what| format!("{what}: {line}")
}

/// Name, labels and value.
fn sample(line: &str) -> Result<(String, Labels, f64), String> {
    let end = line.find(['{', ' ']).ok_or("no value")?;
    let (name, mut rest) = line.split_at(end);
    if !is_name(name, true) {
        return Err("no name".to_owned());
    }
    let mut labels = Labels::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner;
        loop {
            let (label, after) = rest.split_once("=\"").ok_or("no label")?;
            if !is_name(label, false) {
                return Err(format!("`{label}` is no label"));
            }
            let mut value = String::new();
            let mut letters = after.char_indices();
            let past = loop {
                match letters.next().ok_or("a value without an end")? {
                    (place, '"') => break place + 1,
                    (_, '\\') => match letters.next().ok_or("a value without an end")?.1 {
                        'n' => value.push('\n'),
                        letter @ ('\\' | '"') => value.push(letter),
                        letter => return Err(format!("`\\{letter}` means nothing")),
                    },
                    (_, letter) => value.push(letter),
                }
            };
            if labels.insert(label.to_owned(), value).is_some() {
                return Err(format!("`{label}` twice"));
            }
            rest = &after[past..];
            if let Some(after) = rest.strip_prefix(',') {
                rest = after;
            } else {
                rest = rest.strip_prefix('}').ok_or("no end of the labels")?;
                break;
            }
        }
    }
    Ok((name.to_owned(), labels, number(rest.strip_prefix(' ').ok_or("no value")?)?))
}

fn is_name(name: &str, colons: bool) -> bool {
    let rest = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || colons && letter == ':';
    name.chars().all(rest) && name.starts_with(|letter: char| rest(letter) && !letter.is_ascii_digit())
}

fn number(text: &str) -> Result<f64, String> {
    match text {
        "+Inf" => Ok(f64::INFINITY),
        "-Inf" => Ok(f64::NEG_INFINITY),
        "NaN" => Ok(f64::NAN),
        _ if text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.e".contains(&byte)) => {
            text.parse().map_err(|_| format!("`{text}` is no number"))
        }
        _ => Err(format!("`{text}` is no number")),
    }
}

/// What Prometheus' own tool says. It also knows which names are good ones.
pub fn promtool(text: &str) {
    let tool = std::env::var("COHESIVE_PROMTOOL").unwrap_or_else(|_| "promtool".to_owned());
    let started = Command::new(&tool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut started) = started else {
        println!("!!! {tool} was not found: only the reader of this test has judged");
        return;
    };
    started.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let ended = started.wait_with_output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success() && said.is_empty(), "{said}\n{text}");
    println!("{tool} has no objection");
}

#[test]
fn the_reader_forgives_nothing() {
    let good = "# HELP a_total A.\n# TYPE a_total counter\na_total{x=\"1\"} 2\n";
    assert_eq!(Exposition::read(good).unwrap().get("a_total", &[("x", "1")]), 2.0);
    let histogram =
        "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\n";
    assert!(Exposition::read(&format!("{histogram}h_count 2\n")).is_ok());
    let wrong = [
        good.trim_end().to_owned(),
        good.replace("# HELP a_total A.\n", ""),
        good.replace("counter", "number"),
        good.replace("# TYPE a_total counter\n", ""),
        format!("{good}a_total{{x=\"1\"}} 3\n"),
        format!("{good}b 3\n"),
        good.replace("} 2", "} two"),
        good.replace("} 2", "}  2"),
        good.replace("} 2", "} -2"),
        good.replace("x=", "1x="),
        good.replace("\"1\"", "\"\\1\""),
        good.replace("\"1\"", "\"1"),
        good.replace("\"1\"", "\"1\",x=\"1\""),
        good.replace("a_total", "a"),
        histogram.to_owned(),
        format!("{histogram}h_count 3\n"),
        format!("{}h_count 2\n", histogram.replace("\"1\"} 1", "\"1\"} 3")),
        format!("{}h_count 2\n", histogram.replace("h_sum 3\n", "")),
    ];
    for text in wrong {
        assert!(Exposition::read(&text).is_err(), "{text}");
    }
}
