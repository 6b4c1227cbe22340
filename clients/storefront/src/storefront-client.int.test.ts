import { gql } from '@apollo/client';
import { expect, test } from 'vitest';
import { faultsOf, faultWith, isUnreachable } from './faults.ts';
import { CategoryMenuDocument, OrderPlaceDocument, ProfileUpdateDocument } from './generated/graphql.ts';
import manifest from './generated/persisted-documents.json' with { type: 'json' };
import { createStorefront, type StorefrontOptions } from './storefront-client.ts';
import { type Arrived, refused, type Scripted, type ScriptedGateway, scriptedGateway } from './testing/scripted-gateway.ts';
import { memoryTokens } from './tokens.ts';

const MINUTE_MS = 60_000;
const menu = { body: { data: { categories: [] } } };

/** Tokens that carry their generation: `access-3` and `refresh-3`. */
const tokens = (generation: number, expiresAt: number) => ({
  __typename: 'SessionPayload',
  accessToken: `access-${generation}`,
  accessTokenExpiresAt: new Date(expiresAt).toISOString(),
  refreshToken: `refresh-${generation}`,
  mfaChallenge: null,
  userErrors: [],
});
const inputError = (code: string) => ({ __typename: 'InputError', code, message: code, path: ['input'] });
const noTokens = (code: string) => ({
  ...tokens(0, 0),
  accessToken: null,
  refreshToken: null,
  accessTokenExpiresAt: null,
  userErrors: [inputError(code)],
});

/** A gateway where passwords are "right", access tokens live for 15 minutes and refresh tokens work once. */
function shop(now: () => number) {
  let generation = 0;
  let newest = '';
  const grant = (field: string): Scripted => {
    generation += 1;
    newest = `refresh-${generation}`;
    return { body: { data: { [field]: tokens(generation, now() + 15 * MINUTE_MS) } } };
  };
  return ({ operationName, variables }: Arrived): Scripted => {
    if (operationName === 'SessionCreate')
      return variables['password'] === 'right'
        ? grant('sessionCreate')
        : { body: { data: { sessionCreate: noTokens('INVALID_CREDENTIALS') } } };
    if (operationName === 'SessionRefresh')
      return variables['refreshToken'] === newest
        ? grant('sessionRefresh')
        : { body: { data: { sessionRefresh: noTokens('INVALID_TOKEN') } } };
    if (operationName === 'SessionRevoke')
      return { body: { data: { sessionRevoke: { __typename: 'AckPayload', ok: true, userErrors: [] } } } };
    return menu;
  };
}

function storefront(gateway: ScriptedGateway, options: Partial<StorefrontOptions> = {}) {
  const made = createStorefront({ url: gateway.url, name: 'test', version: '1', retry: { retries: 2, firstDelayMs: 1 }, ...options });
  return { ...made, [Symbol.dispose]: made.stop };
}

const names = ({ arrived }: ScriptedGateway): string[] => arrived.map(({ operationName }) => operationName);

test('generated documents go as their registered hash, others as text, each under the name of the client', async () => {
  await using gateway = await scriptedGateway(() => menu);
  using shopper = storefront(gateway);
  await shopper.client.query({ query: CategoryMenuDocument });
  await shopper.client.query({ query: gql`query Own { categories { id } }`, fetchPolicy: 'no-cache' });
  const [registered, own] = gateway.arrived;
  expect(registered).toMatchObject({ query: undefined, client: 'test', authorization: undefined });
  expect(Object.keys(manifest)).toContain(`sha256:${registered?.sha256Hash}`);
  expect(own).toMatchObject({ query: expect.stringContaining('query Own'), sha256Hash: undefined });
});

test('a gateway that does not know the hash yet is sent the text, and may refuse it', async () => {
  await using gateway = await scriptedGateway(({ query }) => (query === undefined ? refused('PERSISTED_QUERY_NOT_FOUND', 200) : menu));
  using shopper = storefront(gateway);
  expect((await shopper.client.query({ query: CategoryMenuDocument })).data).toEqual({ categories: [] });
  await using strict = await scriptedGateway(({ query }) =>
    refused(query === undefined ? 'PERSISTED_QUERY_NOT_FOUND' : 'PERSISTED_QUERY_REQUIRED'),
  );
  using newer = storefront(strict);
  const error = await newer.client.query({ query: CategoryMenuDocument }).catch((caught: unknown) => caught);
  expect(faultsOf(error)).toMatchObject([{ code: 'PERSISTED_QUERY_REQUIRED', isRetryable: false }]);
});

test('a wrong password is data, not an error, and leaves nobody signed in', async () => {
  await using gateway = await scriptedGateway(shop(Date.now));
  using shopper = storefront(gateway);
  expect(await shopper.session.signIn('a@example.com', 'wrong')).toMatchObject({
    kind: 'refused',
    userErrors: [{ code: 'INVALID_CREDENTIALS' }],
  });
  expect(shopper.session.state).toEqual({ kind: 'anonymous' });
  expect(await shopper.session.signIn('a@example.com', 'right')).toEqual({ kind: 'signedIn' });
  await shopper.client.query({ query: CategoryMenuDocument });
  expect(gateway.arrived.at(-1)?.authorization).toBe('Bearer access-1');
});

test('requests that find the token about to end share one refresh, and go on with the new token', async () => {
  let now = 0;
  await using gateway = await scriptedGateway(shop(() => now));
  using shopper = storefront(gateway, { now: () => now });
  await shopper.session.signIn('a@example.com', 'right');
  now += 14.9 * MINUTE_MS;
  const ask = () =>
    shopper.client.query({ query: CategoryMenuDocument, fetchPolicy: 'network-only', context: { queryDeduplication: false } });
  await Promise.all([ask(), ask(), ask(), shopper.session.accessToken()]);
  expect(names(gateway).filter((name) => name === 'SessionRefresh')).toHaveLength(1);
  expect(gateway.arrived.filter(({ operationName }) => operationName === 'CategoryMenu').map(({ authorization }) => authorization)).toEqual(
    ['Bearer access-2', 'Bearer access-2', 'Bearer access-2'],
  );
});

test('a request whose token is refused is sent once more after one refresh, and a second refusal is the answer', async () => {
  const answer = shop(Date.now);
  let good = 'Bearer access-2';
  await using gateway = await scriptedGateway((request) =>
    request.operationName === 'CategoryMenu' && request.authorization !== good ? refused('UNAUTHENTICATED', 401) : answer(request),
  );
  using shopper = storefront(gateway);
  await shopper.session.signIn('a@example.com', 'right');
  expect((await shopper.client.query({ query: CategoryMenuDocument })).data).toEqual({ categories: [] });
  expect(names(gateway)).toEqual(['SessionCreate', 'CategoryMenu', 'SessionRefresh', 'CategoryMenu']);
  good = 'none';
  const error = await shopper.client.query({ query: CategoryMenuDocument, fetchPolicy: 'network-only' }).catch((caught: unknown) => caught);
  expect(faultWith(error, 'UNAUTHENTICATED')?.code).toBe('UNAUTHENTICATED');
  expect(names(gateway).slice(4)).toEqual(['CategoryMenu', 'SessionRefresh', 'CategoryMenu']);
});

test('a refresh token that has expired ends the session: the state says so and requests go on without a token', async () => {
  let now = 0;
  const answer = shop(() => now);
  await using gateway = await scriptedGateway((request) =>
    request.operationName === 'SessionRefresh' ? { body: { data: { sessionRefresh: noTokens('INVALID_TOKEN') } } } : answer(request),
  );
  const states: string[] = [];
  const ended = Promise.withResolvers<void>();
  const onSessionChange = ({ kind }: { kind: string }) => {
    states.push(kind);
    if (kind === 'ended') ended.resolve();
  };
  using shopper = storefront(gateway, { now: () => now, onSessionChange });
  await shopper.session.signIn('a@example.com', 'right');
  now += 20 * MINUTE_MS;
  expect((await shopper.client.query({ query: CategoryMenuDocument })).data).toEqual({ categories: [] });
  await ended.promise;
  expect(states).toEqual(['signedIn', 'ended']);
  expect(gateway.arrived.at(-1)).toMatchObject({ operationName: 'CategoryMenu', authorization: undefined });
});

test('a gateway that is away while a refresh is due does not end the session', async () => {
  let now = 0;
  let isAway = false;
  const answer = shop(() => now);
  await using gateway = await scriptedGateway((request) => (isAway ? 'hangUp' : answer(request)));
  using shopper = storefront(gateway, { now: () => now });
  await shopper.session.signIn('a@example.com', 'right');
  now += 20 * MINUTE_MS;
  isAway = true;
  const error = await shopper.session.accessToken().catch((caught: unknown) => caught);
  expect(isUnreachable(error)).toBe(true);
  expect(shopper.session.state).toEqual({ kind: 'signedIn' });
  isAway = false;
  expect(await shopper.session.accessToken()).toBe('access-2');
});

test('signing out during a refresh stays signed out', async () => {
  let now = 0;
  const answer = shop(() => now);
  const arrived = Promise.withResolvers<void>();
  const mayAnswer = Promise.withResolvers<void>();
  await using gateway = await scriptedGateway(async (request) => {
    if (request.operationName !== 'SessionRefresh') return answer(request);
    arrived.resolve();
    await mayAnswer.promise;
    return answer(request);
  });
  using shopper = storefront(gateway, { now: () => now });
  await shopper.session.signIn('a@example.com', 'right');
  now += 20 * MINUTE_MS;
  const token = shopper.session.accessToken();
  await arrived.promise;
  await shopper.session.signOut();
  mayAnswer.resolve();
  expect(await token).toBeUndefined();
  expect(shopper.session.state).toEqual({ kind: 'anonymous' });
});

test('queries are tried again while the gateway is away, and say that it was not reached when it stays away', async () => {
  let left = 2;
  await using gateway = await scriptedGateway(() => (left-- > 0 ? 'hangUp' : menu));
  using shopper = storefront(gateway);
  expect((await shopper.client.query({ query: CategoryMenuDocument })).data).toEqual({ categories: [] });
  left = 99;
  const error = await shopper.client.query({ query: CategoryMenuDocument, fetchPolicy: 'network-only' }).catch((caught: unknown) => caught);
  expect(isUnreachable(error)).toBe(true);
  expect(gateway.arrived).toHaveLength(6);
});

test('mutations are tried again only with an idempotency key, and refusals never', async () => {
  await using gateway = await scriptedGateway(({ operationName }) =>
    operationName === 'CategoryMenu' ? refused('FORBIDDEN', 403) : refused('DOWNSTREAM_UNAVAILABLE', 503),
  );
  using shopper = storefront(gateway);
  const settle = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => faultsOf(error).map(({ code }) => code),
    );
  expect(await settle(shopper.client.mutate({ mutation: ProfileUpdateDocument, variables: { input: { givenName: 'A' } } }))).toEqual([
    'DOWNSTREAM_UNAVAILABLE',
  ]);
  const input = {
    cartId: 'crt_1',
    cartVersion: 1,
    expectedTotal: { minor: 1, currency: 'EUR' },
    paymentMethodToken: 't',
    idempotencyKey: 'k',
  };
  expect(await settle(shopper.client.mutate({ mutation: OrderPlaceDocument, variables: { input } }))).toEqual(['DOWNSTREAM_UNAVAILABLE']);
  expect(await settle(shopper.client.query({ query: CategoryMenuDocument }))).toEqual(['FORBIDDEN']);
  expect(names(gateway)).toEqual(['ProfileUpdate', 'OrderPlace', 'OrderPlace', 'OrderPlace', 'CategoryMenu']);
});

test('a second factor is asked for as data, and the tokens of its answer begin the session', async () => {
  const mfaChallenge = { __typename: 'MfaChallenge', id: 'mfc_1', kinds: ['TOTP'], expiresAt: '2030-01-01T00:00:00Z' };
  await using gateway = await scriptedGateway(({ operationName }) =>
    operationName === 'SessionCreate' ? { body: { data: { sessionCreate: { ...noTokens('X'), userErrors: [], mfaChallenge } } } } : menu,
  );
  using shopper = storefront(gateway);
  expect(await shopper.session.signIn('a@example.com', 'right')).toEqual({ kind: 'challenge', challenge: mfaChallenge });
  expect(shopper.session.state).toEqual({ kind: 'anonymous' });
  expect(await shopper.session.accept(noTokens('INVALID_CODE'))).toBe(false);
  expect(await shopper.session.accept(tokens(7, Date.now() + 15 * MINUTE_MS))).toBe(true);
  await shopper.client.query({ query: CategoryMenuDocument });
  expect(gateway.arrived.at(-1)?.authorization).toBe('Bearer access-7');
});

test('signing out ends the session at the gateway, and what is kept in a store survives a reload until then', async () => {
  const claims = Buffer.from(JSON.stringify({ sid: 'ses_1' })).toString('base64url');
  const accessToken = `header.${claims}.signature`;
  await using gateway = await scriptedGateway(shop(Date.now));
  const store = memoryTokens();
  using before = storefront(gateway, { tokens: store });
  await before.session.accept({ ...tokens(1, Date.now() + 15 * MINUTE_MS), accessToken });
  using reloaded = storefront(gateway, { tokens: store });
  expect(reloaded.session.state).toEqual({ kind: 'signedIn' });
  await reloaded.session.signOut();
  expect(gateway.arrived).toMatchObject([
    { operationName: 'SessionRevoke', variables: { id: 'ses_1' }, authorization: `Bearer ${accessToken}` },
  ]);
  expect(store.read()).toBeUndefined();
  await reloaded.session.signOut();
  expect(gateway.arrived).toHaveLength(1);
});

test('signing out ends the session at the gateway also when the access token has ended', async () => {
  const claims = Buffer.from(JSON.stringify({ sid: 'ses_1' })).toString('base64url');
  const fresh = `header.${claims}.fresh`;
  const answer = shop(Date.now);
  await using gateway = await scriptedGateway((request) =>
    request.operationName === 'SessionRefresh'
      ? { body: { data: { sessionRefresh: { ...tokens(2, Date.now() + 15 * MINUTE_MS), accessToken: fresh } } } }
      : answer(request),
  );
  using shopper = storefront(gateway);
  await shopper.session.accept({ ...tokens(1, Date.now() - MINUTE_MS), accessToken: `header.${claims}.ended` });
  await shopper.session.signOut();
  expect(gateway.arrived).toMatchObject([
    { operationName: 'SessionRefresh', variables: { refreshToken: 'refresh-1' } },
    { operationName: 'SessionRevoke', variables: { id: 'ses_1' }, authorization: `Bearer ${fresh}` },
  ]);
  expect(shopper.session.state).toEqual({ kind: 'anonymous' });
  expect(await shopper.session.accessToken()).toBeUndefined();
});

test('what one person saw is not shown to the next, also when nobody signed out in between', async () => {
  await using gateway = await scriptedGateway(shop(Date.now));
  using shopper = storefront(gateway);
  for (const email of ['a@example.com', 'b@example.com']) {
    await shopper.session.signIn(email, 'right');
    await shopper.client.query({ query: CategoryMenuDocument });
    await shopper.client.query({ query: CategoryMenuDocument });
  }
  expect(names(gateway)).toEqual(['SessionCreate', 'CategoryMenu', 'SessionCreate', 'CategoryMenu']);
});
