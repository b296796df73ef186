//! The tables: one per entity, and the engine's own.
//!
//! Everything here is made from the compiled model. Identifiers are checked and quoted; values are never part of a
//! statement, except for the names of an enumeration in its constraint (F38). Text is ordered by its bytes, as in
//! every store, and not by a locale: an index by a locale breaks when the operating system changes its rules.

use std::fmt::Write as _;

use cohesive_core::model::{Field, FieldRole, Structure, Type};
use cohesive_core::value::{Decimal, Duration};
use sha2::{Digest as _, Sha256};

use super::codec::{FIRST_INSTANT, LAST_INSTANT};
use super::error::misfit;
use crate::store::names::{check_name, check_structures, literal, quoted};
use crate::store::outbox::LANES;
use crate::store::{StoreError, fit};

/// The column that holds an entity's version. Fields cannot clash with it: the prefix is reserved.
pub(super) const VERSION: &str = "cohesive_version";
/// Prefixes that belong to the engine and to PostgreSQL.
const RESERVED: [&str; 2] = ["cohesive_", "pg_"];
/// Columns that every table has already.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];
/// The longest name in bytes; PostgreSQL cuts longer ones, and two that were cut could be one.
const LONGEST_NAME: usize = 63;
const TEXT: &str = "text COLLATE \"C\"";

/// One table, in parts that a migration can add one by one.
pub(super) struct Table {
    pub(super) name: String,
    /// Columns by name, with their declarations.
    pub(super) columns: Vec<(String, String)>,
    /// Constraints over several columns.
    pub(super) constraints: Vec<String>,
    /// How the server stores and cleans it.
    options: &'static [&'static str],
    /// Indexes by name, with the statements that make them.
    pub(super) indexes: Vec<(String, String)>,
}

impl Table {
    /// The statements that make it.
    pub(super) fn sql(&self) -> String {
        let columns = self.columns.iter().map(|(_, declared)| declared);
        let parts: Vec<&str> = columns.chain(&self.constraints).map(String::as_str).collect();
        let with = match self.options {
            [] => String::new(),
            options => format!(" WITH ({})", options.join(", ")),
        };
        let mut sql = format!("CREATE TABLE {} (\n  {}\n){with};\n", quoted(&self.name), parts.join(",\n  "));
        for (_, index) in &self.indexes {
            let _ = writeln!(sql, "{index};");
        }
        sql
    }
}

/// Every table of these entities and of the engine, as SQL.
#[must_use]
pub fn ddl(structures: &[&'static Structure]) -> String {
    let entities = structures.iter().map(|structure| entity(structure));
    engine().into_iter().chain(entities).map(|table| table.sql()).collect()
}

/// A claim changes no column of an index, so a page with room takes it without a new entry in any. What is published
/// leaves an old row behind; it is cleaned up by the thousand and not by the share, or a long history would put it off
/// (F33).
const BUSY: [&str; 6] = [
    "fillfactor = 70",
    "autovacuum_vacuum_scale_factor = 0.01",
    "autovacuum_vacuum_threshold = 1000",
    "autovacuum_vacuum_cost_delay = 0",
    "autovacuum_analyze_scale_factor = 0.05",
    "autovacuum_analyze_threshold = 5000",
];
/// Few rows that change often.
const SMALL: [&str; 3] =
    ["fillfactor = 50", "autovacuum_vacuum_scale_factor = 0", "autovacuum_vacuum_threshold = 200"];

/// The engine's own tables.
///
/// The id of a message follows from entity, id, version and ordinal, so the key over those four makes it unique as
/// well; an index over ids, which are random, would cost a page per message. A pending message is neither published
/// nor dropped; the indexes by lane hold only those, so a long history costs the search for work nothing (B22).
/// `position` is given before the commit, so a higher one can become visible first: nothing may read beyond a last
/// one (F1). `claim` is the token of the lease under which a message is claimed, empty while it is not. An entity
/// whose first pending message waits has a row in `cohesive_blocked`.
pub(super) fn engine() -> Vec<Table> {
    relaying().into_iter().chain(consuming()).chain(keeping()).collect()
}

fn version(name: &str) -> String {
    format!("{name} bigint NOT NULL CHECK ({name} >= 0)")
}

/// The columns of the outbox.
fn outbox(lane: String) -> [String; 21] {
    [
        "position bigint GENERATED ALWAYS AS IDENTITY".to_owned(),
        "message_id uuid NOT NULL".to_owned(),
        format!("entity {TEXT} NOT NULL"),
        format!("entity_id {TEXT} NOT NULL"),
        version("version"),
        format!("ordinal bigint NOT NULL CHECK (ordinal BETWEEN 0 AND {})", u32::MAX),
        format!("role {TEXT} NOT NULL CHECK (role IN ('event', 'request'))"),
        format!("name {TEXT} NOT NULL"),
        "payload json NOT NULL".to_owned(),
        format!("transition_name {TEXT} NOT NULL"),
        format!("correlation {TEXT} NOT NULL"),
        format!("causation {TEXT}"),
        format!("actor {TEXT}"),
        format!("trace {TEXT}"),
        "occurred_at timestamptz".to_owned(),
        "recorded_at timestamptz NOT NULL".to_owned(),
        lane,
        "attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0)".to_owned(),
        "claim bigint".to_owned(),
        "published_at timestamptz".to_owned(),
        "dropped_at timestamptz".to_owned(),
    ]
}

/// What relays work on.
fn relaying() -> [Table; 4] {
    let lane = format!("lane integer NOT NULL CHECK (lane BETWEEN 0 AND {})", 2 * LANES - 1);
    let outbox = outbox(lane.clone());
    let blocked = [
        lane.clone(),
        format!("entity {TEXT} NOT NULL"),
        format!("entity_id {TEXT} NOT NULL"),
        "position bigint NOT NULL".to_owned(),
        "since timestamptz NOT NULL".to_owned(),
        "until timestamptz NOT NULL".to_owned(),
        "alone boolean NOT NULL".to_owned(),
        "parked_at timestamptz".to_owned(),
        format!("error {TEXT} NOT NULL"),
    ];
    let lanes = [
        lane,
        format!("owner {TEXT}"),
        "token bigint NOT NULL".to_owned(),
        "since timestamptz NOT NULL".to_owned(),
        "until timestamptz NOT NULL".to_owned(),
        "changed bigint NOT NULL DEFAULT 0".to_owned(),
    ];
    let relay = [
        format!("stream {TEXT} NOT NULL CHECK (stream IN ('event', 'request'))"),
        format!("owner {TEXT} NOT NULL"),
        "since timestamptz NOT NULL".to_owned(),
        "until timestamptz NOT NULL".to_owned(),
    ];
    let pending = "WHERE published_at IS NULL AND dropped_at IS NULL";
    let (by_position, by_place) = (
        format!("(lane, position) {pending}"),
        format!("(entity, entity_id, lane, position) {pending} AND ordinal >= 0"),
    );
    let searches = [
        ("pending", &*by_position),
        ("order", &*by_place),
        ("published", "(role, published_at) WHERE published_at IS NOT NULL"),
        ("dropped", "(role, dropped_at) WHERE dropped_at IS NOT NULL"),
    ];
    let waits = [("alone", "(lane) WHERE alone")];
    [
        own("outbox", &outbox, &["PRIMARY KEY (entity, entity_id, version, ordinal)"], &BUSY, &searches),
        own(
            "blocked",
            &blocked,
            &["PRIMARY KEY (lane, entity, entity_id)", "UNIQUE (position)"],
            &SMALL,
            &waits,
        ),
        own("lane", &lanes, &["PRIMARY KEY (lane)"], &SMALL, &[]),
        own("relay", &relay, &["PRIMARY KEY (stream, owner)"], &SMALL, &[]),
    ]
}

/// What consumers keep.
fn consuming() -> [Table; 2] {
    let key = || ["consumer", "source", "message_id"].map(|name| format!("{name} {TEXT} NOT NULL"));
    let count = format!("attempts bigint NOT NULL CHECK (attempts BETWEEN 0 AND {})", u32::MAX);
    let attempt = [&key()[..], std::slice::from_ref(&count)].concat();
    let rest = [
        format!("kind {TEXT} NOT NULL"),
        format!("partition_key {TEXT} NOT NULL"),
        "headers json NOT NULL".to_owned(),
        "body bytea NOT NULL".to_owned(),
        format!("error {TEXT} NOT NULL"),
        count,
        "parked_at timestamptz NOT NULL".to_owned(),
    ];
    let number = "number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY".to_owned();
    let parked = [&[number], &key()[..], &rest].concat();
    let waiting = ("waiting", "(consumer, partition_key, number)");
    [
        own("attempt", &attempt, &["PRIMARY KEY (consumer, source, message_id)"], &SMALL, &[]),
        own("parked_delivery", &parked, &["UNIQUE (consumer, source, message_id)"], &[], &[waiting]),
    ]
}

/// What is kept beside state and messages.
fn keeping() -> [Table; 4] {
    let bytes = |name: &str, length: u8| format!("{name} bytea NOT NULL CHECK (length({name}) = {length})");
    let receipt = [
        format!("scope {TEXT} NOT NULL"),
        format!("key {TEXT} NOT NULL"),
        bytes("fingerprint", 32),
        format!("status integer NOT NULL CHECK (status BETWEEN 0 AND {})", u16::MAX),
        "version bigint CHECK (version >= 0)".to_owned(),
        "body bytea NOT NULL".to_owned(),
        "recorded_at timestamptz NOT NULL".to_owned(),
        "expires_at timestamptz NOT NULL".to_owned(),
        "mark timestamptz".to_owned(),
    ];
    let mark = [format!("scope {TEXT} NOT NULL PRIMARY KEY"), "mark timestamptz NOT NULL".to_owned()];
    let parked = [
        "number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY".to_owned(),
        format!("entity {TEXT} NOT NULL"),
        format!("entity_id {TEXT} NOT NULL"),
        format!("transition_name {TEXT} NOT NULL"),
        "input json NOT NULL".to_owned(),
        version("expected"),
        version("actual"),
        format!("correlation {TEXT} NOT NULL"),
        format!("causation {TEXT}"),
        format!("actor {TEXT}"),
        format!("trace {TEXT}"),
        "recorded_at timestamptz NOT NULL".to_owned(),
    ];
    let migration = [
        "ordinal integer PRIMARY KEY".to_owned(),
        format!("name {TEXT} NOT NULL"),
        format!("fingerprint {TEXT} NOT NULL"),
        format!("sql {TEXT} NOT NULL"),
        "applied_at timestamptz NOT NULL".to_owned(),
    ];
    [
        own("receipt", &receipt, &["PRIMARY KEY (scope, key)"], &[], &[("expiry", "(expires_at)")]),
        own("mark", &mark, &[], &[], &[]),
        own("parked_input", &parked, &[], &[], &[]),
        own("migration", &migration, &[], &[], &[]),
    ]
}

/// A table of the engine.
fn own(
    name: &str,
    columns: &[String],
    constraints: &[&str],
    options: &'static [&'static str],
    indexes: &[(&str, &str)],
) -> Table {
    let name = format!("cohesive_{name}");
    let named = |column: &String| {
        let name = column.split(' ').next().unwrap_or_default();
        (name.to_owned(), column.clone())
    };
    let index = |(suffix, on): &(&str, &str)| {
        let index = format!("{name}.{suffix}");
        let sql = format!("CREATE INDEX {} ON {} {on}", quoted(&index), quoted(&name));
        (index, sql)
    };
    Table {
        columns: columns.iter().map(named).collect(),
        constraints: constraints.iter().map(|&constraint| constraint.to_owned()).collect(),
        options,
        indexes: indexes.iter().map(index).collect(),
        name,
    }
}

/// The table of one entity, with its indexes. An index for a filter ends in the id, which is what paging through a
/// filtered list needs.
pub(super) fn entity(structure: &'static Structure) -> Table {
    let table = quoted(structure.table);
    let mut columns: Vec<_> =
        structure.fields.iter().map(|field| (field.wire.to_owned(), column(field))).collect();
    let version = quoted(VERSION);
    columns.push((VERSION.to_owned(), format!("{version} bigint NOT NULL CHECK ({version} >= 0)")));
    let id = structure.id().map_or_else(String::new, |field| quoted(field.wire));
    let index = |field: &'static Field| {
        let on = comparable(field);
        let (kind, suffix, on) = match (field.unique, field.is_filter()) {
            (true, _) => ("UNIQUE INDEX", "unique", on),
            (_, true) => ("INDEX", "index", format!("{on}, {id}")),
            _ => return None,
        };
        let name = index_name(structure.table, field.wire, suffix);
        let sql = format!("CREATE {kind} {} ON {table} ({on})", quoted(&name));
        Some((name, sql))
    };
    let others = structure.fields.iter().filter(|field| field.role != FieldRole::Id);
    Table {
        name: structure.table.to_owned(),
        columns,
        constraints: Vec::new(),
        options: &[],
        indexes: others.filter_map(index).collect(),
    }
}

/// The name of an index. The dots cannot occur in names, so two indexes never spell the same (R12); a name that would
/// be cut ends in a part of its hash instead.
pub(super) fn index_name(table: &str, column: &str, suffix: &str) -> String {
    let name = format!("{table}.{column}.{suffix}");
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let hash = format!("{:x}", Sha256::digest(&name));
    format!("{}.{}", &name[..LONGEST_NAME - 17], &hash[..16])
}

/// One column. The constraint leaves out what the type can hold and a value cannot, and tells the types apart that
/// share a column type, so that a field whose type changes is noticed by its column.
fn column(field: &'static Field) -> String {
    let name = quoted(field.wire);
    let required = if field.ty.is_optional() { "" } else { " NOT NULL" };
    let key = if field.role == FieldRole::Id { " PRIMARY KEY" } else { "" };
    let between = |first: String, last: String| format!("{name} BETWEEN {first} AND {last}");
    let (storage, check) = match fit::plain(&field.ty) {
        Type::Bool => ("boolean", String::new()),
        Type::Int32 => ("integer", String::new()),
        Type::Int64 => ("bigint", String::new()),
        Type::UInt32 => ("bigint", between("0".to_owned(), u32::MAX.to_string())),
        Type::Duration => {
            let most = Duration::MAX.as_micros();
            ("bigint", between(format!("-{most}"), most.to_string()))
        }
        Type::Timestamp => ("timestamptz", between(literal(FIRST_INSTANT), literal(LAST_INSTANT))),
        Type::Date => ("date", between(literal("0001-01-01 BC"), literal("9999-12-31"))),
        Type::Decimal => {
            let (least, most) = (Decimal::MIN.to_string(), Decimal::MAX.to_string());
            ("numeric", format!("{} AND scale({name}) <= {}", between(least, most), Decimal::MAX_SCALE))
        }
        Type::Bytes => ("bytea", String::new()),
        Type::Uuid => ("uuid", String::new()),
        Type::Currency => (TEXT, format!("{name} ~ '^[A-Z]{{3}}$'")),
        Type::Enum(names) => {
            let words: Vec<String> = names.variants.iter().map(|variant| literal(variant.wire)).collect();
            (TEXT, format!("{name} IN ({})", words.join(", ")))
        }
        Type::Record(_) => ("json", format!("json_typeof({name}) = 'object'")),
        Type::List(_) | Type::Set(_) => ("json", format!("json_typeof({name}) = 'array'")),
        Type::Opaque => ("json", String::new()),
        Type::Text | Type::Id(_) | Type::Optional(_) | Type::Named(_) => (TEXT, String::new()),
    };
    let check = if check.is_empty() { check } else { format!(" CHECK ({check})") };
    format!("{name} {storage}{required}{key}{check}")
}

/// Whether a column holds JSON, whose type has no equality: its text is compared instead.
pub(super) fn is_json(field: &'static Field) -> bool {
    matches!(fit::plain(&field.ty), Type::Record(_) | Type::List(_) | Type::Set(_) | Type::Opaque)
}

/// The expression by which a column is compared, in indexes and in filters alike.
pub(super) fn comparable(field: &'static Field) -> String {
    let name = quoted(field.wire);
    if is_json(field) { format!("({name}::text COLLATE \"C\")") } else { name }
}

/// Refuses structures from which no table can be made.
pub(super) fn check(structures: &[&'static Structure]) -> Result<(), StoreError> {
    check_structures(structures, &RESERVED).map_err(misfit)?;
    let mut fields = structures.iter().flat_map(|structure| structure.fields);
    let taken = fields.find(|field| SYSTEM_COLUMNS.contains(&field.wire));
    match taken {
        Some(field) => {
            Err(misfit(format!("`{}` cannot name a column: every table has one already", field.wire)))
        }
        None => Ok(()),
    }
}

/// Refuses a schema whose name could be read as anything else than a name.
pub(super) fn check_schema(name: &str) -> Result<(), StoreError> {
    check_name("schema", name, &["pg_"]).map_err(misfit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_of_indexes_stay_apart() {
        // R12
        assert_eq!(index_name("ticket", "e_mail", "unique"), "ticket.e_mail.unique");
        let long = "a".repeat(60);
        let names = ["x", "y"].map(|column| index_name(&long, column, "unique"));
        assert_eq!(names.each_ref().map(String::len), [LONGEST_NAME; 2]);
        assert_ne!(names[0], names[1]);
    }
}
