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

/** An object in the merged tree: its place in the response and the objects around it, outermost first. */
export interface PlacedTarget {
  readonly target: JsonObject;
  readonly place: readonly (string | number)[];
  readonly ancestors: readonly JsonObject[];
}

/** The same objects in the same order, each with where it stands. Costs two arrays per object. */
export function collectPlacedTargets(root: JsonObject, path: ResponsePath): PlacedTarget[] {
  const found: PlacedTarget[] = [];
  const walk = (value: unknown, place: PlacedTarget['place'], ancestors: readonly JsonObject[], depth: number): void => {
    const element = path[depth];
    if (element === undefined) {
      if (isJsonObject(value)) found.push({ target: value, place, ancestors });
    } else if (element === EACH) {
      if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...place, index], ancestors, depth + 1);
    } else if (isJsonObject(value)) {
      walk(getOwn(value, String(element)), [...place, element], [...ancestors, value], depth + 1);
    }
  };
  walk(root, [], [], 0);
  return found;
}

/** Only the places; for errors. */
export function collectTargetPaths(root: JsonObject, path: ResponsePath): PlacedTarget['place'][] {
  return collectPlacedTargets(root, path).map(({ place }) => place);
}
