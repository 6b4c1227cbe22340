import { beforeAll, describe, expect, inject, it } from 'vitest';
import { demoLogins } from '../../prisma/seed/people/demo-logins.ts';
import { codesOf, send, sendOk } from '../support/gateway.ts';
import { signIn } from '../support/sign-in.ts';

type Caller = 'anonymous' | 'customer' | 'support' | 'orders' | 'catalog' | 'moderator' | 'admin';

const callers: readonly Caller[] = ['anonymous', 'customer', 'support', 'orders', 'catalog', 'moderator', 'admin'];
const everybody = callers;
const signedIn = callers.filter((caller) => caller !== 'anonymous');
const nowhere = 'ord_00000000000070008000000000000000';

/** What is asked and who may. Ids name nothing, so whoever may ask changes nothing: the answer is a typed "not found". */
const rules: readonly { readonly what: string; readonly query: string; readonly may: readonly Caller[] }[] = [
  { what: 'reading products', query: '{ products(first: 1) { nodes { id } } }', may: everybody },
  { what: 'reading reviews', query: '{ products(first: 1) { nodes { reviews(first: 1) { totalCount } } } }', may: everybody },
  { what: 'reading one’s own orders', query: '{ me { orders(first: 1) { totalCount } } }', may: signedIn },
  { what: 'reading an order by number', query: '{ order(number: "00000-00000") { id } }', may: signedIn },
  { what: 'reading accounts', query: '{ accounts(first: 1) { totalCount } }', may: ['support', 'admin'] },
  { what: 'reading all orders', query: '{ orders(first: 1) { totalCount } }', may: ['support', 'orders', 'admin'] },
  { what: 'seeing durable runs', query: '{ workflows(first: 1) { nodes { id } } }', may: ['support', 'orders', 'admin'] },
  {
    what: 'steering a durable run',
    query: 'mutation { workflowRetry(id: "place:nothing") { userErrors { code } } }',
    may: ['orders', 'admin'],
  },
  {
    what: 'reading exact stock',
    query: '{ products(first: 1) { nodes { variants(first: 1) { nodes { inventory { onHand } } } } } }',
    may: ['orders', 'catalog', 'admin'],
  },
  { what: 'reading the moderation queue', query: '{ reviewModerationQueue(first: 1) { totalCount } }', may: ['moderator', 'admin'] },
  {
    what: 'reviewing',
    query: 'mutation { reviewSubmit(input: { productId: "prd_none", rating: 5, body: "Good." }) { userErrors { code } } }',
    may: signedIn,
  },
  {
    what: 'moderating',
    query: 'mutation { reviewModerate(id: "rev_none", input: { decision: PUBLISH }) { userErrors { code } } }',
    may: ['moderator', 'admin'],
  },
  {
    what: 'replying to a review',
    query: 'mutation { reviewReplySet(reviewId: "rev_none", body: "Thanks.") { userErrors { code } } }',
    may: ['moderator', 'admin'],
  },
  { what: 'publishing a product', query: 'mutation { productPublish(id: "prd_none") { userErrors { code } } }', may: ['catalog', 'admin'] },
  {
    what: 'correcting stock',
    query:
      'mutation { inventoryAdjust(input: { idempotencyKey: "authz-0001", reason: "test", changes: [{ variantId: "var_none", locationId: "loc_none", delta: 1 }] }) { userErrors { code } } }',
    may: ['catalog', 'admin'],
  },
  {
    what: 'refunding',
    query: `mutation { refundCreate(orderId: "${nowhere}", input: { amount: { minor: 1, currency: "EUR" }, reason: "test", idempotencyKey: "authz-0002" }) { userErrors { code } } }`,
    may: ['orders', 'admin'],
  },
  {
    what: 'suspending an account',
    query: 'mutation { accountSuspend(id: "usr_none", reason: "test") { userErrors { code } } }',
    may: ['admin'],
  },
  {
    what: 'taking a second factor away',
    query: 'mutation { accountMfaRemove(id: "usr_none", reason: "test") { userErrors { code } } }',
    may: ['admin'],
  },
  { what: 'giving roles', query: 'mutation { accountRolesSet(id: "usr_none", roles: [ADMIN]) { userErrors { code } } }', may: ['admin'] },
];

describe('who may do what', () => {
  const url = inject('gatewayUrl');
  const tokens = new Map<Caller, string>();

  beforeAll(async () => {
    for (const { email } of demoLogins) tokens.set(email.split('@')[0] as Caller, await signIn(url, email));
  });

  describe.each(rules)('$what', ({ query, may }) => {
    it.each(callers)('%s', async (caller) => {
      const answer = await send<unknown>(url, { query, token: tokens.get(caller) });
      if (may.includes(caller)) expect(answer.errors).toBeUndefined();
      else expect(new Set(codesOf(answer))).toEqual(new Set(['UNAUTHORIZED_FIELD_OR_TYPE']));
    });
  });

  it('a token that nobody signed opens nothing', async () => {
    const forged = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"usr_x","scope":"accounts:read"}').toString('base64url')}.`;
    const answer = await send<unknown>(url, { query: '{ accounts(first: 1) { totalCount } }', token: forged });
    expect(codesOf(answer)).toEqual(['UNAUTHENTICATED']);
    expect(answer.data ?? null).toBeNull();
  });

  it('nobody reads the order of somebody else', async () => {
    const own = await send<{ me: { orders: { nodes: { number: string }[] } } }>(url, {
      query: '{ me { orders(first: 1) { nodes { number } } } }',
      token: tokens.get('customer'),
    });
    const number = own.data?.me.orders.nodes[0]?.number;
    const query = `{ order(number: "${number}") { id email } }`;
    expect((await send<{ order: unknown }>(url, { query, token: tokens.get('customer') })).data?.order).not.toBeNull();
    expect((await send<{ order: unknown }>(url, { query, token: tokens.get('catalog') })).data?.order ?? null).toBeNull();
  });

  it('a visitor refetches a product by its id, and sees of an account no more than that there is one', async () => {
    const { product } = await sendOk<{ product: { id: string } }>(url, { query: '{ product(slug: "norrland-cast-iron-skillet") { id } }' });
    const node = 'query Node($id: ID!) { node(id: $id) { id ... on Product { title } ... on Account { email roles } } }';
    expect(await sendOk(url, { query: node.replace(' ... on Account { email roles }', ''), variables: { id: product.id } })).toMatchObject({
      node: { id: product.id, title: 'Norrland Cast Iron Skillet' },
    });
    const asked = await send<{ node: object }>(url, { query: node, variables: { id: product.id } });
    expect(asked.data?.node).toEqual({ id: product.id, title: 'Norrland Cast Iron Skillet' });
    expect(new Set(codesOf(asked))).toEqual(new Set(['UNAUTHORIZED_FIELD_OR_TYPE']));
  });
});
