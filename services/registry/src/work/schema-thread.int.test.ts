import { expect, test } from 'vitest';
import { subgraph } from '../testing/registry-kit.ts';
import { SchemaThread } from './schema-thread.ts';

/** A schema that takes many seconds to compose. */
function endless() {
  const numbers = Array.from({ length: 30_000 }, (_, index) => index);
  const types = numbers.map(
    (index) => `type T${index} @key(fields: "id") { id: ID! next: T${(index + 1) % numbers.length} a: Int b: Int }`,
  );
  return subgraph('endless', `type Query { first: T0 }\n${types.join('\n')}`);
}
const small = subgraph('small', 'type Query { a: Int }');

test('schemas that take too long are given up with their thread, and the next are looked at', async () => {
  await using thread = new SchemaThread({ deadlineMs: 4_000, maxQueue: 5 });
  const outcomes = await Promise.allSettled([thread.compose([endless()]), thread.compose([small])]);
  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { code: 'TOO_SLOW' } },
    { status: 'fulfilled', value: { supergraph: expect.stringContaining('a: Int') } },
  ]);
}, 120_000);

test('more jobs than may wait are refused, and the end refuses those that wait', async () => {
  const thread = new SchemaThread({ deadlineMs: 60_000, maxQueue: 1 });
  const waiting = Promise.allSettled([thread.compose([small]), thread.compose([small])]);
  await thread[Symbol.asyncDispose]();
  expect(await waiting).toMatchObject([
    { status: 'rejected', reason: { code: 'BUSY', message: expect.stringContaining('shutting down') } },
    { status: 'rejected', reason: { code: 'BUSY', message: expect.stringContaining('too many') } },
  ]);
});

test('a mistake of the sender and a fault of ours are told apart', async () => {
  await using thread = new SchemaThread({ deadlineMs: 60_000, maxQueue: 5 });
  await expect(thread.describe({ supergraph: 'type {', subgraphs: [] })).rejects.toMatchObject({ code: 'WRONG_FIELD' });
  await expect(thread.changes({ from: '', to: undefined as unknown as string })).rejects.toThrow();
  expect((await thread.compose([small])).findings).toEqual([]);
});
