//! Tables, migrations and drift.

use std::path::Path;

use cohesive_bindings::store::conformance::{COUNTER, PARCEL, STRUCTURES, TICKET};
use cohesive_bindings::store::sqlite::{SqliteOptions, SqliteStore, ddl};
use cohesive_bindings::store::{Store as _, StoreErrorKind};
use cohesive_core::model::{EnumType, Field, Structure, Type, Variant};

use super::tickets::{commit, create, versions, whole};

fn open(path: &Path, structures: &[&'static Structure]) -> Result<SqliteStore, String> {
    SqliteStore::open(path, structures, SqliteOptions::default()).map_err(|error| {
        assert_eq!(error.kind, StoreErrorKind::Schema, "{error}");
        error.message
    })
}

/// A file with the suite's entities, changed by hand.
async fn changed(sql: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    open(&path, &STRUCTURES).unwrap().close().await;
    rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    open(&path, &STRUCTURES).err().unwrap_or_default()
}

/// The same entity with other fields. A test may leak.
fn with(structure: &Structure, fields: Vec<Field>) -> &'static Structure {
    Box::leak(Box::new(Structure { fields: Box::leak(fields.into_boxed_slice()), ..*structure }))
}

#[test]
fn tables_are_as_documented() {
    insta::assert_snapshot!("ddl", ddl(&STRUCTURES));
}

#[test]
fn every_table_is_strict() {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    connection.execute_batch(&ddl(&STRUCTURES)).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'",
        )
        .unwrap();
    let tables: Vec<(String, bool)> = statement
        .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(tables.len(), 14);
    assert!(tables.iter().all(|(_, strict)| *strict), "{tables:?}");
}

#[tokio::test]
async fn plan_is_what_open_applies() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    let plan = SqliteStore::plan(&path, &STRUCTURES).unwrap();
    assert!(!path.exists(), "planning creates nothing");
    let names: Vec<_> = plan.iter().map(|step| (step.ordinal, step.name.as_str())).collect();
    assert_eq!(names, [(1, "engine"), (2, "specimen"), (3, "ticket"), (4, "counter"), (5, "parcel")]);
    assert_eq!(plan.iter().map(|step| step.sql.as_str()).collect::<String>(), ddl(&STRUCTURES));

    let store = open(&path, &STRUCTURES).unwrap();
    assert_eq!(SqliteStore::plan(&path, &STRUCTURES).unwrap(), []);
    store.close().await;
    let connection = rusqlite::Connection::open(&path).unwrap();
    let mut statement =
        connection.prepare("SELECT fingerprint FROM cohesive_migration ORDER BY ordinal").unwrap();
    let recorded: Vec<String> =
        statement.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(recorded, plan.into_iter().map(|step| step.fingerprint).collect::<Vec<_>>());
}

#[tokio::test]
async fn reopening_keeps_data() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    for round in 0..3 {
        let store = open(&path, &STRUCTURES).unwrap();
        commit(&store, whole(create(&round.to_string()))).await.unwrap();
        for earlier in 0..=round {
            assert_eq!(versions(&store, &earlier.to_string()).await, 1);
        }
        // The last round but one is not closed, only dropped.
        if round != 1 {
            store.close().await;
        }
    }
}

#[tokio::test]
async fn drift_is_refused_by_name() {
    for (sql, named) in [
        ("ALTER TABLE ticket DROP COLUMN note", "column note of table ticket is missing"),
        ("ALTER TABLE ticket ADD COLUMN extra TEXT", "column extra of table ticket was added"),
        ("DROP INDEX \"ticket.e_mail.unique\"", "trigger ticket.e_mail.unique of table ticket is missing"),
        ("CREATE UNIQUE INDEX mine ON ticket (note)", "trigger mine of table ticket was added"),
        (
            "CREATE TRIGGER mine AFTER INSERT ON ticket BEGIN SELECT 1; END",
            "trigger mine of table ticket was added",
        ),
        ("DROP TABLE parcel", "table parcel is missing"),
        (
            "DROP TABLE counter; CREATE TABLE counter (id INTEGER PRIMARY KEY, count INTEGER)",
            "column count of table counter was changed",
        ),
        (
            "DROP INDEX \"cohesive_outbox.pending\"",
            "trigger cohesive_outbox.pending of table cohesive_outbox is missing",
        ),
    ] {
        let message = changed(sql).await;
        assert!(message.contains(named), "{sql}: {message}");
    }
    assert_eq!(changed("CREATE TABLE mine (a); CREATE INDEX of_mine ON mine (a)").await, "");
}

#[tokio::test]
async fn edited_migration_is_refused() {
    let message = changed("UPDATE cohesive_migration SET sql = sql || ' ' WHERE ordinal = 3").await;
    assert_eq!(message, "migration 3 `ticket` was edited after it was applied");
    let message = changed("DELETE FROM cohesive_migration WHERE ordinal = 3").await;
    assert_eq!(message, "migration 3 is missing; the next one is 4 `counter`");
}

#[tokio::test]
async fn additions_are_applied() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    let store = open(&path, &[&TICKET]).unwrap();
    commit(&store, whole(create("t"))).await.unwrap();
    store.close().await;

    let mut fields = TICKET.fields.to_vec();
    let optional = Type::Optional(&Type::UInt32);
    let added = Field { name: "extra", wire: "extra", ty: optional, index: true, ..fields[5] };
    fields[5].index = true;
    fields.insert(1, added);
    let grown = with(&TICKET, fields);
    let plan = SqliteStore::plan(&path, &[grown, &COUNTER]).unwrap();
    let steps: Vec<_> = plan.iter().map(|step| (step.ordinal, step.name.as_str())).collect();
    assert_eq!(
        steps,
        [(3, "ticket: add extra, index ticket.extra.index, index ticket.note.index"), (4, "counter")]
    );
    insta::assert_snapshot!("addition", plan[0].sql);

    let store = open(&path, &[grown, &COUNTER]).unwrap();
    store.close().await;
    assert_eq!(SqliteStore::plan(&path, &[grown, &COUNTER]).unwrap(), []);
    // What was there is there, and the shape counts as made by its migrations.
    let store = open(&path, &[grown, &COUNTER]).unwrap();
    let rows = store
        .list(cohesive_bindings::store::ListQuery {
            structure: grown,
            filters: vec![],
            after: None,
            limit: 9,
        })
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].columns[1], cohesive_core::value::Datum::Null);
}

#[tokio::test]
async fn other_changes_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    open(&path, &[&TICKET]).unwrap().close().await;
    let change = |change: fn(&mut Vec<Field>)| {
        let mut fields = TICKET.fields.to_vec();
        change(&mut fields);
        open(&path, &[with(&TICKET, fields)]).err().unwrap_or_default()
    };
    let refusals = [
        change(|fields| fields.truncate(5)),
        change(|fields| fields[5].wire = "remark"),
        change(|fields| fields[5].ty = Type::Bytes),
        change(|fields| fields[5].ty = Type::Date),
        change(|fields| fields[5].ty = Type::Decimal),
        change(|fields| fields[5].ty = Type::Optional(&Type::Text)),
        change(|fields| fields.push(Field { name: "must", wire: "must", ..fields[5] })),
        change(|fields| fields[4].index = false),
        change(|fields| fields[4].unique = true),
        change(|fields| {
            let open = Variant {
                name: "Open",
                wire: "open",
                docs: "",
                initial: true,
                terminal: false,
                at: fields[1].at,
            };
            let states = EnumType {
                name: "State",
                docs: "",
                file: "",
                variants: Box::leak(vec![open].into()),
                lifecycle: true,
            };
            fields[1].ty = Type::Enum(Box::leak(Box::new(states)));
        }),
    ];
    insta::assert_snapshot!("refusals", refusals.join("\n"));
    assert!(refusals.iter().all(|message| message.starts_with("a migration has to be written: ")));
    // Nothing was applied by the attempts.
    open(&path, &[&TICKET]).unwrap().close().await;
}

// F38
#[test]
fn names_come_from_the_model_and_are_checked() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    for wire in ["Note", "no te", "note\"; DROP TABLE ticket; --", "", "1st", "ümlaut", "cohesive_version"] {
        let mut fields = PARCEL.fields.to_vec();
        fields[1].wire = wire;
        let message = open(&path, &[with(&PARCEL, fields)]).err().unwrap_or_default();
        assert!(message.contains(&format!("`{wire}` cannot name a column")), "{message}");
    }
    let long = Box::leak("a".repeat(64).into_boxed_str());
    for table in ["sqlite_x", "cohesive_outbox", "a.b", long] {
        let structure = Box::leak(Box::new(Structure { table, ..PARCEL }));
        assert!(open(&path, &[structure]).is_err(), "{table}");
    }
    assert!(open(&path, &[&PARCEL, &PARCEL]).is_err());
    let mut fields = PARCEL.fields.to_vec();
    fields[0].ty = Type::Optional(&Type::Uuid);
    assert!(open(&path, &[with(&PARCEL, fields)]).is_err());
    assert!(!path.exists() || SqliteStore::plan(&path, &[&PARCEL]).unwrap().len() == 2);
}

// R44
#[test]
fn only_files_are_opened() {
    for path in ["", ":memory:", "file:x?mode=memory"] {
        let message = open(Path::new(path), &STRUCTURES).err().unwrap_or_default();
        assert!(message.contains("`MemoryStore`"), "{message}");
    }
}

/// E19: the stored name follows the field, and the rows stay.
#[tokio::test]
async fn an_alias_renames_the_column_with_its_constraint_and_index() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    let store = open(&path, &[&TICKET]).unwrap();
    commit(&store, whole(create("t"))).await.unwrap();
    store.close().await;
    let fields = TICKET.fields.iter().map(|field| match field.name {
        "email" => Field { wire: "address", aliases: &["mail", "e_mail"], ..*field },
        "state" => Field { wire: "phase", aliases: &["state"], ..*field },
        _ => *field,
    });
    let renamed = with(&TICKET, fields.collect());
    let plan = SqliteStore::plan(&path, &[renamed]).unwrap();
    assert_eq!(plan.len(), 1);
    assert_eq!(plan[0].name, "ticket: rename, and add index ticket.address.unique, index ticket.phase.index");
    let store = open(&path, &[renamed]).unwrap();
    assert_eq!(SqliteStore::plan(&path, &[renamed]).unwrap(), []);
    let query = cohesive_bindings::store::ListQuery {
        structure: renamed,
        filters: Vec::new(),
        after: None,
        limit: 9,
    };
    assert_eq!(store.list(query).await.unwrap().len(), 1);
    store.close().await;
    assert!(open(&path, &[renamed]).is_ok(), "no drift");
    let former = open(&path, &[&TICKET]).err().unwrap();
    assert!(former.contains("e_mail is new") || former.contains("no longer in the model"), "{former}");
}
