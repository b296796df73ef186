//! The documents that stand beside the examples.
//!
//! To write them anew: `UPDATE_EXPECT=1 cargo test --test documents`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cohesive::kernel::Entity as _;
use cohesive::model::Entity;
use cohesive::render::documents;

use crate::{fines, freight};

/// The files below a folder, by their paths from there.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            let name = PathBuf::from(path.file_name().unwrap());
            found.extend(files(&path).into_iter().map(|(below, text)| (name.join(below), text)));
        } else {
            found.insert(path.file_name().unwrap().into(), std::fs::read_to_string(&path).unwrap());
        }
    }
    found
}

fn are_committed(example: &str, name: &str, docs: &str, entities: &[&Entity]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example).join("docs");
    let drawn = documents(name, "0.1.0", docs, entities);
    let drawn: BTreeMap<PathBuf, String> =
        drawn.into_iter().map(|document| (document.path.into(), document.text)).collect();
    if std::env::var_os("UPDATE_EXPECT").is_some() && files(&folder) != drawn {
        let _ = std::fs::remove_dir_all(&folder);
        for (path, text) in &drawn {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    let committed = files(&folder);
    let paths = |files: &BTreeMap<PathBuf, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&committed), paths(&drawn));
    for (path, text) in &drawn {
        let help = "`UPDATE_EXPECT=1 cargo test --test documents` writes it";
        assert!(committed[path] == *text, "{} is stale; {help}", path.display());
    }
}

#[test]
fn the_documents_of_freight_are_up_to_date() {
    let words = "Loads are tendered, and shipped by who accepts them.";
    are_committed("freight", "Freight desk", words, &[freight::Tender::MODEL, freight::Shipment::MODEL]);
}

#[test]
fn the_documents_of_fines_are_up_to_date() {
    let words = "Road-traffic fines, from their creation to their payment, appeal or collection.";
    are_committed("fines", "Fines register", words, &[fines::Fine::MODEL]);
}
