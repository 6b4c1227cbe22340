import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { parse as parseYaml, YAMLParseError } from 'yaml';

/** A subgraph's schema and where it came from. */
export interface SubgraphSource {
  readonly name: string;
  /** Where the gateway reaches it. */
  readonly url: string;
  readonly sdl: string;
  /** File for messages, relative to the working directory. */
  readonly file: string;
}

/** A command was given something it cannot work with. The message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the subgraphs of a graph from a configuration file in the format of Apollo's rover:
 * `subgraphs: { name: { routing_url, schema: { file } } }`, paths relative to that file.
 * @throws {UsageError} naming the file and the entry that is wrong.
 */
export function readGraph(configFile: string): SubgraphSource[] {
  const config = readYaml(configFile);
  const entries = Object.entries(record(record(config)['subgraphs']));
  if (entries.length === 0)
    throw new UsageError(`${configFile} has no subgraphs: write "subgraphs: { name: { routing_url: …, schema: { file: … } } }".`);
  return entries.map(([name, entry]) => {
    const file = record(record(entry)['schema'])['file'];
    const url = record(entry)['routing_url'];
    if (typeof file !== 'string') throw new UsageError(`${configFile}: subgraph ${name} has no schema.file.`);
    const path = resolve(dirname(configFile), file);
    return { name, url: typeof url === 'string' ? url : '', sdl: readText(path), file: relative(process.cwd(), path) };
  });
}

/** The graph with some subgraphs replaced, added or taken out: what a change would make of it. One without an address keeps the one it had. */
export function withSubgraphs(
  graph: readonly SubgraphSource[],
  changed: readonly SubgraphSource[],
  removed: readonly string[] = [],
): SubgraphSource[] {
  const names = new Set([...changed.map(({ name }) => name), ...removed]);
  const urls = new Map(graph.map(({ name, url }) => [name, url]));
  const addressed = changed.map((source) => ({ ...source, url: source.url || (urls.get(source.name) ?? '') }));
  return [...graph.filter(({ name }) => !names.has(name)), ...addressed].sort((left, right) => left.name.localeCompare(right.name));
}

/** Reads a text file. @throws {UsageError} when it is not there. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`Cannot read ${file}: ${(cause as Error).message}`);
  }
}

/** Reads a YAML file. @throws {UsageError} when it is not there, or is none. */
export function readYaml(file: string): unknown {
  try {
    return parseYaml(readText(file));
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new UsageError(`${file}:${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`);
  }
}

/** Reads JSON that stands in a file. @throws {UsageError} naming the file when it is none. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** Writes a text file. @throws {UsageError} when that does not go. */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new UsageError(`Cannot write ${file}: ${(cause as Error).message}`);
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
