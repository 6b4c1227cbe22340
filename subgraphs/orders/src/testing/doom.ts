import type { AnyWorkflow } from '@app/workflow';
import { Instances } from '@app/workflow/testing/instances';
import { until } from '@app/workflow/testing/until';
import { Client } from 'pg';
import type { Deps } from '../service/deps.ts';
import type { OrdersKit } from './orders-kit.ts';

/** Everywhere on the way of a run where a process can die: before a step does anything, and after its commit, before that is recorded. */
export function placesOf({ name, steps, onRefused }: AnyWorkflow<Deps>, outcome: 'done' | 'any' = 'any'): string[] {
  const undone = outcome === 'done' ? [] : steps.filter(({ compensate }) => compensate).map((step) => `undo ${step.name}`);
  const refused = outcome === 'done' || !onRefused ? [] : ['refused'];
  return [...steps.map((step) => step.name), ...undone, ...refused].flatMap((what) => [`${name} ${what} before`, `${name} ${what} after`]);
}

/** Where processes die in this run of the tests: so many of the places, three unless told, by the seed, which is printed. */
export function chosenOf(places: readonly string[], { KILLS = '3', KILL_SEED }: NodeJS.ProcessEnv): string[] {
  const seed = Number(KILL_SEED ?? Date.now() % 100_000);
  const kills = Math.min(Number(KILLS), places.length);
  process.stdout.write(`KILL_SEED=${seed} KILLS=${kills} of ${places.length}\n`);
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return places
    .map((place) => ({ place, order: random() }))
    .sort((left, right) => left.order - right.order)
    .slice(0, kills)
    .map(({ place }) => place);
}

/** Makes the table of places where a worker dies; the first one that comes to a place takes it out. */
export async function prepareDoom(kit: OrdersKit): Promise<void> {
  const owner = new Client({ connectionString: kit.ownerUrl });
  await owner.connect();
  await owner.query('CREATE TABLE doom (place text PRIMARY KEY)');
  await owner.end();
}

/** Workers of a kit in processes of their own. */
export function mortalWorkers(kit: OrdersKit): Instances {
  return new Instances(new URL('./mortal-worker.ts', import.meta.url), [JSON.stringify(kit.environment), '2000']);
}

/** Waits until every run has ended, however many workers die meanwhile. */
export async function untilEnded(kit: OrdersKit, kills: number): Promise<void> {
  const open = async () => {
    const [row] = await kit.db.$queryRaw<{ open: number }[]>`SELECT count(*)::int AS open FROM workflow.run WHERE ended_at IS NULL`;
    return row?.open;
  };
  await until('all runs have ended', async () => (await open()) === 0, 30_000 * (kills + 1));
}
