-- DropIndex
DROP INDEX "mail_sent_at_created_at_idx";

-- AlterTable
ALTER TABLE "mail" ADD COLUMN     "claimed_until" TIMESTAMPTZ(3),
ADD COLUMN     "discarded_at" TIMESTAMPTZ(3),
ADD COLUMN     "offered_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "mail_sent_at_offered_at_idx" ON "mail"("sent_at", "offered_at");
