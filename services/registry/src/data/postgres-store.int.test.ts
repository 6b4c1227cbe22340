import { HttpStore } from '@app/schema-registry';
import { registryStoreContract } from '@app/schema-registry/contract';
import { afterAll, beforeAll } from 'vitest';
import { type RegistryKit, startRegistryKit } from '../testing/registry-kit.ts';
import { schemaJobs } from '../work/schema-jobs.ts';
import { PostgresStore } from './postgres-store.ts';
import { findCaller } from './tokens.ts';

let kit: RegistryKit;
let graphs = 0;

beforeAll(async () => {
  kit = await startRegistryKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

async function emptyGraph(): Promise<string> {
  graphs += 1;
  return kit.token(undefined, { graph: `graph${graphs}` });
}

registryStoreContract('Postgres', async () => {
  const { pool } = kit.registry;
  const who = await findCaller(pool, await emptyGraph());
  const store = new PostgresStore({
    pool,
    writes: pool,
    graph: who.graph,
    who,
    jobs: schemaJobs,
    now: () => new Date(),
    lockTimeoutMs: 20_000,
  });
  return { store, [Symbol.asyncDispose]: async () => undefined };
});

registryStoreContract('registry service', async () => {
  const store = new HttpStore({ url: kit.url, token: await emptyGraph() });
  return { store, [Symbol.asyncDispose]: async () => undefined };
});
