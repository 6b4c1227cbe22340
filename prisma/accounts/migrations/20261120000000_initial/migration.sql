-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "email" TEXT,
    "email_verified_at" TIMESTAMPTZ(3),
    "password_hash" TEXT,
    "display_name" TEXT NOT NULL,
    "given_name" TEXT,
    "family_name" TEXT,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "preferred_currency" TEXT NOT NULL DEFAULT 'EUR',
    "roles" TEXT[] DEFAULT ARRAY['CUSTOMER']::TEXT[],
    "status" TEXT NOT NULL DEFAULT 'PENDING_VERIFICATION',
    "risk_level" TEXT NOT NULL DEFAULT 'LOW',
    "erasure_due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "address" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "label" TEXT,
    "name" TEXT NOT NULL,
    "company" TEXT,
    "line1" TEXT NOT NULL,
    "line2" TEXT,
    "city" TEXT NOT NULL,
    "region" TEXT,
    "postal_code" TEXT,
    "country_code" TEXT NOT NULL,
    "phone" TEXT,
    "is_default_shipping" BOOLEAN NOT NULL DEFAULT false,
    "is_default_billing" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "address_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "user_agent" TEXT,
    "ip_prefix" TEXT,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_reason" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_token" (
    "hash" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3),
    "successor_salt" TEXT,

    CONSTRAINT "refresh_token_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "email_token" (
    "hash" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "password_hash" TEXT,
    "display_name" TEXT,
    "locale" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "email_token_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "mail" (
    "id" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "linked_identity" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "email" TEXT,
    "linked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "linked_identity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mfa_factor" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "last_used_step" INTEGER,

    CONSTRAINT "mfa_factor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recovery_code" (
    "account_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("account_id","hash")
);

-- CreateTable
CREATE TABLE "mfa_challenge" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "consumed_at" TIMESTAMPTZ(3),

    CONSTRAINT "mfa_challenge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_export" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "content" JSONB,

    CONSTRAINT "data_export_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" TEXT NOT NULL,
    "actor_id" TEXT,
    "action" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "reason" TEXT,
    "before" JSONB,
    "after" JSONB,
    "request_id" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
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
CREATE UNIQUE INDEX "account_email_key" ON "account"("email");

-- CreateIndex
CREATE INDEX "account_created_at_id_idx" ON "account"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "address_account_id_id_idx" ON "address"("account_id", "id");

-- CreateIndex
CREATE INDEX "session_account_id_revoked_at_idx" ON "session"("account_id", "revoked_at");

-- CreateIndex
CREATE INDEX "session_revoked_at_idx" ON "session"("revoked_at");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_token_session_id_generation_key" ON "refresh_token"("session_id", "generation");

-- CreateIndex
CREATE INDEX "email_token_account_id_purpose_idx" ON "email_token"("account_id", "purpose");

-- CreateIndex
CREATE INDEX "mail_sent_at_created_at_idx" ON "mail"("sent_at", "created_at");

-- CreateIndex
CREATE INDEX "mail_recipient_idx" ON "mail"("recipient");

-- CreateIndex
CREATE INDEX "linked_identity_account_id_idx" ON "linked_identity"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "linked_identity_provider_subject_key" ON "linked_identity"("provider", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "mfa_factor_account_id_kind_key" ON "mfa_factor"("account_id", "kind");

-- CreateIndex
CREATE INDEX "mfa_challenge_account_id_idx" ON "mfa_challenge"("account_id");

-- CreateIndex
CREATE INDEX "data_export_account_id_requested_at_idx" ON "data_export"("account_id", "requested_at");

-- CreateIndex
CREATE INDEX "audit_entry_subject_id_recorded_at_idx" ON "audit_entry"("subject_id", "recorded_at");

-- CreateIndex
CREATE INDEX "audit_entry_actor_id_recorded_at_idx" ON "audit_entry"("actor_id", "recorded_at");

-- CreateIndex
CREATE UNIQUE INDEX "event_position_key" ON "event"("position");

-- CreateIndex
CREATE INDEX "event_position_recorded_seq_idx" ON "event"("position", "recorded_seq");

-- CreateIndex
CREATE UNIQUE INDEX "event_stream_type_stream_id_stream_version_key" ON "event"("stream_type", "stream_id", "stream_version");

-- CreateIndex
CREATE INDEX "dead_letter_stream_idx" ON "dead_letter"("consumer", "source", "stream_type", "stream_id", "position");

-- AddForeignKey
ALTER TABLE "address" ADD CONSTRAINT "address_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_token" ADD CONSTRAINT "refresh_token_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "email_token" ADD CONSTRAINT "email_token_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "linked_identity" ADD CONSTRAINT "linked_identity_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mfa_factor" ADD CONSTRAINT "mfa_factor_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mfa_challenge" ADD CONSTRAINT "mfa_challenge_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_export" ADD CONSTRAINT "data_export_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a Prisma schema cannot say.

-- Closed sets. Text with a check and not an enum type: a value is added without a lock-step deploy.
ALTER TABLE "account"
  ADD CONSTRAINT "account_status_check" CHECK ("status" IN ('PENDING_VERIFICATION', 'ACTIVE', 'SUSPENDED', 'ERASURE_SCHEDULED', 'ERASED')),
  ADD CONSTRAINT "account_risk_level_check" CHECK ("risk_level" IN ('LOW', 'ELEVATED', 'BLOCKED')),
  ADD CONSTRAINT "account_roles_check" CHECK ("roles" IS NOT NULL AND "roles" <@ ARRAY['CUSTOMER', 'SUPPORT', 'MODERATOR', 'CATALOG_MANAGER', 'ORDER_MANAGER', 'ADMIN']),
  ADD CONSTRAINT "account_currency_check" CHECK ("preferred_currency" ~ '^[A-Z]{3}$'),
  -- Unique(email) is unique over lower(email), because only lower case is stored.
  ADD CONSTRAINT "account_email_check" CHECK ("email" = lower("email")),
  -- Only those who will be erased have a date for it.
  ADD CONSTRAINT "account_erasure_check" CHECK (("status" = 'ERASURE_SCHEDULED') = ("erasure_due_at" IS NOT NULL)),
  -- An erased account keeps its id, which other subgraphs hold, and nothing that tells who it was.
  ADD CONSTRAINT "account_erased_check" CHECK ("status" <> 'ERASED' OR num_nonnulls("email", "email_verified_at", "password_hash", "given_name", "family_name") = 0),
  ADD CONSTRAINT "account_live_check" CHECK ("status" = 'ERASED' OR "email" IS NOT NULL);
ALTER TABLE "address" ADD CONSTRAINT "address_country_check" CHECK ("country_code" ~ '^[A-Z]{2}$');
ALTER TABLE "refresh_token" ADD CONSTRAINT "refresh_token_generation_check" CHECK ("generation" >= 1);
ALTER TABLE "email_token" ADD CONSTRAINT "email_token_purpose_check" CHECK ("purpose" IN ('VERIFY_EMAIL', 'RESET_PASSWORD'));
ALTER TABLE "mfa_factor" ADD CONSTRAINT "mfa_factor_kind_check" CHECK ("kind" IN ('TOTP', 'WEBAUTHN'));
ALTER TABLE "mfa_challenge" ADD CONSTRAINT "mfa_challenge_attempts_check" CHECK ("attempts" BETWEEN 0 AND 5);
ALTER TABLE "data_export" ADD CONSTRAINT "data_export_status_check" CHECK ("status" IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED'));
ALTER TABLE "dead_letter" ADD CONSTRAINT "dead_letter_status_check" CHECK ("status" IN ('failed', 'waiting', 'discarded'));

-- One default of each kind per account.
CREATE UNIQUE INDEX "address_default_shipping_key" ON "address"("account_id") WHERE "is_default_shipping";
CREATE UNIQUE INDEX "address_default_billing_key" ON "address"("account_id") WHERE "is_default_billing";

-- One live branch per session: a rotation race ends in an error, never in two valid tokens.
CREATE UNIQUE INDEX "refresh_token_live_key" ON "refresh_token"("session_id") WHERE "used_at" IS NULL;

-- One export under way per account.
CREATE UNIQUE INDEX "data_export_open_key" ON "data_export"("account_id") WHERE "status" IN ('QUEUED', 'RUNNING');

-- The worker's question: whom to erase now.
CREATE INDEX "account_erasure_due_idx" ON "account"("erasure_due_at") WHERE "erasure_due_at" IS NOT NULL;

CREATE FUNCTION "audit_entry_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entry % is append-only', OLD."id" USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "audit_entry_append_only" BEFORE UPDATE OR DELETE ON "audit_entry"
  FOR EACH ROW EXECUTE FUNCTION "audit_entry_is_append_only"();

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
