import type { ResponsePath } from '@apollo/query-planner';
import { getOwn, isJsonObject, type JsonObject } from './json-object.ts';

/** Stands in a plan's path for every element of a list. */
export const EACH = '@';

/** All objects that stand at a plan's path, in order; an object that is used in several places appears once for each. */
export function collectTargets(root: JsonObject, path: ResponsePath): JsonObject[] {
  const targets: JsonObject[] = [];
  collect(root, { path, depth: 0, targets });
  return targets;
}

interface Cursor {
  readonly path: ResponsePath;
  readonly depth: number;
  readonly targets: JsonObject[];
}

function collect(start: unknown, { path, depth, targets }: Cursor): void {
  let value = start;
  for (let i = depth; i < path.length; i++) {
    const element = path[i];
    if (element === EACH) {
      if (Array.isArray(value)) for (const item of value) collect(item, { path, depth: i + 1, targets });
      return;
    }
    if (!isJsonObject(value)) return;
    value = getOwn(value, String(element));
  }
  if (isJsonObject(value)) targets.push(value);
}

/** The same objects in the same order, each with its place in the response. For errors only: it costs an array per object. */
export function collectTargetPaths(root: JsonObject, path: ResponsePath): (string | number)[][] {
  const found: (string | number)[][] = [];
  const walk = (value: unknown, depth: number, place: (string | number)[]): void => {
    const element = path[depth];
    if (element === undefined) {
      if (isJsonObject(value)) found.push(place);
    } else if (element === EACH) {
      if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, depth + 1, [...place, index]);
    } else if (isJsonObject(value)) {
      walk(getOwn(value, String(element)), depth + 1, [...place, element]);
    }
  };
  walk(root, 0, []);
  return found;
}
