ALTER TABLE "order_line" ADD COLUMN "cancelled_quantity" INTEGER NOT NULL DEFAULT 0;

-- Of an order that was called off nothing had been sent.
UPDATE "order_line" SET "cancelled_quantity" = "quantity"
FROM "orders" WHERE "orders"."id" = "order_line"."order_id" AND "orders"."status" = 'CANCELLED';

ALTER TABLE "order_line"
  DROP CONSTRAINT "order_line_quantity_check",
  ADD CONSTRAINT "order_line_quantity_check" CHECK (
    "quantity" >= 1
    AND "cancelled_quantity" >= 0
    AND "fulfilled_quantity" >= 0 AND "fulfilled_quantity" + "cancelled_quantity" <= "quantity"
    AND "returning_quantity" BETWEEN 0 AND "fulfilled_quantity"
    AND "returned_quantity" BETWEEN 0 AND "returning_quantity");
