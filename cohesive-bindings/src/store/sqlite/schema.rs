//! The tables: one per entity, and the engine's own.
//!
//! Everything here is made from the compiled model. Identifiers are checked and quoted; values are never part of a
//! statement, except for the names of an enumeration in its constraint (F38).

use std::fmt::Write as _;

use cohesive_core::model::{Field, FieldRole, Structure, Type};
use cohesive_core::value::{Duration, Timestamp};

use crate::store::fit;
use crate::store::names::{literal, quoted};

/// The column that holds an entity's version. Fields cannot clash with it: the prefix is reserved.
pub(super) const VERSION: &str = "cohesive_version";
/// Prefixes that belong to the engine and to SQLite.
pub(super) const RESERVED: [&str; 2] = ["cohesive_", "sqlite_"];

/// The engine's own tables.
///
/// The id of a message follows from entity, id, version and ordinal, so the constraint over those four makes it
/// unique as well. A pending message is neither published nor dropped; the index by lane holds only those, so a long
/// history costs the search for work nothing (B22). `claim` is the token of the lease under which a message is
/// claimed, empty while it is not. An entity whose first pending message waits has a row in `cohesive_blocked`, by
/// lane, because the lane tells the stream.
pub(super) const ENGINE: &str = r#"CREATE TABLE "cohesive_outbox" (
  "position" INTEGER PRIMARY KEY AUTOINCREMENT,
  "message_id" BLOB NOT NULL CHECK (length("message_id") = 16),
  "entity" TEXT NOT NULL,
  "entity_id" TEXT NOT NULL,
  "version" INTEGER NOT NULL CHECK ("version" >= 0),
  "ordinal" INTEGER NOT NULL CHECK ("ordinal" >= 0),
  "role" TEXT NOT NULL CHECK ("role" IN ('event', 'request')),
  "name" TEXT NOT NULL,
  "payload" TEXT NOT NULL CHECK (json_valid("payload")),
  "transition_name" TEXT NOT NULL,
  "correlation" TEXT NOT NULL,
  "causation" TEXT,
  "actor" TEXT,
  "trace" TEXT,
  "occurred_at" INTEGER,
  "recorded_at" INTEGER NOT NULL,
  "lane" INTEGER NOT NULL CHECK ("lane" BETWEEN 0 AND 127),
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "claim" INTEGER,
  "published_at" INTEGER,
  "dropped_at" INTEGER,
  UNIQUE ("entity", "entity_id", "version", "ordinal")
) STRICT;
CREATE INDEX "cohesive_outbox.pending" ON "cohesive_outbox" ("lane", "position") WHERE "published_at" IS NULL AND "dropped_at" IS NULL;
CREATE INDEX "cohesive_outbox.published" ON "cohesive_outbox" ("role", "published_at") WHERE "published_at" IS NOT NULL;
CREATE INDEX "cohesive_outbox.dropped" ON "cohesive_outbox" ("role", "dropped_at") WHERE "dropped_at" IS NOT NULL;
CREATE TABLE "cohesive_blocked" (
  "lane" INTEGER NOT NULL,
  "entity" TEXT NOT NULL,
  "entity_id" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "since" INTEGER NOT NULL,
  "until" INTEGER NOT NULL,
  "alone" INTEGER NOT NULL CHECK ("alone" IN (0, 1)),
  "parked_at" INTEGER,
  "error" TEXT NOT NULL,
  PRIMARY KEY ("lane", "entity", "entity_id")
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "cohesive_blocked.position" ON "cohesive_blocked" ("position");
CREATE INDEX "cohesive_blocked.alone" ON "cohesive_blocked" ("lane") WHERE "alone" = 1;
CREATE TABLE "cohesive_lane" (
  "lane" INTEGER PRIMARY KEY CHECK ("lane" BETWEEN 0 AND 127),
  "owner" TEXT,
  "token" INTEGER NOT NULL,
  "since" INTEGER NOT NULL,
  "until" INTEGER NOT NULL
) STRICT;
CREATE TABLE "cohesive_relay" (
  "stream" TEXT NOT NULL CHECK ("stream" IN ('event', 'request')),
  "owner" TEXT NOT NULL,
  "since" INTEGER NOT NULL,
  "until" INTEGER NOT NULL,
  PRIMARY KEY ("stream", "owner")
) STRICT, WITHOUT ROWID;
CREATE TABLE "cohesive_receipt" (
  "scope" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "fingerprint" BLOB NOT NULL CHECK (length("fingerprint") = 32),
  "status" INTEGER NOT NULL CHECK ("status" BETWEEN 0 AND 65535),
  "version" INTEGER CHECK ("version" >= 0),
  "body" BLOB NOT NULL,
  "recorded_at" INTEGER NOT NULL,
  "expires_at" INTEGER NOT NULL,
  "mark" INTEGER,
  PRIMARY KEY ("scope", "key")
) STRICT, WITHOUT ROWID;
CREATE INDEX "cohesive_receipt.expiry" ON "cohesive_receipt" ("expires_at");
CREATE TABLE "cohesive_mark" (
  "scope" TEXT PRIMARY KEY,
  "mark" INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE "cohesive_attempt" (
  "consumer" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "message_id" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL,
  PRIMARY KEY ("consumer", "source", "message_id")
) STRICT, WITHOUT ROWID;
CREATE TABLE "cohesive_parked_delivery" (
  "number" INTEGER PRIMARY KEY AUTOINCREMENT,
  "consumer" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "message_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "partition_key" TEXT NOT NULL,
  "headers" TEXT NOT NULL CHECK (json_valid("headers")),
  "body" BLOB NOT NULL,
  "error" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL,
  "parked_at" INTEGER NOT NULL,
  UNIQUE ("consumer", "source", "message_id")
) STRICT;
CREATE INDEX "cohesive_parked_delivery.waiting" ON "cohesive_parked_delivery" ("consumer", "partition_key");
CREATE TABLE "cohesive_parked_input" (
  "number" INTEGER PRIMARY KEY AUTOINCREMENT,
  "entity" TEXT NOT NULL,
  "entity_id" TEXT NOT NULL,
  "transition_name" TEXT NOT NULL,
  "input" TEXT NOT NULL CHECK (json_valid("input")),
  "expected" INTEGER NOT NULL CHECK ("expected" >= 0),
  "actual" INTEGER NOT NULL CHECK ("actual" >= 0),
  "correlation" TEXT NOT NULL,
  "causation" TEXT,
  "actor" TEXT,
  "trace" TEXT,
  "recorded_at" INTEGER NOT NULL
) STRICT;
CREATE TABLE "cohesive_migration" (
  "ordinal" INTEGER PRIMARY KEY,
  "name" TEXT NOT NULL,
  "fingerprint" TEXT NOT NULL,
  "sql" TEXT NOT NULL,
  "applied_at" INTEGER NOT NULL
) STRICT;
"#;

/// Every table of these entities and of the engine, as SQL.
#[must_use]
pub fn ddl(structures: &[&'static Structure]) -> String {
    let mut sql = ENGINE.to_owned();
    for structure in structures {
        sql.push_str(&entity(structure));
    }
    sql
}

/// The table of one entity, with its indexes.
///
/// The rows lie in the order of the id, without a hidden row number: a load is one search instead of two, lists
/// need no sort, and each index ends in the id, which is what paging through a filtered list needs.
pub(super) fn entity(structure: &'static Structure) -> String {
    let columns: Vec<String> = structure.fields.iter().map(column).collect();
    let version = quoted(VERSION);
    let mut sql = format!(
        "CREATE TABLE {} (\n  {},\n  {version} INTEGER NOT NULL CHECK ({version} >= 0)\n) STRICT, WITHOUT ROWID;\n",
        quoted(structure.table),
        columns.join(",\n  "),
    );
    for field in structure.fields.iter().filter(|field| field.role != FieldRole::Id) {
        let (kind, suffix) = match (field.unique, field.is_filter()) {
            (true, _) => ("UNIQUE INDEX", "unique"),
            (_, true) => ("INDEX", "index"),
            _ => continue,
        };
        // The dots cannot occur in names, so two indexes never spell the same (R12).
        let name = quoted(&format!("{}.{}.{suffix}", structure.table, field.wire));
        let on = comparable(field);
        let _ = writeln!(sql, "CREATE {kind} {name} ON {} ({on});", quoted(structure.table));
    }
    sql
}

/// One column. The constraint tells the types apart that share a storage class, so that a field whose type changes
/// is noticed by its column.
fn column(field: &'static Field) -> String {
    let name = quoted(field.wire);
    let required = if field.ty.is_optional() { "" } else { " NOT NULL" };
    let key = if field.role == FieldRole::Id { " PRIMARY KEY" } else { "" };
    let (storage, check) = match fit::plain(&field.ty) {
        Type::Bool => ("INTEGER", format!("{name} IN (0, 1)")),
        Type::Int32 => ("INTEGER", format!("{name} BETWEEN {} AND {}", i32::MIN, i32::MAX)),
        Type::UInt32 => ("INTEGER", format!("{name} BETWEEN 0 AND {}", u32::MAX)),
        Type::Int64 => ("INTEGER", String::new()),
        Type::Timestamp => {
            let (first, last) = (Timestamp::MIN.as_micros(), Timestamp::MAX.as_micros());
            ("INTEGER", format!("{name} BETWEEN {first} AND {last}"))
        }
        Type::Duration => {
            let most = Duration::MAX.as_micros();
            ("INTEGER", format!("{name} BETWEEN -{most} AND {most}"))
        }
        Type::Currency => ("TEXT", format!("{name} GLOB '[A-Z][A-Z][A-Z]'")),
        Type::Bytes => ("BLOB", String::new()),
        Type::Uuid => ("BLOB", format!("length({name}) = 16")),
        Type::Enum(names) => {
            let words: Vec<String> = names.variants.iter().map(|variant| literal(variant.wire)).collect();
            ("TEXT", format!("{name} IN ({})", words.join(", ")))
        }
        Type::Decimal => ("TEXT", format!("{name} NOT GLOB '*[^-.0-9]*'")),
        Type::Date => ("TEXT", format!("{name} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'")),
        Type::Record(_) => ("TEXT", format!("json_valid({name}) AND json_type({name}) = 'object'")),
        Type::List(_) | Type::Set(_) => {
            ("TEXT", format!("json_valid({name}) AND json_type({name}) = 'array'"))
        }
        Type::Opaque => ("TEXT", format!("json_valid({name})")),
        Type::Text | Type::Id(_) | Type::Optional(_) | Type::Named(_) => ("TEXT", String::new()),
    };
    let check = if check.is_empty() { check } else { format!(" CHECK ({check})") };
    format!("{name} {storage}{required}{key}{check}")
}

/// The expression by which a column is compared, in indexes and in filters alike.
///
/// A decimal keeps its scale, so `1.5` and `1.50` are stored as two texts; without their trailing zeros they are
/// one, and equal texts are equal numbers.
pub(super) fn comparable(field: &'static Field) -> String {
    let name = quoted(field.wire);
    match fit::plain(&field.ty) {
        Type::Decimal => {
            format!("CASE WHEN instr({name}, '.') THEN rtrim(rtrim({name}, '0'), '.') ELSE {name} END")
        }
        _ => name,
    }
}
