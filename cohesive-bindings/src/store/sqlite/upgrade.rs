//! From the engine's tables of an earlier version to the present ones, where adding to them is not enough.

use super::schema::ENGINE;
use super::shape::{self, Shape};
use crate::store::StoreError;
use crate::store::names::quoted;

/// A lane before there were streams.
const ONE_STREAM: &str = r#""lane" INTEGER NOT NULL CHECK ("lane" BETWEEN 0 AND 63)"#;

/// What fills the tables, from the former ones. Requests move to their own lanes, with the leases, claims and waits
/// that they have; relays tell again that they are there.
const STREAMS: [(&str, &str); 4] = [
    (
        "cohesive_outbox",
        r#"INSERT INTO "cohesive_outbox" ("position", "message_id", "entity", "entity_id", "version", "ordinal", "role", "name", "payload", "transition_name", "correlation", "causation", "actor", "occurred_at", "recorded_at", "lane", "attempts", "claim", "published_at", "dropped_at") SELECT "position", "message_id", "entity", "entity_id", "version", "ordinal", "role", "name", "payload", "transition_name", "correlation", "causation", "actor", "occurred_at", "recorded_at", CASE "role" WHEN 'request' THEN "lane" + 64 ELSE "lane" END, "attempts", "claim", "published_at", "dropped_at" FROM "cohesive_former";
DELETE FROM "sqlite_sequence" WHERE "name" = 'cohesive_outbox';
INSERT INTO "sqlite_sequence" ("name", "seq") SELECT 'cohesive_outbox', "seq" FROM "sqlite_sequence" WHERE "name" = 'cohesive_former';
"#,
    ),
    (
        "cohesive_blocked",
        r#"INSERT INTO "cohesive_blocked" ("lane", "entity", "entity_id", "position", "since", "until", "alone", "parked_at", "error") SELECT "o"."lane", "b"."entity", "b"."entity_id", "b"."position", "b"."since", "b"."until", "b"."alone", "b"."parked_at", "b"."error" FROM "cohesive_former" AS "b" JOIN "cohesive_outbox" AS "o" ON "o"."position" = "b"."position";
"#,
    ),
    (
        "cohesive_lane",
        r#"INSERT INTO "cohesive_lane" ("lane", "owner", "token", "since", "until") SELECT "lane", "owner", "token", "since", "until" FROM "cohesive_former" UNION ALL SELECT "lane" + 64, "owner", "token", "since", "until" FROM "cohesive_former";
"#,
    ),
    ("cohesive_relay", ""),
];

/// The statements that give events and requests streams of their own, where what was made knows none.
pub(super) fn streams(made: &Shape) -> Result<Option<(String, String)>, StoreError> {
    let lane = made.get("cohesive_outbox").and_then(|outbox| outbox.parts.get("lane"));
    if lane.map(String::as_str) != Some(ONE_STREAM) {
        return Ok(None);
    }
    let wanted = shape::of(ENGINE)?;
    let mut steps = Vec::new();
    for (name, fill) in STREAMS {
        let Some((former, table)) = made.get(name).zip(wanted.get(name)) else { continue };
        steps.extend(former.extras.keys().map(|index| format!("DROP INDEX {};\n", quoted(index))));
        steps.push(format!("ALTER TABLE {} RENAME TO \"cohesive_former\";\n{};\n", quoted(name), table.sql));
        steps.push(format!("{fill}DROP TABLE \"cohesive_former\";\n"));
        steps.extend(table.extras.values().map(|index| format!("{index};\n")));
    }
    Ok(Some(("engine: streams".to_owned(), steps.concat())))
}
