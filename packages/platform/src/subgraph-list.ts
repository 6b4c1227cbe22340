import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PlatformError } from './platform-error.ts';

/** A subgraph as supergraph.yaml lists it. */
export interface ListedSubgraph {
  /** One lower-case word: it also names the folder, the database and the variables. */
  readonly name: string;
  /** HTTP port of development. */
  readonly port: number;
}

/**
 * Reads the one list of subgraphs there is, supergraph.yaml, which rover and the registry read too; in the order of
 * their ports, which are those of `routing_url`.
 *
 * @throws PlatformError `WRONG_GRAPH` naming the entry that is wrong.
 */
export function listSubgraphs(root: string): ListedSubgraph[] {
  const file = join(root, 'supergraph.yaml');
  const entries = Object.entries(record(record(readYaml(file))['subgraphs']));
  if (entries.length === 0) throw wrong(`${file} lists no subgraphs.`);
  const listed = entries.map(([name, entry]) => ({ name, port: portOf(name, record(entry)['routing_url']) }));
  return listed.sort((a, b) => a.port - b.port);
}

/** What a record has for a subgraph of the list. @throws Error when the record was made from another list. */
export function ofSubgraph<Value>(values: Readonly<Record<string, Value>>, name: string): Value {
  const value = values[name];
  if (value === undefined) throw new Error(`there is nothing for the subgraph ${name}: there is for ${Object.keys(values).join(', ')}`);
  return value;
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw wrong(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function portOf(name: string, routingUrl: unknown): number {
  const port = typeof routingUrl === 'string' && URL.canParse(routingUrl) ? Number(new URL(routingUrl).port) : 0;
  if (port > 0) return port;
  throw wrong(
    `supergraph.yaml: routing_url of ${name} is ${JSON.stringify(routingUrl)}; it needs a port, such as http://localhost:4001/graphql.`,
  );
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function wrong(message: string, options?: ErrorOptions): PlatformError {
  return new PlatformError(
    'WRONG_GRAPH',
    message,
    'Correct supergraph.yaml: "subgraphs: { name: { routing_url: …, schema: { file: … } } }".',
    options,
  );
}
