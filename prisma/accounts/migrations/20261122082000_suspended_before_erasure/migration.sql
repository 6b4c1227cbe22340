-- Somebody who waits for erasure may be suspended, and is erased on the day that was promised all the same.
ALTER TABLE "account"
  DROP CONSTRAINT "account_erasure_check",
  ADD CONSTRAINT "account_erasure_check" CHECK (
    ("status" <> 'ERASURE_SCHEDULED' OR "erasure_due_at" IS NOT NULL)
    AND ("erasure_due_at" IS NULL OR "status" IN ('ERASURE_SCHEDULED', 'SUSPENDED')));
