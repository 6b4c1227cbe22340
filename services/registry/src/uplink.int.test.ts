import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createToken } from './data/tokens.ts';
import { type RegistryKit, startRegistryKit, subgraph } from './testing/registry-kit.ts';

let kit: RegistryKit;

beforeAll(async () => {
  kit = await startRegistryKit({ UPLINK_MIN_DELAY_SECONDS: '1' });
});
afterAll(() => kit[Symbol.asyncDispose]());

const publish = (token: string, field: string) =>
  kit.send('POST', '/api/publish', { token, body: { subgraphs: [subgraph('products', `type Query { ${field}: Int }`)] } });

/** A stock gateway in managed mode: everything it knows is in the variables that Apollo documents. */
async function startStockGateway(key: string, uplink: string) {
  vi.stubEnv('APOLLO_TELEMETRY_DISABLED', '1');
  vi.stubEnv('APOLLO_KEY', key);
  vi.stubEnv('APOLLO_GRAPH_REF', 'shop@current');
  vi.stubEnv('APOLLO_SCHEMA_CONFIG_DELIVERY_ENDPOINT', uplink);
  const errors: string[] = [];
  const quiet = () => undefined;
  const logger = { debug: quiet, info: quiet, warn: quiet, error: (message: string) => void errors.push(message) };
  const gateway = new ApolloGateway({ uplinkMaxRetries: 0, logger });
  const fields: string[] = [];
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => fields.push(Object.keys(apiSchema.getQueryType()?.getFields() ?? {}).join()));
  const server = new ApolloServer({ gateway, logger, plugins: [ApolloServerPluginUsageReportingDisabled()] });
  await server.start();
  vi.unstubAllEnvs();
  const ask = async () => {
    const { body } = await server.executeOperation({ query: '{ __type(name: "Query") { fields { name } } }' });
    return body.kind === 'single' ? JSON.stringify(body.singleResult.data) : '';
  };
  return { server, fields, errors, ask };
}

test('a stock gateway starts from the registry, follows a publish, and keeps the last good one while the registry is away', async () => {
  const own = await startRegistryKit({ UPLINK_MIN_DELAY_SECONDS: '1' });
  const token = await own.token();
  const send = (field: string) =>
    own.send('POST', '/api/publish', { token, body: { subgraphs: [subgraph('products', `type Query { ${field}: Int }`)] } });
  await send('first');
  const { server, fields, errors, ask } = await startStockGateway(await own.token(['read']), `${own.url}/uplink`);
  try {
    expect(fields).toEqual(['first']);
    await send('second');
    await expect.poll(() => fields, { timeout: 20_000 }).toEqual(['first', 'second']);
    await own[Symbol.asyncDispose]();
    await expect.poll(() => errors.join(), { timeout: 20_000 }).toContain('ECONNREFUSED');
    expect(fields).toEqual(['first', 'second']);
    expect(await ask()).toContain('"second"');
  } finally {
    await server.stop();
  }
});

const query = `query SupergraphSdl($apiKey: String!, $ref: String!, $ifAfterId: ID) {
  routerConfig(ref: $ref, apiKey: $apiKey, ifAfterId: $ifAfterId) {
    __typename
    ... on RouterConfigResult { id supergraphSdl: supergraphSDL minDelaySeconds }
    ... on Unchanged { id minDelaySeconds }
    ... on FetchError { code message }
  }
}`;
const ask = async (variables: Record<string, unknown>, text = query) => {
  const { body } = await kit.send('POST', '/uplink', { body: { query: text, variables } });
  return body as { data?: { routerConfig: Record<string, unknown> }; errors?: { message: string }[] };
};

test('the answers are those of Uplink: a result, unchanged, or an error with its code', async () => {
  const apiKey = await kit.token(undefined, { graph: 'uplink' });
  const ref = 'uplink@current';
  const config = async (variables: Record<string, unknown>) => (await ask({ apiKey, ref, ...variables })).data?.routerConfig;
  expect(await config({})).toMatchObject({ __typename: 'FetchError', code: 'UNKNOWN_REF' });
  await publish(apiKey, 'a');
  const result = await config({});
  expect(result).toMatchObject({ __typename: 'RouterConfigResult', minDelaySeconds: 1, supergraphSdl: expect.stringContaining('a: Int') });
  expect(await config({ ifAfterId: result?.['id'] })).toEqual({ __typename: 'Unchanged', id: result?.['id'], minDelaySeconds: 1 });
  expect(await config({ ifAfterId: 'older' })).toMatchObject({ __typename: 'RouterConfigResult' });
  expect(await config({ apiKey: 'made up' })).toMatchObject({ __typename: 'FetchError', code: 'AUTHENTICATION_FAILED' });
  expect(await config({ ref: 'shop@current' })).toMatchObject({ code: 'ACCESS_DENIED' });
  expect(await config({ ref: 'no ref!' })).toMatchObject({ code: 'UNKNOWN_REF' });
  const reportOnly = await createToken(kit.registry.pool, { graph: 'uplink', name: 'reporter', rights: ['report'], by: 'tests' });
  expect(await config({ apiKey: reportOnly })).toMatchObject({ code: 'ACCESS_DENIED' });
});

test.each([
  ['{', /Syntax Error/],
  ['{ nothing }', /Cannot query field/],
  ['{ __schema { types { name } } }', /introspection/],
  [`{ ${'a '.repeat(1_000)} }`, /token/i],
])('a query of %s is refused', async (text, message) => {
  expect((await ask({}, text)).errors?.[0]?.message).toMatch(message);
});

test('what is no GraphQL request is told so', async () => {
  expect(await kit.send('POST', '/uplink', { body: [] })).toMatchObject({ status: 400, code: 'WRONG_FIELD' });
});
