-- Runs are executed by DBOS from now on. Those that ended come along; the others must be ended by the release before this one.
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM "run" WHERE "status" IN ('RUNNING', 'WAITING')) THEN
    RAISE EXCEPTION 'orders has runs that have not ended: let the release before this one finish them (SELECT * FROM run WHERE status IN (''RUNNING'', ''WAITING'')), then migrate; a development database can be made anew with npm run reset';
  END IF;
END $$;

INSERT INTO workflow.run (id, name, version, subject, status, input, refusal, created_at, updated_at, ended_at)
SELECT "id", "workflow", 1, "order_id", CASE "status" WHEN 'DONE' THEN 'DONE' ELSE 'REFUSED' END, "input", "failure", "created_at", "leased_to", "leased_to"
FROM "run";

DROP TABLE "run_step";
DROP TABLE "run";
DROP TYPE "RunStatus";
DROP TYPE "StepStatus";
