import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDir } from './scratch-dir.ts';
import { listSubgraphs, ofSubgraph } from './subgraph-list.ts';

async function listOf(yaml: string) {
  await using folder = await scratchDir('list');
  writeFileSync(join(folder.path, 'supergraph.yaml'), yaml);
  return listSubgraphs(folder.path);
}

test('the subgraphs come in the order of their ports', async () => {
  const list = await listOf('subgraphs:\n  b: { routing_url: "http://localhost:4002/graphql" }\n  c: { routing_url: "http://x:4001" }\n');
  expect(list).toEqual([
    { name: 'c', port: 4001 },
    { name: 'b', port: 4002 },
  ]);
});

test.each([
  ['', /lists no subgraphs/],
  ['subgraphs: {}', /lists no subgraphs/],
  ['subgraphs: { a: { routing_url: "http://localhost/graphql" } }', /routing_url of a is "http:\/\/localhost\/graphql"; it needs a port/],
  ['subgraphs: { a: 3 }', /routing_url of a is undefined/],
  ['subgraphs: [', /cannot be read/],
])('%j is refused with what is wrong', async (yaml, message) => {
  await expect(listOf(yaml)).rejects.toMatchObject({ code: 'WRONG_GRAPH', message: expect.stringMatching(message) });
});

test('a folder without the file is named', () => {
  expect(() => listSubgraphs('/nowhere')).toThrow(/\/nowhere\/supergraph\.yaml cannot be read/);
});

test('a record that lacks a subgraph says which it has', () => {
  expect(ofSubgraph({ a: 1 }, 'a')).toBe(1);
  expect(() => ofSubgraph({ a: 1 }, 'b')).toThrow(/nothing for the subgraph b: there is for a/);
});
