//! What no statement of any store may say: it would lose messages, reorder them or slow them down (F1, F2, F5, F34).

use std::path::{Path, PathBuf};

/// The sources of the stores that are databases, without comments: all of their statements are in there.
fn sources() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut found = Vec::new();
    for store in ["sqlite", "postgres"] {
        for entry in std::fs::read_dir(folder.join(store)).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.push((path, code.join("\n").to_lowercase().replace('"', "")));
        }
    }
    found
}

/// Words that have no place in any statement, and why.
const NEVER: [(&str, &str); 9] = [
    ("skip locked", "two who skip what the other has locked overtake each other (F5)"),
    ("notify", "it takes a lock that all commits share, and its loss would have to be borne anyway (F34)"),
    ("listen ", "the same"),
    ("pg_snapshot", "waiting for all transactions that began before waits for the longest one anywhere (F3)"),
    ("txid_", "the same"),
    ("xmin <", "the same"),
    ("currval", "a position is given before its commit (F1)"),
    ("last_value", "the same"),
    ("max(position)", "the same"),
];

/// A cursor over positions, in any spelling. The hint of where to begin is none, because it is given up now and then, nor
/// is the first position that the same statement found of an entity.
fn cursors(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("position") {
        let rest = code[at + "position".len()..].trim_start();
        let hint = code[..at].ends_with("o.")
            && (rest.starts_with(">= held.first") || rest.starts_with(">= line.first"));
        if (rest.starts_with('>') || rest.starts_with("between")) && !hint {
            found.push(&code[at..code.len().min(at + 40)]);
        }
    }
    found
}

#[test]
fn no_statement_says_what_loses_or_reorders_messages() {
    let sources = sources();
    assert!(sources.len() > 30);
    for (path, code) in &sources {
        for (word, reason) in NEVER {
            assert!(!code.contains(word), "{}: `{word}`: {reason}", path.display());
        }
        assert_eq!(cursors(code), [""; 0], "{}: a cursor over a sequence (F1)", path.display());
    }
    for hint in ["held.first", "line.first"] {
        let count = sources.iter().map(|(_, code)| code.matches(hint).count()).sum::<usize>();
        assert!(count <= 1, "there is one `{hint}`");
    }
}

#[test]
fn cursors_are_found() {
    for cursor in ["where position > $1", "o.position >= ?1", "position>last", "b.position between"] {
        assert_eq!(cursors(cursor).len(), 1, "{cursor}");
    }
    assert_eq!(cursors("o.position >= held.first and position = $1, order by position"), [""; 0]);
}
