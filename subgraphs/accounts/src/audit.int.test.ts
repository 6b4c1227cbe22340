import { randomBytes } from 'node:crypto';
import { denialField, denialsStream } from '@app/auth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccountsKit, type Person } from './testing/accounts-kit.ts';

let kit: AccountsKit;
let admin: Person;
let person: Person;

beforeAll(async () => {
  kit = await AccountsKit.start();
  admin = await kit.person('admin', 'ADMIN');
  person = await kit.person('ada');
});
afterAll(() => kit[Symbol.asyncDispose]());

const log =
  'query ($first: Int! = 20, $after: String, $filter: AuditFilter) { auditLog(first: $first, after: $after, filter: $filter) { nodes { action actorId subjectId reason before after requestId } pageInfo { hasNextPage endCursor } } }';
interface Page {
  nodes: { action: string; actorId: string | null; subjectId: string; after: string | null; before: string | null }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}
const read = async (variables: object): Promise<Page> => (await kit.ask(log, variables, admin)).data?.['auditLog'] as unknown as Page;
const actions = async (filter: object) => (await read({ filter })).nodes.map(({ action }) => action);

test('sign-ins, refusals, refreshes and revocations are on record, newest first', async () => {
  const session = await kit.signIn(person.email, undefined, { address: '203.0.113.7' });
  await kit.signIn(person.email, 'wrong password', { address: '203.0.113.7' });
  await kit.refresh(String(session['refreshToken']));
  await kit.mutate('mutation { sessionRevokeOthers { ok userErrors { code } } }', {}, person);
  expect(await actions({ subjectId: person.id })).toEqual([
    'session.revoked',
    'session.refreshed',
    'session.refused',
    'session.opened',
    'session.opened',
  ]);
  const { nodes } = await read({ filter: { subjectId: person.id, action: 'session.refused' } });
  expect(nodes).toMatchObject([{ actorId: null, after: '{"network":"203.0.113.0/24"}' }]);
});

test('a change of roles keeps who, before and after', async () => {
  await kit.mutate(
    'mutation ($id: ID!) { accountRolesSet(id: $id, roles: [CUSTOMER, SUPPORT]) { userErrors { code } } }',
    { id: person.id },
    admin,
  );
  expect((await read({ filter: { action: 'account.roles_set' } })).nodes).toMatchObject([
    { actorId: admin.id, before: '{"roles":["CUSTOMER"]}', after: '{"roles":["CUSTOMER","SUPPORT"]}' },
  ]);
});

test('the log is read in pages and by time', async () => {
  const first = await read({ first: 2 });
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = await read({ first: 2, after: first.pageInfo.endCursor });
  expect(JSON.stringify(second.nodes)).not.toBe(JSON.stringify(first.nodes));
  expect(await actions({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
  expect(await actions({ until: new Date(0).toISOString() })).toEqual([]);
  expect(await actions({ action: 'no\u0000pe' })).toEqual([]);
});

test('nobody but an admin reads it, and nobody changes it', async () => {
  const support = await kit.person('support', 'SUPPORT');
  for (const from of [support, person]) expect((await kit.ask(log, {}, from)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await kit.ask(log, {})).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  await expect(kit.db.auditEntry.updateMany({ data: { action: 'x' } })).rejects.toThrow();
  await expect(kit.db.auditEntry.deleteMany()).rejects.toThrow();
});

test('what gateways denied is on record once, whoever collects it, and foreign entries are passed over', async () => {
  const { redis, app } = kit;
  if (redis === null) throw new Error('this test needs Redis');
  const denial = { at: Date.now(), actorId: person.id, operation: 'AllOrders', paths: ['orders'], times: 3, requestId: 'req-denied' };
  const add = (text: string) => redis.xadd(denialsStream, '*', denialField, text);
  await add(JSON.stringify(denial));
  await add('no denial');
  await redis.xadd(denialsStream, '*', 'other', 'field');
  // Several workers may run, and one that was killed leaves entries that are on record already.
  await Promise.all(Array.from({ length: 5 }, () => app.denials.collect()));
  expect(await redis.xlen(denialsStream)).toBe(0);
  const { nodes } = await read({ filter: { actorId: person.id, action: 'access.denied' } });
  expect(nodes).toMatchObject([
    { actorId: person.id, subjectId: 'AllOrders', after: '{"paths":["orders"],"times":3}', requestId: 'req-denied' },
  ]);
});

test('a denial that cannot be put on record is dropped and holds up no other', async () => {
  const { redis, app } = kit;
  if (redis === null) throw new Error('this test needs Redis');
  const actorId = 'usr_hostile';
  const denial = { at: Date.now(), actorId, operation: 'First', paths: ['orders'], times: 1, requestId: 'req-hostile' };
  const add = (change: object) => redis.xadd(denialsStream, '*', denialField, JSON.stringify({ ...denial, ...change }));
  await add({});
  await add({ operation: 'x'.repeat(8_000) });
  await add({ operation: 'null\u0000' });
  await add({ requestId: 'r', actorId: randomBytes(4_000).toString('hex') });
  await add({ at: Number.MAX_SAFE_INTEGER });
  await add({ operation: 'Last' });
  await app.denials.collect();
  expect(await redis.xlen(denialsStream)).toBe(0);
  const { nodes } = await read({ filter: { actorId, action: 'access.denied' } });
  expect(nodes.map(({ subjectId }) => subjectId).toSorted()).toEqual(['First', 'Last', 'x'.repeat(256)]);
  expect(kit.log.filter((line) => line.includes('a denial could not be put on record'))).toHaveLength(3);
});
