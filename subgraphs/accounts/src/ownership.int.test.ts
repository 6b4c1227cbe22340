import { userPrincipal } from '@app/auth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccountsKit, codes, type Person } from './testing/accounts-kit.ts';

let kit: AccountsKit;
let ada: Person;
let eve: Person;
let admin: Person;
beforeAll(async () => {
  kit = await AccountsKit.start();
  [ada, eve, admin] = [await kit.person('ada'), await kit.person('eve'), await kit.person('admin', 'ADMIN')];
});
afterAll(() => kit[Symbol.asyncDispose]());

const postal = '{ name: "Ada", line1: "Main Street 1", city: "Berlin", countryCode: "DE" }';

/** A thing of ada's, made and, when asked, gone again; and the mutation that names it. */
const things: readonly [
  name: string,
  make: () => Promise<string>,
  remove: (id: string) => Promise<unknown>,
  mutation: (id: string) => string,
][] = [
  ['addressUpdate', makeAddress, removeAddress, (id) => `addressUpdate(id: "${id}", input: { postal: ${postal} })`],
  ['addressDelete', makeAddress, removeAddress, (id) => `addressDelete(id: "${id}")`],
  ['sessionRevoke', makeSession, (id) => kit.db.session.delete({ where: { id } }), (id) => `sessionRevoke(id: "${id}")`],
  ['identityUnlink', makeIdentity, (id) => kit.db.linkedIdentity.delete({ where: { id } }), (id) => `identityUnlink(id: "${id}")`],
];

test.each(things)("%s: somebody else's thing, a deleted thing and no thing look the same", async (_name, make, remove, mutation) => {
  const ask = async (id: string, from: Person) => {
    const answer = await kit.mutate(`mutation { ${mutation(id)} { userErrors { __typename code message path } } }`, {}, from);
    return answer['userErrors'];
  };
  const id = await make();
  const foreign = await ask(id, eve);
  const none = await ask(`${id.slice(0, 4)}${'0'.repeat(32)}`, eve);
  await remove(id);
  const deleted = await ask(id, ada);
  expect(foreign).toMatchObject([{ __typename: 'NotFoundError', code: 'NOT_FOUND', path: ['id'] }]);
  expect([none, deleted]).toEqual([foreign, foreign]);
});

test('an erased account has no roles to set and cannot be suspended', async () => {
  const gone = await kit.person('gone');
  await kit.db.account.update({
    where: { id: gone.id },
    data: { status: 'ERASED', email: null, emailVerifiedAt: null, passwordHash: null },
  });
  const set = await kit.mutate(`mutation { accountRolesSet(id: "${gone.id}", roles: [ADMIN]) { userErrors { code } } }`, {}, admin);
  const suspend = await kit.mutate(`mutation { accountSuspend(id: "${gone.id}", reason: "x") { userErrors { code } } }`, {}, admin);
  expect([codes(set), codes(suspend)]).toEqual([['NOT_FOUND'], ['ILLEGAL_STATUS']]);
});

test.each([
  'accountRolesSet(id: "usr_1", roles: [ADMIN])',
  'accountSuspend(id: "usr_1", reason: "x")',
  'accountMfaRemove(id: "usr_1", reason: "x")',
])('%s is for admins alone', async (mutation) => {
  const support = await kit.person(`support-${mutation.length}`, 'SUPPORT');
  const asked = [{}, eve, support].map((from) => kit.ask(`mutation { ${mutation} { userErrors { code } } }`, {}, from));
  const answers = await Promise.all(asked);
  expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN']);
});

test.each([
  'accountRolesSet(id: "ID", roles: [ADMIN])',
  'accountSuspend(id: "ID", reason: "x")',
  'accountMfaRemove(id: "ID", reason: "x")',
])('who is no admin any more does nothing with the access token that is left: %s', async (mutation) => {
  const former = await kit.person(`former-${mutation.length}`, 'ADMIN');
  const set = 'mutation ($id: ID!) { accountRolesSet(id: $id, roles: [CUSTOMER]) { userErrors { code } } }';
  expect(codes(await kit.mutate(set, { id: former.id }, admin))).toEqual([]);
  const { errors } = await kit.ask(`mutation { ${mutation.replace('ID', eve.id)} { account { roles } } }`, {}, former);
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect(await kit.db.account.findUnique({ where: { id: eve.id } })).toMatchObject({ roles: ['CUSTOMER'], status: 'ACTIVE' });
});

test('staff of another issuer, who has no session here, does what its roles allow', async () => {
  const clerk = await kit.person('clerk');
  const principal = userPrincipal('staff-7', 'session-elsewhere', ['ADMIN']);
  const answer = await kit.mutate(
    `mutation { accountRolesSet(id: "${clerk.id}", roles: [SUPPORT]) { userErrors { code } } }`,
    {},
    { principal },
  );
  expect(codes(answer)).toEqual([]);
});

test('with Redis away people sign in, refresh and end sessions all the same, and guessing is still slowed down', async () => {
  await using lonely = await AccountsKit.start({ redis: false, env: { REDIS_URL: 'redis://localhost:1' } });
  const person = await lonely.person('lonely');
  const other = await lonely.signIn(person.email);
  expect(await lonely.mutate('mutation { sessionRevokeOthers { ok } }', {}, person)).toEqual({ ok: true });
  expect(codes(await lonely.refresh(String(other['refreshToken'])))).toEqual(['INVALID_TOKEN']);
  expect(codes(await lonely.refresh(person.refreshToken))).toEqual([]);
  const guesses = [];
  for (let guess = 0; guess < 7; guess += 1) guesses.push(...codes(await lonely.signIn(person.email, 'wrong password')));
  expect(guesses).toEqual([...Array(5).fill('INVALID_CREDENTIALS'), 'RATE_LIMITED', 'RATE_LIMITED']);
});

async function makeAddress(): Promise<string> {
  const answer = await kit.mutate(`mutation { addressCreate(input: { postal: ${postal} }) { address { id } } }`, {}, ada);
  return (answer['address'] as { id: string }).id;
}

function removeAddress(id: string): Promise<unknown> {
  return kit.db.address.delete({ where: { id } });
}

async function makeSession(): Promise<string> {
  await kit.signIn(ada.email);
  const newest = await kit.db.session.findFirst({ where: { accountId: ada.id }, orderBy: { id: 'desc' } });
  return newest?.id ?? '';
}

async function makeIdentity(): Promise<string> {
  const id = `lid_${'1'.repeat(32)}`;
  await kit.db.linkedIdentity.create({ data: { id, accountId: ada.id, provider: 'google', subject: '1' } });
  return id;
}
