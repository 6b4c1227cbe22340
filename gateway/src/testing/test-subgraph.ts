import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';

/** Resolvers as @apollo/subgraph takes them. */
export type Resolvers = Parameters<typeof buildSubgraphSchema>[0] extends infer Module
  ? Module extends { resolvers?: infer R }
    ? R
    : never
  : never;

/** A small subgraph for tests. */
export interface SubgraphSource {
  readonly sdl: string;
  readonly resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What resolvers of a test subgraph get. */
export interface SubgraphContext {
  readonly headers: IncomingHttpHeaders;
  /** Set by a resolver: the `Cache-Control` of the answer. */
  cacheControl?: string;
  /** Set by a resolver: `extensions` of the answer. */
  extensions?: Record<string, unknown>;
  /** Set by a resolver: further headers of the answer. */
  responseHeaders?: Record<string, string>;
}

/** What a running test subgraph was asked. */
export interface SeenRequest {
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
}

/** How a test subgraph behaves. */
export type Behaviour = 'answer' | 'hang' | 'garbage' | 'html' | 'huge' | 'redirect' | 'null';

/** A subgraph behind a real HTTP port. */
export interface TestSubgraph extends AsyncDisposable {
  readonly url: string;
  readonly seen: SeenRequest[];
  behaviour: Behaviour;
}

/** Starts a subgraph built with @apollo/subgraph. */
export async function startTestSubgraph(source: SubgraphSource): Promise<TestSubgraph> {
  const schema = buildSubgraphSchema([{ typeDefs: parse(source.sdl), resolvers: source.resolvers as never }]);
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { query, variables } = JSON.parse(await readText(request)) as { query: string; variables: Record<string, unknown> };
    seen.push({ query, headers: request.headers });
    if (misbehave(subgraph.behaviour, response)) return;
    const context: SubgraphContext = { headers: request.headers };
    const result = await execute({ schema, document: parse(query), variableValues: variables, contextValue: context });
    const caching = context.cacheControl === undefined ? {} : { 'cache-control': context.cacheControl };
    response
      .writeHead(200, { 'content-type': 'application/json', ...caching, ...context.responseHeaders })
      .end(JSON.stringify({ ...result, extensions: context.extensions }));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const subgraph: TestSubgraph = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    seen,
    behaviour: 'answer',
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return subgraph;
}

function misbehave(behaviour: Behaviour, response: ServerResponse): boolean {
  const json = { 'content-type': 'application/json' };
  switch (behaviour) {
    case 'answer':
      return false;
    case 'hang':
      return true;
    case 'garbage':
      response.writeHead(200, json).end('{"data": {"secret-host":');
      return true;
    case 'html':
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>secret-host</html>');
      return true;
    case 'huge':
      response.writeHead(200, json).end(`{"data":{"x":"${'x'.repeat(2_000_000)}"}}`);
      return true;
    case 'redirect':
      response.writeHead(302, { location: 'http://127.0.0.1:1/secret-host' }).end();
      return true;
    case 'null':
      response.writeHead(200, json).end('null');
      return true;
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
