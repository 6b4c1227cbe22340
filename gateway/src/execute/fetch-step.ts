import type { ResponsePath } from '@apollo/query-planner';
import { type GraphQLSchema, isObjectType } from 'graphql';
import type { EntityBatch } from '../fetch/fetcher.ts';
import { Batch } from './batch.ts';
import type { EntityFetch, EntityPart, RootFetch } from './fetch-description.ts';
import type { JsonObject } from './json-object.ts';
import { mergeInto } from './merge.ts';
import { compileRepresentation } from './representation.ts';
import { compileRewrites } from './rewrites.ts';
import type { Step } from './run.ts';
import { compileSend } from './send.ts';
import { collectTargetPaths, collectTargets, EACH } from './targets.ts';

/** Compiles a fetch of root fields. */
export function compileRootFetch(fetch: RootFetch, schema: GraphQLSchema): Step {
  const { path } = fetch;
  const send = compileSend(fetch, pathBeforeLists(path));
  const rewrite = compileRewrites(schema, fetch.outputRewrites);
  return async (run) => {
    const targets = path.length === 0 ? [run.root] : collectTargets(run.root, path);
    if (targets.length === 0) return;
    const data = await send(run, [], (errorPath) => collectTargetPaths(run.root, path).map((place) => [...place, ...errorPath]));
    if (data === null) return;
    rewrite?.(data);
    for (const target of targets) mergeInto(target, data);
  };
}

/** Compiles a fetch of entities: each distinct representation is sent once, its answer goes to every object that it stands for. */
export function compileEntityFetch(fetch: EntityFetch, schema: GraphQLSchema): Step {
  const knownPath = commonPath(fetch.parts);
  const send = compileSend(fetch, knownPath);
  const parts = fetch.parts.map((part) => compilePart(part, schema));
  return async (run) => {
    const asked = parts.map((part) => part.ask(run.root));
    if (asked.every(({ batch }) => batch.representations.length === 0)) return;
    const data = await send(run, asked.map(toBatch), ([responseKey, index, ...rest]) => {
      const places = asked.find((item) => item.responseKey === responseKey)?.batch.placesOf(index) ?? [];
      return places.length === 0 ? [knownPath] : places.map((place) => [...place, ...rest]);
    });
    if (data === null) return;
    for (const [index, part] of parts.entries()) part.receive(asked[index]?.batch, data);
  };
}

interface Asked extends Omit<EntityBatch, 'representations'> {
  readonly batch: Batch;
}

function toBatch({ responseKey, variable, batch }: Asked): EntityBatch {
  return { responseKey, variable, representations: batch.representations };
}

function compilePart({ responseKey, variable, paths, requires, inputRewrites, outputRewrites }: EntityPart, schema: GraphQLSchema) {
  const represent = compileRepresentation(schema, requires, inputRewrites);
  const rewrite = compileRewrites(schema, outputRewrites);
  const isConcrete = (typename: unknown) => typeof typename === 'string' && isObjectType(schema.getType(typename));
  return {
    ask: (root: JsonObject): Asked => ({ responseKey, variable, batch: new Batch(root, paths, represent) }),
    receive: (batch: Batch | undefined, data: JsonObject): void => {
      const entities = data[responseKey];
      if (!Array.isArray(entities)) return;
      rewrite?.(entities);
      batch?.distribute(entities, isConcrete);
    },
  };
}

/** The keys up to the first list: as much of a path as is the same for every object it leads to. */
function pathBeforeLists(path: ResponsePath): ResponsePath {
  const firstList = path.indexOf(EACH);
  return firstList === -1 ? path : path.slice(0, firstList);
}

function commonPath(parts: readonly EntityPart[]): ResponsePath {
  const [first = [], ...others] = parts.flatMap((part) => part.paths).map(pathBeforeLists);
  const length = first.findIndex((element, index) => others.some((other) => other[index] !== element));
  return length === -1 ? first : first.slice(0, length);
}
