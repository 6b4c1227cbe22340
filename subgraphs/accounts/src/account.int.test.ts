import { newId } from '@app/database';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { fromBase32, hotp, timeStep } from './domain/totp.ts';
import { eraseDueAccounts } from './service/erasure.ts';
import { runRound } from './service/worker-round.ts';
import { AccountsKit, codes, type Field, type Person, password, principalOf } from './testing/accounts-kit.ts';

let kit: AccountsKit;
beforeAll(async () => {
  kit = await AccountsKit.start();
});
beforeEach(() => {
  kit.ahead = 0;
});
afterAll(() => kit[Symbol.asyncDispose]());

const userErrors = 'userErrors { __typename code message path }';
const postal = { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', countryCode: 'de', phone: '+49 30 1234567' };
const create = `mutation ($input: AddressInput!) { addressCreate(input: $input) { address { id label postal { city countryCode company } } ${userErrors} } }`;
const book = '{ me { addresses { id label } defaultShippingAddress { id } defaultBillingAddress { id } } }';

async function add(person: Person, label: string, marks: object = {}): Promise<string> {
  const { address } = await kit.mutate(create, { input: { postal, label, ...marks } }, person);
  return (address as { id: string }).id;
}

test('a profile changes what is given, publishes a new public name, and the cached answer is forgotten', async () => {
  const person = await kit.person('profile');
  const user = 'query ($id: ID!) { user(id: $id) { displayName } }';
  expect((await kit.ask(user, { id: person.id })).data?.['user']).toEqual({ displayName: 'profile' });
  const update = `mutation ($input: ProfileUpdateInput!) { profileUpdate(input: $input) { account { givenName familyName locale preferredCurrency user { displayName } } ${userErrors} } }`;
  await kit.mutate(update, { input: { givenName: 'Ada', familyName: 'Lovelace' } }, person);
  const input = { displayName: ' Countess ', familyName: null, locale: 'de-ch', preferredCurrency: 'CHF' };
  expect((await kit.mutate(update, { input }, person))['account']).toEqual({
    givenName: 'Ada',
    familyName: null,
    locale: 'de-CH',
    preferredCurrency: 'CHF',
    user: { displayName: 'Countess' },
  });
  expect((await kit.ask(user, { id: person.id })).data?.['user']).toEqual({ displayName: 'Countess' });
  const events = await kit.db.event.findMany({ where: { streamId: person.id, type: 'account.profile_updated' } });
  expect(events.map(({ data }) => data)).toEqual([{ userId: person.id, displayName: 'Countess' }]);
});

test('the first address is default, another can be made so, and the oldest takes over when it goes', async () => {
  const person = await kit.person('book');
  const home = await add(person, 'Home');
  const work = await add(person, 'Work', { defaultBilling: true });
  expect((await kit.ask(book, {}, person)).data?.['me']).toEqual({
    addresses: [
      { id: home, label: 'Home' },
      { id: work, label: 'Work' },
    ],
    defaultShippingAddress: { id: home },
    defaultBillingAddress: { id: work },
  });
  const update = `mutation ($id: ID!, $input: AddressInput!) { addressUpdate(id: $id, input: $input) { address { label postal { city } } ${userErrors} } }`;
  const changed = await kit.mutate(update, { id: work, input: { postal: { ...postal, city: 'Köln' } } }, person);
  expect(changed['address']).toEqual({ label: null, postal: { city: 'Köln' } });
  await kit.mutate(`mutation ($id: ID!) { addressDelete(id: $id) { ok ${userErrors} } }`, { id: work }, person);
  expect((await kit.ask(book, {}, person)).data?.['me']).toMatchObject({
    defaultShippingAddress: { id: home },
    defaultBillingAddress: { id: home },
  });
});

test('a book has room for 20, also when 30 arrive at once', async () => {
  const person = await kit.person('full');
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) => kit.mutate(create, { input: { postal, label: `${index}`, defaultShipping: true } }, person)),
  );
  expect(answers.flatMap(codes)).toEqual(Array(10).fill('TOO_MANY_ADDRESSES'));
  expect(await kit.db.address.count({ where: { accountId: person.id, isDefaultShipping: true } })).toBe(1);
});

test("somebody else's address is not there, neither to change nor as an entity", async () => {
  const [ada, eve, support] = [await kit.person('addr-ada'), await kit.person('addr-eve'), await kit.person('addr-support', 'SUPPORT')];
  const id = await add(ada, 'Home');
  const update = `mutation ($id: ID!, $input: AddressInput!) { addressUpdate(id: $id, input: $input) { address { id } ${userErrors} } }`;
  expect(codes(await kit.mutate(update, { id, input: { postal } }, eve))).toEqual(['NOT_FOUND']);
  const entity = `{ _entities(representations: [{__typename: "Address", id: "${id}"}, {__typename: "Account", id: "${ada.id}"}]) { ... on Address { label } ... on Account { email } } }`;
  const seen = async (from: { principal?: Person['principal'] }) => (await kit.ask(entity, {}, from)).data?.['_entities'];
  expect(await seen({})).toEqual([null, null]);
  expect(await seen(eve)).toEqual([null, null]);
  expect(await seen(ada)).toEqual([{ label: 'Home' }, { email: ada.email }]);
  expect(await seen(support)).toEqual([{ label: 'Home' }, { email: ada.email }]);
});

test('a password is changed by who knows it, all other sessions end, and the owner is told', async () => {
  const person = await kit.person('change');
  const other = await kit.signIn(person.email);
  const change = `mutation ($input: PasswordChangeInput!) { passwordChange(input: $input) { ok ${userErrors} } }`;
  expect(codes(await kit.mutate(change, { input: { current: 'wrong password', next: 'another good one' } }, person))).toEqual([
    'WRONG_PASSWORD',
  ]);
  expect(await kit.mutate(change, { input: { current: password, next: 'another good one' } }, person)).toMatchObject({ ok: true });
  expect(codes(await kit.refresh(String(other['refreshToken'])))).toEqual(['INVALID_TOKEN']);
  expect(codes(await kit.refresh(person.refreshToken))).toEqual([]);
  expect(codes(await kit.signIn(person.email))).toEqual(['INVALID_CREDENTIALS']);
  expect(codes(await kit.signIn(person.email, 'another good one'))).toEqual([]);
  expect(await kit.db.mail.count({ where: { recipient: person.email, kind: 'PASSWORD_CHANGED' } })).toBe(1);
});

test('a forgotten password is reset once by mail, which ends all sessions; unknown addresses get the same answer', async () => {
  const person = await kit.person('forgot');
  const request = `mutation ($email: String!) { passwordResetRequest(email: $email) { ok ${userErrors} } }`;
  const known = await kit.mutate(request, { email: person.email });
  expect(await kit.mutate(request, { email: 'nobody-at-all@example.com' })).toEqual(known);
  const token = await kit.mailedToken(person.email, 'RESET_PASSWORD');
  const reset = `mutation ($input: PasswordResetInput!) { passwordReset(input: $input) { account { id } refreshToken ${userErrors} } }`;
  expect(await kit.mutate(reset, { input: { token, password: 'a new good one' } })).toMatchObject({
    account: { id: person.id },
    userErrors: [],
  });
  expect(codes(await kit.mutate(reset, { input: { token, password: 'a new good one' } }))).toEqual(['INVALID_TOKEN']);
  expect(codes(await kit.refresh(person.refreshToken))).toEqual(['INVALID_TOKEN']);
  expect(codes(await kit.signIn(person.email, 'a new good one'))).toEqual([]);
});

test('made-up links for a new password cost us no hash, and are counted by address', async () => {
  const hash = vi.spyOn(kit.app.passwords, 'hash');
  const reset = `mutation ($input: PasswordResetInput!) { passwordReset(input: $input) { ${userErrors} } }`;
  const from = { address: '198.51.100.77' };
  const shaped = 'x'.repeat(43);
  const tokens = ['', 'made-up', '\u0000', ...Array.from({ length: 32 }, () => shaped)];
  const answers = await Promise.all(tokens.map((token) => kit.mutate(reset, { input: { token, password: 'a new good one' } }, from)));
  expect(answers.flatMap(codes).sort()).toEqual([...Array(30).fill('INVALID_TOKEN'), ...Array(5).fill('RATE_LIMITED')]);
  expect(hash).not.toHaveBeenCalled();
  hash.mockRestore();
});

test('how long the answer to a request for a new password takes does not tell who is a customer', async () => {
  const { email } = await kit.person('timed');
  const request = 'mutation ($email: String!) { passwordResetRequest(email: $email) { ok } }';
  const took = async (address: string) => {
    const start = performance.now();
    await kit.mutate(request, { email: address });
    return performance.now() - start;
  };
  expect(Math.min(await took(email), await took('no-customer@example.com'))).toBeGreaterThanOrEqual(495);
});

test('how long a registration takes does not tell either', async () => {
  const { email } = await kit.person('timed-too');
  const took = async (address: string) => {
    const start = performance.now();
    await kit.register(address);
    return performance.now() - start;
  };
  expect(Math.min(await took(email), await took('no-customer-either@example.com'))).toBeGreaterThanOrEqual(495);
});

test('with an authenticator app a sign-in takes two steps, no code works twice, and a recovery code helps once', async () => {
  const person = await kit.person('mfa');
  const { otpauthUrl } = await kit.mutate(`mutation { mfaTotpEnrol { otpauthUrl ${userErrors} } }`, {}, person);
  const secret = fromBase32(new URL(String(otpauthUrl)).searchParams.get('secret') ?? '');
  const code = () => hotp(secret, timeStep(kit.app.now()));
  const confirm = `mutation ($code: String!) { mfaTotpConfirm(code: $code) { recoveryCodes ${userErrors} } }`;
  expect(codes(await kit.mutate(confirm, { code: '000000' }, person))).toEqual(['WRONG_CODE']);
  const first = code();
  const { recoveryCodes } = await kit.mutate(confirm, { code: first }, person);
  expect(recoveryCodes).toHaveLength(10);
  expect(await kit.db.mail.count({ where: { recipient: person.email, kind: 'SECOND_FACTOR_ADDED' } })).toBe(1);
  const challengeId = async () => ((await kit.signIn(person.email))['mfaChallenge'] as { id: string }).id;
  const verify = `mutation ($input: MfaChallengeInput!) { mfaChallengeVerify(input: $input) { account { id } accessToken ${userErrors} } }`;
  const answer = async (id: string, given: string) => kit.mutate(verify, { input: { challengeId: id, code: given } });
  expect(await kit.signIn(person.email)).toMatchObject({ accessToken: null, mfaChallenge: { kinds: ['TOTP'] } });
  const id = await challengeId();
  expect(codes(await answer(id, first))).toEqual(['WRONG_CODE']);
  kit.ahead = 31_000;
  expect(await answer(id, code())).toMatchObject({ account: { id: person.id }, userErrors: [] });
  expect(codes(await answer(id, code()))).toEqual(['INVALID_CHALLENGE']);
  const recovery = String((recoveryCodes as string[])[0]);
  expect(codes(await answer(await challengeId(), recovery.toLowerCase()))).toEqual([]);
  expect(codes(await answer(await challengeId(), recovery))).toEqual(['WRONG_CODE']);
  const { data } = await kit.ask('{ me { mfa { enabled recoveryCodesLeft factors { kind lastUsedAt } } } }', {}, person);
  expect(data?.['me']).toMatchObject({
    mfa: { enabled: true, recoveryCodesLeft: 9, factors: [{ kind: 'TOTP', lastUsedAt: expect.any(String) }] },
  });
  const last = await challengeId();
  const tries = await Promise.all(Array.from({ length: 8 }, (_, index) => answer(last, `00000${index}`)));
  expect(tries.flatMap(codes).sort()).toEqual([...Array(3).fill('INVALID_CHALLENGE'), ...Array(5).fill('WRONG_CODE')]);
});

test('a new password ends sign-ins with the old one that wait for a code', async () => {
  const person = await kit.person('mfa-challenged');
  const { otpauthUrl } = await kit.mutate('mutation { mfaTotpEnrol { otpauthUrl } }', {}, person);
  const secret = fromBase32(new URL(String(otpauthUrl)).searchParams.get('secret') ?? '');
  const code = hotp(secret, timeStep(kit.app.now()));
  const confirm = 'mutation ($code: String!) { mfaTotpConfirm(code: $code) { recoveryCodes } }';
  const [recovery] = (await kit.mutate(confirm, { code }, person))['recoveryCodes'] as string[];
  const thief = (await kit.signIn(person.email))['mfaChallenge'] as { id: string };
  const change = `mutation ($input: PasswordChangeInput!) { passwordChange(input: $input) { ${userErrors} } }`;
  expect(codes(await kit.mutate(change, { input: { current: password, next: 'another good one' } }, person))).toEqual([]);
  const verify = `mutation ($input: MfaChallengeInput!) { mfaChallengeVerify(input: $input) { accessToken ${userErrors} } }`;
  const answer = await kit.mutate(verify, { input: { challengeId: thief.id, code: recovery } });
  expect(answer).toMatchObject({ accessToken: null, userErrors: [{ code: 'INVALID_CHALLENGE' }] });
});

test('only who signed in a short while ago sets up an authenticator app', async () => {
  const person = await kit.person('mfa-late');
  kit.ahead = 16 * 60 * 1000;
  const enrol = `mutation { mfaTotpEnrol { otpauthUrl ${userErrors} } }`;
  expect(await kit.mutate(enrol, {}, person)).toMatchObject({ otpauthUrl: null, userErrors: [{ code: 'SIGN_IN_AGAIN' }] });
  const again = await kit.signIn(person.email);
  expect(codes(await kit.mutate(enrol, {}, { principal: principalOf(String(again['accessToken'])) }))).toEqual([]);
});

test('admins take the second factor of who lost it: the password is enough again, all sessions end, and the owner is told', async () => {
  const [admin, person] = [await kit.person('lost-admin', 'ADMIN'), await kit.person('lost-phone')];
  const { otpauthUrl } = await kit.mutate('mutation { mfaTotpEnrol { otpauthUrl } }', {}, person);
  const secret = fromBase32(new URL(String(otpauthUrl)).searchParams.get('secret') ?? '');
  const code = hotp(secret, timeStep(kit.app.now()));
  const { recoveryCodes } = await kit.mutate(
    'mutation ($code: String!) { mfaTotpConfirm(code: $code) { recoveryCodes } }',
    { code },
    person,
  );
  const asked = (await kit.signIn(person.email))['mfaChallenge'] as { id: string };
  const remove = `mutation ($id: ID!) { accountMfaRemove(id: $id, reason: "showed a passport") { account { mfa { enabled recoveryCodesLeft factors { id } } } ${userErrors} } }`;
  expect(await kit.mutate(remove, { id: person.id }, admin)).toEqual({
    account: { mfa: { enabled: false, recoveryCodesLeft: 0, factors: [] } },
    userErrors: [],
  });
  expect(codes(await kit.refresh(person.refreshToken))).toEqual(['INVALID_TOKEN']);
  const verify = `mutation ($input: MfaChallengeInput!) { mfaChallengeVerify(input: $input) { ${userErrors} } }`;
  const answer = { challengeId: asked.id, code: (recoveryCodes as string[])[0] };
  expect(codes(await kit.mutate(verify, { input: answer }))).toEqual(['INVALID_CHALLENGE']);
  expect(await kit.signIn(person.email)).toMatchObject({ accessToken: expect.any(String), mfaChallenge: null });
  expect(await kit.db.mail.count({ where: { recipient: person.email, kind: 'SECOND_FACTOR_REMOVED' } })).toBe(1);
  expect(await kit.db.auditEntry.findMany({ where: { subjectId: person.id, action: 'mfa.removed' } })).toMatchObject([
    { actorId: admin.id, reason: 'showed a passport', before: { factors: ['TOTP'] }, after: { factors: [] } },
  ]);
  expect(codes(await kit.mutate(remove, { id: person.id }, admin))).toEqual(['NOT_ENROLLED']);
  expect(codes(await kit.mutate(remove, { id: admin.id }, admin))).toEqual(['OWN_ACCOUNT']);
});

test('admins set roles of others; a role taken away ends the sessions; all of it is audited', async () => {
  const [admin, clerk] = [await kit.person('roles-admin', 'ADMIN'), await kit.person('roles-clerk')];
  const set = `mutation ($id: ID!, $roles: [Role!]!) { accountRolesSet(id: $id, roles: $roles) { account { roles permissions } ${userErrors} } }`;
  expect(await kit.mutate(set, { id: clerk.id, roles: ['SUPPORT', 'CUSTOMER', 'SUPPORT'] }, admin)).toMatchObject({
    account: { roles: ['CUSTOMER', 'SUPPORT'], permissions: ['accounts:read', 'orders:read'] },
  });
  const promoted = await kit.refresh(clerk.refreshToken);
  expect(codes(promoted)).toEqual([]);
  await kit.mutate(set, { id: clerk.id, roles: ['CUSTOMER'] }, admin);
  expect(codes(await kit.refresh(String(promoted['refreshToken'])))).toEqual(['INVALID_TOKEN']);
  expect(codes(await kit.mutate(set, { id: admin.id, roles: ['CUSTOMER'] }, admin))).toEqual(['OWN_ACCOUNT']);
  const entries = await kit.db.auditEntry.findMany({ where: { subjectId: clerk.id, action: 'account.roles_set' }, orderBy: { id: 'asc' } });
  expect(entries.map(({ actorId, before, after }) => [actorId, before, after])).toEqual([
    [admin.id, { roles: ['CUSTOMER'] }, { roles: ['CUSTOMER', 'SUPPORT'] }],
    [admin.id, { roles: ['CUSTOMER', 'SUPPORT'] }, { roles: ['CUSTOMER'] }],
  ]);
  await expect(kit.db.auditEntry.deleteMany()).rejects.toThrow();
});

test('a suspended account is signed out and told so only with its password', async () => {
  const [admin, rogue] = [await kit.person('susp-admin', 'ADMIN'), await kit.person('rogue')];
  const suspend = `mutation ($id: ID!, $reason: String!) { accountSuspend(id: $id, reason: $reason) { account { status } ${userErrors} } }`;
  expect(await kit.mutate(suspend, { id: rogue.id, reason: 'fraud' }, admin)).toMatchObject({ account: { status: 'SUSPENDED' } });
  expect(codes(await kit.mutate(suspend, { id: rogue.id, reason: 'fraud' }, admin))).toEqual(['ILLEGAL_STATUS']);
  expect(codes(await kit.refresh(rogue.refreshToken))).toEqual(['INVALID_TOKEN']);
  expect(codes(await kit.signIn(rogue.email))).toEqual(['ACCOUNT_SUSPENDED']);
  expect(codes(await kit.signIn(rogue.email, 'wrong password'))).toEqual(['INVALID_CREDENTIALS']);
});

test('who waits for erasure can be suspended: their sessions end, and the erasure takes place all the same', async () => {
  const [admin, rogue] = [await kit.person('susp-erasure-admin', 'ADMIN'), await kit.person('leaving-rogue')];
  await kit.mutate('mutation ($password: String) { accountErasureRequest(password: $password) { account { id } } }', { password }, rogue);
  const suspend = `mutation ($id: ID!) { accountSuspend(id: $id, reason: "fraud") { account { status } ${userErrors} } }`;
  expect(await kit.mutate(suspend, { id: rogue.id }, admin)).toMatchObject({ account: { status: 'SUSPENDED' }, userErrors: [] });
  expect(codes(await kit.refresh(rogue.refreshToken))).toEqual(['INVALID_TOKEN']);
  expect(codes(await kit.signIn(rogue.email))).toEqual(['ACCOUNT_SUSPENDED']);
  expect(await eraseDueAccounts(kit.app)).toBe(0);
  kit.ahead = 14 * 24 * 60 * 60 * 1000 + 1_000;
  expect(await eraseDueAccounts(kit.app)).toBe(1);
  expect(await kit.db.account.findUnique({ where: { id: rogue.id } })).toMatchObject({ status: 'ERASED', email: null, erasureDueAt: null });
});

test('staff pages through accounts by filter; others are refused', async () => {
  const [support, customer] = [await kit.person('list-support', 'SUPPORT'), await kit.person('list-customer')];
  for (const name of ['page1', 'page2', 'page3']) await kit.person(name);
  const query =
    'query ($after: String) { accounts(first: 2, after: $after, filter: { email: "PAGE", status: ACTIVE }) { totalCount nodes { email } pageInfo { hasNextPage endCursor } } }';
  const first = (await kit.ask(query, {}, support)).data?.['accounts'] as Field & { pageInfo: { endCursor: string } };
  expect(first).toMatchObject({
    totalCount: 3,
    nodes: [{ email: 'page3@example.com' }, { email: 'page2@example.com' }],
    pageInfo: { hasNextPage: true },
  });
  const second = (await kit.ask(query, { after: first.pageInfo.endCursor }, support)).data?.['accounts'];
  expect(second).toMatchObject({ nodes: [{ email: 'page1@example.com' }], pageInfo: { hasNextPage: false } });
  expect((await kit.ask(query, {}, customer)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await kit.ask(query)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect((await kit.ask(query, { after: 'x' }, support)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('erasure waits 14 days, can be cancelled, and leaves nothing that tells who it was', async () => {
  const person = await kit.person('forget-me');
  await add(person, 'Home');
  const request = `mutation ($password: String) { accountErasureRequest(password: $password) { account { status } ${userErrors} } }`;
  expect(codes(await kit.mutate(request, {}, person))).toEqual(['REQUIRED']);
  expect(await kit.mutate(request, { password }, person)).toMatchObject({ account: { status: 'ERASURE_SCHEDULED' } });
  expect(await kit.mutate(`mutation { accountErasureCancel { account { status } ${userErrors} } }`, {}, person)).toMatchObject({
    account: { status: 'ACTIVE' },
  });
  await kit.mutate(request, { password }, person);
  await kit.db.loginAttempt.create({ data: attemptOf(person) });
  expect(await eraseDueAccounts(kit.app)).toBe(0);
  kit.ahead = 14 * 24 * 60 * 60 * 1000 + 1_000;
  expect(await eraseDueAccounts(kit.app)).toBe(1);
  expect(await kit.db.account.findUnique({ where: { id: person.id } })).toMatchObject({
    email: null,
    passwordHash: null,
    displayName: 'Deleted user',
    status: 'ERASED',
  });
  expect([
    await kit.db.address.count({ where: { accountId: person.id } }),
    await kit.db.mail.count({ where: { recipient: person.email } }),
    await kit.db.loginAttempt.count({ where: { accountId: person.id } }),
  ]).toEqual([0, 0, 0]);
  expect((await kit.ask('{ me { id } }', {}, person)).data).toEqual({ me: null });
  const types = await kit.db.event.findMany({ where: { streamId: person.id }, orderBy: { streamVersion: 'asc' } });
  expect(types.map(({ type }) => type).slice(-2)).toEqual(['account.erasure_requested', 'account.erased']);
});

test('an export holds what we know, for its owner only, once an hour', async () => {
  const [person, support] = [await kit.person('export'), await kit.person('export-support', 'SUPPORT')];
  await add(person, 'Home');
  const request = `mutation { dataExportRequest { export { id status downloadUrl } ${userErrors} } }`;
  const { export: made } = (await kit.mutate(request, {}, person)) as { export: { id: string; downloadUrl: string } } & Field;
  const content = JSON.parse(Buffer.from(made.downloadUrl.split(',')[1] ?? '', 'base64').toString());
  expect(content).toMatchObject({ account: { email: person.email }, addresses: [{ label: 'Home', city: 'Berlin' }], sessions: [{}] });
  expect(JSON.stringify(content)).not.toMatch(/argon2|password|secret/i);
  expect(codes(await kit.mutate(request, {}, person))).toEqual(['RATE_LIMITED']);
  const entity = `{ _entities(representations: [{__typename: "DataExport", id: "${made.id}"}]) { ... on DataExport { downloadUrl } } }`;
  expect((await kit.ask(entity, {}, support)).data?.['_entities']).toEqual([null]);
});

test('an identity is unlinked unless it is the last way in', async () => {
  const person = await kit.person('linked');
  const id = `lid_${'0'.repeat(32)}`;
  await kit.db.linkedIdentity.create({ data: { id, accountId: person.id, provider: 'google', subject: '1' } });
  await kit.db.account.update({ where: { id: person.id }, data: { passwordHash: null } });
  const unlink = `mutation ($id: ID!) { identityUnlink(id: $id) { account { identities { provider } } ${userErrors} } }`;
  expect(codes(await kit.mutate(unlink, { id }, person))).toEqual(['LAST_CREDENTIAL']);
  await kit.db.account.update({ where: { id: person.id }, data: { passwordHash: 'x' } });
  expect(await kit.mutate(unlink, { id }, person)).toMatchObject({ account: { identities: [] }, userErrors: [] });
});

test('the worker sends mails once, tells gateways again of revocations, and clears what is over', async () => {
  const person = await kit.person('worker');
  await kit.mutate('mutation { sessionRevokeOthers { ok } }', {}, person);
  await kit.redis?.flushdb();
  await kit.db.loginAttempt.create({ data: attemptOf(person) });
  const sent: string[] = [];
  const mailer = { send: (mail: { recipient: string }) => Promise.resolve(void sent.push(mail.recipient)) };
  const onError = (error: unknown) => expect(error).toBeUndefined();
  for (let round = 0; round < 5; round += 1) await runRound(kit.app, { mails: mailer, onError });
  expect(sent.filter((recipient) => recipient === person.email)).toHaveLength(1);
  expect((await kit.redis?.keys('revoked:session:*'))?.length).toBeGreaterThan(0);
  kit.ahead = 40 * 24 * 60 * 60 * 1000;
  await runRound(kit.app, { mails: mailer, onError });
  expect([await kit.db.session.count(), await kit.db.mail.count(), await kit.db.loginAttempt.count()]).toEqual([0, 0, 0]);
});

/** A link to an identity that somebody began and did not complete. */
function attemptOf({ id: accountId }: Person) {
  const secrets = { state: 's', nonce: 'n', codeVerifier: 'v', redirectUri: 'http://localhost:3000/login/callback' };
  return { id: newId('lgn'), provider: 'google', accountId, ...secrets, expiresAt: new Date(Date.now() + 10 * 60 * 1000) };
}
