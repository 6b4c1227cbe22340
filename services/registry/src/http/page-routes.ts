import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readAudit } from '../data/audit.ts';
import { readCheck, readChecks } from '../data/checks.ts';
import { countOperations, fieldUsage, findOperation, listClients, listGraphs, listOperations, listRefused } from '../data/page-queries.ts';
import type { PostgresStore } from '../data/postgres-store.ts';
import { graphRef } from '../domain/graph-ref.ts';
import { checkPage, checksPage } from '../pages/check-pages.ts';
import { clientsPage } from '../pages/client-page.ts';
import { graphsPage, overviewPage } from '../pages/home-pages.ts';
import { operationPage, operationsPage } from '../pages/operation-pages.ts';
import { type SchemaView, schemaPage, subgraphPage, typePage } from '../pages/schema-pages.ts';
import { style } from '../pages/style.ts';
import { versionPage, versionsPage } from '../pages/version-pages.ts';
import { RegistryError } from '../registry-error.ts';
import type { TypeDescription } from '../work/describe-schema.ts';
import { admit, type Visitor } from './page-access.ts';
import { type Parts, storeOf } from './parts.ts';

const SHOWN = 500;
const SHOWN_ENTRIES = 30;
/** Schemas kept ready to be looked at. */
const MOST_DESCRIBED = 10;

interface Place {
  readonly graph: string;
  readonly store: PostgresStore;
  readonly request: FastifyRequest<{ Params: Record<string, string>; Querystring: { search?: string } }>;
}

/** Pages for people: plain HTML that needs no script and nothing from elsewhere. */
export function pageRoutes(app: FastifyInstance, parts: Parts): void {
  const { pool } = parts;
  const described = createDescriptions(parts);
  const send = (reply: FastifyReply, page: string) => sendPage(reply, page);

  app.get('/style.css', async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'max-age=300').send(style),
  );

  app.get('/', async (request, reply) => {
    const visitor = await admit(parts, request);
    const graphs = await listGraphs(pool);
    return send(reply, graphsPage(graphs.filter(({ ref }) => mayRead(visitor, ref))));
  });

  const page = (path: string, render: (place: Place) => Promise<string>) =>
    app.get<{ Params: Record<string, string>; Querystring: { search?: string } }>(`/graphs/:graph${path}`, async (request, reply) => {
      const graph = graphRef(request.params['graph'] ?? '');
      const visitor = await admit(parts, request);
      const isKnown = (await listGraphs(pool)).some(({ ref }) => ref === graph);
      // What is not there and what one may not see look the same.
      if (!isKnown || !mayRead(visitor, graph)) throw new RegistryError('UNKNOWN_GRAPH', `There is no graph ${graph} that you may read.`);
      const store = storeOf(parts, { graph, tokenId: '', tokenName: '' });
      return send(reply, await render({ graph, store, request }));
    });

  page('', async ({ graph, store }) => {
    const [[newest], audit, operations, clients] = await Promise.all([
      store.history(1),
      readAudit(pool, graph, SHOWN_ENTRIES),
      countOperations(pool, graph),
      listClients(pool, graph),
    ]);
    return overviewPage({ graph, newest, audit, operations, clients: clients.length });
  });
  page('/schema', async ({ graph, store, request }) => schemaPage(await described(graph, store), searchOf(request)));
  page('/schema/:type', async ({ graph, store, request }) => {
    const view = await described(graph, store);
    const type = found(
      view.types.find(({ name }) => name === request.params['type']),
      'type',
    );
    return typePage(view, type, await fieldUsage(pool, graph, type.name));
  });
  page('/subgraphs/:name', async ({ graph, store, request }) => {
    const version = await store.version();
    const subgraph = (await store.subgraphs(version)).find(({ name }) => name === request.params['name']);
    return subgraphPage(graph, version, found(subgraph, 'subgraph'));
  });
  page('/versions', async ({ graph, store }) => versionsPage(graph, await store.history()));
  page('/versions/:number', async ({ graph, store, request }) => {
    const version = await store.version(idOf(request.params['number']));
    const before = version.number > 1 ? await store.version(version.number - 1) : undefined;
    const [sources, sourcesBefore] = await Promise.all([store.subgraphs(version), before ? store.subgraphs(before) : []]);
    const changes = before ? await parts.jobs.changes({ from: await store.supergraph(before), to: await store.supergraph(version) }) : [];
    return versionPage({ graph, version, before, changes, sources, sourcesBefore });
  });
  page('/checks', async ({ graph }) => checksPage(graph, await readChecks(pool, graph, SHOWN)));
  page('/checks/:id', async ({ graph, request }) =>
    checkPage(graph, found(await readCheck(pool, graph, String(idOf(request.params['id']))), 'check')),
  );
  page('/operations', async ({ graph, request }) => {
    const search = searchOf(request);
    return operationsPage(graph, await listOperations(pool, graph, { search, limit: SHOWN }), search);
  });
  page('/operations/:id', async ({ graph, request }) =>
    operationPage(graph, found(await findOperation(pool, graph, String(idOf(request.params['id']))), 'operation')),
  );
  page('/clients', async ({ graph }) => {
    const [clients, refused] = await Promise.all([listClients(pool, graph), listRefused(pool, graph)]);
    return clientsPage({ graph, clients, refused });
  });
}

/** Sends a page that may run nothing and load nothing but the stylesheet, whatever got into it. */
export function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    .header('x-frame-options', 'DENY')
    .send(page);
}

function mayRead(visitor: Visitor, graph: string): boolean {
  return visitor.kind === 'anybody' || visitor.graph === graph;
}

/** Reading a schema takes a while, and it never changes: what was read is kept. */
function createDescriptions({ jobs }: Parts): (graph: string, store: PostgresStore) => Promise<SchemaView> {
  const known = new Map<string, Promise<TypeDescription[]>>();
  return async (graph, store) => {
    const version = await store.version();
    const key = JSON.stringify(version.subgraphs);
    const types =
      known.get(key) ??
      store.supergraph(version).then(async (supergraph) => jobs.describe({ supergraph, subgraphs: await store.subgraphs(version) }));
    known.delete(key);
    known.set(key, types);
    types.catch(() => known.delete(key));
    if (known.size > MOST_DESCRIBED) known.delete(known.keys().next().value ?? '');
    return { graph, version, types: await types };
  };
}

function searchOf({ query }: Place['request']): string {
  return (typeof query.search === 'string' ? query.search : '').trim().slice(0, 100).replaceAll('\0', '');
}

function idOf(text: string | undefined): number {
  if (!/^[1-9]\d{0,8}$/.test(text ?? '')) throw new RegistryError('NOT_FOUND', 'There is nothing of that number.');
  return Number(text);
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new RegistryError('NOT_FOUND', `There is no such ${what} in this graph.`);
  return value;
}
