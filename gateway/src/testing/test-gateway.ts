import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { createLogger } from '@app/observability';
import { parse } from 'graphql';
import { type Gateway, startGateway } from '../app.ts';
import { loadConfig } from '../config.ts';
import { type SubgraphSource, startTestSubgraph, type TestSubgraph } from './test-subgraph.ts';

/** What a test reads from an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data: Record<string, unknown> | null | undefined;
  readonly extensions: Record<string, unknown> | undefined;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: Record<string, unknown>;
  }[];
  /** Codes of the errors. */
  readonly codes: readonly unknown[];
}

/** A gateway with its subgraphs, on real ports. */
export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly subgraphs: Readonly<Record<string, TestSubgraph>>;
  readonly logLines: readonly Record<string, unknown>[];
  readonly supergraphFile: string;
  /** Sends `{query, …}` as JSON. */
  ask(
    query: string,
    options?: { variables?: Record<string, unknown>; headers?: Record<string, string>; operationName?: string },
  ): Promise<Answer>;
  /** Sends anything to any path. */
  send(path: string, init?: RequestInit): Promise<Answer>;
  /** Number of requests that subgraphs got. */
  fetches(): number;
}

/** Composes subgraphs as they would be composed for production. */
export function composeSupergraph(subgraphs: Readonly<Record<string, { readonly sdl: string; readonly url: string }>>): string {
  const services = Object.entries(subgraphs).map(([name, { sdl, url }]) => ({ name, url, typeDefs: parse(sdl) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.map((error) => error.message).join('\n'));
  return supergraphSdl;
}

/** Starts subgraphs and a gateway in front of them. `edit` changes the supergraph before it is served. */
export async function startTestGateway(
  sources: Readonly<Record<string, SubgraphSource>>,
  variables: Readonly<Record<string, string>> = {},
  edit: (sdl: string) => string = (sdl) => sdl,
): Promise<TestGateway> {
  const started = await Promise.all(
    Object.entries(sources).map(async ([name, source]) => [name, source, await startTestSubgraph(source)] as const),
  );
  const subgraphs = Object.fromEntries(started.map(([name, , subgraph]) => [name, subgraph]));
  const folder = await mkdtemp(join(tmpdir(), 'gateway-test-'));
  const supergraphFile = join(folder, 'supergraph.graphql');
  await writeFile(
    supergraphFile,
    edit(composeSupergraph(Object.fromEntries(started.map(([name, { sdl }, { url }]) => [name, { sdl, url }])))),
  );
  const logLines: Record<string, unknown>[] = [];
  const logger = createLogger({
    service: 'gateway',
    level: 'info',
    destination: { write: (line: string) => void logLines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const config = loadConfig(
    {},
    { PORT: '0', HOST: '127.0.0.1', METRICS_PORT: '0', NODE_ENV: 'test', SUPERGRAPH: supergraphFile, ...variables },
  );
  const gateway = await startGateway(config, logger);
  const send = async (path: string, init?: RequestInit) => readAnswer(await fetch(new URL(path, gateway.url), init));
  return {
    gateway,
    subgraphs,
    logLines,
    supergraphFile,
    send,
    ask: (query, options = {}) => {
      const body = JSON.stringify({ query, variables: options.variables, operationName: options.operationName });
      return send('/graphql', { method: 'POST', headers: { 'content-type': 'application/json', ...options.headers }, body });
    },
    fetches: () => started.reduce((total, [, , subgraph]) => total + subgraph.seen.length, 0),
    [Symbol.asyncDispose]: async () => {
      await gateway.stop();
      await Promise.all(started.map(([, , subgraph]) => subgraph[Symbol.asyncDispose]()));
      await rm(folder, { recursive: true });
    },
  };
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = (/json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : {}) as Partial<Answer>;
  const errors = body.errors ?? [];
  return {
    status: response.status,
    headers: response.headers,
    text,
    data: body.data,
    extensions: body.extensions,
    errors,
    codes: errors.map((error) => error.extensions['code']),
  };
}
