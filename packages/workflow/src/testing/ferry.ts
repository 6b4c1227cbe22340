import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { defineWorkflow } from '../define-workflow.ts';
import { done, refused, type StepContext, type StepResult } from '../step.ts';

/** What the ferry's steps work with: a table of effects, each of which may happen once. */
export interface Harbour {
  readonly pool: Pool;
  readonly executor: string;
  /** Ends the process like a power cut. */
  readonly die: () => never;
}

/** What a passage is told to do on the way. */
export interface Passage {
  /** `load before`, `load after`, `undo load before` …: where the process that works on it dies, the first time. */
  readonly dieAt?: string;
  /** The step that takes so long that the process can be paused in it, the first time. */
  readonly stallAt?: string;
  readonly refuse?: boolean;
}

/** Tables of the harbour. */
export const harbourSql = `
  CREATE TABLE effect (passage text, what text, PRIMARY KEY (passage, what));
  CREATE TABLE visit (passage text, what text, executor text, at timestamptz NOT NULL DEFAULT clock_timestamp());
  CREATE TABLE mark (passage text PRIMARY KEY);`;

type Context = StepContext<Harbour, Passage>;

/** True once per passage, for whichever process is first. */
async function isFirst({ deps, runId }: Context): Promise<boolean> {
  const { rowCount } = await deps.pool.query('INSERT INTO mark VALUES ($1) ON CONFLICT DO NOTHING', [runId]);
  return rowCount === 1;
}

async function cross(context: Context, what: string, effect: string): Promise<void> {
  const { deps, runId, input } = context;
  await deps.pool.query('INSERT INTO visit (passage, what, executor) VALUES ($1, $2, $3)', [runId, what, deps.executor]);
  if (input.dieAt === `${what} before` && (await isFirst(context))) deps.die();
  if (input.stallAt === what && (await isFirst(context))) await sleep(2_000);
  await deps.pool.query(effect, [runId, what.replace('undo ', '')]);
  if (input.dieAt === `${what} after` && (await isFirst(context))) deps.die();
}

const make = 'INSERT INTO effect VALUES ($1, $2) ON CONFLICT DO NOTHING';
const unmake = 'DELETE FROM effect WHERE passage = $1 AND what = $2';

const step = (name: string, after: (context: Context) => StepResult = () => done()) => ({
  name,
  async run(context: Context) {
    await cross(context, name, make);
    return after(context);
  },
  compensate: (context: Context) => cross(context, `undo ${name}`, unmake),
});

/** Load, sail, land; a refused passage is undone. */
export const ferry = defineWorkflow<Harbour, Passage>({
  name: 'ferry',
  version: 1,
  steps: [
    step('load'),
    step('sail', ({ input }) => (input.refuse ? refused({ reason: 'STORM', message: 'Storm.' }) : done())),
    step('land'),
  ],
  onRefused: (context) => cross(context, 'told', make),
});

/** Where a process can die on the way to the end. */
export function deathsOf(refuse: boolean): string[] {
  const all = refuse ? ['load', 'sail', 'undo sail', 'undo load', 'told'] : ['load', 'sail', 'land'];
  return all.flatMap((what) => [`${what} before`, `${what} after`]);
}
