import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { CircuitBreakers } from '@app/circuit-breaker';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSupergraph } from '../supergraph/supergraph-generation.ts';
import { compiledExecutors } from './compiled-executor.ts';
import { composeForTest, shop } from './testing/supergraphs.ts';

/** Threads that were started. */
const threads: Worker[] = [];
const count = (thread: Worker) => threads.push(thread);
beforeEach(() => void process.on('worker', count));
afterEach(async () => {
  process.off('worker', count);
  for (const thread of threads.splice(0)) await thread.terminate();
});

const create = compiledExecutors({
  planning: { deadlineMs: 2_000, cacheBytes: 1_000_000, shared: undefined },
  fetching: {
    connectTimeoutMs: 1_000,
    deadlineMs: 2_000,
    maxAnswerBytes: 1_000_000,
    connections: 1,
    shareInFlight: true,
    needsMoment: false,
    breakers: new CircuitBreakers(),
    hedgeAfterMs: 0,
  },
  labelShares: new Map(),
  signers: new Map(),
});

test('an executor plans on one thread', async () => {
  const executor = await create(loadSupergraph(composeForTest(shop)));
  await nextTurn();
  expect(threads).toHaveLength(1);
  await executor.stop();
});

test('a supergraph whose subgraphs have no address is refused, and leaves no thread behind', async () => {
  const sdl = composeForTest(shop).replaceAll(/url: "http:\/\/\w+\.test"/g, 'url: ""');
  await expect(create(loadSupergraph(sdl))).rejects.toThrow(/^The address of subgraph .* is ".*", which is no URL with http or https\.$/);
  await nextTurn();
  expect(threads).toHaveLength(0);
});
