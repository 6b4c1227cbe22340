CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateTable
CREATE TABLE "category" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "parent_id" TEXT,
    "position" INTEGER NOT NULL DEFAULT 0,
    "path" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "category_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "collection" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'MANUAL',
    "rule" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "collection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "collection_product" (
    "collection_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "collection_product_pkey" PRIMARY KEY ("collection_id","product_id")
);

-- CreateTable
CREATE TABLE "product" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "brand" TEXT,
    "status" TEXT NOT NULL DEFAULT 'DRAFT',
    "category_id" TEXT,
    "options" JSONB NOT NULL DEFAULT '[]',
    "art" JSONB,
    "rating_average" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "rating_count" INTEGER NOT NULL DEFAULT 0,
    "sales_count" INTEGER NOT NULL DEFAULT 0,
    "title_key" TEXT NOT NULL DEFAULT '',
    "keywords" TEXT NOT NULL DEFAULT '',
    "search" tsvector,
    "published_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product_attribute" (
    "product_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "product_attribute_pkey" PRIMARY KEY ("product_id","key")
);

-- CreateTable
CREATE TABLE "product_variant" (
    "id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "selected_options" JSONB NOT NULL DEFAULT '[]',
    "weight_grams" INTEGER NOT NULL DEFAULT 0,
    "tax_category" TEXT NOT NULL DEFAULT 'standard',
    "art" JSONB,
    "restock_expected_at" TIMESTAMPTZ(3),
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "product_variant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price" (
    "variant_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "valid_to" TIMESTAMPTZ(3),
    "minor" BIGINT NOT NULL,
    "compare_at_minor" BIGINT,

    CONSTRAINT "price_pkey" PRIMARY KEY ("variant_id","currency","valid_from")
);

-- CreateTable
CREATE TABLE "product_price" (
    "product_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "min_minor" BIGINT NOT NULL,
    "max_minor" BIGINT NOT NULL,
    "refreshed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "product_price_pkey" PRIMARY KEY ("product_id","currency")
);

-- CreateTable
CREATE TABLE "stock_location" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "stock_location_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stock" (
    "variant_id" TEXT NOT NULL,
    "location_id" TEXT NOT NULL,
    "on_hand" INTEGER NOT NULL DEFAULT 0,
    "reserved" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "stock_pkey" PRIMARY KEY ("variant_id","location_id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "order_id" TEXT NOT NULL,
    "variant_id" TEXT NOT NULL,
    "location_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'HELD',
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("order_id","variant_id","location_id")
);

-- CreateTable
CREATE TABLE "stock_movement" (
    "id" TEXT NOT NULL DEFAULT ('mov_'::text || replace((gen_random_uuid())::text, '-'::text, ''::text)),
    "source_kind" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "variant_id" TEXT NOT NULL,
    "location_id" TEXT NOT NULL,
    "delta" INTEGER NOT NULL,
    "order_id" TEXT,
    "reason" TEXT,
    "actor_id" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stock_movement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "caller_id" TEXT NOT NULL,
    "mutation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "response" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("caller_id","mutation","key")
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
CREATE UNIQUE INDEX "category_slug_key" ON "category"("slug");

-- CreateIndex
CREATE INDEX "category_parent_id_position_idx" ON "category"("parent_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "collection_slug_key" ON "collection"("slug");

-- CreateIndex
CREATE INDEX "collection_product_collection_id_position_product_id_idx" ON "collection_product"("collection_id", "position", "product_id");

-- CreateIndex
CREATE INDEX "collection_product_product_id_idx" ON "collection_product"("product_id");

-- CreateIndex
CREATE INDEX "product_status_created_at_id_idx" ON "product"("status", "created_at", "id");

-- CreateIndex
CREATE INDEX "product_status_title_key_id_idx" ON "product"("status", "title_key", "id");

-- CreateIndex
CREATE INDEX "product_status_rating_average_rating_count_id_idx" ON "product"("status", "rating_average", "rating_count", "id");

-- CreateIndex
CREATE INDEX "product_status_sales_count_id_idx" ON "product"("status", "sales_count", "id");

-- CreateIndex
CREATE INDEX "product_category_id_idx" ON "product"("category_id");

-- CreateIndex
CREATE INDEX "product_brand_idx" ON "product"("brand");

-- CreateIndex
CREATE INDEX "product_attribute_key_value_product_id_idx" ON "product_attribute"("key", "value", "product_id");

-- CreateIndex
CREATE UNIQUE INDEX "product_variant_sku_key" ON "product_variant"("sku");

-- CreateIndex
CREATE INDEX "product_variant_product_id_position_id_idx" ON "product_variant"("product_id", "position", "id");

-- CreateIndex
CREATE INDEX "price_valid_from_idx" ON "price"("valid_from");

-- CreateIndex
CREATE INDEX "product_price_currency_min_minor_product_id_idx" ON "product_price"("currency", "min_minor", "product_id");

-- CreateIndex
CREATE UNIQUE INDEX "stock_location_code_key" ON "stock_location"("code");

-- CreateIndex
CREATE INDEX "reservation_variant_id_location_id_idx" ON "reservation"("variant_id", "location_id");

-- CreateIndex
CREATE INDEX "stock_movement_variant_id_recorded_at_idx" ON "stock_movement"("variant_id", "recorded_at");

-- CreateIndex
CREATE INDEX "stock_movement_order_id_idx" ON "stock_movement"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "stock_movement_source_kind_source_id_variant_id_location_id_key" ON "stock_movement"("source_kind", "source_id", "variant_id", "location_id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

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
ALTER TABLE "category" ADD CONSTRAINT "category_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "category"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collection_product" ADD CONSTRAINT "collection_product_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "collection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collection_product" ADD CONSTRAINT "collection_product_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product" ADD CONSTRAINT "product_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "category"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_attribute" ADD CONSTRAINT "product_attribute_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_variant" ADD CONSTRAINT "product_variant_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price" ADD CONSTRAINT "price_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_price" ADD CONSTRAINT "product_price_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock" ADD CONSTRAINT "stock_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock" ADD CONSTRAINT "stock_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "stock_location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_variant_id_location_id_fkey" FOREIGN KEY ("variant_id", "location_id") REFERENCES "stock"("variant_id", "location_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock_movement" ADD CONSTRAINT "stock_movement_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock_movement" ADD CONSTRAINT "stock_movement_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "stock_location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What a Prisma schema cannot say.

-- Closed sets and bounds. Text with a check and not an enum type: a value is added without a lock-step deploy.
ALTER TABLE "category" ADD CONSTRAINT "category_depth_check" CHECK (cardinality("path") BETWEEN 1 AND 5);
ALTER TABLE "collection" ADD CONSTRAINT "collection_kind_check" CHECK ("kind" IN ('MANUAL', 'RULE'));
ALTER TABLE "product"
  ADD CONSTRAINT "product_status_check" CHECK ("status" IN ('DRAFT', 'ACTIVE', 'ARCHIVED')),
  ADD CONSTRAINT "product_slug_check" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ADD CONSTRAINT "product_rating_check" CHECK ("rating_count" >= 0 AND ("rating_average" = 0 OR "rating_average" BETWEEN 1 AND 5)),
  ADD CONSTRAINT "product_sales_check" CHECK ("sales_count" >= 0),
  ADD CONSTRAINT "product_version_check" CHECK ("version" >= 1);
ALTER TABLE "product_variant"
  ADD CONSTRAINT "product_variant_weight_check" CHECK ("weight_grams" >= 0),
  ADD CONSTRAINT "product_variant_tax_check" CHECK ("tax_category" IN ('standard', 'reduced', 'zero'));
ALTER TABLE "price"
  ADD CONSTRAINT "price_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT "price_minor_check" CHECK ("minor" BETWEEN 0 AND 9007199254740991),
  ADD CONSTRAINT "price_compare_at_check" CHECK ("compare_at_minor" BETWEEN "minor" AND 9007199254740991),
  ADD CONSTRAINT "price_validity_check" CHECK ("valid_to" > "valid_from");
-- Stops a wrong counter, not a lost update: that is what one writing statement and the reservation's key are for.
ALTER TABLE "stock" ADD CONSTRAINT "stock_check" CHECK ("on_hand" >= 0 AND "reserved" BETWEEN 0 AND "on_hand");
ALTER TABLE "reservation"
  ADD CONSTRAINT "reservation_quantity_check" CHECK ("quantity" > 0),
  ADD CONSTRAINT "reservation_state_check" CHECK ("state" IN ('HELD', 'ALLOCATED')),
  -- A hold ends by itself, an allocation never does.
  ADD CONSTRAINT "reservation_expiry_check" CHECK (("state" = 'HELD') = ("expires_at" IS NOT NULL));
ALTER TABLE "stock_movement"
  ADD CONSTRAINT "stock_movement_kind_check" CHECK ("source_kind" IN ('INITIAL', 'ADJUSTMENT', 'SHIPMENT', 'RESTOCK')),
  ADD CONSTRAINT "stock_movement_delta_check" CHECK ("delta" <> 0);
ALTER TABLE "dead_letter" ADD CONSTRAINT "dead_letter_status_check" CHECK ("status" IN ('failed', 'waiting', 'discarded'));

-- An address belongs to one live product; an archived one may leave it to its successor.
CREATE UNIQUE INDEX "product_slug_live_key" ON "product"("slug") WHERE "status" <> 'ARCHIVED';
CREATE INDEX "product_slug_archived_idx" ON "product"("slug") WHERE "status" = 'ARCHIVED';
CREATE INDEX "product_search_idx" ON "product" USING GIN ("search");
CREATE INDEX "product_title_trgm_idx" ON "product" USING GIN ("title_key" gin_trgm_ops);
CREATE INDEX "stock_free_idx" ON "stock"("variant_id") WHERE "on_hand" > "reserved";
CREATE INDEX "reservation_expiry_idx" ON "reservation"("expires_at") WHERE "state" = 'HELD';

-- Categories know their ancestors, so that a whole branch is one condition.
CREATE FUNCTION "category_place"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM "category" WHERE "parent_id" = OLD."id") THEN
    RAISE EXCEPTION 'category % has children: move them first', OLD."id" USING ERRCODE = 'restrict_violation';
  END IF;
  NEW."path" := COALESCE((SELECT "path" FROM "category" WHERE "id" = NEW."parent_id"), '{}') || NEW."id";
  RETURN NEW;
END $$;
CREATE TRIGGER "category_place" BEFORE INSERT OR UPDATE OF "parent_id" ON "category"
  FOR EACH ROW EXECUTE FUNCTION "category_place"();

-- The search document: title before brand and what identifies it, before the description.
CREATE FUNCTION "product_search_document"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."title_key" := lower(NEW."title");
  NEW."search" := setweight(to_tsvector('english', NEW."title"), 'A')
    || setweight(to_tsvector('english', concat_ws(' ', NEW."brand", NEW."keywords")), 'B')
    || setweight(to_tsvector('english', NEW."description"), 'C');
  RETURN NEW;
END $$;
CREATE TRIGGER "product_search_document" BEFORE INSERT OR UPDATE OF "title", "brand", "keywords", "description" ON "product"
  FOR EACH ROW EXECUTE FUNCTION "product_search_document"();

CREATE FUNCTION "product_keywords_refresh"("ids" text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE "product" p SET "keywords" = found."words"
  FROM (
    SELECT p."id", concat_ws(' ',
      (SELECT string_agg(a."value", ' ' ORDER BY a."position", a."key") FROM "product_attribute" a WHERE a."product_id" = p."id"),
      (SELECT string_agg(DISTINCT o."value" ->> 'value', ' ')
         FROM "product_variant" v, jsonb_array_elements(v."selected_options") AS o("value")
        WHERE v."product_id" = p."id" AND v."archived_at" IS NULL),
      (SELECT string_agg(v."sku", ' ' ORDER BY v."position") FROM "product_variant" v WHERE v."product_id" = p."id" AND v."archived_at" IS NULL)
    ) AS "words"
    FROM "product" p WHERE p."id" = ANY ("ids")
  ) found
  WHERE p."id" = found."id" AND p."keywords" <> found."words"
$$;

CREATE FUNCTION "product_price_refresh"("ids" text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "product_price" WHERE "product_id" = ANY ("ids");
  INSERT INTO "product_price" ("product_id", "currency", "min_minor", "max_minor", "refreshed_at")
  SELECT now_valid."product_id", now_valid."currency", min(now_valid."minor"), max(now_valid."minor"), now()
  FROM (
    SELECT DISTINCT ON (c."variant_id", c."currency") v."product_id", c."currency", c."minor"
    FROM "price" c JOIN "product_variant" v ON v."id" = c."variant_id"
    WHERE v."product_id" = ANY ("ids") AND v."archived_at" IS NULL
      AND c."valid_from" <= now() AND (c."valid_to" IS NULL OR c."valid_to" > now())
    ORDER BY c."variant_id", c."currency", c."valid_from" DESC
  ) now_valid
  GROUP BY now_valid."product_id", now_valid."currency";
END $$;

CREATE FUNCTION "product_attribute_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM "product_keywords_refresh"(ARRAY(SELECT DISTINCT "product_id" FROM "changed"));
  RETURN NULL;
END $$;
CREATE TRIGGER "product_attribute_inserted" AFTER INSERT ON "product_attribute" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION "product_attribute_changed"();
CREATE TRIGGER "product_attribute_updated" AFTER UPDATE ON "product_attribute" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION "product_attribute_changed"();
CREATE TRIGGER "product_attribute_deleted" AFTER DELETE ON "product_attribute" REFERENCING OLD TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION "product_attribute_changed"();

CREATE FUNCTION "product_variant_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM "product_keywords_refresh"(ARRAY(SELECT DISTINCT "product_id" FROM "changed"));
  IF TG_OP = 'UPDATE' THEN PERFORM "product_price_refresh"(ARRAY(SELECT DISTINCT "product_id" FROM "changed")); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "product_variant_inserted" AFTER INSERT ON "product_variant" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION "product_variant_changed"();
CREATE TRIGGER "product_variant_updated" AFTER UPDATE ON "product_variant" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION "product_variant_changed"();

CREATE FUNCTION "price_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM "product_price_refresh"(
    ARRAY(SELECT DISTINCT v."product_id" FROM "changed" c JOIN "product_variant" v ON v."id" = c."variant_id"));
  RETURN NULL;
END $$;
CREATE TRIGGER "price_inserted" AFTER INSERT ON "price" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION "price_changed"();
CREATE TRIGGER "price_updated" AFTER UPDATE ON "price" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION "price_changed"();
CREATE TRIGGER "price_deleted" AFTER DELETE ON "price" REFERENCING OLD TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION "price_changed"();

-- Titles that look like a misspelt query. A title counts when a stretch of it shares three tenths of the query's trigrams.
CREATE FUNCTION "product_fuzzy"("query" text) RETURNS TABLE ("id" text, "score" real) LANGUAGE sql STABLE
SET pg_trgm.word_similarity_threshold = 0.3 AS $$
  SELECT p."id", word_similarity("query", p."title_key") FROM "product" p WHERE "query" <% p."title_key"
$$;

-- What was recorded stays as it was recorded.
CREATE FUNCTION "row_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % is append-only', TG_TABLE_NAME, OLD."id" USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "stock_movement_append_only" BEFORE UPDATE OR DELETE ON "stock_movement"
  FOR EACH ROW EXECUTE FUNCTION "row_is_append_only"();
CREATE TRIGGER "audit_entry_append_only" BEFORE UPDATE OR DELETE ON "audit_entry"
  FOR EACH ROW EXECUTE FUNCTION "row_is_append_only"();

-- The only change allowed to an event is giving it a position, once.
CREATE FUNCTION "event_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD."position" IS NULL AND to_jsonb(OLD) - 'position' = to_jsonb(NEW) - 'position' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'event % is append-only', OLD."id" USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "event_append_only" BEFORE UPDATE OR DELETE ON "event"
  FOR EACH ROW EXECUTE FUNCTION "event_is_append_only"();
