-- Of what is held, what is not taken any more: goods came back before they were paid for.
ALTER TABLE "payment"
  ADD COLUMN "waived_minor" BIGINT NOT NULL DEFAULT 0,
  ADD CONSTRAINT "payment_waived_check" CHECK ("waived_minor" >= 0);
