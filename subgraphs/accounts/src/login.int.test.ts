import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccountsKit, codes, type Field, type From, type Person, password, principalOf } from './testing/accounts-kit.ts';
import { clientId, clientSecret, type OidcPerson, OidcServer, redirectUri } from './testing/oidc-server.ts';

let oidc: OidcServer;
let kit: AccountsKit;

beforeAll(async () => {
  oidc = await OidcServer.start();
  const providers = [
    { id: 'test', name: 'Test', issuer: oidc.issuer, clientId, clientSecret },
    { id: 'gone', name: 'Gone', issuer: 'http://localhost:1', clientId, clientSecret },
  ];
  kit = await AccountsKit.start({ env: { OIDC_PROVIDERS: JSON.stringify(providers), LOGIN_REDIRECT_URIS: redirectUri } });
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await oidc[Symbol.asyncDispose]();
});

const startLogin =
  'mutation ($input: LoginStartInput!) { loginStart(input: $input) { loginId authorizationUrl userErrors { code path } } }';
const completeLogin =
  'mutation ($input: LoginCompleteInput!) { loginComplete(input: $input) { account { id email status user { displayName } identities { provider email } } accessToken refreshToken mfaChallenge { id } userErrors { code path } } }';

const start = (input: object = {}, from: From = {}) => kit.mutate(startLogin, { input: { provider: 'test', redirectUri, ...input } }, from);
const complete = (loginId: unknown, callbackUrl: string) => kit.mutate(completeLogin, { input: { loginId, callbackUrl } });

/** Somebody at a browser signs in with the provider. */
async function login(person: string, facts: OidcPerson, from: From = {}): Promise<Field> {
  oidc.people[person] = facts;
  oidc.person = person;
  const started = await start({}, from);
  return complete(started['loginId'], await oidc.browse(String(started['authorizationUrl'])));
}

test('the client can show which providers there are', async () => {
  expect((await kit.ask('{ loginProviders { id name } }')).data).toEqual({
    loginProviders: [
      { id: 'test', name: 'Test' },
      { id: 'gone', name: 'Gone' },
    ],
  });
});

test('a new person gets an account without a password, and the same one the next time', async () => {
  const first = await login('ada', { email: 'Ada@Example.com', email_verified: true, name: 'Ada Lovelace' });
  expect(first).toMatchObject({
    account: {
      email: 'ada@example.com',
      status: 'ACTIVE',
      user: { displayName: 'Ada Lovelace' },
      identities: [{ provider: 'test', email: 'ada@example.com' }],
    },
    userErrors: [],
  });
  expect(first['accessToken']).toEqual(expect.any(String));
  const again = await login('ada', { email: 'changed@example.com', email_verified: true });
  expect(again['account']).toMatchObject({ id: (first['account'] as { id: string }).id });
  expect(codes(await kit.signIn('ada@example.com'))).toEqual(['INVALID_CREDENTIALS']);
});

test('a verified address leads to the account that has it, which keeps its password', async () => {
  const person = await kit.person('grace');
  expect(await login('grace', { email: person.email, email_verified: true })).toMatchObject({ account: { id: person.id }, userErrors: [] });
  expect(codes(await kit.signIn(person.email))).toEqual([]);
});

test('an address that the provider does not vouch for leads nowhere', async () => {
  const person = await kit.person('edsger');
  for (const facts of [{ email: person.email, email_verified: false }, { email: person.email }, { email: 'new@example.com' }, {}]) {
    expect(codes(await login(`mallory-${JSON.stringify(facts).length}`, facts))).toEqual(['EMAIL_NOT_VERIFIED']);
  }
  expect(await kit.db.linkedIdentity.count({ where: { accountId: person.id } })).toBe(0);
});

test('an address that looks like that of somebody else in lower case is not theirs', async () => {
  const person = await kit.person('mike');
  expect(codes(await login('kelvin', { email: 'mi\u212ae@example.com', email_verified: true }))).toEqual(['INVALID']);
  expect(await kit.db.linkedIdentity.count({ where: { accountId: person.id } })).toBe(0);
});

test('who registered an address first with a password does not get into the account of its owner', async () => {
  await kit.register('victim@example.com', 'Mallory', password);
  const mailed = await kit.mailedToken('victim@example.com');
  const { account } = await login('victim', { email: 'victim@example.com', email_verified: true, name: 'Vic' });
  expect(account).toMatchObject({ status: 'ACTIVE', user: { displayName: 'Vic' } });
  const events = await kit.db.event.findMany({ where: { streamId: (account as { id: string }).id }, orderBy: { streamVersion: 'asc' } });
  expect(events.map(({ type }) => type)).toEqual(['account.registered', 'account.verified', 'account.profile_updated']);
  expect(codes(await kit.confirm(mailed))).toEqual(['INVALID_TOKEN']);
  expect(codes(await kit.signIn('victim@example.com', password))).toEqual(['INVALID_CREDENTIALS']);
});

test('somebody who is signed in links an identity, unless it is another person’s', async () => {
  const { principal, id } = await kit.person('barbara');
  expect(await login('barbara-work', { email: 'work@example.com', email_verified: false }, { principal })).toMatchObject({
    account: { id },
  });
  const other = await kit.person('other');
  expect(codes(await login('barbara-work', {}, { principal: other.principal }))).toEqual(['IDENTITY_TAKEN']);
});

test('the owner is told by mail of an identity that was linked, and not of their first one', async () => {
  const { principal, email } = await kit.person('ellen');
  await login('ellen-work', { email: 'ellen@work.example' }, { principal });
  const mails = await kit.db.mail.findMany({ where: { recipient: email, kind: 'IDENTITY_LINKED' } });
  expect(mails.map(({ text }) => text)).toEqual([expect.stringContaining('Test')]);
  await login('new-here', { email: 'new-here@example.com', email_verified: true });
  expect(await kit.db.mail.count({ where: { recipient: 'new-here@example.com', kind: 'IDENTITY_LINKED' } })).toBe(0);
});

test.each<[string, (person: Person) => Promise<unknown>, string]>([
  ['a new password', resetPassword, 'LOGIN_EXPIRED'],
  ['signing out', signOut, 'LOGIN_EXPIRED'],
  ['a wish for erasure', askForErasure, 'ERASURE_SCHEDULED'],
])('%s ends a link that is under way', async (name, end, code) => {
  const person = await kit.person(`hijacked-${name.length}`);
  oidc.people['thief'] = { email: 'thief@example.com', email_verified: true };
  oidc.person = 'thief';
  const begun = await start({}, person);
  const callback = await oidc.browse(String(begun['authorizationUrl']));
  await end(person);
  expect(codes(await complete(begun['loginId'], callback))).toEqual([code]);
  expect(await kit.db.linkedIdentity.count({ where: { accountId: person.id } })).toBe(0);
});

test('only who signed in a short while ago links an identity: refreshing is not signing in', async () => {
  const person = await kit.person('long-ago');
  kit.ahead = 16 * 60 * 1000;
  await kit.refresh(person.refreshToken);
  expect(codes(await start({}, person))).toEqual(['SIGN_IN_AGAIN']);
  const again = await kit.signIn(person.email);
  expect(codes(await start({}, { principal: principalOf(String(again['accessToken'])) }))).toEqual([]);
  kit.ahead = 0;
});

test('an answer works once, only in the browser that asked, and not for ever', async () => {
  oidc.people['once'] = { email: 'once@example.com', email_verified: true };
  oidc.person = 'once';
  const [one, two] = [await start(), await start()];
  const callback = await oidc.browse(String(one['authorizationUrl']));
  expect(codes(await complete(two['loginId'], callback))).toEqual(['LOGIN_REFUSED']);
  expect(codes(await complete(one['loginId'], callback))).toEqual([]);
  expect(codes(await complete(one['loginId'], callback))).toEqual(['LOGIN_EXPIRED']);
  const late = await start();
  kit.ahead = 11 * 60 * 1000;
  expect(codes(await complete(late['loginId'], callback))).toEqual(['LOGIN_EXPIRED']);
  kit.ahead = 0;
});

test.each([
  ['no address', ''],
  ['another page', 'http://localhost:3000/other?code=x&state=y'],
  ['another host', 'http://evil.example/login/callback?code=x'],
  ['no code', redirectUri],
  ['a made-up code', `${redirectUri}?code=made-up&state=made-up`],
  ['a refusal', `${redirectUri}?error=access_denied`],
  ['U+0000', `${redirectUri}?code=\u0000`],
])('a callback with %s is refused', async (_name, callbackUrl) => {
  const { loginId } = await start();
  expect(codes(await complete(loginId, callbackUrl))).toEqual(['LOGIN_REFUSED']);
});

test.each([
  [{ provider: 'nope' }, 'UNKNOWN_PROVIDER'],
  [{ provider: '' }, 'UNKNOWN_PROVIDER'],
  [{ redirectUri: 'http://evil.example/' }, 'REDIRECT_NOT_ALLOWED'],
  [{ redirectUri: `${redirectUri}/../evil` }, 'REDIRECT_NOT_ALLOWED'],
  [{ redirectUri: `${redirectUri}?next=evil` }, 'REDIRECT_NOT_ALLOWED'],
])('a start with %j is refused', async (input, code) => {
  expect(codes(await start(input))).toEqual([code]);
});

test.each(['', 'lgn_1', `lgn_${'0'.repeat(32)}`, '\u0000'])('login %j is nobody’s', async (loginId) => {
  expect(codes(await complete(loginId, redirectUri))).toEqual(['LOGIN_EXPIRED']);
});

test('a provider that cannot be reached is a fault that says so', async () => {
  const { errors } = await kit.ask(startLogin, { input: { provider: 'gone', redirectUri } });
  expect(errors?.[0]?.extensions.code).toBe('DOWNSTREAM_UNAVAILABLE');
  expect(JSON.stringify(errors)).not.toContain('localhost');
});

test('a second factor is asked for here too', async () => {
  const person = await kit.person('with-factor');
  await kit.db.mfaFactor.create({
    data: { id: `mff_${'0'.repeat(32)}`, accountId: person.id, kind: 'TOTP', secret: 'JBSWY3DPEHPK3PXP', confirmedAt: new Date() },
  });
  expect(await login('with-factor', { email: person.email, email_verified: true })).toMatchObject({
    accessToken: null,
    mfaChallenge: { id: expect.any(String) },
  });
});

test('a suspended account stays shut', async () => {
  const person = await kit.person('suspended');
  await kit.db.account.update({ where: { id: person.id }, data: { status: 'SUSPENDED' } });
  expect(codes(await login('suspended', { email: person.email, email_verified: true }))).toEqual(['ACCOUNT_SUSPENDED']);
});

async function resetPassword({ email }: Person): Promise<void> {
  await kit.mutate('mutation ($email: String!) { passwordResetRequest(email: $email) { ok } }', { email });
  const token = await kit.mailedToken(email, 'RESET_PASSWORD');
  const reset = 'mutation ($input: PasswordResetInput!) { passwordReset(input: $input) { userErrors { code } } }';
  expect(codes(await kit.mutate(reset, { input: { token, password: 'a new good one' } }))).toEqual([]);
}

function signOut(person: Person): Promise<Field> {
  const id = person.principal.kind === 'user' ? person.principal.sessionId : '';
  return kit.mutate('mutation ($id: ID!) { sessionRevoke(id: $id) { ok } }', { id }, person);
}

function askForErasure(person: Person): Promise<Field> {
  return kit.mutate('mutation ($password: String) { accountErasureRequest(password: $password) { account { id } } }', { password }, person);
}
