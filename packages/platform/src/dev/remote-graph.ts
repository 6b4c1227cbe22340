import { readFile } from 'node:fs/promises';
import { type ArgumentNode, Kind, parse } from 'graphql';
import { PlatformError } from '../platform-error.ts';

/**
 * Where the subgraphs of a deployed graph are, by name: read from its supergraph SDL, a file or an http(s) address
 * (the registry service, a gateway's ConfigMap).
 *
 * @throws PlatformError `WRONG_GRAPH` when it cannot be read or is no supergraph.
 */
export async function remoteSubgraphs(source: string): Promise<ReadonlyMap<string, string>> {
  const sdl = await readSource(source).catch((cause: unknown) => {
    throw wrong(`${source} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  const urls = subgraphUrls(sdl, source);
  if (urls.size === 0) throw wrong(`${source} is not a supergraph: it names no subgraphs.`);
  return urls;
}

async function readSource(source: string): Promise<string> {
  if (!/^https?:/.test(source)) return readFile(source, 'utf8');
  const response = await fetch(source, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  return response.text();
}

/** The values of the enum `join__Graph` carry `@join__graph(name:, url:)` (join spec v0.3). */
function subgraphUrls(sdl: string, source: string): Map<string, string> {
  try {
    const values = parse(sdl).definitions.flatMap((node) =>
      node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph' ? (node.values ?? []) : [],
    );
    const graphs = values.flatMap(({ directives = [] }) => directives.filter(({ name }) => name.value === 'join__graph'));
    return new Map(graphs.map(({ arguments: given = [] }) => [textOf(given, 'name'), textOf(given, 'url')]));
  } catch (cause) {
    throw wrong(`${source} is not GraphQL: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function textOf(given: readonly ArgumentNode[], name: string): string {
  const value = given.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}

function wrong(message: string, options?: ErrorOptions): PlatformError {
  return new PlatformError('WRONG_GRAPH', message, 'Give --remote the file or the http(s) address of a supergraph SDL.', options);
}
