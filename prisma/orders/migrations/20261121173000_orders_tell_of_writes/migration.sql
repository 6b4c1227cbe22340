-- Caches keep answers about orders until something of the order is written (decision 022). Each commit says what it wrote, whoever it is of:
-- a request, a run, a worker or a hand at a prompt. The payload is a list of cache tags, as `src/domain/cache-tags.ts` names them.
CREATE FUNCTION tell_of_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM pg_notify('orders_written', concat_ws(' ', 'order:' || OLD.id, 'order-number:' || OLD.number, 'orders-of:' || OLD.account_id));
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM pg_notify('orders_written', concat_ws(' ', 'order:' || NEW.id, 'order-number:' || NEW.number, 'orders-of:' || NEW.account_id));
  END IF;
  RETURN NULL;
END $$;

-- Of a part with the order's id.
CREATE FUNCTION tell_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  part record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM pg_notify('orders_written', 'order:' || part.order_id);
  RETURN NULL;
END $$;

-- Of a part of a part: the arguments are the table of its parent and the column that leads there.
CREATE FUNCTION tell_of_inner_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  part record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  order_id text;
BEGIN
  EXECUTE format('SELECT order_id FROM %I WHERE id = ($1 ->> %L)', TG_ARGV[0], TG_ARGV[1]) INTO order_id USING to_jsonb(part);
  IF order_id IS NOT NULL THEN PERFORM pg_notify('orders_written', 'order:' || order_id); END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON "orders" FOR EACH ROW EXECUTE FUNCTION tell_of_order();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON "order_line" FOR EACH ROW EXECUTE FUNCTION tell_of_part();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON "order_entry" FOR EACH ROW EXECUTE FUNCTION tell_of_part();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON "payment" FOR EACH ROW EXECUTE FUNCTION tell_of_part();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON "fulfillment" FOR EACH ROW EXECUTE FUNCTION tell_of_part();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON "order_return" FOR EACH ROW EXECUTE FUNCTION tell_of_part();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON "payment_event" FOR EACH ROW EXECUTE FUNCTION tell_of_inner_part('payment', 'payment_id');
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON "fulfillment_line" FOR EACH ROW EXECUTE FUNCTION tell_of_inner_part('fulfillment', 'fulfillment_id');
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON "order_return_line" FOR EACH ROW EXECUTE FUNCTION tell_of_inner_part('order_return', 'return_id');
