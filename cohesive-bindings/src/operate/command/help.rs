//! The texts that explain what there is to do.

use std::fmt::Write as _;

use super::actions::{ACTIONS, AREAS, Action, Area, Flag, Numbers};
use super::exit::Exit;

/// All areas, or one of them.
pub(super) fn overview(area: Option<Area>) -> String {
    let mut text = String::new();
    for known in AREAS.into_iter().filter(|known| area.is_none_or(|area| area == *known)) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}: {}", known.name(), known.about());
        for action in ACTIONS.iter().filter(|action| action.area == known) {
            let _ = writeln!(text, "  {:<18} {}", format!("{} {}", known.name(), action.name), action.about);
        }
        text.push('\n');
    }
    text.push_str("`--help` after any of these explains it.\n\n");
    exits(&mut text);
    text
}

/// One action.
pub(super) fn action(action: &Action) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{} {}: {}", action.area.name(), action.name, action.about);
    if !action.warning.is_empty() {
        let _ = writeln!(text, "This cannot be undone: {}.", action.warning);
    }
    let _ = writeln!(text, "\n{}\n", usage(action));
    for option in action.options {
        let (written, about) = option.help();
        let _ = writeln!(text, "  {written:<18} {about}");
    }
    let _ = writeln!(text, "  {:<18} this text\n", "--help");
    exits(&mut text);
    text
}

/// How an action is written.
pub(super) fn usage(action: &Action) -> String {
    let mut text = format!("usage: {} {}", action.area.name(), action.name);
    let required = |option: &Flag| matches!(option, Flag::Since | Flag::OlderThan);
    text.push_str(match action.numbers {
        Numbers::None => "",
        Numbers::One => " NUMBER",
        Numbers::Some if action.options.contains(&Flag::Yes) => " (NUMBER… | --all --yes)",
        Numbers::Some => " (NUMBER… | --all)",
    });
    for option in action.options {
        let shown = match option {
            Flag::All => continue,
            Flag::Yes if action.numbers == Numbers::Some => continue,
            Flag::Yes => " --yes".to_owned(),
            option if required(option) => format!(" {}", option.help().0),
            option => format!(" [{}]", option.help().0),
        };
        text.push_str(&shown);
    }
    text
}

fn exits(text: &mut String) {
    text.push_str("exit codes:\n");
    for exit in Exit::ALL {
        let _ = writeln!(text, "  {} {}", exit.code(), exit.meaning());
    }
}
