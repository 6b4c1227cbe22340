import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '@app/schema-registry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RegistryKit, startRegistryKit } from './testing/registry-kit.ts';

let kit: RegistryKit;
let folder: string;
const products = 'type Query { product: Product }\ntype Product { id: ID! title: String! }\n';
const change = (sdl: string) => writeFileSync(join(folder, 'products.graphql'), sdl);

beforeAll(async () => {
  kit = await startRegistryKit();
  folder = mkdtempSync(join(tmpdir(), 'registry-command-'));
  const config = 'subgraphs:\n  products:\n    routing_url: http://products\n    schema: { file: ./products.graphql }\n';
  writeFileSync(join(folder, 'supergraph.yaml'), config);
  change(products);
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** `npm run schema -- …` with the service named by variables, as CI has it. */
async function schema(token: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const written: string[] = [];
  const all = [...args, '--config', join(folder, 'supergraph.yaml'), '--folder', join(folder, 'registry')];
  const env = { SCHEMA_REGISTRY_URL: kit.url, SCHEMA_REGISTRY_TOKEN: token };
  const code = await runCli(all, { write: (part) => void written.push(part), now: () => new Date(), env });
  return { code, text: written.join('') };
}

test('the command does with the service what it does with the folder', async () => {
  const token = await kit.token();
  expect((await schema(token, 'fetch')).text).toContain('Nothing was published');
  expect((await schema(token, 'publish', '--by', 'ann', '--message', 'first')).text).toContain('Published version 1.');
  expect((await schema(token, 'publish')).text).toContain('Nothing to publish: version 1 has these schemas.');
  await mkdir(join(folder, 'operations'));
  writeFileSync(join(folder, 'operations', 'page.graphql'), 'query Page { product { title } }');
  const push = await schema(token, 'operations', 'push', join(folder, 'operations'), '--client', 'web@1');
  expect(push.text).toBe('1 of 1 operations are new.\n');
  expect((await schema(token, 'operations', 'list')).text).toMatch(/^Page {2}[0-9a-f]{12} {2}web@1\n$/);
  change(products.replace(' title: String!', ''));
  expect(await schema(token, 'check')).toMatchObject({ code: 1, text: expect.stringContaining('used by Page (web@1)') });
  expect(await schema(token, 'check', '--exclude-client', 'web')).toMatchObject({ code: 0 });
  expect((await schema(token, 'publish', '--by', 'ben')).code).toBe(0);
  expect((await schema(token, 'rollback', '1')).text).toContain('Published version 3');
  expect((await schema(token, 'fetch')).text).toContain('title');
  expect((await schema(token, 'fetch', '--version', '2')).text).not.toContain('title');
  expect((await schema(token, 'history')).text).toMatch(/^1 .* test-\d+ \(ann\) .* first\n2 .*\(ben\).*\n3 /);
  change('type Query { a: Nope }');
  expect(await schema(token, 'publish')).toMatchObject({ code: 1, text: expect.stringContaining('Unknown type') });
});

test('a token that does not do is said, and is no reason to use the folder', async () => {
  change(products);
  expect(await schema('made-up', 'check')).toMatchObject({ code: 1, text: expect.stringMatching(/^This token is not known/) });
  const reader = await kit.token(['read']);
  expect(await schema(reader, 'publish')).toMatchObject({ code: 1, text: expect.stringContaining('lacks publish:products') });
});
