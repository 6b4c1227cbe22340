import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRegistry } from './app.ts';
import { readConfig } from './config.ts';
import { readAudit } from './data/audit.ts';
import { createToken, listTokens, revokeToken } from './data/tokens.ts';
import { type RegistryKit, startRegistryKit, subgraph } from './testing/registry-kit.ts';

let kit: RegistryKit;

beforeAll(async () => {
  kit = await startRegistryKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

const products = subgraph('products', 'type Query { product: Int }');

test('a token publishes the subgraphs it has the right for, and the history tells whose it was', async () => {
  const token = await kit.token(['read', 'publish:products']);
  const published = await kit.send('POST', '/api/publish', { token, body: { subgraphs: [products], by: 'ann', message: 'first' } });
  expect(published).toMatchObject({
    status: 200,
    body: { isNew: true, version: { number: 1, by: expect.stringMatching(/^test-\d+ \(ann\)$/) } },
  });
  const both = [products, subgraph('orders', 'type Query { order: Int }')];
  const refused = await kit.send('POST', '/api/publish', { token, body: { subgraphs: both } });
  expect(refused).toMatchObject({ status: 403, code: 'RIGHT_MISSING' });
  expect(refused.text).toContain('publish:orders');
  expect((await kit.send('POST', '/api/rollback', { token, body: { version: 1 } })).code).toBe('RIGHT_MISSING');
  expect((await kit.send('GET', '/api/versions', { token })).body['versions']).toHaveLength(1);
});

test('each right opens what it names and nothing else', async () => {
  const [read, check, report] = await Promise.all([kit.token(['read']), kit.token(['check']), kit.token(['report'])]);
  const statuses = async (method: string, path: string, body?: unknown) =>
    Promise.all([read, check, report].map(async (token) => (await kit.send(method, path, { token, body })).status));
  expect(await statuses('GET', '/api/versions')).toEqual([200, 403, 403]);
  expect(await statuses('GET', '/api/operations')).toEqual([200, 403, 403]);
  expect(await statuses('POST', '/api/checks', { subgraphs: [products] })).toEqual([403, 200, 403]);
  expect(await statuses('POST', '/api/operations', { operations: [] })).toEqual([403, 403, 200]);
  expect(await statuses('POST', '/api/publish', { subgraphs: [products] })).toEqual([403, 403, 403]);
});

test('a token of one graph sees nothing of another', async () => {
  const [mine, other] = await Promise.all([kit.token(undefined, { graph: 'mine' }), kit.token(undefined, { graph: 'mine@staging' })]);
  await kit.send('POST', '/api/publish', { token: mine, body: { subgraphs: [products] } });
  expect((await kit.send('GET', '/api/versions', { token: other })).body['versions']).toEqual([]);
  expect(await kit.send('GET', '/api/versions/1', { token: other })).toMatchObject({ status: 404, code: 'UNKNOWN_VERSION' });
});

test('tokens that were revoked, expired or made up are all the same: unknown', async () => {
  const { pool } = kit.registry;
  const expired = await kit.token(['read'], { expiresAt: new Date(Date.now() - 1_000) });
  const revoked = await createToken(pool, { graph: 'shop', name: 'gone', rights: ['read'], by: 'tests' });
  await revokeToken(pool, { graph: 'shop', name: 'gone', by: 'tests' });
  const made = revoked.replace(/.{5}$/, 'AAAAA');
  const answers = await Promise.all([expired, revoked, made].map((token) => kit.send('GET', '/api/versions', { token })));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]).toMatchObject({ status: 401, code: 'TOKEN_UNKNOWN' });
});

test('what is stored of a token does not open anything, and its making is in the audit', async () => {
  const { pool } = kit.registry;
  const token = await createToken(pool, { graph: 'shop', name: 'audited', rights: ['read', 'publish:orders'], by: 'operator' });
  const { rows } = await pool.query('SELECT to_jsonb(token)::text AS row FROM token');
  const secret = token.slice(token.lastIndexOf(':') + 1);
  expect(rows.some(({ row }: { row: string }) => row.includes(secret))).toBe(false);
  expect(await listTokens(pool, 'shop')).toContainEqual(expect.objectContaining({ name: 'audited', rights: ['read', 'publish:orders'] }));
  expect((await readAudit(pool, 'shop@current', 1))[0]).toMatchObject({
    who: 'operator',
    action: 'token created',
    detail: { name: 'audited' },
  });
  await expect(createToken(pool, { graph: 'shop', name: 'audited', rights: ['read'], by: 'x' })).rejects.toThrow('audited already');
  await expect(createToken(pool, { graph: 'shop', name: 'b', rights: ['write'], by: 'x' })).rejects.toThrow('"write" is no right');
  await expect(createToken(pool, { graph: 'no graph', name: 'b', rights: ['read'], by: 'x' })).rejects.toThrow('no name of a graph');
  await expect(revokeToken(pool, { graph: 'shop', name: 'nobody', by: 'x' })).rejects.toThrow('no token nobody');
});

test('publishes at once from two processes are composed on top of each other, and none is lost', async () => {
  const graph = 'busy';
  const token = await kit.token(undefined, { graph });
  await using other = await startRegistry({
    config: readConfig({ REGISTRY_PORT: '0', DATABASE_URL_REGISTRY: kit.databaseUrl, LOG_LEVEL: 'silent' }),
  });
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const answers = await Promise.all(
    names.map((name, index) =>
      fetch(`${index % 2 === 0 ? kit.url : other.url}/api/publish`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ subgraphs: [subgraph(name, `type Query { ${name}: Int }`)] }),
      }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
  const newest = await kit.send('GET', '/api/versions/latest', { token });
  expect(newest.body['version']).toMatchObject({ number: 6 });
  for (const name of names) expect(newest.body['supergraph']).toContain(`${name}: Int`);
});

test('a publish that does not compose leaves a note of why, and nothing else', async () => {
  const token = await kit.token(undefined, { graph: 'strict' });
  const refused = await kit.send('POST', '/api/publish', { token, body: { subgraphs: [subgraph('a', 'type Query { a: Nope }')] } });
  expect(refused).toMatchObject({ status: 422, code: 'DOES_NOT_COMPOSE', body: { version: null } });
  expect(await kit.send('GET', '/api/versions/latest', { token })).toMatchObject({ status: 404, code: 'UNKNOWN_VERSION' });
  const [entry] = await readAudit(kit.registry.pool, 'strict@current', 1);
  expect(entry).toMatchObject({ action: 'publish refused', detail: { subgraphs: ['a'] } });
});

test('the same schemas are published again when composition makes another supergraph of them', async () => {
  const token = await kit.token(undefined, { graph: 'upgraded' });
  const publish = async () => (await kit.send('POST', '/api/publish', { token, body: { subgraphs: [products] } })).body;
  await publish();
  await kit.registry.pool.query(
    `WITH older AS (INSERT INTO schema_text (hash, text) VALUES (repeat('0', 64), '# as an older composition wrote it') RETURNING hash)
     UPDATE version SET supergraph = (SELECT hash FROM older) WHERE graph = 'upgraded@current'`,
  );
  expect(await publish()).toMatchObject({ isNew: true, version: { number: 2 } });
  expect(await publish()).toMatchObject({ isNew: false, version: { number: 2 } });
});
