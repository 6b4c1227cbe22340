import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccountsKit, type Person } from './testing/accounts-kit.ts';

let kit: AccountsKit;
let support: Person;
const people: Person[] = [];
beforeAll(async () => {
  kit = await AccountsKit.start({ redis: false });
  support = await kit.person('support', 'SUPPORT');
  for (let index = 0; index < 12; index += 1) people.push(await kit.person(`person${index}`));
});
afterAll(() => kit[Symbol.asyncDispose]());

/** SQL statements of one query. */
async function count(query: string, variables: object = {}): Promise<number> {
  kit.statements.length = 0;
  const { errors } = await kit.ask(query, variables, support);
  expect(errors).toBeUndefined();
  return kit.statements.length;
}

const everything =
  'email addresses { id } defaultShippingAddress { id } sessions { id } identities { id } mfa { enabled recoveryCodesLeft } dataExports { id } user { displayName }';

test.each(['User', 'Account'])('any number of %s references takes one statement', async (type) => {
  const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { id ${type === 'User' ? 'displayName' : 'email'} } } }`;
  const references = (size: number) => ({ representations: people.slice(0, size).map(({ id }) => ({ __typename: type, id })) });
  expect([await count(query, references(1)), await count(query, references(12))]).toEqual([1, 1]);
});

test('everything of a page of accounts takes as many statements as of one', async () => {
  const query = (first: number) => `{ accounts(first: ${first}) { totalCount nodes { ${everything} } } }`;
  const one = await count(query(1));
  expect(await count(query(12))).toBe(one);
  expect(one).toBeLessThanOrEqual(8);
});

test('references that are foreign, malformed or doubled neither fail nor cost a statement each', async () => {
  const id = people[0]?.id;
  const ids = [id, id, 'usr_x', '', `usr_${'0'.repeat(32)}`, `prd_${'0'.repeat(32)}`, 7, null, { a: 1 }, 'a\u0000b', '__proto__'];
  const query = 'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { id } } }';
  kit.statements.length = 0;
  const { data, errors } = await kit.ask(query, { representations: ids.map((given) => ({ __typename: 'User', id: given })) });
  expect(errors).toBeUndefined();
  expect(data?.['_entities']).toEqual([{ id }, { id }, ...Array(9).fill(null)]);
  expect(kit.statements).toHaveLength(1);
});
