import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDir } from '../scratch-dir.ts';
import { until } from '../testing/stand-in.ts';
import { type Change, meaningOf, watchSources } from './watch-sources.ts';

test.each([
  ['subgraphs/orders/src/graph/order.type.ts', { kind: 'subgraph', name: 'orders' }],
  ['subgraphs/orders/src/order.test.ts', undefined],
  ['subgraphs/orders/README.md', undefined],
  ['subgraphs/orders/test/app.ts', undefined],
  ['prisma/orders/schema.prisma', { kind: 'database', name: 'orders' }],
  ['prisma/orders/seed.ts', undefined],
  ['services/payments/src/app.ts', { kind: 'service', name: 'payments' }],
  ['services/payments/README.md', undefined],
  ['gateway/src/app.ts', { kind: 'gateway' }],
  ['packages/money/src/money.ts', { kind: 'packages' }],
  ['packages/money/README.md', undefined],
  ['supergraph.yaml', { kind: 'list' }],
])('%s concerns %j', (path, change) => {
  expect(meaningOf(path)).toEqual(change);
});

test('what is saved at about the same time is told at once, and generated clients are not watched', async () => {
  await using root = await scratchDir('watch');
  const put = (path: string): void => {
    mkdirSync(join(root.path, path, '..'), { recursive: true });
    writeFileSync(join(root.path, path), String(Math.random()));
  };
  const files = [
    'subgraphs/a/src/a.ts',
    'subgraphs/a/src/data/client/c.ts',
    'subgraphs/b/src/b.ts',
    'gateway/src/g.ts',
    'packages/p/src/p.ts',
  ];
  for (const file of files) put(file);
  const seen: Change[] = [];
  const stop = await watchSources({ root: root.path, subgraphs: ['a'], onChanges: (changes) => seen.push(...changes) });
  const save = () => ['subgraphs/a/src/data/client/c.ts', 'subgraphs/b/src/b.ts', 'subgraphs/a/src/a.ts', 'gateway/src/g.ts'].forEach(put);
  save();
  // What is saved in the very moment in which watching begins may be missed: nobody saves once in a lifetime.
  const again = setInterval(save, 1_000);
  await until(() => seen.some(({ kind }) => kind === 'gateway') && seen.some(({ kind }) => kind === 'subgraph'));
  clearInterval(again);
  await stop();
  expect(new Set(seen.map((change) => JSON.stringify(change)))).toEqual(
    new Set([JSON.stringify({ kind: 'subgraph', name: 'a' }), JSON.stringify({ kind: 'gateway' })]),
  );
});
