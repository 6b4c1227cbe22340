import type { Run, RunStatus } from './run.ts';
import type { Sql } from './sql.ts';
import type { Refusal } from './step.ts';

/** Told the id of a run that came to rest: whoever waits for it listens. */
export const restChannel = 'workflow_rest';
/** Told the id of a run that pauses and should go on at once. */
export const wakeChannel = 'workflow_wake';
/** Told the queue of a run that was started. */
export const startChannel = 'workflow_start';

const columns = `id, name AS workflow, version, subject, status, input, correlation_id AS "correlationId", refusal, step, failures,
  failing_since AS "failingSince", last_error AS "lastError", waiting_for AS "waitingFor", until, created_at AS "createdAt", updated_at AS "updatedAt", ended_at AS "endedAt"`;

const ended = `('DONE', 'REFUSED', 'CANCELLED', 'FAILED')`;

/** A new run. */
export interface NewRun {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly subject: string;
  readonly input: object;
  readonly correlationId: string | null;
}

/** Adds a run and, once the transaction commits, tells the workers. False: there is one with this id. */
export async function insertRun(sql: Sql, run: NewRun): Promise<boolean> {
  const rows = await sql(
    `WITH new AS (INSERT INTO workflow.run (id, name, version, subject, input, correlation_id) VALUES ($1, $2, $3, $4, $5::jsonb, $6)
       ON CONFLICT (id) DO NOTHING RETURNING name || '@' || version AS queue)
     SELECT pg_notify('${startChannel}', queue)::text FROM new`,
    [run.id, run.workflow, run.version, run.subject, JSON.stringify(run.input), run.correlationId],
  );
  return rows.length === 1;
}

/** The run with an id. Postgres refuses U+0000 in a text, so an id with it is the id of nothing. */
export async function findRun(sql: Sql, id: string): Promise<Run | null> {
  if (id.includes('\0')) return null;
  return (await sql<Run>(`SELECT ${columns} FROM workflow.run WHERE id = $1`, [id]))[0] ?? null;
}

/** Which runs to list: newest first, after the one given. */
export interface RunFilter {
  readonly workflow?: string;
  readonly subject?: string;
  readonly statuses?: readonly RunStatus[];
  readonly after?: { readonly createdAt: Date; readonly id: string };
  /** At most this many; 20 unless told. */
  readonly limit?: number;
}

const matching = `($1::text IS NULL OR name = $1) AND ($2::text IS NULL OR subject = $2) AND ($3::text[] IS NULL OR status = ANY($3))`;

const criteria = ({ workflow, subject, statuses }: RunFilter) => [workflow ?? null, subject ?? null, statuses ? [...statuses] : null];

export async function countRuns(sql: Sql, filter: RunFilter): Promise<number> {
  const [row] = await sql<{ count: number }>(`SELECT count(*)::int AS count FROM workflow.run WHERE ${matching}`, criteria(filter));
  return row?.count ?? 0;
}

export async function listRuns(sql: Sql, filter: RunFilter): Promise<Run[]> {
  const { after, limit = 20 } = filter;
  return sql<Run>(
    `SELECT ${columns} FROM workflow.run
     WHERE ${matching}
       AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5))
     ORDER BY created_at DESC, id DESC LIMIT $6`,
    [...criteria(filter), after?.createdAt.toISOString() ?? null, after?.id ?? null, limit],
  );
}

/** Gives a run that waits another input and takes it up again. False: it does not wait. */
export async function amendWaiting(sql: Sql, id: string, input: object): Promise<boolean> {
  const rows = await sql(
    `UPDATE workflow.run SET input = input || $2::jsonb, status = 'RUNNING', updated_at = now()
     WHERE id = $1 AND status = 'WAITING' RETURNING id`,
    [id, JSON.stringify(input)],
  );
  return rows.length === 1;
}

/** What an execution may know before it does anything. */
export interface Hold {
  readonly run: Run;
  readonly turnAround: Refusal | null;
  /** False: somebody else executes the run, or it was stopped. */
  readonly isOurs: boolean;
}

/** Whether an instance has the run, in DBOS's books. */
const isOurs = (executor: string) =>
  `(SELECT kept.executor_id = ${executor} AND kept.status = 'PENDING' FROM dbos.workflow_status AS kept WHERE kept.workflow_uuid = run.id)`;

/** Looks a run up, and whether `executor` still has it. */
export async function readHold(sql: Sql, id: string, executor: string): Promise<Hold | null> {
  const rows = await sql<Run & { turnAround: Refusal | null; isOurs: boolean | null }>(
    `SELECT ${columns}, turn_around AS "turnAround",
       ${isOurs('$2')} AS "isOurs"
     FROM workflow.run WHERE id = $1`,
    [id, executor],
  );
  const [row] = rows;
  return row ? { run: row, turnAround: row.turnAround, isOurs: row.isOurs === true } : null;
}

/** What becomes of a run that was not ended. */
export interface Move {
  readonly status: RunStatus;
  readonly step?: string;
  readonly failures?: number;
  readonly failingSince?: Date;
  readonly lastError?: string;
  readonly waitingFor?: string;
  readonly until?: Date;
  readonly refusal?: Refusal;
}

/** Who executes runs, and where they are written down. */
export interface Bookkeeper {
  readonly sql: Sql;
  /** Id of the instance. */
  readonly executor: string;
}

/** Writes down how a run stands and tells whoever waits for it to rest. Does nothing to a run that has ended, or that another instance has. */
export async function moveRun({ sql, executor }: Bookkeeper, id: string, move: Move): Promise<void> {
  await sql(
    `WITH moved AS (
       UPDATE workflow.run SET status = $2, step = $3, failures = $4, last_error = $5, waiting_for = $6, until = $7,
         refusal = COALESCE($8::jsonb, refusal), failing_since = $9, updated_at = now()
       WHERE id = $1 AND status NOT IN ${ended} AND ${isOurs('$10')} RETURNING id, status)
     SELECT pg_notify('${restChannel}', id)::text FROM moved WHERE status NOT IN ('RUNNING', 'COMPENSATING')`,
    [
      id,
      move.status,
      move.step ?? null,
      move.failures ?? 0,
      move.lastError ?? null,
      move.waitingFor ?? null,
      move.until?.toISOString() ?? null,
      move.refusal ? JSON.stringify(move.refusal) : null,
      move.failingSince?.toISOString() ?? null,
      executor,
    ],
  );
}

/** Ends a run and forgets what must not be kept. False: it had ended before. */
export async function endRun(
  sql: Sql,
  id: string,
  status: 'DONE' | 'REFUSED' | 'FAILED' | 'CANCELLED',
  forget: readonly string[] = [],
): Promise<boolean> {
  const keeps = status === 'FAILED' || status === 'CANCELLED';
  const rows = await sql(
    `WITH moved AS (
       UPDATE workflow.run SET status = $2, input = input - $3::text[], updated_at = now(), ended_at = now(), waiting_for = NULL, until = NULL,
         turn_around = NULL${keeps ? '' : ', step = NULL, failures = 0, failing_since = NULL, last_error = NULL'}
       WHERE id = $1 AND status NOT IN ${ended} RETURNING id)
     SELECT pg_notify('${restChannel}', id)::text FROM moved`,
    [id, status, [...forget]],
  );
  return rows.length === 1;
}

/** Takes up a run that was cancelled or given up. False: it is neither. */
export async function reopenRun(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql(
    `UPDATE workflow.run SET status = CASE WHEN refusal IS NULL THEN 'RUNNING' ELSE 'COMPENSATING' END, ended_at = NULL,
       failing_since = NULL, updated_at = now()
     WHERE id = $1 AND status IN ('CANCELLED', 'FAILED') RETURNING id`,
    [id],
  );
  return rows.length === 1;
}

/** Asks for a run to be refused before its next attempt. False: it is undone already, or ended. */
export async function askToTurnAround(sql: Sql, id: string, refusal: Refusal): Promise<boolean> {
  const rows = await sql(
    `UPDATE workflow.run SET turn_around = $2::jsonb, updated_at = now()
     WHERE id = $1 AND status IN ('RUNNING', 'WAITING', 'RETRYING', 'STUCK') RETURNING id`,
    [id, JSON.stringify(refusal)],
  );
  return rows.length === 1;
}
