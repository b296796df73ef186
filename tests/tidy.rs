//! The house keeps its own rules: lengths, codes with cases and documents, words that do not stay in sources.
//!
//! M05, A150, A151.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cohesive::check::codes::{CODES, Reach, index};
use cohesive::diagnostic::Severity;

const LINES_PER_FILE: usize = 400;
const LINES_PER_FUNCTION: usize = 70;

/// Files that are longer, each with the reason why they stay whole.
const LONG_FILES: &[(&str, &str)] = &[];

/// Functions that are longer, each with the reason why they stay whole.
const LONG_FUNCTIONS: &[(&str, &str)] = &[(
    "cohesive-macros/src/model.rs:expr",
    "one arm for each kind of expression: a table, and not a procedure",
)];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder with this ending, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found
}

/// The Rust files of the crates.
fn sources() -> Vec<PathBuf> {
    let folders = ["cohesive-core/src", "cohesive-macros/src", "cohesive-bindings/src", "src"];
    folders.iter().flat_map(|folder| files(&root().join(folder), "rs")).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// The path from the root on.
fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

/// The codes in a text.
fn codes(text: &str) -> BTreeSet<String> {
    let places = text.match_indices("COH").filter_map(|(place, _)| text.get(place..place + 7));
    places.filter(|code| code[3..].bytes().all(|digit| digit.is_ascii_digit())).map(str::to_owned).collect()
}

/// Where each code is emitted: in a literal, and not in the list itself, in a comment or in a test.
fn emitted() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let emitting =
        sources().into_iter().filter(|path| !short(path).starts_with("cohesive-core/src/check/codes"));
    for path in emitting {
        for line in without_tests(&read(&path)).lines().filter(|line| !line.trim_start().starts_with("//")) {
            found.extend(codes(line).into_iter().map(|code| (code, short(&path))));
        }
    }
    found
}

/// A source without its unit tests, which stand at the end.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default()
}

#[test]
fn m05_every_code_is_listed_and_every_listed_code_is_emitted() {
    let (emitted, listed) =
        (emitted(), CODES.iter().map(|code| code.code.to_owned()).collect::<BTreeSet<_>>());
    let unlisted: Vec<_> = emitted.iter().filter(|(code, _)| !listed.contains(*code)).collect();
    let unused: Vec<_> = listed.iter().filter(|code| !emitted.contains_key(*code)).collect();
    assert!(unlisted.is_empty(), "not in cohesive-core/src/check/codes.rs: {unlisted:?}");
    assert!(unused.is_empty(), "never emitted: {unused:?}");
}

/// The codes that messages of a text carry at their end.
fn carried(text: &str) -> BTreeSet<String> {
    text.split('[').filter(|part| part.get(7..8) == Some("]")).flat_map(|part| codes(&part[..7])).collect()
}

/// The codes that the compiler's texts show, and those that the texts of findings show.
fn shown() -> [BTreeSet<String>; 2] {
    [("tests/ui", "stderr"), ("tests/checks/cases", "txt")].map(|(folder, ending)| {
        files(&root().join(folder), ending).iter().flat_map(|path| carried(&read(path))).collect()
    })
}

#[test]
fn a151_every_code_has_a_case_and_every_case_has_a_listed_code() {
    let [compiled, found] = shown();
    for code in CODES {
        let name = code.code;
        match code.reach {
            // A fact and a policy cannot be declared wrongly in every way yet; models put together by hand can.
            Reach::Declaration => {
                assert!(compiled.contains(name) || found.contains(name), "{name} has no case in tests/ui");
            }
            Reach::Entity | Reach::System => {
                assert!(found.contains(name), "{name} has no case in tests/checks");
            }
        }
    }
    let listed: BTreeSet<String> = CODES.iter().map(|code| code.code.to_owned()).collect();
    let unknown: Vec<_> = compiled.union(&found).filter(|code| !listed.contains(*code)).collect();
    assert!(unknown.is_empty(), "shown and not listed: {unknown:?}");
}

/// The files of rules: they have a function `check`.
fn rules() -> Vec<PathBuf> {
    let folder = root().join("cohesive-core/src/check");
    let check = |path: &PathBuf| without_tests(&read(path)).contains("pub(super) fn check(");
    files(&folder, "rs").into_iter().filter(check).collect()
}

/// One rule, one file, one code; each rule is tried on a model that it speaks of and on one that it is silent about.
#[test]
fn a151_every_rule_has_one_code_and_is_tried_both_ways() {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for path in rules() {
        let (name, text) = (short(&path), read(&path));
        let written = without_tests(&text).lines().filter(|line| line.contains("\"COH"));
        let own: BTreeSet<String> = written.flat_map(codes).collect();
        assert_eq!(own.len(), 1, "{name} has the codes {own:?}");
        for code in own {
            assert!(text.starts_with(&format!("//! {code}: ")), "{name} does not begin with its code");
            let other = owners.insert(code, name.clone());
            assert_eq!(other, None, "{name} has the code of another file");
        }
        for form in ["fn speaks_", "fn is_silent_"] {
            assert!(text.contains(form), "{name} has no test `{form}…`");
        }
    }
    assert!(owners.len() > 30, "{owners:?}");
    let apart: BTreeSet<String> = ["COH0023".to_owned()].into();
    let beyond = CODES.iter().filter(|code| code.reach > Reach::Declaration && !apart.contains(code.code));
    let missing: Vec<&str> =
        beyond.map(|code| code.code).filter(|code| !owners.contains_key(*code)).collect();
    assert!(missing.is_empty(), "without a rule: {missing:?}");
}

/// What is written at a finding is what the index says of it.
#[test]
fn m05_findings_are_as_severe_as_the_index_says() {
    for path in sources() {
        let text = read(&path);
        for severity in [Severity::Error, Severity::Warning, Severity::Hint] {
            for (_, after) in text.split(&format!("Diagnostic::{}(", severity.word())).enumerate().skip(1) {
                let Some(code) = codes(after.get(..40).unwrap_or(after)).into_iter().next() else { continue };
                let listed = CODES.iter().find(|listed| listed.code == code).map(|listed| listed.severity);
                assert_eq!(listed, Some(severity), "{code} in {}", short(&path));
            }
        }
    }
}

#[test]
fn every_case_that_fails_says_how() {
    for folder in ["tests/ui/model", "tests/ui/types"] {
        for case in files(&root().join(folder), "rs") {
            assert!(case.with_extension("stderr").exists(), "{} has no expected text", short(&case));
        }
        for text in files(&root().join(folder), "stderr") {
            assert!(text.with_extension("rs").exists(), "{} belongs to no case", short(&text));
        }
    }
}

/// The texts that users read of us: compile errors of ours, and findings.
fn texts() -> Vec<PathBuf> {
    let errors = files(&root().join("tests/ui/model"), "stderr");
    errors.into_iter().chain(files(&root().join("tests/checks/cases"), "txt")).collect()
}

/// Messages of ours are short, carry a code each and bring nothing after them.
#[test]
fn messages_of_ours_keep_their_form() {
    let words = ["error", "warning", "hint"];
    for path in texts() {
        let text = read(&path);
        for line in text.lines().filter(|line| words.iter().any(|word| line.starts_with(word))) {
            let name = short(&path);
            let form = words.iter().any(|word| line.starts_with(&format!("{word}: "))) && line.ends_with(']');
            assert!(form, "{name} has another message: {line}");
            assert!(
                line.chars().count() <= 100,
                "{name} has a first line of more than 100 characters: {line}"
            );
            assert_eq!(carried(line).len(), 1, "{name}: {line}");
        }
    }
}

/// Names that users write themselves, though types of ours have them too.
const NAMES_OF_USERS: &[&str] = &["Context", "Id", "Lifecycle", "Nothing", "Value"];

/// The types of the crates below the facade, as far as users do not write their names.
fn internal_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in sources().iter().filter(|path| !short(path).starts_with("src/")) {
        for line in without_tests(&read(path)).lines() {
            let item = ["struct ", "enum ", "trait "].iter().find_map(|word| Some(line.split_once(word)?.1));
            let declares = line.trim_start().starts_with("pub")
                || line.starts_with("struct")
                || line.starts_with("enum");
            let name =
                item.filter(|_| declares).map(|rest| rest.split(|letter: char| !letter.is_alphanumeric()));
            names.extend(name.and_then(|mut words| words.next().map(str::to_owned)));
        }
    }
    for path in files(&root().join("cohesive-core/src/value"), "rs") {
        let exported = |name: &String| !read(&path).contains(&format!("pub struct {name}"));
        names.retain(exported);
    }
    names.retain(|name| !name.is_empty() && !NAMES_OF_USERS.contains(&name.as_str()));
    names
}

/// Texts speak of the user's things, and not of ours.
#[test]
fn messages_of_ours_name_nothing_internal() {
    let internal = internal_names();
    assert!(internal.contains("Diagnostic") && internal.contains("Transition"), "{internal:?}");
    for path in texts() {
        let (text, source) = (read(&path), read(&path.with_extension("rs")));
        let said = |line: &&str| {
            ["error: ", "warning: ", "hint: ", "note: ", "help: "].iter().any(|word| line.contains(word))
        };
        for line in text.lines().filter(said) {
            assert!(!line.contains("__private") && !line.contains("cohesive_"), "{}: {line}", short(&path));
            let words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            // What the case itself is written with is the user's word, whatever else is called that.
            let ours = |word: &&str| internal.contains(*word) && !source.contains(*word);
            let ours: Vec<&str> = words.filter(ours).collect();
            assert!(ours.is_empty(), "{} says {ours:?}: {line}", short(&path));
        }
    }
}

#[test]
fn a150_several_mistakes_show_at_once_and_in_order() {
    let text = read(&root().join("tests/ui/model/several_at_once.stderr"));
    let places = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--> ")?.split(':').nth(1)?.parse().ok());
    let places: Vec<u32> = places.collect();
    assert!(places.len() >= 5, "{places:?}");
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_error_index_is_up_to_date() {
    let path = root().join("docs/errors.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, index()).unwrap();
    }
    let stale = fs::read_to_string(&path).unwrap_or_default() != index();
    assert!(!stale, "docs/errors.md is stale; `UPDATE_EXPECT=1 cargo test --test tidy` writes it");
}

#[test]
fn files_and_functions_are_short() {
    let mut found = Vec::new();
    for path in sources() {
        let (name, text) = (short(&path), read(&path));
        let lines = text.lines().count();
        if lines > LINES_PER_FILE && !LONG_FILES.iter().any(|(file, _)| *file == name) {
            found.push(format!("{name} has {lines} lines"));
        }
        for (function, lines) in functions(&text) {
            let place = format!("{name}:{function}");
            if lines > LINES_PER_FUNCTION && !LONG_FUNCTIONS.iter().any(|(known, _)| *known == place) {
                found.push(format!("{place} has {lines} lines"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn exceptions_are_still_needed() {
    for (file, _) in LONG_FILES {
        assert!(read(&root().join(file)).lines().count() > LINES_PER_FILE, "{file} is short enough by now");
    }
    for (place, _) in LONG_FUNCTIONS {
        let (file, name) = place.split_once(':').unwrap();
        let long = |(function, lines): (String, usize)| function == name && lines > LINES_PER_FUNCTION;
        assert!(functions(&read(&root().join(file))).into_iter().any(long), "{place} is short enough by now");
    }
}

/// The functions of a formatted file with their lengths: each ends at the brace below its first word.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let word = line.trim_start();
        let indent = line.len() - word.len();
        let Some((before, after)) = word.split_once("fn ") else { continue };
        let qualifiers = before.split_whitespace().all(|word| {
            word.starts_with("pub")
                || word.ends_with(')')
                || ["const", "async", "unsafe", "extern"].contains(&word)
        });
        if !qualifiers || word.starts_with("//") {
            continue;
        }
        let name = after.split(['(', '<']).next().unwrap_or_default().to_owned();
        let end = format!("{}}}", " ".repeat(indent));
        let rest = &lines[start..];
        // A signature without a body ends in a semicolon.
        let signature = rest.iter().position(|line| line.ends_with(['{', ';', '}']));
        let declared = signature.filter(|place| rest[*place].ends_with(';'));
        let length = declared.or_else(|| rest.iter().position(|line| *line == end));
        found.extend(length.map(|length| (name, length + 1)));
    }
    found
}

/// Tokens are written by `emit*.rs`, `model.rs` and bodies, and nowhere else.
#[test]
fn a153_tokens_are_written_in_few_places() {
    let folder = root().join("cohesive-macros/src");
    for path in files(&folder, "rs") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let writes = name.starts_with("emit") || name == "model.rs" || name == "snapshot.rs";
        let within_body = path.strip_prefix(&folder).unwrap().starts_with("body");
        let text = read(&path);
        let quotes = text.contains("quote!(") || text.contains("quote! {") || text.contains("quote_spanned!");
        assert!(writes || within_body || !quotes, "{} writes tokens", short(&path));
    }
}

/// Words that must not stay. They are put together here, so that this file does not hold them.
fn unfinished() -> Vec<String> {
    let bang = |name: &str| format!("{name}!(");
    vec![bang("dbg"), bang("todo"), bang("unimplemented"), ["#[", "ignore"].concat(), ["FIX", "ME"].concat()]
}

#[test]
fn nothing_is_left_unfinished() {
    let folders = ["tests", "examples"].map(|folder| root().join(folder));
    let all = sources().into_iter().chain(folders.iter().flat_map(|folder| files(folder, "rs")));
    for path in all.filter(|path| !short(path).starts_with("tests/ui/")) {
        let text = read(&path);
        for word in unfinished() {
            assert!(!text.contains(&word), "{} contains `{word}`", short(&path));
        }
    }
}

/// The guarantee that nobody can give is claimed nowhere.
#[test]
fn no_delivery_is_promised_that_cannot_be_kept() {
    let claims = ["-", " "].map(|joint| ["exactly", joint, "once delivery"].concat());
    let texts = ["docs", "examples"].map(|folder| files(&root().join(folder), "md"));
    let rust = ["tests", "examples"].map(|folder| files(&root().join(folder), "rs"));
    let readme = Some(root().join("README.md")).filter(|path| path.exists());
    for path in sources()
        .into_iter()
        .chain(texts.into_iter().flatten())
        .chain(rust.into_iter().flatten())
        .chain(readme)
    {
        let text = read(&path).to_lowercase();
        for claim in &claims {
            assert!(!text.contains(claim), "{} promises `{claim}`", short(&path));
        }
    }
}
