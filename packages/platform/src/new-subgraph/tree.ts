import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type DefinitionNode, Kind, parse } from 'graphql';
import { listSubgraphs } from '../subgraph-list.ts';
import type { Taken } from './names.ts';

/** Distance between the HTTP port of a subgraph and its port for calls between services. */
const RPC_PORT_OFFSET = 100;
const FIRST_PORT = 4001;
const LAST_PORT = 4099;

/** What of the repository at `root` a new subgraph may not use again. */
export function takenIn(root: string): Taken {
  const folders = globSync('{subgraphs,services,prisma}/*/', { cwd: root }).map((path) => basename(path));
  return {
    folders: [...new Set([...folders, ...listSubgraphs(root).map(({ name }) => name)])],
    coordinates: coordinatesIn(root),
    prefixes: prefixesIn(root),
  };
}

/** The first port for HTTP that no process of the repository has by default, nor the one for calls that belongs to it. */
export function freePort(root: string): number {
  const defaults = globSync('{subgraphs,services}/*/src/config.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\bport\((\d[\d_]*)\)/g)].map(([, digits = '']) =>
      Number(digits.replaceAll('_', '')),
    ),
  );
  const used = new Set([...defaults, ...listSubgraphs(root).map(({ port }) => port)]);
  for (let port = FIRST_PORT; port <= LAST_PORT; port += 1) {
    if (!used.has(port) && !used.has(port + RPC_PORT_OFFSET)) return port;
  }
  throw new Error(`no port is free from ${FIRST_PORT} to ${LAST_PORT}`);
}

/** Types, and fields of the types that subgraphs share, with the subgraph that has them. */
function coordinatesIn(root: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of globSync('subgraphs/*/schema.graphql', { cwd: root })) {
    const subgraph = basename(dirname(file));
    for (const definition of parse(readFileSync(join(root, file), 'utf8')).definitions) {
      for (const coordinate of coordinatesOf(definition)) found.set(coordinate, subgraph);
    }
  }
  return found;
}

function coordinatesOf(definition: DefinitionNode): string[] {
  if (!('name' in definition) || definition.name === undefined) return [];
  const { value: type } = definition.name;
  const isObject = definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION;
  const isShared = isObject && ['Query', 'Mutation', 'Account'].includes(type);
  return [type, ...(isShared ? (definition.fields ?? []).map(({ name }) => `${type}.${name.value}`) : [])];
}

/** Ids say what they are: `newId('rev')`. */
function prefixesIn(root: string): Set<string> {
  const files = globSync('{subgraphs,services}/*/src/**/*.ts', { cwd: root, exclude: (path) => /data.client/.test(String(path)) });
  return new Set(
    files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/\b(?:newId|isId)\('([a-z]+)'/g)].map(([, prefix = '']) => prefix),
    ),
  );
}
