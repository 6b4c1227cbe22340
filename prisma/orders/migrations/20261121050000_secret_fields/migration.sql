-- Where people live is stored encrypted, by whatever way it comes in. NOT VALID: rows from before this migration are
-- encrypted by `npm run encryption:rotate -w @subgraphs/orders`.
ALTER TABLE cart
  ADD CONSTRAINT cart_shipping_encrypted CHECK (shipping_address->>'line1' LIKE 'enc.v1.%' AND coalesce(shipping_address->>'line2', 'enc.v1.') LIKE 'enc.v1.%' AND coalesce(shipping_address->>'phone', 'enc.v1.') LIKE 'enc.v1.%') NOT VALID,
  ADD CONSTRAINT cart_billing_encrypted CHECK (billing_address->>'line1' LIKE 'enc.v1.%' AND coalesce(billing_address->>'line2', 'enc.v1.') LIKE 'enc.v1.%' AND coalesce(billing_address->>'phone', 'enc.v1.') LIKE 'enc.v1.%') NOT VALID;

ALTER TABLE orders
  ADD CONSTRAINT orders_shipping_encrypted CHECK (shipping_address->>'line1' LIKE 'enc.v1.%' AND coalesce(shipping_address->>'line2', 'enc.v1.') LIKE 'enc.v1.%' AND coalesce(shipping_address->>'phone', 'enc.v1.') LIKE 'enc.v1.%') NOT VALID,
  ADD CONSTRAINT orders_billing_encrypted CHECK (billing_address->>'line1' LIKE 'enc.v1.%' AND coalesce(billing_address->>'line2', 'enc.v1.') LIKE 'enc.v1.%' AND coalesce(billing_address->>'phone', 'enc.v1.') LIKE 'enc.v1.%') NOT VALID;
