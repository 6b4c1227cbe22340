import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { getOwn, isJsonObject, type JsonObject, setOwn } from './json-object.ts';
import { typeApplies } from './type-condition.ts';

const FRAGMENT_PREFIX = '... on ';

/** Changes a value in place. */
export type Rewrite = (value: unknown) => void;

/** Compiles what the planner wants changed in representations before, or in answers after a fetch; undefined when it wants nothing. */
export function compileRewrites(schema: GraphQLSchema, rewrites: readonly FetchDataRewrite[] | undefined): Rewrite | undefined {
  if (rewrites === undefined || rewrites.length === 0) return undefined;
  const compiled = rewrites.map((rewrite) => compileRewrite(schema, rewrite));
  return (value) => {
    for (const apply of compiled) apply(value);
  };
}

/** The type of a path element `... on T`, or undefined when the element is a key. */
export function fragmentType(pathElement: string): string | undefined {
  return pathElement.startsWith(FRAGMENT_PREFIX) ? pathElement.slice(FRAGMENT_PREFIX.length) : undefined;
}

function compileRewrite(schema: GraphQLSchema, rewrite: FetchDataRewrite): Rewrite {
  const key = rewrite.path.at(-1);
  if (key === undefined) return () => undefined;
  return atPath(schema, rewrite.path.slice(0, -1), change(rewrite, key));
}

function change(rewrite: FetchDataRewrite, key: string): (object: JsonObject) => void {
  if (rewrite.kind === 'ValueSetter') return (object) => setOwn(object, key, rewrite.setValueTo);
  return (object) => {
    if (!Object.hasOwn(object, key)) return;
    setOwn(object, rewrite.renameKeyTo, getOwn(object, key));
    delete object[key];
  };
}

function atPath(schema: GraphQLSchema, path: readonly string[], apply: (object: JsonObject) => void): Rewrite {
  const [element, ...rest] = path;
  const inner = element === undefined ? undefined : atPath(schema, rest, apply);
  const rewrite: Rewrite = (value) => {
    if (Array.isArray(value)) value.forEach(rewrite);
    else if (isJsonObject(value)) {
      if (element === undefined || inner === undefined) apply(value);
      else stepInto(schema, { element, inner }, value);
    }
  };
  return rewrite;
}

function stepInto(schema: GraphQLSchema, { element, inner }: { element: string; inner: Rewrite }, object: JsonObject): void {
  const type = fragmentType(element);
  if (type === undefined) {
    inner(getOwn(object, element));
    return;
  }
  if (isOfType(schema, object, type)) inner(object);
}

/** True when a path's `... on T` leads on from an object. Without a type name the planner has made sure that only this type can stand here. */
export function isOfType(schema: GraphQLSchema, object: JsonObject, type: string): boolean {
  const typename = getOwn(object, '__typename');
  return typeof typename !== 'string' || typeApplies(schema, type, typename);
}
