//! What was typed, understood and refused as a whole: nothing is ignored.

use std::ffi::OsString;
use std::time::Duration;

use cohesive_core::suggest::nearest;
use cohesive_core::value::Timestamp;
use lexopt::{Arg, Parser};

use super::actions::{ACTIONS, AREAS, Action, Area, Flag, Numbers};

/// How many things a list has when nobody says.
pub(super) const LIMIT: usize = 50;

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Do something.
    Do(Box<Order>),
    /// Explain an action.
    HelpWith(&'static Action),
    /// Explain an area, or everything.
    Help(Option<Area>),
}

/// Something to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) action: &'static Action,
    pub(super) numbers: Vec<u64>,
    pub(super) all: bool,
    pub(super) json: bool,
    pub(super) limit: usize,
    pub(super) since: Option<Timestamp>,
    pub(super) older_than: Option<Duration>,
}

/// Why nothing is done.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) what: String,
    /// What would help.
    pub(super) help: Option<String>,
    /// What it was about, as far as that was understood.
    pub(super) about: (Option<Area>, Option<&'static Action>),
}

/// Understands arguments that begin with the name of an area.
pub(super) fn understand(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, Mistake> {
    let mut parser = Parser::from_args(arguments);
    let mut about = (None, None);
    read(&mut parser, &mut about).map_err(|(what, help)| Mistake { what, help, about })
}

type About = (Option<Area>, Option<&'static Action>);
type Refused = (String, Option<String>);

fn no(what: impl Into<String>) -> Refused {
    (what.into(), None)
}

fn malformed(error: &lexopt::Error) -> Refused {
    no(error.to_string())
}

/// A mistake with the name that was probably meant.
fn unknown(what: String, written: &str, known: impl IntoIterator<Item = &'static str>) -> Refused {
    let similar = nearest(written, known).map(|name| format!("a similar name exists: `{name}`"));
    (what, similar)
}

fn read(parser: &mut Parser, about: &mut About) -> Result<Asked, Refused> {
    let Some(area) = word(parser)? else { return Ok(Asked::Help(None)) };
    let found = AREAS.into_iter().find(|known| known.name() == area);
    let no_area = || unknown(format!("there is no subcommand `{area}`"), &area, AREAS.map(Area::name));
    let area = found.ok_or_else(no_area)?;
    about.0 = Some(area);
    let Some(name) = word(parser)? else { return Ok(Asked::Help(Some(area))) };
    let of_area = || ACTIONS.iter().filter(|action| action.area == area);
    let no_action = || {
        let what = format!("`{}` has no action `{name}`", area.name());
        unknown(what, &name, of_area().map(|action| action.name))
    };
    let action = of_area().find(|action| action.name == name).ok_or_else(no_action)?;
    about.1 = Some(action);
    let mut order = Order {
        action,
        numbers: Vec::new(),
        all: false,
        json: false,
        limit: LIMIT,
        since: None,
        older_than: None,
    };
    let mut confirmed = false;
    while let Some(argument) = parser.next().map_err(|error| malformed(&error))? {
        let option = match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Asked::HelpWith(action)),
            Arg::Value(value) => {
                order.numbers.push(number(action, &value.to_string_lossy())?);
                continue;
            }
            Arg::Short(letter) => return Err(no(format!("there is no option `-{letter}`"))),
            Arg::Long(name) => {
                let found = action.options.iter().find(|option| option.name() == name);
                let known = action.options.iter().map(|option| option.name());
                let no_option = || {
                    let what = format!("`{} {}` has no option `--{name}`", area.name(), action.name);
                    unknown(what, name, known.chain(["help"]))
                };
                *found.ok_or_else(no_option)?
            }
        };
        let mut value = || -> Result<String, Refused> {
            let value = parser.value().map_err(|error| malformed(&error))?;
            Ok(value.to_string_lossy().into_owned())
        };
        match option {
            Flag::Json => order.json = true,
            Flag::All => order.all = true,
            Flag::Yes => confirmed = true,
            Flag::Limit => order.limit = limit(&value()?)?,
            Flag::Since => order.since = Some(since(&value()?)?),
            Flag::OlderThan => order.older_than = Some(older_than(&value()?)?),
        }
    }
    complete(&order, confirmed)?;
    Ok(Asked::Do(Box::new(order)))
}

/// The next word, unless help is asked for instead.
fn word(parser: &mut Parser) -> Result<Option<String>, Refused> {
    match parser.next().map_err(|error| malformed(&error))? {
        None | Some(Arg::Long("help") | Arg::Short('h')) => Ok(None),
        Some(Arg::Value(value)) => Ok(Some(value.to_string_lossy().into_owned())),
        Some(argument @ (Arg::Long(_) | Arg::Short(_))) => Err(malformed(&argument.unexpected())),
    }
}

fn number(action: &Action, written: &str) -> Result<u64, Refused> {
    if action.numbers == Numbers::None {
        return Err(no(format!("unexpected argument `{written}`")));
    }
    written.parse().map_err(|_| no(format!("`{written}` is no number")))
}

fn limit(written: &str) -> Result<usize, Refused> {
    match written.parse() {
        Ok(limit @ 1..=100_000) => Ok(limit),
        _ => Err(no(format!("`{written}` is no number from 1 to 100000"))),
    }
}

fn since(written: &str) -> Result<Timestamp, Refused> {
    written.parse().map_err(|_| no(format!("`{written}` is no instant such as `2026-03-01T12:00:00Z`")))
}

/// A number of seconds, minutes, hours or days.
fn older_than(written: &str) -> Result<Duration, Refused> {
    let wrong = || no(format!("`{written}` is no span such as `30s`, `15m`, `24h` or `7d`"));
    let unit = match written.as_bytes().last() {
        Some(b's') => 1,
        Some(b'm') => 60,
        Some(b'h') => 3_600,
        Some(b'd') => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 =
        written.get(..written.len() - 1).and_then(|text| text.parse().ok()).ok_or_else(wrong)?;
    let seconds = number.checked_mul(unit).filter(|seconds| *seconds <= 86_400 * 36_500).ok_or_else(wrong)?;
    Ok(Duration::from_secs(seconds))
}

/// Whether everything is there, and whether what cannot be undone was confirmed.
fn complete(order: &Order, confirmed: bool) -> Result<(), Refused> {
    let action = order.action;
    let many = action.options.contains(&Flag::All);
    match (action.numbers, &*order.numbers) {
        (Numbers::None, _) => {}
        (_, [_, ..]) if order.all => return Err(no("numbers and `--all` exclude each other")),
        (Numbers::One, [] | [_, _, ..]) => return Err(no("exactly one number is needed")),
        (Numbers::Some, []) if !order.all => {
            return Err(no("a number is needed, or `--all`"));
        }
        _ => {}
    }
    if action.options.contains(&Flag::Since) && order.since.is_none() {
        return Err(no("`--since` is needed"));
    }
    if action.options.contains(&Flag::OlderThan) && order.older_than.is_none() {
        return Err(no("`--older-than` is needed"));
    }
    let final_step = action.options.contains(&Flag::Yes) && (order.all || !many);
    if final_step && !confirmed {
        let help = format!("{}; add `--yes` when that is what you want", action.warning);
        return Err(("this has to be confirmed".to_owned(), Some(help)));
    }
    Ok(())
}
