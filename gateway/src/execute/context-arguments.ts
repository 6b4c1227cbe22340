import type { FetchDataKeyRenamer } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { getOwn, isJsonObject } from './json-object.ts';
import { jsonText, quote } from './json-text.ts';
import { fragmentType, isOfType } from './rewrites.ts';
import type { PlacedTarget } from './targets.ts';

const PARENT = '..';

/** Writes what the place of an entity gives to `@fromContext` arguments, as JSON members for a request's variables. */
export type ContextWriter = (placed: PlacedTarget) => string;

/**
 * Compiles the reading of context values. Each path leads from the entity up through the objects around it (`..`), may ask for a type, and
 * then down to the value. Several paths for one variable stand for the types that set the context: the first that leads to a value counts.
 * A variable without a value is left out, so that the subgraph's default for the argument applies.
 */
export function compileContextArguments(schema: GraphQLSchema, rewrites: readonly FetchDataKeyRenamer[]): ContextWriter {
  const slots = [...Map.groupBy(rewrites, ({ renameKeyTo }) => renameKeyTo)].map(([variable, group]) => ({
    prefix: `${quote(variable)}:`,
    readers: group.map(({ path }) => compilePath(schema, path)),
  }));
  return (placed) => {
    const members: string[] = [];
    for (const { prefix, readers } of slots) {
      let value: unknown;
      for (const read of readers) if (value === undefined) value = read(placed);
      if (value !== undefined) members.push(prefix + jsonText(value));
    }
    return members.join(',');
  };
}

function compilePath(schema: GraphQLSchema, path: readonly string[]): (placed: PlacedTarget) => unknown {
  const levels = path.filter((element) => element === PARENT).length;
  const rest = path.filter((element) => element !== PARENT);
  return ({ target, ancestors }) => readDown(schema, levels === 0 ? target : ancestors.at(-levels), rest);
}

function readDown(schema: GraphQLSchema, value: unknown, path: readonly string[]): unknown {
  const [element, ...rest] = path;
  if (element === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => readDown(schema, item, path) ?? null);
  if (!isJsonObject(value)) return value === null ? null : undefined;
  const type = fragmentType(element);
  if (type === undefined) return readDown(schema, getOwn(value, element), rest);
  return isOfType(schema, value, type) ? readDown(schema, value, rest) : undefined;
}
