import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench } from './testing/bench.ts';
import { deathsOf, ferry, type Harbour, harbourSql, type Passage } from './testing/ferry.ts';
import { Instances } from './testing/instances.ts';
import { until } from './testing/until.ts';

let bench: Bench<Harbour>;
beforeAll(async () => {
  const none: Harbour = { pool: new Pool(), executor: 'none', die: () => process.exit() };
  bench = await Bench.open<Harbour>([ferry], none);
  await bench.pool.query(harbourSql);
});
afterAll(() => bench[Symbol.asyncDispose]());

const script = new URL('./testing/ferry-worker.ts', import.meta.url);
const ended = (id: string) => async () => {
  const run = await bench.client.find(id);
  return run?.endedAt ? run : false;
};

async function effects(id: string): Promise<string[]> {
  const { rows } = await bench.pool.query<{ what: string }>('SELECT what FROM effect WHERE passage = $1 ORDER BY what', [id]);
  return rows.map(({ what }) => what);
}

test('two instances die at every boundary of every step: each run ends as if nobody had', async () => {
  await using instances = new Instances(script, [bench.database.url, '2000']);
  await instances.keep(2);
  const began = Date.now();
  const passages = [false, true].flatMap((refuse) => deathsOf(refuse).map((dieAt): Passage => ({ refuse, dieAt })));
  for (const passage of passages) await bench.start('ferry', `${passage.refuse ? 'refused' : 'through'} ${passage.dieAt}`, passage);
  for (const { refuse, dieAt } of passages) {
    const id = `${refuse ? 'refused' : 'through'} ${dieAt}`;
    const run = await until(`${id} ends`, ended(id));
    expect([id, run.status]).toEqual([id, refuse ? 'REFUSED' : 'DONE']);
    expect([id, await effects(id)]).toEqual([id, refuse ? ['told'] : ['land', 'load', 'sail']]);
  }
  const { rows } = await bench.pool.query('SELECT 1 FROM mark');
  expect(rows).toHaveLength(passages.length);
  process.stdout.write(`${passages.length} deaths of instances survived in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}, 120_000);

test('the runs of a killed instance go on elsewhere within seconds', async () => {
  await using instances = new Instances(script, [bench.database.url, '5000']);
  await instances.start();
  await bench.start('ferry', 'killed', { dieAt: 'sail after' });
  const died = await until('it dies', async () => {
    const { rows } = await bench.pool.query('SELECT 1 FROM mark WHERE passage = $1', ['killed']);
    return rows.length > 0 && Date.now();
  });
  await instances.start();
  const run = await until('it ends', ended('killed'));
  expect(run.status).toBe('DONE');
  const { rows } = await bench.pool.query<{ at: Date }>(
    `SELECT min(at) AS at FROM visit WHERE passage = 'killed' AND executor = 'instance-2'`,
  );
  const seconds = ((rows[0]?.at.getTime() ?? 0) - died) / 1000;
  process.stdout.write(`takeover of a killed instance: ${seconds.toFixed(1)} s after its death\n`);
  expect(instances.said).toContain('taken-over instance-1');
});

test('an instance that was paused and taken for dead does no damage when it wakes up late', async () => {
  await using instances = new Instances(script, [bench.database.url, '2000']);
  const sleeper = await instances.start();
  await bench.start('ferry', 'paused', { stallAt: 'sail' });
  await until('it stalls', async () => (await bench.pool.query('SELECT 1 FROM mark WHERE passage = $1', ['paused'])).rows.length > 0);
  instances.send(sleeper, 'SIGSTOP');
  await instances.start();
  const run = await until('it ends elsewhere', ended('paused'));
  const books = await bench.client.get('paused');
  instances.send(sleeper, 'SIGCONT');
  await bench.start('ferry', 'after');
  await until('the sleeper has finished its step', async () => {
    const { rows } = await bench.pool.query('SELECT seen_at FROM workflow.executor WHERE id = $1 AND seen_at > $2', [sleeper, run.endedAt]);
    return rows.length > 0;
  });
  await until('another run ends', ended('after'));
  expect(await bench.client.get('paused')).toEqual(books);
  expect(await effects('paused')).toEqual(['land', 'load', 'sail']);
  const { rows } = await bench.pool.query(`SELECT what FROM visit WHERE passage = 'paused' AND executor = $1`, [sleeper]);
  expect(rows.map(({ what }) => what)).toEqual(['load', 'sail']);
});
