-- Payments are known by the reference that the payments service gives; its demo data has those of the demo orders.
UPDATE "payment" SET "provider_ref" = 'pmt_' || substr("id", 5), "provider" = 'payments' WHERE "provider" = 'sandbox' AND "provider_ref" IS NOT NULL;

-- DropTable
DROP TABLE "sandbox_charge";

-- DropTable
DROP TABLE "sandbox_movement";
