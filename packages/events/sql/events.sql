-- The event tables of one subgraph database. Copied into that subgraph's first migration;
-- the matching Prisma models stand in packages/events/README.md.

-- Event store, audit log and outbox in one append-only table.
CREATE TABLE "event" (
  "id"             TEXT NOT NULL,
  -- Order of insertion. Within one stream it agrees with stream_version; across streams it may be visible out of order.
  "recorded_seq"   BIGSERIAL NOT NULL,
  -- Order of publication: gapless, given once by the sequencer. NULL until then.
  "position"       BIGINT,
  "stream_type"    TEXT NOT NULL,
  "stream_id"      TEXT NOT NULL,
  "stream_version" INTEGER NOT NULL,
  "type"           TEXT NOT NULL,
  "version"        INTEGER NOT NULL,
  "data"           JSONB NOT NULL,
  "metadata"       JSONB NOT NULL,
  "recorded_at"    TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "event_position_key" ON "event"("position");
CREATE UNIQUE INDEX "event_stream_type_stream_id_stream_version_key" ON "event"("stream_type", "stream_id", "stream_version");
CREATE INDEX "event_position_recorded_seq_idx" ON "event"("position", "recorded_seq");

-- How far each relay has pushed: events up to this position are in the transport.
CREATE TABLE "event_relay" (
  "name"     TEXT NOT NULL,
  "position" BIGINT NOT NULL,
  CONSTRAINT "event_relay_pkey" PRIMARY KEY ("name")
);

-- One row per event a consumer has taken effect of, written in the handler's transaction.
CREATE TABLE "inbox" (
  "consumer"   TEXT NOT NULL,
  "event_id"   TEXT NOT NULL,
  "handled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "inbox_pkey" PRIMARY KEY ("consumer", "event_id")
);

-- An event that could not be handled ("failed"), and those of its stream that wait behind it ("waiting").
-- A stream with a row here is parked for that consumer.
CREATE TABLE "dead_letter" (
  "consumer"     TEXT NOT NULL,
  "event_id"     TEXT NOT NULL,
  "source"       TEXT NOT NULL,
  "stream_type"  TEXT NOT NULL,
  "stream_id"    TEXT NOT NULL,
  "position"     BIGINT NOT NULL,
  "status"       TEXT NOT NULL,
  "envelope"     JSONB NOT NULL,
  "error"        TEXT,
  "attempts"     INTEGER NOT NULL DEFAULT 0,
  "requested_at" TIMESTAMPTZ(3),
  "parked_at"    TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("consumer", "event_id"),
  CONSTRAINT "dead_letter_status_check" CHECK ("status" IN ('failed', 'waiting', 'discarded'))
);
CREATE INDEX "dead_letter_stream_idx" ON "dead_letter"("consumer", "source", "stream_type", "stream_id", "position");

-- What was recorded stays as it was recorded: the only change allowed is giving a position, once.
CREATE FUNCTION "event_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD."position" IS NULL AND to_jsonb(OLD) - 'position' = to_jsonb(NEW) - 'position' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'event % is append-only', OLD."id" USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "event_append_only" BEFORE UPDATE OR DELETE ON "event"
  FOR EACH ROW EXECUTE FUNCTION "event_is_append_only"();
