//! Tables, migrations and drift.

use std::sync::Arc;

use cohesive_bindings::port::Clock;
use cohesive_bindings::store::conformance::{COUNTER, PARCEL, STRUCTURES, TICKET};
use cohesive_bindings::store::postgres::{Migration, PostgresOptions, PostgresStore, ddl};
use cohesive_bindings::store::{Expected, ListQuery, Store as _, StoreErrorKind, Unit, UnitOutcome, Write};
use cohesive_core::kernel::Version;
use cohesive_core::model::{EnumType, Field, Structure, Type, Variant};
use cohesive_core::value::{Datum, Timestamp};

use super::server::{Database, Server};
use super::tickets::{commit, create, versions, whole};

async fn open(database: &Database, structures: &[&'static Structure]) -> Result<PostgresStore, String> {
    let store = PostgresStore::open(database.url(), structures, PostgresOptions::default()).await;
    store.map_err(|error| {
        assert_eq!(error.kind, StoreErrorKind::Schema, "{error}");
        error.message
    })
}

async fn plan(database: &Database, structures: &[&'static Structure]) -> Result<Vec<Migration>, String> {
    let plan = PostgresStore::plan(database.url(), structures, PostgresOptions::default()).await;
    plan.map_err(|error| error.message)
}

async fn made(structures: &[&'static Structure]) -> Database {
    let database = Server::shared().database().await;
    open(&database, structures).await.unwrap().close().await;
    database
}

/// What is said about the suite's entities after a change by hand, which is then taken back.
async fn changed(database: &Database, change: &str, back: &str) -> String {
    let client = database.client().await;
    client.batch_execute(change).await.unwrap();
    let message = open(database, &STRUCTURES).await.err().unwrap_or_default();
    client.batch_execute(back).await.unwrap();
    assert_eq!(open(database, &STRUCTURES).await.err(), None, "after {back}");
    message
}

/// A change of an entity's fields.
type Change = Box<dyn Fn(&mut Vec<Field>)>;

/// The same entity with other fields. A test may leak.
fn with(structure: &Structure, fields: Vec<Field>) -> &'static Structure {
    Box::leak(Box::new(Structure { fields: Box::leak(fields.into_boxed_slice()), ..*structure }))
}

async fn list(store: &PostgresStore, structure: &'static Structure) -> Vec<Vec<Datum<'static>>> {
    let query = ListQuery { structure, filters: Vec::new(), after: None, limit: 9 };
    store.list(query).await.unwrap().into_iter().map(|row| row.columns).collect()
}

#[test]
fn tables_are_as_documented() {
    insta::assert_snapshot!("postgres_ddl", ddl(&STRUCTURES));
}

#[tokio::test]
async fn plan_is_what_open_applies() {
    let database = Server::shared().database().await;
    let planned = plan(&database, &STRUCTURES).await.unwrap();
    let names: Vec<_> = planned.iter().map(|step| (step.ordinal, step.name.as_str())).collect();
    assert_eq!(names, [(1, "engine"), (2, "specimen"), (3, "ticket"), (4, "counter"), (5, "parcel")]);
    assert_eq!(planned.iter().map(|step| step.sql.as_str()).collect::<String>(), ddl(&STRUCTURES));
    let client = database.client().await;
    let tables =
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
    let tables = async || client.query_one(tables, &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(tables().await, 0, "planning leaves nothing");

    let store = open(&database, &STRUCTURES).await.unwrap();
    assert_eq!(plan(&database, &STRUCTURES).await.unwrap(), []);
    assert_eq!(tables().await, 14);
    store.close().await;
    let recorded =
        client.query("SELECT fingerprint FROM cohesive_migration ORDER BY ordinal", &[]).await.unwrap();
    let recorded: Vec<String> = recorded.iter().map(|row| row.get(0)).collect();
    assert_eq!(recorded, planned.into_iter().map(|step| step.fingerprint).collect::<Vec<_>>());
}

#[tokio::test]
async fn clock_tells_when_migrations_were_applied() {
    struct Fixed;
    impl Clock for Fixed {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(42).unwrap()
        }
    }
    let database = Server::shared().database().await;
    let options = PostgresOptions { clock: Arc::new(Fixed), ..PostgresOptions::default() };
    PostgresStore::open(database.url(), &STRUCTURES, options).await.unwrap().close().await;
    let sql = "SELECT DISTINCT extract(epoch FROM applied_at)::text FROM cohesive_migration";
    let applied = database.client().await.query_one(sql, &[]).await.unwrap();
    assert_eq!(applied.get::<_, &str>(0), "0.000042");
}

#[tokio::test]
async fn reopening_keeps_data() {
    let database = Server::shared().database().await;
    for round in 0..3 {
        let store = open(&database, &STRUCTURES).await.unwrap();
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

// R15
#[tokio::test]
async fn drift_is_refused_by_name() {
    let database = made(&STRUCTURES).await;
    for (change, back, named) in [
        (
            "ALTER TABLE ticket DROP COLUMN note",
            "ALTER TABLE ticket ADD COLUMN note text COLLATE \"C\" NOT NULL",
            "column note of table ticket is missing",
        ),
        (
            "ALTER TABLE ticket ADD COLUMN extra text",
            "ALTER TABLE ticket DROP COLUMN extra",
            "column extra of table ticket was added",
        ),
        (
            "ALTER TABLE ticket ALTER COLUMN note DROP NOT NULL",
            "ALTER TABLE ticket ALTER COLUMN note SET NOT NULL",
            "column note of table ticket was changed",
        ),
        (
            "ALTER TABLE ticket ALTER COLUMN note TYPE text COLLATE \"default\"",
            "ALTER TABLE ticket ALTER COLUMN note TYPE text COLLATE \"C\"",
            "column note of table ticket was changed",
        ),
        (
            "ALTER TABLE ticket DROP CONSTRAINT ticket_state_check",
            "ALTER TABLE ticket ADD CHECK (state IN ('open', 'it''s done', 'lost, for good'))",
            "column state of table ticket was changed",
        ),
        (
            "DROP INDEX \"ticket.e_mail.unique\"",
            "CREATE UNIQUE INDEX \"ticket.e_mail.unique\" ON ticket (e_mail)",
            "index ticket.e_mail.unique of table ticket is missing",
        ),
        (
            "DROP INDEX \"ticket.e_mail.unique\"; CREATE INDEX \"ticket.e_mail.unique\" ON ticket (e_mail)",
            "DROP INDEX \"ticket.e_mail.unique\"; CREATE UNIQUE INDEX \"ticket.e_mail.unique\" ON ticket (e_mail)",
            "index ticket.e_mail.unique of table ticket was changed",
        ),
        (
            "CREATE UNIQUE INDEX mine ON ticket (note)",
            "DROP INDEX mine",
            "index mine of table ticket was added",
        ),
        (
            "ALTER TABLE ticket ADD CONSTRAINT mine CHECK (note <> desk)",
            "ALTER TABLE ticket DROP CONSTRAINT mine",
            "of table ticket was added",
        ),
        (
            "CREATE TRIGGER mine BEFORE UPDATE ON ticket FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "DROP TRIGGER mine ON ticket",
            "trigger mine of table ticket was added",
        ),
        (
            "CREATE RULE mine AS ON DELETE TO ticket DO INSTEAD NOTHING",
            "DROP RULE mine ON ticket",
            "trigger mine of table ticket was added",
        ),
        (
            "ALTER TABLE counter SET UNLOGGED",
            "ALTER TABLE counter SET LOGGED",
            "table counter is unlogged: a crash empties it",
        ),
        (
            "ALTER TABLE counter ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE counter DISABLE ROW LEVEL SECURITY",
            "table counter is under row security: rows can be hidden",
        ),
        ("ALTER TABLE parcel RENAME TO p", "ALTER TABLE p RENAME TO parcel", "table parcel is missing"),
        (
            "DROP INDEX \"cohesive_outbox.pending\"",
            "CREATE INDEX \"cohesive_outbox.pending\" ON cohesive_outbox (lane, position) \
             WHERE published_at IS NULL AND dropped_at IS NULL",
            "index cohesive_outbox.pending of table cohesive_outbox is missing",
        ),
    ] {
        let message = changed(&database, change, back).await;
        assert!(message.contains(named), "{change}: {message}");
    }
    // What forbids nothing is the operator's, and so are tables of others.
    let mine = "CREATE INDEX mine ON ticket (note, desk); CREATE TABLE mine_too (a int)";
    assert_eq!(changed(&database, mine, "DROP INDEX mine; DROP TABLE mine_too").await, "");
}

#[tokio::test]
async fn edited_migration_is_refused() {
    let database = made(&STRUCTURES).await;
    let message = changed(
        &database,
        "UPDATE cohesive_migration SET sql = sql || ' ' WHERE ordinal = 3",
        "UPDATE cohesive_migration SET sql = left(sql, -1) WHERE ordinal = 3",
    );
    assert_eq!(message.await, "migration 3 `ticket` was edited after it was applied");
    let message = changed(
        &database,
        "UPDATE cohesive_migration SET ordinal = 9 WHERE ordinal = 3",
        "UPDATE cohesive_migration SET ordinal = 3 WHERE ordinal = 9",
    );
    assert_eq!(message.await, "migration 3 is missing; the next one is 4 `counter`");
}

#[tokio::test]
async fn additions_are_applied() {
    let database = Server::shared().database().await;
    let store = open(&database, &[&TICKET]).await.unwrap();
    commit(&store, whole(create("t"))).await.unwrap();
    store.close().await;

    let mut fields = TICKET.fields.to_vec();
    let optional = Type::Optional(&Type::UInt32);
    let added = Field { name: "extra", wire: "extra", ty: optional, index: true, ..fields[5] };
    fields[5].index = true;
    fields.insert(1, added);
    let grown = with(&TICKET, fields);
    let planned = plan(&database, &[grown, &COUNTER]).await.unwrap();
    let steps: Vec<_> = planned.iter().map(|step| (step.ordinal, step.name.as_str())).collect();
    assert_eq!(
        steps,
        [(3, "ticket: add extra, index ticket.extra.index, index ticket.note.index"), (4, "counter")]
    );
    insta::assert_snapshot!("postgres_addition", planned[0].sql);

    open(&database, &[grown, &COUNTER]).await.unwrap().close().await;
    assert_eq!(plan(&database, &[grown, &COUNTER]).await.unwrap(), []);
    // What was there is there, and the shape counts as made by its migrations.
    let store = open(&database, &[grown, &COUNTER]).await.unwrap();
    let rows = list(&store, grown).await;
    assert_eq!(rows.iter().map(|row| &row[1]).collect::<Vec<_>>(), [&Datum::Null]);
    store.close().await;
}

#[tokio::test]
async fn other_changes_are_refused() {
    let database = made(&[&TICKET]).await;
    let open = |name: &str, wire: &str| Variant {
        name: name.to_owned().leak(),
        wire: wire.to_owned().leak(),
        docs: "",
        initial: true,
        terminal: false,
        at: TICKET.at,
    };
    let states = EnumType {
        name: "State",
        docs: "",
        file: "",
        variants: Box::leak(vec![open("Open", "open")].into()),
        lifecycle: true,
    };
    let states: &'static EnumType = Box::leak(Box::new(states));
    let changes: Vec<Change> = vec![
        Box::new(|fields| fields.truncate(5)),
        Box::new(|fields| fields[5].wire = "remark"),
        Box::new(|fields| fields[5].ty = Type::Bytes),
        Box::new(|fields| fields[5].ty = Type::Date),
        Box::new(|fields| fields[5].ty = Type::Decimal),
        Box::new(|fields| fields[5].ty = Type::Optional(&Type::Text)),
        Box::new(|fields| fields.push(Field { name: "must", wire: "must", ..fields[5] })),
        Box::new(|fields| fields[4].index = false),
        Box::new(|fields| fields[4].unique = true),
        Box::new(move |fields| fields[1].ty = Type::Enum(states)),
    ];
    let mut refusals = Vec::new();
    for change in changes {
        let mut fields = TICKET.fields.to_vec();
        change(&mut fields);
        refusals.push(self::open(&database, &[with(&TICKET, fields)]).await.err().unwrap_or_default());
    }
    insta::assert_snapshot!("postgres_refusals", refusals.join("\n"));
    assert!(refusals.iter().all(|message| message.starts_with("a migration has to be written: ")));
    // Nothing was applied by the attempts.
    self::open(&database, &[&TICKET]).await.unwrap().close().await;
}

// F38
#[tokio::test]
async fn names_come_from_the_model_and_are_checked() {
    let database = Server::shared().database().await;
    for wire in
        ["Note", "no te", "note\"; DROP TABLE ticket; --", "", "1st", "ümlaut", "cohesive_version", "xmin"]
    {
        let mut fields = PARCEL.fields.to_vec();
        fields[1].wire = wire;
        let message = open(&database, &[with(&PARCEL, fields)]).await.err().unwrap_or_default();
        assert!(message.contains(&format!("`{wire}` cannot name a column")), "{message}");
    }
    let long = Box::leak("a".repeat(64).into_boxed_str());
    for table in ["pg_x", "cohesive_outbox", "a.b", long] {
        let structure = Box::leak(Box::new(Structure { table, ..PARCEL }));
        assert!(open(&database, &[structure]).await.is_err(), "{table}");
    }
    assert!(open(&database, &[&PARCEL, &PARCEL]).await.is_err());
    let mut fields = PARCEL.fields.to_vec();
    fields[0].ty = Type::Optional(&Type::Uuid);
    assert!(open(&database, &[with(&PARCEL, fields)]).await.is_err());
    for schema in ["pg_mine", "a\"b", "", "A"] {
        let options = PostgresOptions { schema: schema.to_owned(), ..PostgresOptions::default() };
        let error = PostgresStore::open(database.url(), &[&PARCEL], options).await.err().unwrap();
        assert!(error.message.contains(&format!("`{schema}` cannot name a schema")), "{error}");
    }
    assert_eq!(plan(&database, &[&PARCEL]).await.unwrap().len(), 2, "nothing was made");
    // Words of SQL and the longest names are fine, also for indexes, which PostgreSQL would cut.
    let longest: &'static str = "b".repeat(63).leak();
    let mut fields = TICKET.fields.to_vec();
    fields[2].wire = longest;
    fields[4].wire = "select";
    let named = Box::leak(Box::new(Structure { table: longest, ..*with(&TICKET, fields) }));
    open(&database, &[named]).await.unwrap().close().await;
    assert_eq!(plan(&database, &[named]).await.unwrap(), []);
}

/// E19: the stored name follows the field, and the rows stay.
#[tokio::test]
async fn an_alias_renames_the_column_with_its_constraint_and_index() {
    let database = Server::shared().database().await;
    let store = open(&database, &[&TICKET]).await.unwrap();
    commit(&store, whole(create("t"))).await.unwrap();
    store.close().await;
    let fields = TICKET.fields.iter().map(|field| match field.name {
        "email" => Field { wire: "address", aliases: &["mail", "e_mail"], ..*field },
        "state" => Field { wire: "phase", aliases: &["state"], ..*field },
        _ => *field,
    });
    let renamed = with(&TICKET, fields.collect());
    let planned = plan(&database, &[renamed]).await.unwrap();
    assert_eq!(planned.len(), 1);
    assert_eq!(
        planned[0].name,
        "ticket: rename, and add index ticket.address.unique, index ticket.phase.index"
    );
    let store = open(&database, &[renamed]).await.unwrap();
    assert_eq!(plan(&database, &[renamed]).await.unwrap(), []);
    assert_eq!(list(&store, renamed).await.len(), 1);
    store.close().await;
    assert!(open(&database, &[renamed]).await.is_ok(), "no drift");
    let former = open(&database, &[&TICKET]).await.err().unwrap();
    assert!(former.contains("e_mail is new") || former.contains("no longer in the model"), "{former}");
}

/// Several processes that start at once make the tables once, and all of them start.
#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_migrate_once() {
    let database = Arc::new(Server::shared().database().await);
    let starting: Vec<_> = (0..8)
        .map(|_| {
            let database = Arc::clone(&database);
            tokio::spawn(async move { open(&database, &STRUCTURES).await })
        })
        .collect();
    for started in starting {
        started.await.unwrap().unwrap().close().await;
    }
    let client = database.client().await;
    let recorded = client.query_one("SELECT count(*) FROM cohesive_migration", &[]).await.unwrap();
    assert_eq!(recorded.get::<_, i64>(0), 5);
}

/// A migration that fails leaves nothing of itself, nor of those before it.
#[tokio::test]
async fn migrations_are_applied_together_or_not_at_all() {
    let database = Server::shared().database().await;
    database.client().await.batch_execute("CREATE TABLE counter (id int)").await.unwrap();
    let message = open(&database, &STRUCTURES).await.err().unwrap();
    assert!(
        message.starts_with("migration 4 `counter`: ") && message.contains("already exists"),
        "{message}"
    );
    database.client().await.batch_execute("DROP TABLE counter").await.unwrap();
    assert_eq!(plan(&database, &STRUCTURES).await.unwrap().len(), 5);
}

/// Two systems in one database do not see each other.
#[tokio::test]
async fn schemas_are_apart() {
    let database = Server::shared().database().await;
    let open = async |schema: &str| {
        let options = PostgresOptions { schema: schema.to_owned(), ..PostgresOptions::default() };
        PostgresStore::open(database.url(), &STRUCTURES, options).await.unwrap()
    };
    let (one, other) = (open("one").await, open("the_other").await);
    commit(&one, whole(create("t"))).await.unwrap();
    assert_eq!((versions(&one, "t").await, versions(&other, "t").await), (1, 0));
    assert_eq!(commit(&other, whole(create("t"))).await.unwrap(), UnitOutcome::Committed);
    assert_eq!(one.settings().await.unwrap().schema, "one");
    one.close().await;
    other.close().await;
}

/// JSON has no equality in PostgreSQL; a unique or filtered field of it is compared by its text.
#[tokio::test]
async fn json_can_be_unique_and_filtered_by() {
    let mut fields = PARCEL.fields.to_vec();
    fields[1] = Field { ty: Type::Optional(&Type::List(&Type::Text)), ..fields[1] };
    fields.push(Field { name: "tags", wire: "tags", unique: false, index: true, ..fields[1] });
    let structure = with(&PARCEL, fields);
    let database = made(&[structure]).await;
    let store = open(&database, &[structure]).await.unwrap();
    let json = |text: &'static str| Datum::Json(text.into());
    let write = |id: u128, list, tags| {
        let id = Datum::Uuid(cohesive_core::value::Uuid::from_u128(id));
        let columns = vec![(0, id.clone()), (1, list), (2, tags)];
        Unit {
            write: Some(Write {
                structure,
                id,
                expected: Expected::Absent,
                version: Version::INITIAL,
                columns,
            }),
            ..Unit::default()
        }
    };
    let units = vec![
        write(1, json("[\"a\"]"), json("[]")),
        write(2, json("[\"b\"]"), json("[]")),
        write(3, json("[\"a\"]"), json("[]")),
        write(4, Datum::Null, json("[1]")),
    ];
    let outcomes = store.commit(units).await.unwrap();
    assert_eq!(outcomes[2], UnitOutcome::NotUnique { field: "email" });
    let filters = vec![(2, json("[]"))];
    let found = store.list(ListQuery { structure, filters, after: None, limit: 9 }).await.unwrap();
    assert_eq!(found.len(), 2);
    let id = Datum::Uuid(cohesive_core::value::Uuid::from_u128(2));
    let change = Write {
        structure,
        id,
        expected: Expected::Version(Version::INITIAL),
        version: Version::new(1),
        columns: vec![(1, json("[\"a\"]"))],
    };
    let outcome = commit(&store, Unit { write: Some(change), ..Unit::default() }).await.unwrap();
    assert_eq!(outcome, UnitOutcome::NotUnique { field: "email" });
    store.close().await;
}
