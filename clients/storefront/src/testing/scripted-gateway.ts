import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What arrived at the gateway. */
export interface Arrived {
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly query: string | undefined;
  readonly sha256Hash: string | undefined;
  readonly authorization: string | undefined;
  readonly client: string | undefined;
}

/** An answer: its body, with status 200 unless said otherwise. `hangUp` closes the connection without one. */
export type Scripted = { readonly status?: number; readonly body: object } | 'hangUp';

/** A server that speaks GraphQL over HTTP and answers as a test says. */
export interface ScriptedGateway extends AsyncDisposable {
  readonly url: string;
  readonly arrived: readonly Arrived[];
}

/** Starts a server that asks `answer` about every request, on a free port. */
export async function scriptedGateway(answer: (request: Arrived) => Scripted | Promise<Scripted>): Promise<ScriptedGateway> {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, never> & {
      extensions?: { persistedQuery?: { sha256Hash: string } };
    };
    const one: Arrived = {
      operationName: sent['operationName'] ?? '',
      variables: sent['variables'] ?? {},
      query: sent['query'],
      sha256Hash: sent.extensions?.persistedQuery?.sha256Hash,
      authorization: request.headers.authorization,
      client: request.headers['apollographql-client-name'] as string | undefined,
    };
    arrived.push(one);
    const scripted = await answer(one);
    if (scripted === 'hangUp') return request.socket.destroy();
    response.writeHead(scripted.status ?? 200, { 'content-type': 'application/graphql-response+json' });
    return response.end(JSON.stringify(scripted.body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    arrived,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The answer to a request that is refused as a whole. */
export const refused = (code: string, status = 400): Scripted => ({ status, body: { errors: [{ message: code, extensions: { code } }] } });
