-- CreateEnum
CREATE TYPE "CartStatus" AS ENUM ('OPEN', 'CHECKING_OUT', 'ORDERED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "OrderStatus" AS ENUM ('PENDING', 'AWAITING_PAYMENT', 'CONFIRMED', 'COMPLETED', 'CANCELLED', 'REJECTED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('NONE', 'REQUIRES_ACTION', 'AUTHORIZED', 'PARTIALLY_CAPTURED', 'CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED', 'FAILED');

-- CreateEnum
CREATE TYPE "FulfillmentStatus" AS ENUM ('UNFULFILLED', 'PARTIALLY_FULFILLED', 'FULFILLED', 'PARTIALLY_RETURNED', 'RETURNED');

-- CreateEnum
CREATE TYPE "OrderFailureReason" AS ENUM ('OUT_OF_STOCK', 'PAYMENT_DECLINED', 'PAYMENT_TIMEOUT', 'PROMOTION_EXHAUSTED', 'FRAUD_SUSPECTED', 'SERVICE_UNAVAILABLE');

-- CreateEnum
CREATE TYPE "PaymentEventKind" AS ENUM ('AUTHORIZE_REQUESTED', 'AUTHORIZED', 'ACTION_REQUIRED', 'AUTHORIZE_FAILED', 'CAPTURE_REQUESTED', 'CAPTURED', 'CAPTURE_FAILED', 'VOID_REQUESTED', 'VOIDED', 'REFUND_REQUESTED', 'REFUNDED', 'REFUND_FAILED', 'OUTCOME_UNKNOWN');

-- CreateEnum
CREATE TYPE "PaymentOperationKind" AS ENUM ('AUTHORIZE', 'CAPTURE', 'VOID', 'REFUND');

-- CreateEnum
CREATE TYPE "PaymentOperationStatus" AS ENUM ('PENDING', 'UNKNOWN', 'REQUIRES_ACTION', 'SUCCEEDED', 'FAILED');

-- CreateEnum
CREATE TYPE "ShipmentStatus" AS ENUM ('PENDING', 'SHIPPED', 'DELIVERED', 'LOST', 'CANCELLED');

-- CreateEnum
CREATE TYPE "ReturnStatus" AS ENUM ('REQUESTED', 'APPROVED', 'REJECTED', 'RECEIVED', 'REFUNDED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "ReturnReason" AS ENUM ('DAMAGED', 'WRONG_ITEM', 'NOT_AS_DESCRIBED', 'CHANGED_MIND', 'OTHER');

-- CreateEnum
CREATE TYPE "PromotionKind" AS ENUM ('PERCENT', 'FIXED', 'FREE_SHIPPING');

-- CreateEnum
CREATE TYPE "RunStatus" AS ENUM ('RUNNING', 'WAITING', 'DONE', 'FAILED');

-- CreateEnum
CREATE TYPE "StepStatus" AS ENUM ('INTENDED', 'DONE', 'REFUSED', 'COMPENSATED');

-- CreateTable
CREATE TABLE "cart" (
    "id" TEXT NOT NULL,
    "account_id" TEXT,
    "status" "CartStatus" NOT NULL DEFAULT 'OPEN',
    "version" INTEGER NOT NULL DEFAULT 1,
    "currency" CHAR(3) NOT NULL,
    "email" TEXT,
    "shipping_address" JSONB,
    "billing_address" JSONB,
    "shipping_rate_id" TEXT,
    "merged_into_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cart_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cart_line" (
    "id" TEXT NOT NULL,
    "cart_id" TEXT NOT NULL,
    "variant_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "product_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "image_url" TEXT,
    "unit_price_minor" BIGINT NOT NULL,
    "weight_grams" INTEGER NOT NULL,
    "tax_category" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cart_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cart_promotion" (
    "cart_id" TEXT NOT NULL,
    "promotion_id" TEXT NOT NULL,
    "applied_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cart_promotion_pkey" PRIMARY KEY ("cart_id","promotion_id")
);

-- CreateTable
CREATE TABLE "promotion" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "kind" "PromotionKind" NOT NULL,
    "percent" INTEGER,
    "amount_minor" BIGINT,
    "currency" CHAR(3),
    "minimum_minor" BIGINT NOT NULL DEFAULT 0,
    "starts_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ends_at" TIMESTAMPTZ(3),
    "usage_limit" INTEGER,
    "used" INTEGER NOT NULL DEFAULT 0,
    "per_customer_limit" INTEGER,

    CONSTRAINT "promotion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotion_redemption" (
    "promotion_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "redeemed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "promotion_redemption_pkey" PRIMARY KEY ("promotion_id","order_id")
);

-- CreateTable
CREATE TABLE "shipping_rate" (
    "id" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "method_name" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "max_grams" INTEGER NOT NULL,
    "price_minor" BIGINT NOT NULL,
    "min_days" INTEGER NOT NULL,
    "max_days" INTEGER NOT NULL,

    CONSTRAINT "shipping_rate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tax_rate" (
    "country" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "rate" TEXT NOT NULL,

    CONSTRAINT "tax_rate_pkey" PRIMARY KEY ("country","category")
);

-- CreateTable
CREATE TABLE "orders" (
    "id" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "cart_id" TEXT,
    "account_id" TEXT,
    "email" TEXT NOT NULL,
    "guest_token_hash" TEXT,
    "status" "OrderStatus" NOT NULL DEFAULT 'PENDING',
    "payment_status" "PaymentStatus" NOT NULL DEFAULT 'NONE',
    "fulfillment_status" "FulfillmentStatus" NOT NULL DEFAULT 'UNFULFILLED',
    "failure_reason" "OrderFailureReason",
    "currency" CHAR(3) NOT NULL,
    "subtotal_minor" BIGINT NOT NULL,
    "discount_minor" BIGINT NOT NULL,
    "shipping_minor" BIGINT NOT NULL,
    "tax_minor" BIGINT NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "tax_lines" JSONB NOT NULL DEFAULT '[]',
    "promotions" JSONB NOT NULL DEFAULT '[]',
    "shipping_address" JSONB,
    "billing_address" JSONB,
    "shipping_method_name" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "placed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_line" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "variant_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "image_url" TEXT,
    "quantity" INTEGER NOT NULL,
    "unit_price_minor" BIGINT NOT NULL,
    "discount_minor" BIGINT NOT NULL DEFAULT 0,
    "tax_minor" BIGINT NOT NULL DEFAULT 0,
    "total_minor" BIGINT NOT NULL,
    "fulfilled_quantity" INTEGER NOT NULL DEFAULT 0,
    "returning_quantity" INTEGER NOT NULL DEFAULT 0,
    "returned_quantity" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "order_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_entry" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "order_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_transition" (
    "axis" TEXT NOT NULL,
    "from_status" TEXT NOT NULL,
    "to_status" TEXT NOT NULL,

    CONSTRAINT "order_transition_pkey" PRIMARY KEY ("axis","from_status","to_status")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_ref" TEXT,
    "status" "PaymentStatus" NOT NULL DEFAULT 'NONE',
    "currency" CHAR(3) NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "authorized_minor" BIGINT NOT NULL DEFAULT 0,
    "captured_minor" BIGINT NOT NULL DEFAULT 0,
    "capture_pending_minor" BIGINT NOT NULL DEFAULT 0,
    "refunded_minor" BIGINT NOT NULL DEFAULT 0,
    "refund_pending_minor" BIGINT NOT NULL DEFAULT 0,
    "voided_at" TIMESTAMPTZ(3),
    "decline_code" TEXT,
    "next_action_url" TEXT,
    "next_action_expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_event" (
    "id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "kind" "PaymentEventKind" NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "provider_ref" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_operation" (
    "key" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "kind" "PaymentOperationKind" NOT NULL,
    "status" "PaymentOperationStatus" NOT NULL DEFAULT 'PENDING',
    "amount_minor" BIGINT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "checked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_operation_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "fulfillment" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "status" "ShipmentStatus" NOT NULL DEFAULT 'PENDING',
    "carrier" TEXT,
    "tracking_number" TEXT,
    "tracking_url" TEXT,
    "shipped_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fulfillment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fulfillment_line" (
    "fulfillment_id" TEXT NOT NULL,
    "order_line_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,

    CONSTRAINT "fulfillment_line_pkey" PRIMARY KEY ("fulfillment_id","order_line_id")
);

-- CreateTable
CREATE TABLE "order_return" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "status" "ReturnStatus" NOT NULL DEFAULT 'REQUESTED',
    "refund_minor" BIGINT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "order_return_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_return_line" (
    "return_id" TEXT NOT NULL,
    "order_line_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "reason" "ReturnReason" NOT NULL,
    "note" TEXT,

    CONSTRAINT "order_return_line_pkey" PRIMARY KEY ("return_id","order_line_id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "id" TEXT NOT NULL,
    "caller" TEXT NOT NULL,
    "mutation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "done" BOOLEAN NOT NULL DEFAULT false,
    "order_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" TEXT NOT NULL,
    "workflow" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "status" "RunStatus" NOT NULL DEFAULT 'RUNNING',
    "input" JSONB NOT NULL DEFAULT '{}',
    "failure" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "leased_to" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_error" TEXT,

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_step" (
    "run_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "status" "StepStatus" NOT NULL DEFAULT 'INTENDED',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_step_pkey" PRIMARY KEY ("run_id","name")
);

-- CreateTable
CREATE TABLE "sandbox_charge" (
    "ref" TEXT NOT NULL,
    "authorize_key" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
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

-- CreateIndex
CREATE INDEX "cart_account_id_updated_at_idx" ON "cart"("account_id", "updated_at");

-- CreateIndex
CREATE UNIQUE INDEX "cart_line_cart_id_variant_id_key" ON "cart_line"("cart_id", "variant_id");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_code_key" ON "promotion"("code");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_redemption_promotion_id_customer_n_key" ON "promotion_redemption"("promotion_id", "customer", "n");

-- CreateIndex
CREATE UNIQUE INDEX "shipping_rate_country_method_name_currency_max_grams_key" ON "shipping_rate"("country", "method_name", "currency", "max_grams");

-- CreateIndex
CREATE UNIQUE INDEX "orders_number_key" ON "orders"("number");

-- CreateIndex
CREATE INDEX "orders_placed_at_id_idx" ON "orders"("placed_at", "id");

-- CreateIndex
CREATE INDEX "orders_account_id_placed_at_id_idx" ON "orders"("account_id", "placed_at", "id");

-- CreateIndex
CREATE INDEX "orders_total_minor_id_idx" ON "orders"("total_minor", "id");

-- CreateIndex
CREATE INDEX "orders_status_placed_at_id_idx" ON "orders"("status", "placed_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "order_line_order_id_position_key" ON "order_line"("order_id", "position");

-- CreateIndex
CREATE INDEX "order_entry_order_id_at_id_idx" ON "order_entry"("order_id", "at", "id");

-- CreateIndex
CREATE INDEX "payment_provider_provider_ref_idx" ON "payment"("provider", "provider_ref");

-- CreateIndex
CREATE UNIQUE INDEX "payment_order_id_attempt_key" ON "payment"("order_id", "attempt");

-- CreateIndex
CREATE INDEX "payment_event_payment_id_at_idx" ON "payment_event"("payment_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "payment_event_payment_id_provider_ref_kind_key" ON "payment_event"("payment_id", "provider_ref", "kind");

-- CreateIndex
CREATE INDEX "payment_operation_status_checked_at_idx" ON "payment_operation"("status", "checked_at");

-- CreateIndex
CREATE INDEX "fulfillment_order_id_created_at_idx" ON "fulfillment"("order_id", "created_at");

-- CreateIndex
CREATE INDEX "order_return_order_id_requested_at_idx" ON "order_return"("order_id", "requested_at");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "idempotency_key_caller_mutation_key_key" ON "idempotency_key"("caller", "mutation", "key");

-- CreateIndex
CREATE INDEX "run_status_leased_to_idx" ON "run"("status", "leased_to");

-- CreateIndex
CREATE INDEX "run_order_id_idx" ON "run"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "sandbox_charge_authorize_key_key" ON "sandbox_charge"("authorize_key");

-- AddForeignKey
ALTER TABLE "cart_line" ADD CONSTRAINT "cart_line_cart_id_fkey" FOREIGN KEY ("cart_id") REFERENCES "cart"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cart_promotion" ADD CONSTRAINT "cart_promotion_cart_id_fkey" FOREIGN KEY ("cart_id") REFERENCES "cart"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cart_promotion" ADD CONSTRAINT "cart_promotion_promotion_id_fkey" FOREIGN KEY ("promotion_id") REFERENCES "promotion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion_redemption" ADD CONSTRAINT "promotion_redemption_promotion_id_fkey" FOREIGN KEY ("promotion_id") REFERENCES "promotion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion_redemption" ADD CONSTRAINT "promotion_redemption_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_line" ADD CONSTRAINT "order_line_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_entry" ADD CONSTRAINT "order_entry_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_event" ADD CONSTRAINT "payment_event_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_operation" ADD CONSTRAINT "payment_operation_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fulfillment" ADD CONSTRAINT "fulfillment_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fulfillment_line" ADD CONSTRAINT "fulfillment_line_fulfillment_id_fkey" FOREIGN KEY ("fulfillment_id") REFERENCES "fulfillment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fulfillment_line" ADD CONSTRAINT "fulfillment_line_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "order_line"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_return" ADD CONSTRAINT "order_return_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_return_line" ADD CONSTRAINT "order_return_line_return_id_fkey" FOREIGN KEY ("return_id") REFERENCES "order_return"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_return_line" ADD CONSTRAINT "order_return_line_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "order_line"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_step" ADD CONSTRAINT "run_step_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ── What the rows must hold, whoever writes them ──

ALTER TABLE "cart"
  ADD CONSTRAINT "cart_version_check" CHECK ("version" >= 1);
ALTER TABLE "cart_line"
  ADD CONSTRAINT "cart_line_quantity_check" CHECK ("quantity" BETWEEN 1 AND 99),
  ADD CONSTRAINT "cart_line_price_check" CHECK ("unit_price_minor" >= 0);
ALTER TABLE "promotion"
  ADD CONSTRAINT "promotion_used_check" CHECK ("used" >= 0 AND ("usage_limit" IS NULL OR "used" <= "usage_limit")),
  ADD CONSTRAINT "promotion_code_check" CHECK ("code" = upper("code") AND "code" <> ''),
  ADD CONSTRAINT "promotion_value_check" CHECK (
    CASE "kind"
      WHEN 'PERCENT' THEN "percent" BETWEEN 1 AND 100
      WHEN 'FIXED' THEN "amount_minor" > 0 AND "currency" IS NOT NULL
      ELSE TRUE
    END);
ALTER TABLE "orders"
  ADD CONSTRAINT "orders_totals_check" CHECK (
    "total_minor" = "subtotal_minor" - "discount_minor" + "shipping_minor" + "tax_minor"
    AND "discount_minor" BETWEEN 0 AND "subtotal_minor" AND "shipping_minor" >= 0 AND "tax_minor" >= 0);
ALTER TABLE "order_line"
  ADD CONSTRAINT "order_line_quantity_check" CHECK (
    "quantity" >= 1
    AND "fulfilled_quantity" BETWEEN 0 AND "quantity"
    AND "returning_quantity" BETWEEN 0 AND "fulfilled_quantity"
    AND "returned_quantity" BETWEEN 0 AND "returning_quantity"),
  ADD CONSTRAINT "order_line_total_check" CHECK ("total_minor" = "unit_price_minor" * "quantity" - "discount_minor" + "tax_minor");
ALTER TABLE "payment"
  ADD CONSTRAINT "payment_money_check" CHECK (
    "amount_minor" >= 0 AND "authorized_minor" BETWEEN 0 AND "amount_minor"
    AND "captured_minor" >= 0 AND "capture_pending_minor" >= 0 AND "captured_minor" + "capture_pending_minor" <= "authorized_minor"
    AND "refunded_minor" >= 0 AND "refund_pending_minor" >= 0 AND "refunded_minor" + "refund_pending_minor" <= "captured_minor");
ALTER TABLE "payment_operation"
  ADD CONSTRAINT "payment_operation_amount_check" CHECK ("amount_minor" >= 0);
ALTER TABLE "fulfillment_line"
  ADD CONSTRAINT "fulfillment_line_quantity_check" CHECK ("quantity" >= 1);
ALTER TABLE "order_return_line"
  ADD CONSTRAINT "order_return_line_quantity_check" CHECK ("quantity" >= 1);

-- One cart makes at most one order that is alive.
CREATE UNIQUE INDEX "orders_live_cart_key" ON "orders"("cart_id") WHERE "status" NOT IN ('REJECTED', 'EXPIRED');
-- Searching orders by e-mail.
CREATE INDEX "orders_email_idx" ON "orders"(lower("email") text_pattern_ops);
-- Sweeps look for what is overdue, which is little.
CREATE INDEX "run_overdue_idx" ON "run"("leased_to") WHERE "status" IN ('RUNNING', 'WAITING');
CREATE INDEX "cart_open_expiry_idx" ON "cart"("expires_at") WHERE "status" = 'OPEN';

-- The ledger is only ever added to.
CREATE FUNCTION "payment_event_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'payment event % is append-only', OLD."id" USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "payment_event_append_only" BEFORE UPDATE OR DELETE ON "payment_event"
  FOR EACH ROW EXECUTE FUNCTION "payment_event_is_append_only"();

-- Legal transitions stand in one table; no statement gets round them.
CREATE FUNCTION "check_transition"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was text := to_jsonb(OLD) ->> TG_ARGV[1];
  becomes text := to_jsonb(NEW) ->> TG_ARGV[1];
BEGIN
  IF was IS DISTINCT FROM becomes AND NOT EXISTS (
    SELECT 1 FROM "order_transition" WHERE "axis" = TG_ARGV[0] AND "from_status" = was AND "to_status" = becomes
  ) THEN
    RAISE EXCEPTION '% %: % may not become %', TG_ARGV[0], OLD."id", was, becomes USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "cart_transition" BEFORE UPDATE OF "status" ON "cart"
  FOR EACH ROW EXECUTE FUNCTION "check_transition"('CART', 'status');
CREATE TRIGGER "order_status_transition" BEFORE UPDATE OF "status" ON "orders"
  FOR EACH ROW EXECUTE FUNCTION "check_transition"('ORDER', 'status');
CREATE TRIGGER "order_payment_transition" BEFORE UPDATE OF "payment_status" ON "orders"
  FOR EACH ROW EXECUTE FUNCTION "check_transition"('PAYMENT', 'payment_status');
CREATE TRIGGER "order_fulfillment_transition" BEFORE UPDATE OF "fulfillment_status" ON "orders"
  FOR EACH ROW EXECUTE FUNCTION "check_transition"('FULFILLMENT', 'fulfillment_status');
CREATE TRIGGER "shipment_transition" BEFORE UPDATE OF "status" ON "fulfillment"
  FOR EACH ROW EXECUTE FUNCTION "check_transition"('SHIPMENT', 'status');
CREATE TRIGGER "return_transition" BEFORE UPDATE OF "status" ON "order_return"
  FOR EACH ROW EXECUTE FUNCTION "check_transition"('RETURN', 'status');

-- ── Reference data ──

INSERT INTO "order_transition" ("axis", "from_status", "to_status") VALUES
  ('CART', 'OPEN', 'CHECKING_OUT'), ('CART', 'CHECKING_OUT', 'OPEN'), ('CART', 'CHECKING_OUT', 'ORDERED'), ('CART', 'OPEN', 'EXPIRED'),
  ('ORDER', 'PENDING', 'AWAITING_PAYMENT'), ('ORDER', 'PENDING', 'CONFIRMED'), ('ORDER', 'PENDING', 'REJECTED'), ('ORDER', 'PENDING', 'CANCELLED'),
  ('ORDER', 'AWAITING_PAYMENT', 'CONFIRMED'), ('ORDER', 'AWAITING_PAYMENT', 'REJECTED'), ('ORDER', 'AWAITING_PAYMENT', 'EXPIRED'), ('ORDER', 'AWAITING_PAYMENT', 'CANCELLED'),
  ('ORDER', 'CONFIRMED', 'COMPLETED'), ('ORDER', 'CONFIRMED', 'CANCELLED'),
  ('PAYMENT', 'NONE', 'REQUIRES_ACTION'), ('PAYMENT', 'NONE', 'AUTHORIZED'), ('PAYMENT', 'NONE', 'FAILED'), ('PAYMENT', 'NONE', 'VOIDED'),
  ('PAYMENT', 'FAILED', 'REQUIRES_ACTION'), ('PAYMENT', 'FAILED', 'AUTHORIZED'), ('PAYMENT', 'FAILED', 'VOIDED'),
  ('PAYMENT', 'REQUIRES_ACTION', 'AUTHORIZED'), ('PAYMENT', 'REQUIRES_ACTION', 'FAILED'), ('PAYMENT', 'REQUIRES_ACTION', 'VOIDED'),
  ('PAYMENT', 'VOIDED', 'REQUIRES_ACTION'), ('PAYMENT', 'VOIDED', 'AUTHORIZED'), ('PAYMENT', 'VOIDED', 'FAILED'),
  ('PAYMENT', 'AUTHORIZED', 'PARTIALLY_CAPTURED'), ('PAYMENT', 'AUTHORIZED', 'CAPTURED'), ('PAYMENT', 'AUTHORIZED', 'VOIDED'), ('PAYMENT', 'AUTHORIZED', 'FAILED'),
  ('PAYMENT', 'PARTIALLY_CAPTURED', 'CAPTURED'), ('PAYMENT', 'PARTIALLY_CAPTURED', 'PARTIALLY_REFUNDED'), ('PAYMENT', 'PARTIALLY_CAPTURED', 'REFUNDED'),
  ('PAYMENT', 'CAPTURED', 'PARTIALLY_REFUNDED'), ('PAYMENT', 'CAPTURED', 'REFUNDED'),
  ('PAYMENT', 'PARTIALLY_REFUNDED', 'REFUNDED'), ('PAYMENT', 'REFUNDED', 'PARTIALLY_REFUNDED'),
  ('FULFILLMENT', 'UNFULFILLED', 'PARTIALLY_FULFILLED'), ('FULFILLMENT', 'UNFULFILLED', 'FULFILLED'), ('FULFILLMENT', 'PARTIALLY_FULFILLED', 'FULFILLED'),
  ('FULFILLMENT', 'PARTIALLY_FULFILLED', 'UNFULFILLED'), ('FULFILLMENT', 'FULFILLED', 'PARTIALLY_FULFILLED'), ('FULFILLMENT', 'FULFILLED', 'UNFULFILLED'),
  ('FULFILLMENT', 'PARTIALLY_FULFILLED', 'PARTIALLY_RETURNED'), ('FULFILLMENT', 'FULFILLED', 'PARTIALLY_RETURNED'), ('FULFILLMENT', 'FULFILLED', 'RETURNED'),
  ('FULFILLMENT', 'PARTIALLY_RETURNED', 'RETURNED'),
  ('SHIPMENT', 'PENDING', 'SHIPPED'), ('SHIPMENT', 'PENDING', 'CANCELLED'), ('SHIPMENT', 'SHIPPED', 'DELIVERED'), ('SHIPMENT', 'SHIPPED', 'LOST'),
  ('RETURN', 'REQUESTED', 'APPROVED'), ('RETURN', 'REQUESTED', 'REJECTED'), ('RETURN', 'REQUESTED', 'CANCELLED'),
  ('RETURN', 'APPROVED', 'RECEIVED'), ('RETURN', 'APPROVED', 'CANCELLED'), ('RETURN', 'RECEIVED', 'REFUNDED');

INSERT INTO "tax_rate" ("country", "category", "title", "rate")
SELECT c.country, k.category, c.name || ' ' || trim(trailing '.' FROM trim(trailing '0' FROM (k.rate * 100)::text)) || ' %', k.rate::text
FROM (VALUES
  ('DE', 'MwSt.', 0.19, 0.07), ('AT', 'USt.', 0.20, 0.10), ('FR', 'TVA', 0.20, 0.055), ('BE', 'TVA', 0.21, 0.06), ('NL', 'btw', 0.21, 0.09),
  ('ES', 'IVA', 0.21, 0.10), ('IT', 'IVA', 0.22, 0.10), ('GB', 'VAT', 0.20, 0.05), ('US', 'Sales tax', 0.07, 0.02), ('JP', 'Consumption tax', 0.10, 0.08)
) AS c(country, name, standard, reduced)
CROSS JOIN LATERAL (VALUES ('standard', c.standard), ('reduced', c.reduced)) AS k(category, rate);

-- A small rate card in four currencies. Rates of one zone and method rise with the weight they go up to.
INSERT INTO "shipping_rate" ("id", "country", "method_name", "currency", "max_grams", "price_minor", "min_days", "max_days")
SELECT 'shp_' || md5(concat_ws(':', z.country, m.name, c.currency, w.max_grams)), z.country, m.name, c.currency, w.max_grams,
  round(z.base * m.factor * w.factor * c.per_cent / c.step) * c.step, greatest(1, round(z.days * m.pace)), round(z.days * m.pace) + 2
FROM (VALUES ('DE', 490, 2), ('AT', 690, 3), ('FR', 890, 4), ('BE', 790, 3), ('NL', 790, 3), ('ES', 990, 5), ('IT', 990, 5),
  ('GB', 990, 5), ('US', 1490, 7), ('JP', 1990, 9), ('*', 2490, 12)) AS z(country, base, days)
CROSS JOIN (VALUES ('Standard', 1.0, 1.0), ('Express', 2.2, 0.4)) AS m(name, factor, pace)
CROSS JOIN (VALUES (2000, 1.0), (10000, 1.6), (31500, 2.8), (250000, 9.0)) AS w(max_grams, factor)
CROSS JOIN (VALUES ('EUR', 1.0, 10), ('USD', 1.1, 10), ('GBP', 0.86, 10), ('JPY', 1.65, 10)) AS c(currency, per_cent, step);

-- ── Events: the tables of @app/events ──

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
