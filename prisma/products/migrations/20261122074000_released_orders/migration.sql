-- Orders that gave back what they held: one that sleeps on its way must not take stock that nothing gives back any more.
CREATE TABLE "released_order" (
    "order_id" TEXT NOT NULL,
    "released_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "released_order_pkey" PRIMARY KEY ("order_id")
);

-- CreateIndex
CREATE INDEX "released_order_released_at_idx" ON "released_order"("released_at");
