-- AlterTable
ALTER TABLE "review" ADD COLUMN     "automatic_findings" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "checked_at" TIMESTAMPTZ(3),
ADD COLUMN     "moderation_run" TEXT;

-- CreateTable
CREATE TABLE "moderation_decision" (
    "run_id" TEXT NOT NULL,
    "review_id" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "reason_code" TEXT,
    "moderator_id" TEXT NOT NULL,
    "is_visible" BOOLEAN NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "announced_at" TIMESTAMPTZ(3),

    CONSTRAINT "moderation_decision_pkey" PRIMARY KEY ("run_id")
);

-- CreateIndex
CREATE INDEX "moderation_decision_review_id_idx" ON "moderation_decision"("review_id");

-- AddForeignKey
ALTER TABLE "moderation_decision" ADD CONSTRAINT "moderation_decision_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "review"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "moderation_decision" ADD CONSTRAINT "moderation_decision_known" CHECK ("decision" IN ('PUBLISH', 'REJECT', 'HIDE'));
