-- The worker and a writer may refresh the same product at once: each waits for the product's row, then counts afresh.
-- Time is that of the statement: a transaction that waited would go by a moment before the one it waited for.
CREATE OR REPLACE FUNCTION "product_price_refresh"("ids" text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "product" WHERE "id" = ANY ("ids") ORDER BY "id" FOR NO KEY UPDATE;
  DELETE FROM "product_price" WHERE "product_id" = ANY ("ids");
  INSERT INTO "product_price" ("product_id", "currency", "min_minor", "max_minor", "refreshed_at")
  SELECT now_valid."product_id", now_valid."currency", min(now_valid."minor"), max(now_valid."minor"), statement_timestamp()
  FROM (
    SELECT DISTINCT ON (c."variant_id", c."currency") v."product_id", c."currency", c."minor"
    FROM "price" c JOIN "product_variant" v ON v."id" = c."variant_id"
    WHERE v."product_id" = ANY ("ids") AND v."archived_at" IS NULL
      AND c."valid_from" <= statement_timestamp() AND (c."valid_to" IS NULL OR c."valid_to" > statement_timestamp())
    ORDER BY c."variant_id", c."currency", c."valid_from" DESC
  ) now_valid
  GROUP BY now_valid."product_id", now_valid."currency";
END $$;
