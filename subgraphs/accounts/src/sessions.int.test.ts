import { randomInt } from 'node:crypto';
import { newId } from '@app/database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { revokedSessionKey } from './data/revocations.ts';
import { refreshGraceMs } from './domain/refresh-rotation.ts';
import { AccountsKit, codes, type Person } from './testing/accounts-kit.ts';

let kit: AccountsKit;
beforeAll(async () => {
  kit = await AccountsKit.start();
});
beforeEach(() => {
  kit.ahead = 0;
});
afterAll(() => kit[Symbol.asyncDispose]());

const sessionOf = ({ principal }: Person): string => (principal.kind === 'user' ? principal.sessionId : '');
const live = (sessionId: string) => kit.db.refreshToken.count({ where: { sessionId, usedAt: null, session: { revokedAt: null } } });

test('a refresh gives the next token, which works, of the same session', async () => {
  const person = await kit.person('refresh');
  const second = await kit.refresh(person.refreshToken);
  const third = await kit.refresh(String(second['refreshToken']));
  expect(third).toMatchObject({ account: { id: person.id }, userErrors: [] });
  expect(await live(sessionOf(person))).toBe(1);
});

test('a refresh whose answer was lost may be repeated and gets the same token', async () => {
  const { refreshToken } = await kit.person('lost');
  const first = await kit.refresh(refreshToken);
  const again = await kit.refresh(refreshToken);
  expect(again['refreshToken']).toBe(first['refreshToken']);
});

test('a used token that comes back after the grace window ends the session and its access tokens', async () => {
  const person = await kit.person('reuse');
  const { refreshToken: newest } = await kit.refresh(person.refreshToken);
  kit.ahead = refreshGraceMs + 1_000;
  expect(codes(await kit.refresh(person.refreshToken))).toEqual(['INVALID_TOKEN']);
  expect(codes(await kit.refresh(String(newest)))).toEqual(['INVALID_TOKEN']);
  expect(await kit.redis?.ttl(revokedSessionKey(sessionOf(person)))).toBeGreaterThan(900);
  expect(await kit.db.auditEntry.count({ where: { subjectId: person.id, action: 'session.token_reused' } })).toBe(1);
});

test('an older generation ends the session at any time', async () => {
  const person = await kit.person('older');
  const second = await kit.refresh(person.refreshToken);
  await kit.refresh(String(second['refreshToken']));
  expect(codes(await kit.refresh(person.refreshToken))).toEqual(['INVALID_TOKEN']);
  expect(await live(sessionOf(person))).toBe(0);
});

test('a session that is not used ends after 30 days', async () => {
  const { refreshToken } = await kit.person('idle');
  kit.ahead = 31 * 24 * 60 * 60 * 1000;
  expect(codes(await kit.refresh(refreshToken))).toEqual(['INVALID_TOKEN']);
});

test('parallel refreshes, mixed with repeats and thefts, never leave two live branches', async () => {
  const seed = randomInt(2 ** 31);
  console.log(`seed ${seed}`);
  const random = mulberry(seed);
  const person = await kit.person('parallel');
  const known = [person.refreshToken];
  for (let round = 0; round < 12; round += 1) {
    const chosen = Array.from(
      { length: 2 + Math.floor(random() * 7) },
      () => known[known.length - 1 - Math.floor(random() ** 4 * known.length)] ?? '',
    );
    const answers = await Promise.all(chosen.map((token) => kit.refresh(token)));
    for (const { refreshToken } of answers) if (refreshToken && !known.includes(String(refreshToken))) known.push(String(refreshToken));
    expect(await live(sessionOf(person))).toBeLessThanOrEqual(1);
  }
  const used = new Set(known);
  expect(await kit.db.refreshToken.count({ where: { sessionId: sessionOf(person) } })).toBe(used.size);
});

test('twenty parallel refreshes with one token get one answer', async () => {
  const { refreshToken } = await kit.person('twenty');
  const answers = await Promise.all(Array.from({ length: 20 }, () => kit.refresh(refreshToken)));
  expect(answers.flatMap(codes)).toEqual([]);
  expect(new Set(answers.map((answer) => answer['refreshToken'])).size).toBe(1);
});

test('an owner ends one session or all others; the gateway hears of it', async () => {
  const person = await kit.person('owner');
  const other = await kit.signIn(person.email);
  const third = await kit.signIn(person.email);
  const sessions = await kit.db.session.findMany({ where: { accountId: person.id }, orderBy: { id: 'asc' } });
  const second = sessions.find(({ id }) => id !== sessionOf(person))?.id;
  const revoke = 'mutation ($id: ID!) { sessionRevoke(id: $id) { ok userErrors { code } } }';
  expect(await kit.mutate(revoke, { id: second }, person)).toEqual({ ok: true, userErrors: [] });
  expect(codes(await kit.mutate(revoke, { id: second }, person))).toEqual(['NOT_FOUND']);
  expect(await kit.mutate('mutation { sessionRevokeOthers { ok userErrors { code } } }', {}, person)).toMatchObject({ ok: true });
  expect((await Promise.all([other, third].map((session) => kit.refresh(String(session['refreshToken']))))).flatMap(codes)).toEqual([
    'INVALID_TOKEN',
    'INVALID_TOKEN',
  ]);
  expect(codes(await kit.refresh(person.refreshToken))).toEqual([]);
  const keys = await kit.redis?.exists(...sessions.map(({ id }) => revokedSessionKey(id)));
  expect(keys).toBe(2);
});

test("somebody else's session is not there", async () => {
  const [ada, eve] = [await kit.person('ada'), await kit.person('eve')];
  const answer = await kit.mutate('mutation ($id: ID!) { sessionRevoke(id: $id) { ok userErrors { code } } }', { id: sessionOf(ada) }, eve);
  expect(codes(answer)).toEqual(['NOT_FOUND']);
  expect(codes(await kit.refresh(ada.refreshToken))).toEqual([]);
});

test('a revoked session changes nothing any more, although its access token still lives', async () => {
  const person = await kit.person('late');
  await kit.mutate('mutation ($id: ID!) { sessionRevoke(id: $id) { ok userErrors { code } } }', { id: sessionOf(person) }, person);
  const { errors } = await kit.ask('mutation { profileUpdate(input: { displayName: "x" }) { account { id } } }', {}, person);
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

test.each([
  ['sessionRevokeOthers', () => 'sessionRevokeOthers { ok }'],
  ['sessionRevoke', (other: string) => `sessionRevoke(id: "${other}") { ok }`],
])('a session that has ended ends no others any more: %s', async (name, mutation) => {
  const person = await kit.person(`ended-${name.toLowerCase()}`);
  await kit.mutate('mutation ($id: ID!) { sessionRevoke(id: $id) { ok } }', { id: sessionOf(person) }, person);
  const owner = await kit.signIn(person.email);
  const other = await kit.db.session.findFirst({ where: { accountId: person.id, revokedAt: null } });
  const { errors } = await kit.ask(`mutation { ${mutation(other?.id ?? '')} }`, {}, person);
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect(codes(await kit.refresh(String(owner['refreshToken'])))).toEqual([]);
});

test('ending two hundred sessions takes as many statements as ending one, and each end is on record', async () => {
  const person = await kit.person('many');
  const end = async (sessions: number) => {
    await openedBefore(person, sessions);
    kit.statements.length = 0;
    expect(await kit.mutate('mutation { sessionRevokeOthers { ok } }', {}, person)).toEqual({ ok: true });
    return kit.statements.length;
  };
  expect(await end(200)).toBe(await end(1));
  expect(await kit.db.auditEntry.count({ where: { subjectId: person.id, action: 'session.revoked' } })).toBe(201);
});

test('an account has fifty sessions: a further sign-in ends the one that was not used for longest, and the gateway hears of it', async () => {
  const person = await kit.person('fifty');
  const oldest = (await openedBefore(person, 49)).at(-1) ?? '';
  expect(codes(await kit.signIn(person.email))).toEqual([]);
  expect(await kit.db.session.count({ where: { accountId: person.id, revokedAt: null } })).toBe(50);
  expect(await kit.db.session.findUnique({ where: { id: oldest } })).toMatchObject({ revokedReason: 'TOO_MANY_SESSIONS' });
  expect(await kit.redis?.exists(revokedSessionKey(oldest))).toBe(1);
  expect(codes(await kit.refresh(person.refreshToken))).toEqual([]);
});

test('of sessions that are more than there may be, those used last are listed', async () => {
  const person = await kit.person('listed');
  await openedBefore(person, 60);
  const { data } = await kit.ask('{ me { sessions { id } } }', {}, person);
  const sessions = data?.['me']?.['sessions'] as { id: string }[];
  expect([sessions.length, sessions[0]?.id]).toEqual([50, sessionOf(person)]);
});

/** Sessions that somebody opened earlier, each used a minute before the one before; returns their ids. */
async function openedBefore({ id: accountId }: Person, count: number): Promise<string[]> {
  const now = Date.now();
  const rows = Array.from({ length: count }, (_, index) => ({
    id: newId('ses', now),
    accountId,
    lastUsedAt: new Date(now - (index + 1) * 60_000),
    expiresAt: new Date(now + 60 * 60_000),
  }));
  await kit.db.session.createMany({ data: rows });
  return rows.map(({ id }) => id);
}

/** Small seeded generator, so that a failing run can be repeated. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
