//! The manual has a page for everything that is written, each with a question as heading and an example that runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The pages by their names.
fn pages() -> BTreeMap<String, String> {
    let entries = fs::read_dir(root().join("docs/manual")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn every_page_asks_a_question_and_shows_an_example() {
    for (name, text) in pages() {
        let first = text.lines().next().unwrap();
        assert!(first.starts_with("# ") && first.ends_with('?'), "{name} begins with {first:?}");
        // Whether Cohesive fits is a matter of words.
        assert!(name == "fit" || text.contains("\n```\nuse "), "{name} has no example that runs");
        for word in ["```ignore", "```no_run", "```text", "```rust"] {
            assert!(!text.contains(word), "{name} has an example that does not run");
        }
    }
}

#[test]
fn every_page_is_in_the_documentation_and_in_the_table_of_contents() {
    let (library, manual) = (read("src/lib.rs"), read("src/manual.rs"));
    for name in pages().into_keys() {
        let included = format!("include_str!(\"../docs/manual/{name}.md\")");
        let on_a_macro = library.contains(&included);
        assert!(on_a_macro || manual.contains(&included), "{name} is included nowhere");
        if !on_a_macro {
            assert!(manual.contains(&format!("]({name}) |")), "{name} is not in the table of contents");
            assert!(manual.contains(&format!("pub mod {name} {{}}")), "{name} is another module");
        }
    }
    assert!(manual.contains("include_str!(\"../docs/errors.md\")"));
}

/// What users write, and the page that explains it.
#[test]
fn every_word_that_is_written_has_its_page() {
    let pages = pages();
    let arguments = |file: &str, list: &str| {
        let source = read(file);
        let start = source.find(list).unwrap_or_else(|| panic!("{file} has no {list}"));
        let list = &source[start..start + source[start..].find("];").unwrap()];
        let quoted = list.split('"').skip(1).step_by(2).map(str::to_owned);
        quoted.collect::<Vec<_>>()
    };
    let fields = arguments("cohesive-macros/src/entity/parse.rs", "const FIELD:");
    let constraints = arguments("cohesive-macros/src/constraint.rs", "CONSTRAINTS: [");
    assert!(fields.len() >= 10 && constraints.len() >= 4);
    for word in fields.iter().chain(&constraints) {
        assert!(pages["field"].contains(&format!("`{word}")), "`{word}` is not on the page of fields");
    }
    for word in arguments("cohesive-macros/src/entity/parse.rs", "const ENTITY:") {
        assert!(pages["entity"].contains(&format!("{word} = ")), "`{word}` is not on the page of entities");
    }
    let methods = arguments("cohesive-macros/src/body/method.rs", "const METHODS:");
    let functions = arguments("cohesive-macros/src/body/build.rs", "const PURE:");
    assert!(methods.len() >= 15 && functions.len() >= 8);
    for word in methods {
        assert!(pages["body"].contains(&format!("`{word}`")), "`{word}` is not on the page of bodies");
    }
    for word in functions {
        let short = word.rsplit("::").next().unwrap();
        let known = [format!("`{word}("), format!("`{short}`")];
        assert!(
            known.iter().any(|known| pages["body"].contains(known)),
            "`{word}` is not on the page of bodies"
        );
    }
    for policy in ["strict", "disjoint", "at_head", "manual"] {
        assert!(pages["transition"].contains(&format!("`conflict = {policy}`")), "{policy}");
    }
}
