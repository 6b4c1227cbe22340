-- CreateTable
CREATE TABLE "review" (
    "id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "author_id" TEXT,
    "rating" INTEGER NOT NULL,
    "title" TEXT,
    "body" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'PENDING',
    "is_visible" BOOLEAN NOT NULL DEFAULT false,
    "is_verified" BOOLEAN NOT NULL DEFAULT false,
    "draft_rating" INTEGER,
    "draft_title" TEXT,
    "draft_body" TEXT,
    "moderation_reason" TEXT,
    "moderation_note" TEXT,
    "moderated_by" TEXT,
    "helpful_count" INTEGER NOT NULL DEFAULT 0,
    "open_reports" INTEGER NOT NULL DEFAULT 0,
    "media_count" INTEGER NOT NULL DEFAULT 0,
    "reply_body" TEXT,
    "reply_author_id" TEXT,
    "replied_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "edited_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review_vote" (
    "review_id" TEXT NOT NULL,
    "voter_id" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "voted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_vote_pkey" PRIMARY KEY ("review_id","voter_id")
);

-- CreateTable
CREATE TABLE "review_report" (
    "review_id" TEXT NOT NULL,
    "reporter_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "note" TEXT,
    "reported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_report_pkey" PRIMARY KEY ("review_id","reporter_id")
);

-- CreateTable
CREATE TABLE "review_media" (
    "review_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "alt" TEXT,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,

    CONSTRAINT "review_media_pkey" PRIMARY KEY ("review_id","position")
);

-- CreateTable
CREATE TABLE "product_rating" (
    "product_id" TEXT NOT NULL,
    "stars_1" INTEGER NOT NULL DEFAULT 0,
    "stars_2" INTEGER NOT NULL DEFAULT 0,
    "stars_3" INTEGER NOT NULL DEFAULT 0,
    "stars_4" INTEGER NOT NULL DEFAULT 0,
    "stars_5" INTEGER NOT NULL DEFAULT 0,
    "verified" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "product_rating_pkey" PRIMARY KEY ("product_id")
);

-- CreateTable
CREATE TABLE "question" (
    "id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "author_id" TEXT,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "question_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "answer" (
    "id" TEXT NOT NULL,
    "question_id" TEXT NOT NULL,
    "author_id" TEXT,
    "body" TEXT NOT NULL,
    "from_merchant" BOOLEAN NOT NULL DEFAULT false,
    "helpful_count" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "author" (
    "id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,

    CONSTRAINT "author_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "purchased_item" (
    "order_id" TEXT NOT NULL,
    "line_id" TEXT NOT NULL,
    "buyer_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "refunded_quantity" INTEGER NOT NULL DEFAULT 0,
    "delivered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "purchased_item_pkey" PRIMARY KEY ("order_id","line_id")
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
CREATE INDEX "review_product_id_helpful_count_id_idx" ON "review"("product_id", "helpful_count" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "review_product_id_created_at_id_idx" ON "review"("product_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "review_product_id_rating_id_idx" ON "review"("product_id", "rating", "id");

-- CreateIndex
CREATE INDEX "review_author_id_created_at_id_idx" ON "review"("author_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "review_status_created_at_id_idx" ON "review"("status", "created_at", "id");

-- CreateIndex
CREATE INDEX "question_product_id_created_at_id_idx" ON "question"("product_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "answer_question_id_from_merchant_created_at_id_idx" ON "answer"("question_id", "from_merchant" DESC, "created_at", "id");

-- CreateIndex
CREATE INDEX "purchased_item_buyer_id_product_id_idx" ON "purchased_item"("buyer_id", "product_id");

-- CreateIndex
CREATE UNIQUE INDEX "event_position_key" ON "event"("position");

-- CreateIndex
CREATE INDEX "event_position_recorded_seq_idx" ON "event"("position", "recorded_seq");

-- CreateIndex
CREATE UNIQUE INDEX "event_stream_type_stream_id_stream_version_key" ON "event"("stream_type", "stream_id", "stream_version");

-- CreateIndex
CREATE INDEX "dead_letter_stream_idx" ON "dead_letter"("consumer", "source", "stream_type", "stream_id", "position");

-- AddForeignKey
ALTER TABLE "review_vote" ADD CONSTRAINT "review_vote_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "review"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_report" ADD CONSTRAINT "review_report_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "review"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_media" ADD CONSTRAINT "review_media_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "review"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "answer" ADD CONSTRAINT "answer_question_id_fkey" FOREIGN KEY ("question_id") REFERENCES "question"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a Prisma schema cannot say.

ALTER TABLE "review"
  ADD CONSTRAINT "review_rating_check" CHECK ("rating" BETWEEN 1 AND 5),
  ADD CONSTRAINT "review_draft_rating_check" CHECK ("draft_rating" BETWEEN 1 AND 5),
  ADD CONSTRAINT "review_status_check" CHECK ("status" IN ('PENDING', 'PUBLISHED', 'REJECTED', 'HIDDEN')),
  ADD CONSTRAINT "review_counts_check" CHECK ("helpful_count" >= 0 AND "open_reports" >= 0 AND "media_count" BETWEEN 0 AND 5),
  -- Published is visible; rejected, hidden and deleted are not; a pending one is when an older text was approved.
  ADD CONSTRAINT "review_visible_check" CHECK (
    ("status" <> 'PUBLISHED' OR "is_visible" OR "deleted_at" IS NOT NULL)
    AND NOT ("is_visible" AND ("status" IN ('REJECTED', 'HIDDEN') OR "deleted_at" IS NOT NULL))),
  -- A draft waits for a decision.
  ADD CONSTRAINT "review_draft_check" CHECK (num_nonnulls("draft_rating", "draft_body") <> 1 AND ("draft_body" IS NULL OR "status" = 'PENDING'));

-- One review per person and product, whatever races.
CREATE UNIQUE INDEX "review_author_product_key" ON "review"("author_id", "product_id") WHERE "deleted_at" IS NULL;

ALTER TABLE "review_vote" ADD CONSTRAINT "review_vote_value_check" CHECK ("value" IN ('HELPFUL', 'NOT_HELPFUL'));
ALTER TABLE "review_report" ADD CONSTRAINT "review_report_reason_check"
  CHECK ("reason" IN ('SPAM', 'OFFENSIVE', 'OFF_TOPIC', 'CONFLICT_OF_INTEREST', 'PRIVATE_DATA'));
ALTER TABLE "product_rating" ADD CONSTRAINT "product_rating_counts_check"
  CHECK (least("stars_1", "stars_2", "stars_3", "stars_4", "stars_5", "verified") >= 0
    AND "verified" <= "stars_1" + "stars_2" + "stars_3" + "stars_4" + "stars_5");
ALTER TABLE "purchased_item" ADD CONSTRAINT "purchased_item_quantity_check"
  CHECK ("quantity" > 0 AND "refunded_quantity" BETWEEN 0 AND "quantity");
ALTER TABLE "dead_letter" ADD CONSTRAINT "dead_letter_status_check" CHECK ("status" IN ('failed', 'waiting', 'discarded'));

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
