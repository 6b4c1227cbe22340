import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listSubgraphs } from '../subgraph-list.ts';
import { freePort, takenIn } from './tree.ts';

const root = join(import.meta.dirname, '../../../..');

test('what this repository has may not be used again', () => {
  const { folders, coordinates, prefixes } = takenIn(root);
  expect(folders).toEqual(expect.arrayContaining(['accounts', 'orders', 'products', 'reviews']));
  expect(coordinates.has('Review')).toBe(true);
  expect(coordinates.get('Query.order')).toBe('orders');
  expect(coordinates.get('Account.cart')).toBe('orders');
  for (const prefix of ['rev', 'prd', 'usr']) expect(prefixes).toContain(prefix);
});

test('a new subgraph gets a port that nobody has', () => {
  const port = freePort(root);
  expect(listSubgraphs(root).map((listed) => listed.port)).not.toContain(port);
  expect(port).toBeGreaterThan(4004);
});
