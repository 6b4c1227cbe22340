import { verifyAccessToken } from '@app/auth';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccountsKit, codes, principalOf } from './testing/accounts-kit.ts';

let kit: AccountsKit;
beforeAll(async () => {
  kit = await AccountsKit.start();
});
afterAll(() => kit[Symbol.asyncDispose]());

const me =
  '{ me { id email status roles permissions user { id displayName memberSince avatar { alt } } sessions { id current userAgent ipPrefix } } }';

test('registering, confirming the address and signing in gives a token that our key set verifies', async () => {
  expect(await kit.register('ada@example.com')).toEqual({ accepted: true, userErrors: [] });
  expect(codes(await kit.signIn('ada@example.com'))).toEqual(['INVALID_CREDENTIALS']);
  const confirmed = await kit.confirm(await kit.mailedToken('ada@example.com'));
  expect(confirmed).toMatchObject({ account: { status: 'ACTIVE' }, userErrors: [] });
  const session = await kit.signIn(' ADA@Example.com ', undefined, { address: '203.0.113.7', userAgent: 'Firefox' });
  const response = await fetch(`${kit.url}/.well-known/jwks.json`);
  const jwks = (await response.json()) as JSONWebKeySet;
  expect(jwks.keys.map(({ kid, d }) => [kid, d])).toEqual([
    ['k1', undefined],
    ['k0', undefined],
  ]);
  const parties = { issuer: 'http://localhost:4000', audience: 'supergraph' };
  const { principal } = await verifyAccessToken(String(session['accessToken']), createLocalJWKSet(jwks), parties);
  expect(principal).toMatchObject({ kind: 'user', roles: ['CUSTOMER'] });
  const { data } = await kit.ask(me, {}, { principal });
  expect(data?.['me']).toMatchObject({ id: principal.id, email: 'ada@example.com', user: { displayName: 'Ada', avatar: null } });
  expect(data?.['me']?.['sessions']).toContainEqual({
    id: principal.sessionId,
    current: true,
    userAgent: 'Firefox',
    ipPrefix: '203.0.113.0/24',
  });
});

test('nobody is me when nobody is signed in', async () => {
  expect((await kit.ask(me)).data).toEqual({ me: null });
});

test('a known address gets the same answer, and a note in the mailbox', async () => {
  const { email } = await kit.person('known');
  expect(await kit.register(email)).toEqual({ accepted: true, userErrors: [] });
  const mails = await kit.db.mail.findMany({ where: { recipient: email }, orderBy: { id: 'asc' } });
  expect(mails.map(({ kind }) => kind)).toEqual(['VERIFY_EMAIL', 'ALREADY_REGISTERED']);
});

test('who registers an address and signs in with what they chose does not learn whether somebody had it already', async () => {
  const { email } = await kit.person('old-customer');
  const signInAs = async (address: string) => {
    await kit.register(address, 'Mallory', 'password of mallory');
    return kit.signIn(address, 'password of mallory');
  };
  expect(await signInAs(email)).toEqual(await signInAs('no-customer-yet@example.com'));
});

test('who registered an address first does not get in with their password when the owner confirms it', async () => {
  await kit.register('victim@example.com', 'Mallory', 'password of mallory');
  await kit.register('victim@example.com', 'Victim', 'password of the victim');
  expect(await kit.confirm(await kit.mailedToken('victim@example.com'))).toMatchObject({ userErrors: [] });
  expect(codes(await kit.signIn('victim@example.com', 'password of mallory'))).toEqual(['INVALID_CREDENTIALS']);
  expect(codes(await kit.signIn('victim@example.com', 'password of the victim'))).toEqual([]);
});

test('a token of a mail works once, within a day', async () => {
  await kit.register('once@example.com');
  const token = await kit.mailedToken('once@example.com');
  const rows = await kit.db.emailToken.findMany();
  expect(JSON.stringify(rows)).not.toContain(token);
  kit.ahead = 25 * 60 * 60 * 1000;
  expect(codes(await kit.confirm(token))).toEqual(['INVALID_TOKEN']);
  kit.ahead = 0;
  const answers = await Promise.all([kit.confirm(token), kit.confirm(token), kit.confirm(token)]);
  expect(answers.flatMap(codes).sort()).toEqual(['INVALID_TOKEN', 'INVALID_TOKEN']);
});

test('an address registered several times at once becomes one account, and each gets the same answer', async () => {
  const answers = await Promise.all(Array.from({ length: 4 }, () => kit.register('race@example.com')));
  expect(answers).toEqual(Array(4).fill({ accepted: true, userErrors: [] }));
  expect(await kit.db.account.count({ where: { email: 'race@example.com' } })).toBe(1);
});

test('unknown address and wrong password look the same', async () => {
  const { email } = await kit.person('same');
  const wrong = await kit.signIn(email, 'wrong password');
  const unknown = await kit.signIn('nobody@example.com', 'wrong password');
  expect(wrong).toEqual(unknown);
  expect(codes(wrong)).toEqual(['INVALID_CREDENTIALS']);
});

test('what is stored of password and tokens does not let anybody in', async () => {
  const { id, refreshToken } = await kit.person('stored');
  const account = await kit.db.account.findUniqueOrThrow({ where: { id } });
  expect(account.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const tokens = await kit.db.refreshToken.findMany();
  expect(JSON.stringify(tokens)).not.toContain(refreshToken);
});

test('registering publishes, verifying publishes, in one stream', async () => {
  const { id } = await kit.person('events');
  const events = await kit.db.event.findMany({ where: { streamId: id }, orderBy: { streamVersion: 'asc' } });
  expect(events.map(({ type }) => type)).toEqual(['account.registered', 'account.verified']);
});

test('an unsigned request is refused', async () => {
  const response = await fetch(`${kit.url}/graphql`, {
    method: 'POST',
    body: '{"query":"{ me { id } }"}',
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(401);
  expect(() => principalOf('not a token')).toThrow();
});
