import { type Published, UsageError } from '@app/schema-registry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parse } from 'graphql';
import { recordCheck } from '../data/checks.ts';
import type { PostgresStore } from '../data/postgres-store.ts';
import { type Caller, type Right, requireRights } from '../domain/rights.ts';
import { RegistryError, registryErrors } from '../registry-error.ts';
import { bodies, checked, historyQuery, usageQuery } from './api-bodies.ts';
import { authenticate, tokenOf } from './authenticate.ts';
import { type Parts, storeOf } from './parts.ts';

/** The API that `npm run schema -- … --registry URL` uses. Which graph is meant is what the token is for. */
export function apiRoutes(app: FastifyInstance, parts: Parts): void {
  const open = async (request: FastifyRequest, ...rights: Right[]): Promise<{ caller: Caller; store: PostgresStore }> => {
    const caller = await authenticate(parts.pool, tokenOf(request), ...rights);
    return { caller, store: storeOf(parts, caller) };
  };

  app.get('/api/versions', async (request) => {
    const { store } = await open(request, 'read');
    return { versions: await store.history(checked(historyQuery, request.query).last) };
  });

  app.get<{ Params: { number: string } }>('/api/versions/:number', async (request) => {
    const { store } = await open(request, 'read');
    const version = await store.version(versionNumber(request.params.number));
    return { version, subgraphs: await store.subgraphs(version), supergraph: await store.supergraph(version) };
  });

  app.post('/api/publish', async (request, reply) => {
    const { caller, store } = await open(request);
    const { subgraphs, ...note } = checked(bodies.publish, request.body);
    requireRights(caller, ...[...subgraphs.map(({ name }) => name), ...note.removed].map((name): Right => `publish:${name}`));
    const published = await store.publish(subgraphs, { ...note, now: parts.now() });
    return published.version === null ? reply.code(registryErrors.DOES_NOT_COMPOSE).send(refusal(published)) : published;
  });

  app.post('/api/rollback', async (request) => {
    const { store } = await open(request, 'publish:*');
    const { version, ...note } = checked(bodies.rollback, request.body);
    return { version: await store.rollback(version, { ...note, now: parts.now() }) };
  });

  app.get('/api/operations', async (request) => {
    const { store } = await open(request, 'read');
    return { operations: await store.operations(checked(usageQuery, request.query)) };
  });

  app.post('/api/operations', async (request) => {
    const { store } = await open(request, 'report');
    const { operations } = checked(bodies.operations, request.body);
    for (const { name, document } of operations) assertGraphQL(name, document);
    return { added: await store.pushOperations(operations).catch(asWrongHash) };
  });

  app.post('/api/checks', async (request) => {
    const { caller, store } = await open(request, 'check');
    const { subgraphs: changed, ...rest } = checked(bodies.check, request.body);
    const base = (await store.history(1)).at(-1)?.number ?? null;
    const findings = await store.check({ ...rest, changed, today: parts.now() });
    const subgraphs = changed.map(({ name }) => name);
    return { findings, id: await recordCheck(parts.pool, caller.graph, { who: caller.tokenName, base, subgraphs, findings }) };
  });
}

function refusal(published: Published): Published & { error: unknown } {
  const [first] = published.findings;
  const message = `The schemas do not compose, so nothing was published: ${first?.message ?? 'no reason was given'}`;
  return { ...published, error: { code: 'DOES_NOT_COMPOSE', message } };
}

function versionNumber(text: string): number | undefined {
  if (text === 'latest') return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new RegistryError('UNKNOWN_VERSION', `"${text.slice(0, 40)}" is no number of a version: see history.`);
  return Number(text);
}

function assertGraphQL(name: string, document: string): void {
  try {
    parse(document, { maxTokens: 20_000 });
  } catch (cause) {
    throw new RegistryError('WRONG_FIELD', `Operation ${name} is not GraphQL: ${(cause as Error).message}`, { cause });
  }
}

function asWrongHash(error: unknown): never {
  if (error instanceof UsageError && !(error instanceof RegistryError))
    throw new RegistryError('WRONG_HASH', error.message, { cause: error });
  throw error;
}
