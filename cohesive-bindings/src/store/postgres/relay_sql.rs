//! The texts of the statements for relays. Each is one transaction, but for those that take lanes, which are parts of
//! one block.
//!
//! Whoever changes something under a lease locks the lane's row first, in the order of the lanes: claims and
//! settlements of a lane follow each other, and those of a former owner come before it is taken or find the new token.
//! The time is read behind the lock (F30). Every read is by the state of rows: a position is given before its commit,
//! so the last one that was seen says nothing about those below it (F1).

use tokio_postgres::types::Type;

use super::statements::Written;

/// What a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Query {
    /// Read lanes, relays and the time.
    Look,
    /// Make the rows of lanes that never had an owner.
    MakeLanes,
    /// Lock lanes.
    LockLanes,
    /// Say that a relay is there, and forget those that are not.
    Present,
    /// Give lanes to an owner.
    Give,
    /// Release what former owners had claimed.
    Recover,
    /// Give lanes back.
    Release,
    /// Claim messages.
    Claim,
    /// Read the messages that wait to be claimed alone.
    Suspects,
    /// Claim one of those.
    ClaimAlone,
    /// Record settlements.
    Settle,
    /// List parked messages.
    Parked,
    /// Give a parked message its attempts back.
    Retry,
    /// Give a parked message up.
    Drop,
    /// Remove what was published or dropped.
    PrunePublished,
    /// Make published messages pending again.
    Republish,
    /// Count pending and claimed messages by lane.
    Pending,
    /// Count entities that wait, and tell the age of the first message.
    Waiting,
}

impl Query {
    /// All of them, for tests.
    #[cfg(feature = "testing")]
    pub(super) const ALL: [Self; 18] = [
        Self::Look,
        Self::MakeLanes,
        Self::LockLanes,
        Self::Present,
        Self::Give,
        Self::Recover,
        Self::Release,
        Self::Claim,
        Self::Suspects,
        Self::ClaimAlone,
        Self::Settle,
        Self::Parked,
        Self::Retry,
        Self::Drop,
        Self::PrunePublished,
        Self::Republish,
        Self::Pending,
        Self::Waiting,
    ];
}

/// Conditions that stand in many places. A span that begins after `now` and the slack comes from a clock that was set
/// back, so it is over.
macro_rules! condition {
    (pending $row:literal) => {
        concat!($row, ".published_at IS NULL AND ", $row, ".dropped_at IS NULL")
    };
    // The same where the row is at hand, in a form that no index has: the server then looks nowhere else for it.
    (still pending $row:literal) => {
        concat!("(", condition!(pending $row), ") IS TRUE")
    };
    // The same for a search through an entity's history, which has an index of its own with this condition.
    (pending history $row:literal) => {
        concat!(condition!(pending $row), " AND ", $row, ".ordinal >= 0")
    };
    (due $row:literal, $slack:literal) => {
        concat!("(", $row, ".until <= clock.now OR ", $row, ".since > clock.now + ", $slack, ")")
    };
}
const CLOCK: &str = "clock AS MATERIALIZED (SELECT clock_timestamp() AS now)";

const LOOK: &str = concat!(
    "SELECT l.lane::bigint, l.owner, l.token, l.since, l.until, (SELECT now FROM clock), ",
    "(SELECT count(*) FROM cohesive_relay AS r, clock WHERE r.stream = $3 AND r.until > clock.now ",
    "AND r.since <= clock.now + $5), ",
    "(SELECT r.until FROM cohesive_relay AS r, clock WHERE r.stream = $3 AND r.owner = $4 ",
    "AND r.since <= clock.now + $5) ",
    "FROM cohesive_lane AS l WHERE l.lane BETWEEN $1 AND $2 ORDER BY l.lane"
);
const MAKE_LANES: &str = "INSERT INTO cohesive_lane (lane, token, since, until) \
    SELECT lane, 0, to_timestamp(0), to_timestamp(0) FROM generate_series($1, $2) AS lane ON CONFLICT DO NOTHING";
const LOCK_LANES: &str = "SELECT count(*) FROM (SELECT FROM cohesive_lane WHERE lane BETWEEN $1 AND $2 \
    ORDER BY lane FOR NO KEY UPDATE) AS locked";
const PRESENT: &str = concat!(
    "gone AS (DELETE FROM cohesive_relay AS r USING clock WHERE r.stream = $1 ",
    "AND r.owner <> $2 AND ",
    condition!(due "r", "$4"),
    ") INSERT INTO cohesive_relay (stream, owner, since, until) SELECT $1, $2, now, now + $3 FROM clock ",
    "ON CONFLICT (stream, owner) DO UPDATE SET since = excluded.since, until = excluded.until"
);
const GIVE: &str = "UPDATE cohesive_lane AS l SET owner = $1, token = given.token, since = $4, until = $5 \
    FROM unnest($2, $3) AS given (lane, token) WHERE l.lane = given.lane";
/// Of each entity, only the first pending message can have ended the process: one that follows a message which was
/// given back waits for that one. What an operator has to decide about stays as it is.
const RECOVER: &str = concat!(
    "WITH cleared AS (UPDATE cohesive_outbox AS o SET claim = NULL WHERE o.lane = ANY ($1) AND ",
    condition!(pending "o"),
    " AND o.claim IS NOT NULL RETURNING o.lane, o.entity, o.entity_id, o.version, o.ordinal, o.position, o.attempts) ",
    "INSERT INTO cohesive_blocked AS b (lane, entity, entity_id, position, since, until, alone, error) ",
    "SELECT lane, entity, entity_id, position, $2, $2, true, concat(attempts, $4) FROM cleared AS late ",
    "WHERE attempts >= $3 AND NOT EXISTS (SELECT FROM cohesive_outbox AS o WHERE o.lane = late.lane ",
    "AND o.entity = late.entity AND o.entity_id = late.entity_id ",
    "AND (o.version, o.ordinal) < (late.version, late.ordinal) AND ",
    condition!(pending history "o"),
    " OFFSET 0) ON CONFLICT (lane, entity, entity_id) DO UPDATE SET position = excluded.position, since = excluded.since, ",
    "until = excluded.until, alone = true, error = excluded.error WHERE b.parked_at IS NULL"
);
const RELEASE: &str = "WITH mine AS MATERIALIZED (SELECT l.lane FROM \
    (SELECT * FROM unnest($2, $3) AS given (lane, token) ORDER BY lane) AS given, \
    LATERAL (SELECT lane FROM cohesive_lane AS l WHERE l.lane = given.lane AND l.token = given.token AND l.owner = $1 \
    FOR NO KEY UPDATE) AS l), gone AS (DELETE FROM cohesive_relay WHERE stream = ANY ($5) AND owner = $1 AND $4) \
    UPDATE cohesive_lane AS l SET owner = NULL FROM mine WHERE l.lane = mine.lane";
/// The leases that are still in force, without a lock.
const HELD: &str = "LATERAL (SELECT FROM cohesive_lane AS l WHERE l.lane = asked.lane AND l.token = asked.token AND l.owner IS NOT NULL \
    OFFSET 0) AS l)";
const LEASES: &str = "held AS MATERIALIZED (SELECT asked.* FROM unnest($1, $2) AS asked (lane, token), ";
/// The same, with positions from where on to look. They hold while nobody but the owner has made anything pending again.
const PLACES: &str = "held AS MATERIALIZED (SELECT asked.lane, asked.token, l.changed, \
    CASE WHEN l.changed = asked.known THEN asked.first ELSE 0 END AS first \
    FROM unnest($1, $2, $5, $6) AS asked (lane, token, first, known), \
    LATERAL (SELECT l.changed FROM cohesive_lane AS l WHERE l.lane = asked.lane AND l.token = asked.token \
    AND l.owner IS NOT NULL OFFSET 0) AS l)";
/// What can be claimed is, first, the message that an entity waited for, and then those of entities that do not wait.
/// Of each entity as many are taken as were found, the first ones of its history, from the first position that was
/// found: those of a history follow its versions, because who writes one has read the one before. Where messages come
/// without such a write, a hundred more are looked at. What was published below is not walked over again (F33).
/// Then the lanes in which something was found are locked, if they still have this owner: where there is nothing to
/// do, nothing is written.
const CLAIM: &str = concat!(
    "found AS MATERIALIZED (SELECT held.lane, held.token, free.entity, free.entity_id, free.position ",
    "FROM held, clock, ",
    "LATERAL ((SELECT b.entity, b.entity_id, b.position FROM cohesive_blocked AS b WHERE b.lane = held.lane ",
    "AND b.parked_at IS NULL AND ",
    condition!(due "b", "$4"),
    " AND EXISTS (SELECT FROM cohesive_outbox AS o WHERE o.lane = b.lane AND o.position = b.position AND ",
    condition!(pending "o"),
    " AND o.claim IS NULL OFFSET 0) OFFSET 0) ",
    "UNION ALL (SELECT o.entity, o.entity_id, o.position FROM cohesive_outbox AS o WHERE o.lane = held.lane ",
    "AND o.position >= held.first AND ",
    condition!(pending "o"),
    " AND o.claim IS NULL AND NOT EXISTS (SELECT FROM cohesive_blocked AS b WHERE b.lane = o.lane ",
    "AND b.entity = o.entity AND b.entity_id = o.entity_id OFFSET 0) ORDER BY o.position LIMIT $3) ",
    "ORDER BY position LIMIT $3) AS free ",
    "WHERE NOT EXISTS (SELECT FROM held AS every, LATERAL (SELECT FROM cohesive_blocked AS b ",
    "WHERE b.lane = every.lane AND b.alone AND b.parked_at IS NULL AND ",
    condition!(due "b", "$4"),
    " OFFSET 0) AS b)), chosen AS MATERIALIZED (SELECT line.lane, line.token, next.place FROM ",
    "(SELECT lane, token, entity, entity_id, count(*) AS share, min(position) AS first FROM found ",
    "GROUP BY lane, token, entity, entity_id) AS line, ",
    "LATERAL (SELECT near.place FROM (SELECT o.ctid AS place, o.version, o.ordinal FROM cohesive_outbox AS o ",
    "WHERE o.entity = line.entity AND o.entity_id = line.entity_id AND o.lane = line.lane ",
    "AND o.position >= line.first AND ",
    condition!(pending history "o"),
    " AND o.claim IS NULL ORDER BY o.position LIMIT line.share + 100) AS near ",
    "ORDER BY near.version, near.ordinal LIMIT line.share) AS next), ",
    "locked AS MATERIALIZED (SELECT mine.* FROM (SELECT lane, token, array_agg(place) AS places FROM chosen ",
    "GROUP BY lane, token ORDER BY lane) AS mine, ",
    "LATERAL (SELECT FROM cohesive_lane AS l WHERE l.lane = mine.lane AND l.token = mine.token ",
    "AND l.owner IS NOT NULL FOR NO KEY UPDATE) AS l), ",
    "marked AS (UPDATE cohesive_outbox AS o SET claim = locked.token, attempts = o.attempts + 1 ",
    "FROM locked, unnest(locked.places) AS place WHERE o.ctid = place AND ",
    condition!(still pending "o"),
    " AND o.claim IS NULL RETURNING o.*) "
);
/// The columns of a message, and what a claim adds to them.
const CLAIMED: &str = "SELECT message_id, entity, entity_id, version, ordinal, role, name, payload, transition_name, \
    correlation, causation, actor, trace, occurred_at, recorded_at, published_at, position, attempts::bigint, lane::bigint, \
    claim, (SELECT l.changed FROM cohesive_lane AS l WHERE l.lane = marked.lane) FROM marked";
const SUSPECTS: &str = concat!(
    "SELECT b.position, o.attempts::bigint, held.lane::bigint, held.token, o.claim IS NOT NULL ",
    "FROM held, clock, LATERAL (SELECT b.* FROM cohesive_blocked AS b WHERE b.lane = held.lane AND b.alone ",
    "AND b.parked_at IS NULL AND ",
    condition!(due "b", "$3"),
    " OFFSET 0) AS b, LATERAL (SELECT o.* FROM cohesive_outbox AS o WHERE o.lane = b.lane AND o.position = b.position AND ",
    condition!(pending "o"),
    " OFFSET 0) AS o"
);
const CLAIM_ALONE: &str = concat!(
    "WITH locked AS MATERIALIZED (SELECT lane, token FROM cohesive_lane WHERE lane = $1 AND token = $2 ",
    "AND owner IS NOT NULL FOR NO KEY UPDATE), ",
    "marked AS (UPDATE cohesive_outbox AS o SET claim = locked.token, attempts = o.attempts + 1 FROM locked ",
    "WHERE o.ctid = (SELECT ctid FROM cohesive_outbox AS o WHERE o.lane = $1 AND o.position = $3 AND ",
    condition!(pending "o"),
    ") AND ",
    condition!(still pending "o"),
    " AND o.claim IS NULL AND EXISTS (SELECT FROM cohesive_blocked AS b WHERE b.position = $3 ",
    "AND (b.alone AND b.parked_at IS NULL) IS TRUE) RETURNING o.*) "
);
/// The token stands in the condition of the write, and the rows that it changed are answered (F7). A message that was
/// published ends the wait of its entity, unless another settlement of the same call begins a new one.
const SETTLE: &str = concat!(
    "WITH asked AS MATERIALIZED (SELECT DISTINCT ON (position) * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) ",
    "WITH ORDINALITY AS asked (position, lane, token, published, returned, parked, wait, error, place) ",
    "ORDER BY position, place), ",
    "locked AS MATERIALIZED (SELECT l.lane FROM (SELECT DISTINCT lane FROM asked ORDER BY lane) AS mine, ",
    "LATERAL (SELECT lane FROM cohesive_lane AS l WHERE l.lane = mine.lane FOR NO KEY UPDATE) AS l), ",
    "clock AS MATERIALIZED (SELECT clock_timestamp() AS now FROM (SELECT count(*) FROM locked) AS behind), ",
    "there AS MATERIALIZED (SELECT asked.*, o.here FROM asked, LATERAL (SELECT o.ctid AS here ",
    "FROM cohesive_outbox AS o WHERE o.lane = asked.lane AND o.position = asked.position AND ",
    condition!(pending "o"),
    " OFFSET 0) AS o), ",
    "done AS (UPDATE cohesive_outbox AS o SET claim = NULL, ",
    "published_at = CASE WHEN there.published THEN clock.now END, ",
    "attempts = o.attempts - CASE WHEN there.returned AND o.attempts > 0 THEN 1 ELSE 0 END ",
    "FROM there, clock WHERE o.ctid = there.here AND o.claim = there.token AND ",
    condition!(still pending "o"),
    " RETURNING there.*, o.entity, o.entity_id, o.version, o.ordinal, clock.now), ",
    "waits AS (INSERT INTO cohesive_blocked AS b ",
    "(lane, entity, entity_id, position, since, until, alone, parked_at, error) ",
    "SELECT DISTINCT ON (lane, entity, entity_id) lane, entity, entity_id, position, now, now + wait, false, ",
    "CASE WHEN parked THEN now END, error FROM done WHERE wait IS NOT NULL ",
    "ORDER BY lane, entity, entity_id, version, ordinal ",
    "ON CONFLICT (lane, entity, entity_id) DO UPDATE SET position = excluded.position, since = excluded.since, ",
    "until = excluded.until, alone = false, parked_at = excluded.parked_at, error = excluded.error), ",
    "ended AS (DELETE FROM cohesive_blocked AS b USING (SELECT line.here FROM done, LATERAL ",
    "(SELECT b.ctid AS here FROM cohesive_blocked AS b WHERE b.position = done.position OFFSET 0) AS line ",
    "WHERE done.published AND NOT EXISTS (SELECT FROM done AS other WHERE other.wait IS NOT NULL ",
    "AND other.lane = done.lane AND other.entity = done.entity AND other.entity_id = done.entity_id)) AS line ",
    "WHERE b.ctid = line.here RETURNING b.position) ",
    "SELECT done.place, ended.position IS NOT NULL FROM done LEFT JOIN ended ON ended.position = done.position"
);
const PARKED: &str = concat!(
    "SELECT o.position, o.entity, o.entity_id, o.version, o.ordinal, o.name, o.payload, o.attempts::bigint, b.error, ",
    "b.parked_at FROM cohesive_blocked AS b, LATERAL (SELECT * FROM cohesive_outbox AS o ",
    "WHERE o.lane = b.lane AND o.position = b.position AND ",
    condition!(pending "o"),
    " OFFSET 0) AS o WHERE b.lane BETWEEN $1 AND $2 AND b.parked_at IS NOT NULL ORDER BY b.position LIMIT $3"
);
/// Ends the wait of an entity whose message is parked here, behind the lock of its lane.
const UNPARK: &str = "WITH parked AS MATERIALIZED (SELECT ctid AS here, lane FROM cohesive_blocked \
    WHERE position = $1), locked AS MATERIALIZED (SELECT parked.here FROM parked, LATERAL (SELECT FROM cohesive_lane AS l \
    WHERE l.lane = parked.lane FOR NO KEY UPDATE) AS l), \
    freed AS (DELETE FROM cohesive_blocked AS b USING locked WHERE b.ctid = locked.here \
    AND b.parked_at IS NOT NULL RETURNING b.lane, b.position), \
    told AS (UPDATE cohesive_lane AS l SET changed = l.changed + 1 FROM freed WHERE l.lane = freed.lane), ";
/// Where that message lies.
const THERE: &str = concat!(
    "there AS MATERIALIZED (SELECT o.here FROM freed, LATERAL (SELECT o.ctid AS here FROM cohesive_outbox AS o ",
    "WHERE o.lane = freed.lane AND o.position = freed.position AND ",
    condition!(pending "o"),
    " OFFSET 0) AS o) UPDATE cohesive_outbox AS o "
);
const RETRY: &str = "SET attempts = 0 FROM there WHERE o.ctid = there.here RETURNING o.lane::bigint";
const DROP: &str =
    "SET dropped_at = clock_timestamp() FROM there WHERE o.ctid = there.here RETURNING o.lane::bigint";
/// The condition stands twice, the second time in a form that no index has, because the rows are at hand: one that
/// became pending again meanwhile stays. They are removed as they lie, so two who do this never wait for each other
/// in a circle.
const PRUNE_PUBLISHED: &str = "WITH before AS MATERIALIZED (SELECT clock_timestamp() - $1 AS moment), \
    published AS (DELETE FROM cohesive_outbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM cohesive_outbox \
    WHERE role = $3 AND published_at <= (SELECT moment FROM before) ORDER BY published_at LIMIT $2)) \
    AND (published_at <= (SELECT moment FROM before)) IS TRUE RETURNING 1), \
    dropped AS (DELETE FROM cohesive_outbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM cohesive_outbox \
    WHERE role = $3 AND dropped_at <= (SELECT moment FROM before) ORDER BY dropped_at \
    LIMIT $2 - (SELECT count(*) FROM published))) \
    AND (dropped_at <= (SELECT moment FROM before)) IS TRUE RETURNING 1) \
    SELECT (SELECT count(*) FROM published) + (SELECT count(*) FROM dropped)";
/// An entity that waits for another attempt begins anew with the first of them; one that is parked stays parked.
const REPUBLISH: &str = "WITH again AS (UPDATE cohesive_outbox SET published_at = NULL, attempts = 0 \
    WHERE role = $1 AND published_at >= $2 RETURNING lane, entity, entity_id), \
    ended AS (DELETE FROM cohesive_blocked AS b USING (SELECT waits.here FROM (SELECT DISTINCT lane, entity, entity_id \
    FROM again) AS again, LATERAL (SELECT ctid AS here FROM cohesive_blocked AS b WHERE b.lane = again.lane \
    AND b.entity = again.entity AND b.entity_id = again.entity_id OFFSET 0) AS waits) AS waits \
    WHERE b.ctid = waits.here AND b.parked_at IS NULL), \
    told AS (UPDATE cohesive_lane AS l SET changed = l.changed + 1 FROM (SELECT DISTINCT lane FROM again) AS again \
    WHERE l.lane = again.lane) \
    SELECT count(*) FROM again";
const PENDING: &str = concat!(
    "SELECT o.lane::bigint, count(*), count(o.claim) FROM cohesive_outbox AS o WHERE o.lane BETWEEN $1 AND $2 AND ",
    condition!(pending "o"),
    " GROUP BY o.lane ORDER BY o.lane"
);
const WAITING: &str = concat!(
    "SELECT clock_timestamp(), (SELECT count(*) FROM cohesive_blocked WHERE lane BETWEEN $1 AND $2), ",
    "(SELECT count(parked_at) FROM cohesive_blocked WHERE lane BETWEEN $1 AND $2), ",
    "(SELECT first.recorded_at FROM generate_series($1, $2) AS lanes (lane), ",
    "LATERAL (SELECT o.position, o.recorded_at FROM cohesive_outbox AS o WHERE o.lane = lanes.lane AND ",
    condition!(pending "o"),
    " ORDER BY o.position LIMIT 1) AS first ORDER BY first.position LIMIT 1)"
);

/// Writes the statement.
pub(super) fn write(query: Query) -> Written {
    const LANES: [Type; 2] = [Type::INT4, Type::INT4];
    const LEASE_TYPES: [Type; 2] = [Type::INT4_ARRAY, Type::INT8_ARRAY];
    let (text, types): (String, Vec<Type>) = match query {
        Query::Look => {
            (format!("WITH {CLOCK} {LOOK}"), [&LANES[..], &[Type::TEXT, Type::TEXT, Type::INTERVAL]].concat())
        }
        Query::MakeLanes => (MAKE_LANES.to_owned(), LANES.into()),
        Query::LockLanes => (LOCK_LANES.to_owned(), LANES.into()),
        Query::Present => {
            (format!("WITH {CLOCK}, {PRESENT}"), vec![Type::TEXT, Type::TEXT, Type::INTERVAL, Type::INTERVAL])
        }
        Query::Give => {
            let types = [&[Type::TEXT], &LEASE_TYPES[..], &[Type::TIMESTAMPTZ, Type::TIMESTAMPTZ]].concat();
            (GIVE.to_owned(), types)
        }
        Query::Recover => {
            (RECOVER.to_owned(), vec![Type::INT4_ARRAY, Type::TIMESTAMPTZ, Type::INT4, Type::TEXT])
        }
        Query::Release => {
            (RELEASE.to_owned(), [&[Type::TEXT], &LEASE_TYPES[..], &[Type::BOOL, Type::TEXT_ARRAY]].concat())
        }
        Query::Claim => {
            let types = [&LEASE_TYPES[..], &[Type::INT8, Type::INTERVAL, Type::INT8_ARRAY, Type::INT8_ARRAY]]
                .concat();
            (format!("WITH {CLOCK}, {PLACES}, {CLAIM}{CLAIMED}"), types)
        }
        Query::Suspects => (
            format!("WITH {CLOCK}, {LEASES}{HELD} {SUSPECTS}"),
            [&LEASE_TYPES[..], &[Type::INTERVAL]].concat(),
        ),
        Query::ClaimAlone => (format!("{CLAIM_ALONE}{CLAIMED}"), vec![Type::INT4, Type::INT8, Type::INT8]),
        Query::Settle => {
            let flags = [Type::BOOL_ARRAY, Type::BOOL_ARRAY, Type::BOOL_ARRAY];
            let types =
                [&[Type::INT8_ARRAY], &LEASE_TYPES[..], &flags, &[Type::INTERVAL_ARRAY, Type::TEXT_ARRAY]];
            (SETTLE.to_owned(), types.concat())
        }
        Query::Parked => (PARKED.to_owned(), [&LANES[..], &[Type::INT8]].concat()),
        Query::Retry => (format!("{UNPARK}{THERE}{RETRY}"), vec![Type::INT8]),
        Query::Drop => (format!("{UNPARK}{THERE}{DROP}"), vec![Type::INT8]),
        Query::PrunePublished => (PRUNE_PUBLISHED.to_owned(), vec![Type::INTERVAL, Type::INT8, Type::TEXT]),
        Query::Republish => (REPUBLISH.to_owned(), vec![Type::TEXT, Type::TIMESTAMPTZ]),
        Query::Pending => (PENDING.to_owned(), LANES.into()),
        Query::Waiting => (WAITING.to_owned(), LANES.into()),
    };
    (text, types)
}
