-- Mails, written in the transaction that causes them; see README.md of @app/mail.
CREATE TABLE "mail" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "recipient" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),
    "discarded_at" TIMESTAMPTZ(3),
    "offered_at" TIMESTAMPTZ(3),
    "claimed_until" TIMESTAMPTZ(3)
);
CREATE INDEX "mail_sent_at_offered_at_idx" ON "mail"("sent_at", "offered_at");
