-- Tables of workflows; printed by `npm run sql -w @app/workflow`.

-- DBOS keeps its books here; the version tells it that they are complete.
CREATE SCHEMA IF NOT EXISTS "dbos";
create table "dbos"."dbos_migrations" ("version" bigint not null, constraint "dbos_migrations_pkey" primary key ("version"));
create table "dbos"."operation_outputs" ("workflow_uuid" text not null, "function_id" int4 not null, "function_name" text not null default '', "output" text, "error" text, constraint "operation_outputs_pkey" primary key ("workflow_uuid", "function_id"));
create table "dbos"."workflow_inputs" ("workflow_uuid" text not null, "inputs" text not null, constraint "workflow_inputs_pkey" primary key ("workflow_uuid"));
create table "dbos"."workflow_status" ("workflow_uuid" text, "status" text, "name" text, "authenticated_user" text, "assumed_role" text, "authenticated_roles" text, "request" text, "output" text, "error" text, "executor_id" text, constraint "workflow_status_pkey" primary key ("workflow_uuid"));
create table "dbos"."notifications" ("message_uuid" text not null default gen_random_uuid(), "destination_uuid" text not null, "topic" text, "message" text not null, "created_at_epoch_ms" bigint not null default (EXTRACT(EPOCH FROM now()) * 1000.0)::bigint);
create table "dbos"."workflow_events" ("workflow_uuid" text not null, "key" text not null, "value" text not null, constraint "workflow_events_pkey" primary key ("workflow_uuid", "key"));
create index "idx_workflow_topic" on "dbos"."notifications" ("destination_uuid", "topic");
CREATE OR REPLACE FUNCTION "dbos".notifications_function() RETURNS TRIGGER AS $$
    DECLARE
        payload text := NEW.destination_uuid || '::' || NEW.topic;
    BEGIN
        PERFORM pg_notify('dbos_notifications_channel', payload);
        RETURN NEW;
    END;
    $$ LANGUAGE plpgsql;
CREATE TRIGGER dbos_notifications_trigger
    AFTER INSERT ON "dbos".notifications
    FOR EACH ROW EXECUTE FUNCTION "dbos".notifications_function();
CREATE OR REPLACE FUNCTION "dbos".workflow_events_function() RETURNS TRIGGER AS $$
    DECLARE
        payload text := NEW.workflow_uuid || '::' || NEW.key;
    BEGIN
        PERFORM pg_notify('dbos_workflow_events_channel', payload);
        RETURN NEW;
    END;
    $$ LANGUAGE plpgsql;
CREATE TRIGGER dbos_workflow_events_trigger
    AFTER INSERT ON "dbos".workflow_events
    FOR EACH ROW EXECUTE FUNCTION "dbos".workflow_events_function();
alter table "dbos"."workflow_status" add column "created_at" bigint not null default (EXTRACT(EPOCH FROM now()) * 1000.0)::bigint, add column "updated_at" bigint not null default (EXTRACT(EPOCH FROM now()) * 1000.0)::bigint;
alter table "dbos"."notifications" add column if not exists "message_uuid" text not null default gen_random_uuid();
alter table "dbos"."notifications" add constraint "notifications_pkey" primary key ("message_uuid");
create index "workflow_status_created_at_index" on "dbos"."workflow_status" ("created_at");
alter table "dbos"."operation_outputs" add constraint "operation_outputs_workflow_uuid_foreign" foreign key ("workflow_uuid") references "dbos"."workflow_status" ("workflow_uuid") on update CASCADE on delete CASCADE;
alter table "dbos"."workflow_inputs" add constraint "workflow_inputs_workflow_uuid_foreign" foreign key ("workflow_uuid") references "dbos"."workflow_status" ("workflow_uuid") on update CASCADE on delete CASCADE;
alter table "dbos"."notifications" add constraint "notifications_destination_uuid_fkey" foreign key ("destination_uuid") references "dbos"."workflow_status" ("workflow_uuid") on update CASCADE on delete CASCADE;
alter table "dbos"."workflow_events" add constraint "workflow_events_workflow_uuid_fkey" foreign key ("workflow_uuid") references "dbos"."workflow_status" ("workflow_uuid") on update CASCADE on delete CASCADE;
create index "workflow_status_executor_id_index" on "dbos"."workflow_status" ("executor_id");
create table "dbos"."scheduler_state" ("workflow_fn_name" text not null, "last_run_time" bigint not null, constraint "scheduler_state_pkey" primary key ("workflow_fn_name"));
alter table "dbos"."workflow_status" add column "application_version" text, add column "application_id" text;
alter table "dbos"."workflow_status" add column "class_name" varchar(255) default null, add column "config_name" varchar(255) default null;
alter table "dbos"."workflow_status" add column "recovery_attempts" bigint default 0;
alter table "dbos"."workflow_status" add column "queue_name" text default null;
create table "dbos"."workflow_queue" ("queue_name" text not null, "workflow_uuid" text not null, "created_at_epoch_ms" bigint not null default (EXTRACT(EPOCH FROM now())*1000)::bigint, "started_at_epoch_ms" bigint, "completed_at_epoch_ms" bigint, constraint "workflow_queue_pkey" primary key ("workflow_uuid"));
alter table "dbos"."workflow_queue" add constraint "workflow_queue_workflow_uuid_foreign" foreign key ("workflow_uuid") references "dbos"."workflow_status" ("workflow_uuid") on update CASCADE on delete CASCADE;
create table "dbos"."event_dispatch_kv" ("service_name" text not null, "workflow_fn_name" text not null, "key" text not null, "value" text, "update_seq" decimal(38, 0), "update_time" decimal(38, 15), constraint "event_dispatch_kv_pkey" primary key ("service_name", "workflow_fn_name", "key"));
alter table "dbos"."operation_outputs" add column if not exists "function_name" text not null default '';
alter table "dbos"."operation_outputs" add column "child_workflow_id" text;
alter table "dbos"."workflow_queue" add column "executor_id" text;
alter table "dbos"."workflow_queue" add column "deduplication_id" text;
alter table "dbos"."workflow_queue" add constraint "workflow_queue_queue_name_deduplication_id_unique" unique ("queue_name", "deduplication_id");
alter table "dbos"."workflow_status" add column "workflow_timeout_ms" bigint, add column "workflow_deadline_epoch_ms" bigint;
alter table "dbos"."workflow_queue" add column "priority" int4 not null default '0';
alter table "dbos"."workflow_status" add column "inputs" text null;
alter table "dbos"."workflow_status" add column "started_at_epoch_ms" bigint null, add column "deduplication_id" text null, add column "priority" int4 not null default '0';
alter table "dbos"."workflow_status" add constraint "uq_workflow_status_queue_name_dedup_id" unique ("queue_name", "deduplication_id");
create index "workflow_status_status_index" on "dbos"."workflow_status" ("status");
create table "dbos"."streams" ("workflow_uuid" text not null, "key" text not null, "value" text not null, "offset" int4 not null, constraint "streams_pkey" primary key ("workflow_uuid", "key", "offset"));
alter table "dbos"."streams" add constraint "streams_workflow_uuid_fkey" foreign key ("workflow_uuid") references "dbos"."workflow_status" ("workflow_uuid") on update CASCADE on delete CASCADE;
alter table "dbos"."workflow_status" add column "queue_partition_key" text;
create index "idx_workflow_status_queue_status_started" on "dbos"."workflow_status" ("queue_name", "status", "started_at_epoch_ms");
ALTER TABLE "dbos".workflow_status ADD COLUMN forked_from TEXT;
create index "idx_workflow_status_forked_from" on "dbos"."workflow_status" ("forked_from");
ALTER TABLE "dbos".operation_outputs ADD COLUMN started_at_epoch_ms BIGINT, ADD COLUMN completed_at_epoch_ms BIGINT;
ALTER TABLE "dbos"."workflow_status" ADD COLUMN "owner_xid" TEXT DEFAULT NULL;
CREATE TABLE "dbos".workflow_events_history (
            workflow_uuid TEXT NOT NULL,
            function_id INT4 NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (workflow_uuid, function_id, key),
            FOREIGN KEY (workflow_uuid) REFERENCES "dbos".workflow_status(workflow_uuid)
                ON UPDATE CASCADE ON DELETE CASCADE
        );
ALTER TABLE "dbos".streams ADD COLUMN function_id INT4 NOT NULL DEFAULT 0;
ALTER TABLE "dbos"."workflow_status" ADD COLUMN "parent_workflow_id" TEXT DEFAULT NULL;
CREATE INDEX "idx_workflow_status_parent_workflow_id" ON "dbos"."workflow_status" ("parent_workflow_id");
ALTER TABLE "dbos"."workflow_status" ADD COLUMN "serialization" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."notifications" ADD COLUMN "serialization" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."workflow_events" ADD COLUMN "serialization" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."workflow_events_history" ADD COLUMN "serialization" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."operation_outputs" ADD COLUMN "serialization" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."streams" ADD COLUMN "serialization" TEXT DEFAULT NULL;
CREATE TABLE "dbos"."workflow_schedules" (
          schedule_id TEXT PRIMARY KEY,
          schedule_name TEXT NOT NULL UNIQUE,
          workflow_name TEXT NOT NULL,
          workflow_class_name TEXT,
          schedule TEXT NOT NULL,
          status TEXT NOT NULL DEFAULT 'ACTIVE',
          context TEXT NOT NULL
        );
ALTER TABLE "dbos"."notifications" ADD COLUMN "consumed" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "idx_notifications" ON "dbos"."notifications" ("destination_uuid", "topic");
CREATE TABLE "dbos"."application_versions" (
          "version_id" TEXT NOT NULL,
          "version_name" TEXT NOT NULL UNIQUE,
          "version_timestamp" BIGINT NOT NULL DEFAULT (EXTRACT(EPOCH FROM now()) * 1000.0)::bigint,
          "created_at" BIGINT NOT NULL DEFAULT (EXTRACT(EPOCH FROM now()) * 1000.0)::bigint,
          CONSTRAINT "application_versions_pkey" PRIMARY KEY ("version_id")
        );
CREATE FUNCTION "dbos".enqueue_workflow(
            workflow_name TEXT,
            queue_name TEXT,
            positional_args JSON[] DEFAULT ARRAY[]::JSON[],
            named_args JSON DEFAULT '{}'::JSON,
            class_name TEXT DEFAULT NULL,
            config_name TEXT DEFAULT NULL,
            workflow_id TEXT DEFAULT NULL,
            app_version TEXT DEFAULT NULL,
            timeout_ms BIGINT DEFAULT NULL,
            deadline_epoch_ms BIGINT DEFAULT NULL,
            deduplication_id TEXT DEFAULT NULL,
            priority INTEGER DEFAULT NULL,
            queue_partition_key TEXT DEFAULT NULL
        ) RETURNS TEXT AS $$
        DECLARE
            v_workflow_id TEXT;
            v_serialized_inputs TEXT;
            v_owner_xid TEXT;
            v_now BIGINT;
            v_recovery_attempts INTEGER := 0;
            v_priority INTEGER;
        BEGIN

            -- Validate required parameters
            IF workflow_name IS NULL OR workflow_name = '' THEN
                RAISE EXCEPTION 'Workflow name cannot be null or empty';
            END IF;
            IF queue_name IS NULL OR queue_name = '' THEN
                RAISE EXCEPTION 'Queue name cannot be null or empty';
            END IF;
            IF named_args IS NOT NULL AND jsonb_typeof(named_args::jsonb) != 'object' THEN
                RAISE EXCEPTION 'Named args must be a JSON object';
            END IF;
            IF workflow_id IS NOT NULL AND workflow_id = '' THEN
                RAISE EXCEPTION 'Workflow ID cannot be an empty string if provided.';
            END IF;

            v_workflow_id := COALESCE(workflow_id, gen_random_uuid()::TEXT);
            v_owner_xid := gen_random_uuid()::TEXT;
            v_priority := COALESCE(priority, 0);
            v_serialized_inputs := json_build_object(
                'positionalArgs', positional_args,
                'namedArgs', named_args
            )::TEXT;
            v_now := EXTRACT(epoch FROM now()) * 1000;

            INSERT INTO "dbos".workflow_status (
                workflow_uuid, status, inputs,
                name, class_name, config_name,
                queue_name, deduplication_id, priority, queue_partition_key,
                application_version,
                created_at, updated_at, recovery_attempts,
                workflow_timeout_ms, workflow_deadline_epoch_ms,
                parent_workflow_id, owner_xid, serialization
            ) VALUES (
                v_workflow_id, 'ENQUEUED', v_serialized_inputs,
                workflow_name, class_name, config_name,
                queue_name, deduplication_id, v_priority, queue_partition_key,
                app_version,
                v_now, v_now, v_recovery_attempts,
                timeout_ms, deadline_epoch_ms,
                NULL, v_owner_xid, 'portable_json'
            )
            ON CONFLICT (workflow_uuid)
            DO UPDATE SET
                updated_at = EXCLUDED.updated_at;

            RETURN v_workflow_id;

        EXCEPTION
            WHEN unique_violation THEN
                RAISE EXCEPTION 'DBOS queue duplicated'
                   USING DETAIL = format('Workflow %s with queue %s and deduplication ID %s already exists', v_workflow_id, queue_name, deduplication_id),
                        ERRCODE = 'unique_violation';
        END;
        $$ LANGUAGE plpgsql;
CREATE FUNCTION "dbos".send_message(
            destination_id TEXT,
            message JSON,
            topic TEXT DEFAULT NULL,
            message_id TEXT DEFAULT NULL
        ) RETURNS VOID AS $$
        DECLARE
            v_topic TEXT := COALESCE(topic, '__null__topic__');
            v_message_id TEXT := COALESCE(message_id, gen_random_uuid()::TEXT);
        BEGIN
            INSERT INTO "dbos".notifications (
                destination_uuid, topic, message, message_uuid, serialization
            ) VALUES (
                destination_id, v_topic, message, v_message_id, 'portable_json'
            )
            ON CONFLICT (message_uuid) DO NOTHING;
        EXCEPTION
            WHEN foreign_key_violation THEN
                RAISE EXCEPTION 'DBOS non-existent workflow'
                   USING DETAIL = format('Destination workflow %s does not exist', destination_id),
                        ERRCODE = 'foreign_key_violation';
        END;
        $$ LANGUAGE plpgsql;
ALTER TABLE "dbos"."workflow_schedules" ADD COLUMN "last_fired_at" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."workflow_schedules" ADD COLUMN "automatic_backfill" BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE "dbos"."workflow_schedules" ADD COLUMN "cron_timezone" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."workflow_status" ADD COLUMN "delay_until_epoch_ms" BIGINT DEFAULT NULL;
CREATE INDEX "idx_workflow_status_delayed" ON "dbos"."workflow_status" ("delay_until_epoch_ms") WHERE status = 'DELAYED';
ALTER TABLE "dbos"."workflow_schedules" ADD COLUMN "queue_name" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."workflow_status" ADD COLUMN "was_forked_from" BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX "idx_operation_outputs_completed_at_function_name" ON "dbos"."operation_outputs" ("completed_at_epoch_ms", "function_name");
ALTER FUNCTION "dbos".enqueue_workflow(
            TEXT, TEXT, JSON[], JSON, TEXT, TEXT, TEXT, TEXT, BIGINT, BIGINT, TEXT, INTEGER, TEXT
        ) SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION "dbos".send_message(
            TEXT, JSON, TEXT, TEXT
        ) SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION "dbos".notifications_function() SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION "dbos".workflow_events_function() SET search_path = pg_catalog, pg_temp;
CREATE TABLE "dbos"."queues" (
          "queue_id" TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
          "name" TEXT NOT NULL UNIQUE,
          "concurrency" INT4,
          "worker_concurrency" INT4,
          "rate_limit_max" INT4,
          "rate_limit_period_sec" DOUBLE PRECISION,
          "priority_enabled" BOOLEAN NOT NULL DEFAULT FALSE,
          "partition_queue" BOOLEAN NOT NULL DEFAULT FALSE,
          "polling_interval_sec" DOUBLE PRECISION NOT NULL DEFAULT 1.0,
          "created_at" BIGINT NOT NULL DEFAULT (EXTRACT(EPOCH FROM now()) * 1000.0)::bigint,
          "updated_at" BIGINT NOT NULL DEFAULT (EXTRACT(EPOCH FROM now()) * 1000.0)::bigint
        );
DROP INDEX IF EXISTS "dbos"."idx_workflow_status_forked_from";
CREATE INDEX IF NOT EXISTS "idx_workflow_status_forked_from" ON "dbos"."workflow_status" ("forked_from") WHERE "forked_from" IS NOT NULL;
DROP INDEX IF EXISTS "dbos"."idx_workflow_status_parent_workflow_id";
CREATE INDEX IF NOT EXISTS "idx_workflow_status_parent_workflow_id" ON "dbos"."workflow_status" ("parent_workflow_id") WHERE "parent_workflow_id" IS NOT NULL;
DROP INDEX IF EXISTS "dbos"."workflow_status_executor_id_index";
CREATE UNIQUE INDEX IF NOT EXISTS "uq_workflow_status_dedup_id" ON "dbos"."workflow_status" ("queue_name", "deduplication_id") WHERE "deduplication_id" IS NOT NULL;
ALTER TABLE "dbos"."workflow_status" DROP CONSTRAINT IF EXISTS "uq_workflow_status_queue_name_dedup_id";
CREATE INDEX IF NOT EXISTS "idx_workflow_status_pending" ON "dbos"."workflow_status" ("created_at") WHERE "status" = 'PENDING';
CREATE INDEX IF NOT EXISTS "idx_workflow_status_failed" ON "dbos"."workflow_status" ("status", "created_at") WHERE "status" IN ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED');
DROP INDEX IF EXISTS "dbos"."workflow_status_status_index";
CREATE INDEX IF NOT EXISTS "idx_workflow_status_in_flight" ON "dbos"."workflow_status" ("queue_name", "status", "priority", "created_at") WHERE "status" IN ('ENQUEUED', 'PENDING');
ALTER TABLE "dbos"."workflow_status" ADD COLUMN IF NOT EXISTS "rate_limited" BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX IF NOT EXISTS "idx_workflow_status_rate_limited" ON "dbos"."workflow_status" ("queue_name", "started_at_epoch_ms") WHERE "rate_limited" = TRUE;
DROP INDEX IF EXISTS "dbos"."idx_workflow_status_queue_status_started";
ALTER TABLE "dbos"."workflow_status" ADD COLUMN IF NOT EXISTS "completed_at" BIGINT;
CREATE INDEX IF NOT EXISTS "idx_workflow_status_completed_at" ON "dbos"."workflow_status" ("completed_at") WHERE "completed_at" IS NOT NULL;
CREATE INDEX IF NOT EXISTS "idx_workflow_status_started_at" ON "dbos"."workflow_status" ("started_at_epoch_ms") WHERE "started_at_epoch_ms" IS NOT NULL;
DROP FUNCTION IF EXISTS "dbos".enqueue_workflow(
            TEXT, TEXT, JSON[], JSON, TEXT, TEXT, TEXT, TEXT, BIGINT, BIGINT, TEXT, INTEGER, TEXT
        );
CREATE OR REPLACE FUNCTION "dbos".enqueue_workflow(
            workflow_name TEXT,
            queue_name TEXT,
            positional_args JSON[] DEFAULT ARRAY[]::JSON[],
            named_args JSON DEFAULT '{}'::JSON,
            class_name TEXT DEFAULT NULL,
            config_name TEXT DEFAULT NULL,
            workflow_id TEXT DEFAULT NULL,
            app_version TEXT DEFAULT NULL,
            timeout_ms BIGINT DEFAULT NULL,
            deadline_epoch_ms BIGINT DEFAULT NULL,
            deduplication_id TEXT DEFAULT NULL,
            priority INT4 DEFAULT NULL,
            queue_partition_key TEXT DEFAULT NULL,
            authenticated_user TEXT DEFAULT NULL,
            authenticated_roles TEXT DEFAULT NULL,
            delay_until_epoch_ms BIGINT DEFAULT NULL
        ) RETURNS TEXT AS $$
        DECLARE
            v_workflow_id TEXT;
            v_serialized_inputs TEXT;
            v_owner_xid TEXT;
            v_now BIGINT;
            v_recovery_attempts INT4 := 0;
            v_priority INT4;
            v_status TEXT;
        BEGIN

            -- Validate required parameters
            IF workflow_name IS NULL OR workflow_name = '' THEN
                RAISE EXCEPTION 'Workflow name cannot be null or empty';
            END IF;
            IF queue_name IS NULL OR queue_name = '' THEN
                RAISE EXCEPTION 'Queue name cannot be null or empty';
            END IF;
            IF named_args IS NOT NULL AND jsonb_typeof(named_args::jsonb) != 'object' THEN
                RAISE EXCEPTION 'Named args must be a JSON object';
            END IF;
            IF workflow_id IS NOT NULL AND workflow_id = '' THEN
                RAISE EXCEPTION 'Workflow ID cannot be an empty string if provided.';
            END IF;
            IF delay_until_epoch_ms IS NOT NULL AND delay_until_epoch_ms < 0 THEN
                RAISE EXCEPTION 'delay_until_epoch_ms must be >= 0';
            END IF;

            v_workflow_id := COALESCE(workflow_id, gen_random_uuid()::TEXT);
            v_owner_xid := gen_random_uuid()::TEXT;
            v_priority := COALESCE(priority, 0);
            v_serialized_inputs := json_build_object(
                'positionalArgs', positional_args,
                'namedArgs', named_args
            )::TEXT;
            v_now := EXTRACT(epoch FROM now()) * 1000;
            v_status := CASE WHEN delay_until_epoch_ms IS NULL THEN 'ENQUEUED' ELSE 'DELAYED' END;

            INSERT INTO "dbos".workflow_status (
                workflow_uuid, status, inputs,
                name, class_name, config_name,
                queue_name, deduplication_id, priority, queue_partition_key,
                application_version,
                created_at, updated_at, recovery_attempts,
                workflow_timeout_ms, workflow_deadline_epoch_ms,
                parent_workflow_id, owner_xid, serialization,
                authenticated_user, authenticated_roles,
                delay_until_epoch_ms
            ) VALUES (
                v_workflow_id, v_status, v_serialized_inputs,
                workflow_name, class_name, config_name,
                queue_name, deduplication_id, v_priority, queue_partition_key,
                app_version,
                v_now, v_now, v_recovery_attempts,
                timeout_ms, deadline_epoch_ms,
                NULL, v_owner_xid, 'portable_json',
                authenticated_user, authenticated_roles,
                delay_until_epoch_ms
            )
            ON CONFLICT (workflow_uuid)
            DO UPDATE SET
                updated_at = EXCLUDED.updated_at;

            RETURN v_workflow_id;

        EXCEPTION
            WHEN unique_violation THEN
                RAISE EXCEPTION 'DBOS queue duplicated'
                   USING DETAIL = format('Workflow %s with queue %s and deduplication ID %s already exists', v_workflow_id, queue_name, deduplication_id),
                        ERRCODE = 'unique_violation';
        END;
        $$ LANGUAGE plpgsql;
ALTER FUNCTION "dbos".enqueue_workflow(
            TEXT, TEXT, JSON[], JSON, TEXT, TEXT, TEXT, TEXT, BIGINT, BIGINT, TEXT, INT4, TEXT, TEXT, TEXT, BIGINT
        ) SET search_path = pg_catalog, pg_temp;
CREATE OR REPLACE FUNCTION "dbos".streams_function() RETURNS TRIGGER AS $$
    DECLARE
        payload text := NEW.workflow_uuid || '::' || NEW.key;
    BEGIN
        PERFORM pg_notify('dbos_streams_channel', payload);
        RETURN NEW;
    END;
    $$ LANGUAGE plpgsql;

    ALTER FUNCTION "dbos".streams_function() SET search_path = pg_catalog, pg_temp;

    DROP TRIGGER IF EXISTS dbos_streams_trigger ON "dbos".streams;
    CREATE TRIGGER dbos_streams_trigger
    AFTER INSERT ON "dbos".streams
    FOR EACH ROW EXECUTE FUNCTION "dbos".streams_function();
ALTER TABLE "dbos"."workflow_status" ADD COLUMN IF NOT EXISTS "attributes" JSONB;
CREATE INDEX IF NOT EXISTS "idx_workflow_status_attributes" ON "dbos"."workflow_status" USING GIN ("attributes") WHERE "attributes" IS NOT NULL;
ALTER TABLE "dbos"."workflow_status" ADD COLUMN IF NOT EXISTS "schedule_name" TEXT;
CREATE INDEX IF NOT EXISTS "idx_workflow_status_schedule_name" ON "dbos"."workflow_status" ("schedule_name") WHERE "schedule_name" IS NOT NULL;
ALTER TABLE "dbos"."workflow_status" ADD COLUMN IF NOT EXISTS "debounce_deadline_epoch_ms" BIGINT DEFAULT NULL;
ALTER TABLE "dbos"."workflow_status" ADD COLUMN IF NOT EXISTS "is_debounced" BOOLEAN NOT NULL DEFAULT FALSE;
DROP TRIGGER IF EXISTS dbos_streams_trigger ON "dbos".streams;
DROP FUNCTION IF EXISTS "dbos".streams_function();
DROP TRIGGER IF EXISTS dbos_workflow_events_trigger ON "dbos".workflow_events;
DROP FUNCTION IF EXISTS "dbos".workflow_events_function();
CREATE INDEX IF NOT EXISTS "idx_workflow_status_partition_dequeue" ON "dbos"."workflow_status" ("queue_name", "status", "queue_partition_key", "priority", "created_at") WHERE "status" IN ('ENQUEUED', 'PENDING') AND "queue_partition_key" IS NOT NULL;
CREATE INDEX IF NOT EXISTS "idx_workflow_status_partition_dequeue_v2" ON "dbos"."workflow_status" ("queue_name", "status", "queue_partition_key", "priority", "created_at", "workflow_uuid") WHERE "status" IN ('ENQUEUED', 'PENDING') AND "queue_partition_key" IS NOT NULL;
DROP INDEX IF EXISTS "dbos"."idx_workflow_status_partition_dequeue";
DROP TABLE IF EXISTS "dbos"."workflow_inputs";
DROP TABLE IF EXISTS "dbos"."workflow_queue";
DROP TABLE IF EXISTS "dbos"."scheduler_state";
ALTER TABLE "dbos"."workflow_status" ADD COLUMN IF NOT EXISTS "application_name" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."queues" ADD COLUMN IF NOT EXISTS "application_name" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."workflow_schedules" ADD COLUMN IF NOT EXISTS "application_name" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."application_versions" ADD COLUMN IF NOT EXISTS "application_name" TEXT DEFAULT NULL;
ALTER TABLE "dbos"."operation_outputs" ADD COLUMN IF NOT EXISTS "application_name" TEXT DEFAULT NULL;
DROP FUNCTION IF EXISTS "dbos".enqueue_workflow(
    TEXT, TEXT, JSON[], JSON, TEXT, TEXT, TEXT, TEXT, BIGINT, BIGINT, TEXT, INT4, TEXT, TEXT, TEXT, BIGINT
);
CREATE OR REPLACE FUNCTION "dbos".enqueue_workflow(
    workflow_name TEXT,
    queue_name TEXT,
    positional_args JSON[] DEFAULT ARRAY[]::JSON[],
    named_args JSON DEFAULT '{}'::JSON,
    class_name TEXT DEFAULT NULL,
    config_name TEXT DEFAULT NULL,
    workflow_id TEXT DEFAULT NULL,
    app_version TEXT DEFAULT NULL,
    timeout_ms BIGINT DEFAULT NULL,
    deadline_epoch_ms BIGINT DEFAULT NULL,
    deduplication_id TEXT DEFAULT NULL,
    priority INT4 DEFAULT NULL,
    queue_partition_key TEXT DEFAULT NULL,
    authenticated_user TEXT DEFAULT NULL,
    authenticated_roles TEXT DEFAULT NULL,
    delay_until_epoch_ms BIGINT DEFAULT NULL,
    application_name TEXT DEFAULT NULL
) RETURNS TEXT AS $$
DECLARE
    v_workflow_id TEXT;
    v_serialized_inputs TEXT;
    v_owner_xid TEXT;
    v_now BIGINT;
    v_recovery_attempts INT4 := 0;
    v_priority INT4;
    v_status TEXT;
BEGIN

    -- Validate required parameters
    IF workflow_name IS NULL OR workflow_name = '' THEN
        RAISE EXCEPTION 'Workflow name cannot be null or empty';
    END IF;
    IF queue_name IS NULL OR queue_name = '' THEN
        RAISE EXCEPTION 'Queue name cannot be null or empty';
    END IF;
    IF named_args IS NOT NULL AND jsonb_typeof(named_args::jsonb) != 'object' THEN
        RAISE EXCEPTION 'Named args must be a JSON object';
    END IF;
    IF workflow_id IS NOT NULL AND workflow_id = '' THEN
        RAISE EXCEPTION 'Workflow ID cannot be an empty string if provided.';
    END IF;
    IF delay_until_epoch_ms IS NOT NULL AND delay_until_epoch_ms < 0 THEN
        RAISE EXCEPTION 'delay_until_epoch_ms must be >= 0';
    END IF;

    v_workflow_id := COALESCE(workflow_id, gen_random_uuid()::TEXT);
    v_owner_xid := gen_random_uuid()::TEXT;
    v_priority := COALESCE(priority, 0);
    v_serialized_inputs := json_build_object(
        'positionalArgs', positional_args,
        'namedArgs', named_args
    )::TEXT;
    v_now := EXTRACT(epoch FROM now()) * 1000;
    v_status := CASE WHEN delay_until_epoch_ms IS NULL THEN 'ENQUEUED' ELSE 'DELAYED' END;

    INSERT INTO "dbos".workflow_status (
        workflow_uuid, status, inputs,
        name, class_name, config_name,
        queue_name, deduplication_id, priority, queue_partition_key,
        application_version,
        created_at, updated_at, recovery_attempts,
        workflow_timeout_ms, workflow_deadline_epoch_ms,
        parent_workflow_id, owner_xid, serialization,
        authenticated_user, authenticated_roles,
        delay_until_epoch_ms, application_name
    ) VALUES (
        v_workflow_id, v_status, v_serialized_inputs,
        workflow_name, class_name, config_name,
        queue_name, deduplication_id, v_priority, queue_partition_key,
        app_version,
        v_now, v_now, v_recovery_attempts,
        timeout_ms, deadline_epoch_ms,
        NULL, v_owner_xid, 'portable_json',
        authenticated_user, authenticated_roles,
        delay_until_epoch_ms, application_name
    )
    ON CONFLICT (workflow_uuid)
    DO UPDATE SET
        updated_at = EXCLUDED.updated_at;

    RETURN v_workflow_id;

EXCEPTION
    WHEN unique_violation THEN
        RAISE EXCEPTION 'DBOS queue duplicated'
            USING DETAIL = format('Workflow %s with queue %s and deduplication ID %s already exists', v_workflow_id, queue_name, deduplication_id),
                ERRCODE = 'unique_violation';
END;
$$ LANGUAGE plpgsql;
ALTER FUNCTION "dbos".enqueue_workflow(
    TEXT, TEXT, JSON[], JSON, TEXT, TEXT, TEXT, TEXT, BIGINT, BIGINT, TEXT, INT4, TEXT, TEXT, TEXT, BIGINT, TEXT
) SET search_path = pg_catalog, pg_temp;
CREATE UNIQUE INDEX IF NOT EXISTS "uq_application_versions_owner_version"
    ON "dbos"."application_versions" ("application_name", "version_name")
    WHERE "application_name" IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS "uq_application_versions_unclaimed_version"
    ON "dbos"."application_versions" ("version_name")
    WHERE "application_name" IS NULL;
ALTER TABLE "dbos"."queues" ADD COLUMN IF NOT EXISTS "partition_concurrency" INT4 DEFAULT NULL;
ALTER TABLE "dbos"."queues" ADD COLUMN IF NOT EXISTS "partition_worker_concurrency" INT4 DEFAULT NULL;
ALTER TABLE "dbos"."queues" ADD COLUMN IF NOT EXISTS "partition_rate_limit_max" INT4 DEFAULT NULL;
ALTER TABLE "dbos"."queues" ADD COLUMN IF NOT EXISTS "partition_rate_limit_period_sec" DOUBLE PRECISION DEFAULT NULL;
CREATE TABLE IF NOT EXISTS "dbos"."workflow_input" (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    inputs TEXT,
    retention_timestamp BIGINT NOT NULL DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::bigint
);
CREATE TABLE IF NOT EXISTS "dbos"."workflow_output" (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    output TEXT,
    error TEXT,
    retention_timestamp BIGINT NOT NULL DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::bigint
);
CREATE INDEX IF NOT EXISTS "idx_workflow_input_retention"
    ON "dbos"."workflow_input" ("retention_timestamp");
CREATE INDEX IF NOT EXISTS "idx_workflow_output_retention"
    ON "dbos"."workflow_output" ("retention_timestamp");
ALTER TABLE "dbos"."operation_outputs"
    ADD COLUMN IF NOT EXISTS "retention_timestamp" BIGINT NOT NULL DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::bigint;
CREATE INDEX IF NOT EXISTS "idx_operation_outputs_retention"
    ON "dbos"."operation_outputs" ("retention_timestamp");
ALTER TABLE "dbos"."operation_outputs"
    DROP CONSTRAINT IF EXISTS "operation_outputs_workflow_uuid_foreign";
ALTER TABLE "dbos"."operation_outputs"
    DROP CONSTRAINT IF EXISTS "operation_outputs_workflow_uuid_fkey";
CREATE OR REPLACE FUNCTION "dbos".enqueue_workflow(
    workflow_name TEXT,
    queue_name TEXT,
    positional_args JSON[] DEFAULT ARRAY[]::JSON[],
    named_args JSON DEFAULT '{}'::JSON,
    class_name TEXT DEFAULT NULL,
    config_name TEXT DEFAULT NULL,
    workflow_id TEXT DEFAULT NULL,
    app_version TEXT DEFAULT NULL,
    timeout_ms BIGINT DEFAULT NULL,
    deadline_epoch_ms BIGINT DEFAULT NULL,
    deduplication_id TEXT DEFAULT NULL,
    priority INT4 DEFAULT NULL,
    queue_partition_key TEXT DEFAULT NULL,
    authenticated_user TEXT DEFAULT NULL,
    authenticated_roles TEXT DEFAULT NULL,
    delay_until_epoch_ms BIGINT DEFAULT NULL,
    application_name TEXT DEFAULT NULL
) RETURNS TEXT AS $$
DECLARE
    v_workflow_id TEXT;
    v_serialized_inputs TEXT;
    v_owner_xid TEXT;
    v_now BIGINT;
    v_recovery_attempts INT4 := 0;
    v_priority INT4;
    v_status TEXT;
BEGIN

    -- Validate required parameters
    IF workflow_name IS NULL OR workflow_name = '' THEN
        RAISE EXCEPTION 'Workflow name cannot be null or empty';
    END IF;
    IF queue_name IS NULL OR queue_name = '' THEN
        RAISE EXCEPTION 'Queue name cannot be null or empty';
    END IF;
    IF named_args IS NOT NULL AND jsonb_typeof(named_args::jsonb) != 'object' THEN
        RAISE EXCEPTION 'Named args must be a JSON object';
    END IF;
    IF workflow_id IS NOT NULL AND workflow_id = '' THEN
        RAISE EXCEPTION 'Workflow ID cannot be an empty string if provided.';
    END IF;
    IF delay_until_epoch_ms IS NOT NULL AND delay_until_epoch_ms < 0 THEN
        RAISE EXCEPTION 'delay_until_epoch_ms must be >= 0';
    END IF;

    v_workflow_id := COALESCE(workflow_id, gen_random_uuid()::TEXT);
    v_owner_xid := gen_random_uuid()::TEXT;
    v_priority := COALESCE(priority, 0);
    v_serialized_inputs := json_build_object(
        'positionalArgs', positional_args,
        'namedArgs', named_args
    )::TEXT;
    v_now := EXTRACT(epoch FROM now()) * 1000;
    v_status := CASE WHEN delay_until_epoch_ms IS NULL THEN 'ENQUEUED' ELSE 'DELAYED' END;

    INSERT INTO "dbos".workflow_status (
        workflow_uuid, status,
        name, class_name, config_name,
        queue_name, deduplication_id, priority, queue_partition_key,
        application_version,
        created_at, updated_at, recovery_attempts,
        workflow_timeout_ms, workflow_deadline_epoch_ms,
        parent_workflow_id, owner_xid, serialization,
        authenticated_user, authenticated_roles,
        delay_until_epoch_ms, application_name
    ) VALUES (
        v_workflow_id, v_status,
        workflow_name, class_name, config_name,
        queue_name, deduplication_id, v_priority, queue_partition_key,
        app_version,
        v_now, v_now, v_recovery_attempts,
        timeout_ms, deadline_epoch_ms,
        NULL, v_owner_xid, 'portable_json',
        authenticated_user, authenticated_roles,
        delay_until_epoch_ms, application_name
    )
    ON CONFLICT (workflow_uuid)
    DO UPDATE SET
        updated_at = EXCLUDED.updated_at;

    INSERT INTO "dbos".workflow_input (
        workflow_uuid, inputs, retention_timestamp
    ) VALUES (
        v_workflow_id, v_serialized_inputs, v_now
    )
    ON CONFLICT (workflow_uuid) DO NOTHING;

    RETURN v_workflow_id;

EXCEPTION
    WHEN unique_violation THEN
        RAISE EXCEPTION 'DBOS queue duplicated'
            USING DETAIL = format('Workflow %s with queue %s and deduplication ID %s already exists', v_workflow_id, queue_name, deduplication_id),
                ERRCODE = 'unique_violation';
END;
$$ LANGUAGE plpgsql;
ALTER FUNCTION "dbos".enqueue_workflow(
    TEXT, TEXT, JSON[], JSON, TEXT, TEXT, TEXT, TEXT, BIGINT, BIGINT, TEXT, INT4, TEXT, TEXT, TEXT, BIGINT, TEXT
) SET search_path = pg_catalog, pg_temp;
DROP INDEX IF EXISTS "dbos"."idx_notifications";
CREATE INDEX IF NOT EXISTS "idx_workflow_status_in_flight_v2" ON "dbos"."workflow_status" ("queue_name", "status", "priority", "created_at") INCLUDE ("application_name") WHERE "status" IN ('ENQUEUED', 'PENDING');
DROP INDEX IF EXISTS "dbos"."idx_workflow_status_in_flight";
CREATE INDEX IF NOT EXISTS "idx_workflow_status_partition_dequeue_v3" ON "dbos"."workflow_status" ("queue_name", "status", "queue_partition_key", "priority", "created_at", "workflow_uuid") INCLUDE ("application_name") WHERE "status" IN ('ENQUEUED', 'PENDING') AND "queue_partition_key" IS NOT NULL;
DROP INDEX IF EXISTS "dbos"."idx_workflow_status_partition_dequeue_v2";
CREATE INDEX IF NOT EXISTS "idx_operation_outputs_completed_at_function_name_v2" ON "dbos"."operation_outputs" ("completed_at_epoch_ms", "function_name") INCLUDE ("application_name");
DROP INDEX IF EXISTS "dbos"."idx_operation_outputs_completed_at_function_name";
ALTER TABLE "dbos"."notifications" ADD COLUMN IF NOT EXISTS "consumed_by_function_id" INT4;
CREATE INDEX IF NOT EXISTS "idx_workflow_status_deadline" ON "dbos"."workflow_status" ("workflow_deadline_epoch_ms") WHERE "status" IN ('ENQUEUED', 'PENDING', 'DELAYED') AND "workflow_deadline_epoch_ms" IS NOT NULL;
ALTER TABLE "dbos"."workflow_status" ADD COLUMN IF NOT EXISTS "creator_xid" TEXT DEFAULT NULL;
INSERT INTO "dbos"."dbos_migrations" ("version") SELECT 123 WHERE NOT EXISTS (SELECT 1 FROM "dbos"."dbos_migrations");
UPDATE "dbos"."dbos_migrations" SET "version" = 123;

-- What @app/workflow keeps beside DBOS's own tables: how each run stands, and which instances are alive.
CREATE SCHEMA workflow;

CREATE TABLE workflow.run (
  id             text PRIMARY KEY,
  name           text NOT NULL,
  version        integer NOT NULL CHECK (version > 0),
  -- What the run is about, such as an order's id.
  subject        text NOT NULL,
  status         text NOT NULL DEFAULT 'RUNNING' CHECK (status IN (
    'RUNNING', 'WAITING', 'RETRYING', 'STUCK', 'COMPENSATING', 'COMPENSATION_FAILED', 'DONE', 'REFUSED', 'CANCELLED', 'FAILED')),
  -- What the steps need and no table has; what a definition forgets is removed when the run ends.
  input          jsonb NOT NULL DEFAULT '{}',
  -- Carried into logs and events of the steps.
  correlation_id text,
  -- The business failure that ended it, or is being compensated.
  refusal        jsonb,
  -- Somebody asked for it to be turned around; the next attempt before the pivot is refused with this.
  turn_around    jsonb,
  -- The step that is worked on, how often it failed since it last succeeded, and why.
  step           text,
  failures       integer NOT NULL DEFAULT 0,
  last_error     text,
  -- While it waits: for which signal, if any, and until when.
  waiting_for    text,
  until          timestamptz(3),
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  updated_at     timestamptz(3) NOT NULL DEFAULT now(),
  ended_at       timestamptz(3)
);
CREATE INDEX run_subject_idx ON workflow.run (subject);
CREATE INDEX run_listing_idx ON workflow.run (created_at DESC, id DESC);
CREATE INDEX run_open_idx ON workflow.run (status, created_at DESC) WHERE status NOT IN ('DONE', 'REFUSED', 'CANCELLED');

-- Instances that execute runs: alive as long as they say so.
CREATE TABLE workflow.executor (
  id         text PRIMARY KEY,
  -- The definitions it has, `name@version`.
  serves     text[] NOT NULL,
  started_at timestamptz(3) NOT NULL DEFAULT now(),
  seen_at    timestamptz(3) NOT NULL DEFAULT now()
);

-- Whoever may write rows in public may write them here: the role that the subgraph connects as.
DO $$
DECLARE grantee text;
BEGIN
  FOR grantee IN
    SELECT DISTINCT quote_ident(role.rolname)
    FROM pg_default_acl AS acl, aclexplode(acl.defaclacl) AS item
    JOIN pg_roles AS role ON role.oid = item.grantee
    WHERE acl.defaclnamespace = 'public'::regnamespace AND acl.defaclobjtype = 'r' AND item.privilege_type = 'INSERT'
  LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA dbos, workflow TO %s', grantee);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA dbos, workflow TO %s', grantee);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA dbos, workflow TO %s', grantee);
  END LOOP;
END $$;
