-- What @app/workflow keeps beside DBOS's own tables: how each run stands, and which instances are alive.
CREATE SCHEMA workflow;

CREATE TABLE workflow.run (
  id             text PRIMARY KEY,
  name           text NOT NULL,
  version        integer NOT NULL CHECK (version > 0),
  -- What the run is about, such as an order's id.
  subject        text NOT NULL,
  status         text NOT NULL DEFAULT 'RUNNING' CHECK (status IN (
    'RUNNING', 'WAITING', 'RETRYING', 'STUCK', 'COMPENSATING', 'COMPENSATION_FAILED', 'DONE', 'REFUSED', 'CANCELLED', 'FAILED')),
  -- What the steps need and no table has; what a definition forgets is removed when the run ends.
  input          jsonb NOT NULL DEFAULT '{}',
  -- Carried into logs and events of the steps.
  correlation_id text,
  -- The business failure that ended it, or is being compensated.
  refusal        jsonb,
  -- Somebody asked for it to be turned around; the next attempt before the pivot is refused with this.
  turn_around    jsonb,
  -- The step that is worked on, how often it failed since it last succeeded, and why.
  step           text,
  failures       integer NOT NULL DEFAULT 0,
  -- When the first of these failures was: patience counts from here.
  failing_since  timestamptz(3),
  last_error     text,
  -- While it waits: for which signal, if any, and until when.
  waiting_for    text,
  until          timestamptz(3),
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  updated_at     timestamptz(3) NOT NULL DEFAULT now(),
  ended_at       timestamptz(3)
);
CREATE INDEX run_subject_idx ON workflow.run (subject);
CREATE INDEX run_listing_idx ON workflow.run (created_at DESC, id DESC);
CREATE INDEX run_open_idx ON workflow.run (status, created_at DESC) WHERE status NOT IN ('DONE', 'REFUSED', 'CANCELLED');

-- Instances that execute runs: alive as long as they say so.
CREATE TABLE workflow.executor (
  id         text PRIMARY KEY,
  -- The definitions it has, `name@version`.
  serves     text[] NOT NULL,
  started_at timestamptz(3) NOT NULL DEFAULT now(),
  seen_at    timestamptz(3) NOT NULL DEFAULT now()
);

-- Whoever may write rows in public may write them here: the role that the subgraph connects as.
DO $$
DECLARE grantee text;
BEGIN
  FOR grantee IN
    SELECT DISTINCT quote_ident(role.rolname)
    FROM pg_default_acl AS acl, aclexplode(acl.defaclacl) AS item
    JOIN pg_roles AS role ON role.oid = item.grantee
    WHERE acl.defaclnamespace = 'public'::regnamespace AND acl.defaclobjtype = 'r' AND item.privilege_type = 'INSERT'
  LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA dbos, workflow TO %s', grantee);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA dbos, workflow TO %s', grantee);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA dbos, workflow TO %s', grantee);
  END LOOP;
END $$;
