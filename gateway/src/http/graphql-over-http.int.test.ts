import { type Audit, serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway } from '../testing/test-gateway.ts';

/** What Apollo Server answers otherwise than the specification recommends for `application/json`: 400 to operations that cannot be executed. */
const APOLLO_ANSWERS_400: Readonly<Record<string, string>> = {
  '572B': 'SHOULD use 200 status code on document parsing failure when accepting application/json',
  FDE2: 'SHOULD use 200 status code on document validation failure when accepting application/json',
  '7B9B': 'SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
};

test('the audits of GraphQL over HTTP find nothing else', async () => {
  await using graph = await startTestGateway(shop);
  // GET is answered to those who show that no foreign page sends it.
  const fetchFn = (url: string, { headers, ...init }: RequestInit = {}) =>
    fetch(url, { ...init, headers: { 'apollo-require-preflight': '1', ...(headers as Record<string, string>) } });
  const audits: Audit[] = serverAudits({ url: new URL('/graphql', graph.gateway.url).href, fetchFn });
  const found: Record<string, string> = {};
  for (const { id, name, fn } of audits) if ((await fn()).status !== 'ok') found[id] = name;
  expect(audits.length).toBeGreaterThan(60);
  expect(found).toEqual(APOLLO_ANSWERS_400);
});
