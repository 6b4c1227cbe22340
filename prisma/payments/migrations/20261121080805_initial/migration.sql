-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('PENDING', 'REQUIRES_ACTION', 'AUTHORIZED', 'DECLINED', 'VOIDED');

-- CreateEnum
CREATE TYPE "OperationKind" AS ENUM ('AUTHORIZE', 'CAPTURE', 'REFUND', 'VOID');

-- CreateEnum
CREATE TYPE "OperationStatus" AS ENUM ('PENDING', 'UNKNOWN', 'REQUIRES_ACTION', 'SUCCEEDED', 'FAILED');

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "authorize_key" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_ref" TEXT,
    "status" "PaymentStatus" NOT NULL DEFAULT 'PENDING',
    "currency" CHAR(3) NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "authorized_minor" BIGINT NOT NULL DEFAULT 0,
    "captured_minor" BIGINT NOT NULL DEFAULT 0,
    "refunded_minor" BIGINT NOT NULL DEFAULT 0,
    "decline_code" TEXT,
    "is_retryable" BOOLEAN NOT NULL DEFAULT false,
    "next_action_url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operation" (
    "key" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "kind" "OperationKind" NOT NULL,
    "status" "OperationStatus" NOT NULL DEFAULT 'PENDING',
    "amount_minor" BIGINT NOT NULL,
    "ref" TEXT,
    "failure_code" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "checked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "operation_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "ref" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook" (
    "provider" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "processed_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("provider","event_id")
);

-- CreateTable
CREATE TABLE "sandbox_charge" (
    "ref" TEXT NOT NULL,
    "authorize_key" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "return_url" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "decline_code" TEXT,
    "authorized_minor" BIGINT NOT NULL,
    "captured_minor" BIGINT NOT NULL DEFAULT 0,
    "refunded_minor" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sandbox_charge_pkey" PRIMARY KEY ("ref")
);

-- CreateTable
CREATE TABLE "sandbox_movement" (
    "key" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "movement_ref" TEXT NOT NULL,

    CONSTRAINT "sandbox_movement_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "sandbox_webhook" (
    "id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "copies_left" INTEGER NOT NULL DEFAULT 1,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "sandbox_webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "id" TEXT NOT NULL,
    "recorded_seq" BIGSERIAL NOT NULL,
    "position" BIGINT,
    "stream_type" TEXT NOT NULL,
    "stream_id" TEXT NOT NULL,
    "stream_version" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "data" JSONB NOT NULL,
    "metadata" JSONB NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_relay" (
    "name" TEXT NOT NULL,
    "position" BIGINT NOT NULL,

    CONSTRAINT "event_relay_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "inbox" (
    "consumer" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "handled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("consumer","event_id")
);

-- CreateTable
CREATE TABLE "dead_letter" (
    "consumer" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "stream_type" TEXT NOT NULL,
    "stream_id" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "envelope" JSONB NOT NULL,
    "error" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "requested_at" TIMESTAMPTZ(3),
    "parked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("consumer","event_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "payment_authorize_key_key" ON "payment"("authorize_key");

-- CreateIndex
CREATE UNIQUE INDEX "payment_provider_provider_ref_key" ON "payment"("provider", "provider_ref");

-- CreateIndex
CREATE INDEX "operation_status_checked_at_idx" ON "operation"("status", "checked_at");

-- CreateIndex
CREATE INDEX "operation_payment_id_idx" ON "operation"("payment_id");

-- CreateIndex
CREATE INDEX "ledger_entry_payment_id_at_idx" ON "ledger_entry"("payment_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_key_kind_key" ON "ledger_entry"("key", "kind");

-- CreateIndex
CREATE INDEX "webhook_processed_at_due_at_idx" ON "webhook"("processed_at", "due_at");

-- CreateIndex
CREATE UNIQUE INDEX "sandbox_charge_authorize_key_key" ON "sandbox_charge"("authorize_key");

-- CreateIndex
CREATE INDEX "sandbox_webhook_due_at_idx" ON "sandbox_webhook"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "event_position_key" ON "event"("position");

-- CreateIndex
CREATE INDEX "event_position_recorded_seq_idx" ON "event"("position", "recorded_seq");

-- CreateIndex
CREATE UNIQUE INDEX "event_stream_type_stream_id_stream_version_key" ON "event"("stream_type", "stream_id", "stream_version");

-- CreateIndex
CREATE INDEX "dead_letter_stream_idx" ON "dead_letter"("consumer", "source", "stream_type", "stream_id", "position");

-- AddForeignKey
ALTER TABLE "operation" ADD CONSTRAINT "operation_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Never more taken than held, nor more given back than taken, whoever writes.
ALTER TABLE "payment" ADD CONSTRAINT "payment_amount_check" CHECK ("amount_minor" > 0);
ALTER TABLE "payment" ADD CONSTRAINT "payment_authorized_check" CHECK ("authorized_minor" IN (0, "amount_minor"));
ALTER TABLE "payment" ADD CONSTRAINT "payment_captured_check" CHECK ("captured_minor" BETWEEN 0 AND "authorized_minor");
ALTER TABLE "payment" ADD CONSTRAINT "payment_refunded_check" CHECK ("refunded_minor" BETWEEN 0 AND "captured_minor");
ALTER TABLE "sandbox_charge" ADD CONSTRAINT "sandbox_charge_check"
  CHECK ("captured_minor" BETWEEN 0 AND "authorized_minor" AND "refunded_minor" BETWEEN 0 AND "captured_minor");
ALTER TABLE "dead_letter" ADD CONSTRAINT "dead_letter_status_check" CHECK ("status" IN ('failed', 'waiting', 'discarded'));

-- The ledger is only ever added to.
CREATE FUNCTION "ledger_entry_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger entry % is append-only', OLD."id" USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "ledger_entry_append_only" BEFORE UPDATE OR DELETE ON "ledger_entry"
  FOR EACH ROW EXECUTE FUNCTION "ledger_entry_is_append_only"();

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
