-- A cart whose order was called off before it was confirmed is open again: it may make another one.
DROP INDEX "orders_live_cart_key";
CREATE UNIQUE INDEX "orders_live_cart_key" ON "orders"("cart_id") WHERE "status" NOT IN ('REJECTED', 'EXPIRED', 'CANCELLED');
