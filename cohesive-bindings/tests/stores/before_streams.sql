CREATE TABLE "cohesive_outbox" (
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
  "occurred_at" INTEGER,
  "recorded_at" INTEGER NOT NULL,
  "lane" INTEGER NOT NULL CHECK ("lane" BETWEEN 0 AND 63),
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "claim" INTEGER,
  "published_at" INTEGER,
  "dropped_at" INTEGER,
  UNIQUE ("entity", "entity_id", "version", "ordinal")
) STRICT;
CREATE INDEX "cohesive_outbox.pending" ON "cohesive_outbox" ("lane", "position") WHERE "published_at" IS NULL AND "dropped_at" IS NULL;
CREATE INDEX "cohesive_outbox.published" ON "cohesive_outbox" ("published_at") WHERE "published_at" IS NOT NULL;
CREATE INDEX "cohesive_outbox.dropped" ON "cohesive_outbox" ("dropped_at") WHERE "dropped_at" IS NOT NULL;
CREATE TABLE "cohesive_blocked" (
  "entity" TEXT NOT NULL,
  "entity_id" TEXT NOT NULL,
  "lane" INTEGER NOT NULL,
  "position" INTEGER NOT NULL,
  "since" INTEGER NOT NULL,
  "until" INTEGER NOT NULL,
  "alone" INTEGER NOT NULL CHECK ("alone" IN (0, 1)),
  "parked_at" INTEGER,
  "error" TEXT NOT NULL,
  PRIMARY KEY ("entity", "entity_id")
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "cohesive_blocked.position" ON "cohesive_blocked" ("position");
CREATE INDEX "cohesive_blocked.alone" ON "cohesive_blocked" ("lane") WHERE "alone" = 1;
CREATE TABLE "cohesive_lane" (
  "lane" INTEGER PRIMARY KEY CHECK ("lane" BETWEEN 0 AND 63),
  "owner" TEXT,
  "token" INTEGER NOT NULL,
  "since" INTEGER NOT NULL,
  "until" INTEGER NOT NULL
) STRICT;
CREATE TABLE "cohesive_relay" (
  "owner" TEXT PRIMARY KEY,
  "since" INTEGER NOT NULL,
  "until" INTEGER NOT NULL
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
  PRIMARY KEY ("scope", "key")
) STRICT, WITHOUT ROWID;
CREATE INDEX "cohesive_receipt.expiry" ON "cohesive_receipt" ("expires_at");
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
  "recorded_at" INTEGER NOT NULL
) STRICT;
CREATE TABLE "cohesive_migration" (
  "ordinal" INTEGER PRIMARY KEY,
  "name" TEXT NOT NULL,
  "fingerprint" TEXT NOT NULL,
  "sql" TEXT NOT NULL,
  "applied_at" INTEGER NOT NULL
) STRICT;
