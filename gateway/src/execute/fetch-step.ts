import type { ResponsePath } from '@apollo/query-planner';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { Batch, type Places, type Targets } from './batch.ts';
import { compileContextArguments } from './context-arguments.ts';
import { ENTITIES, type EntityFetch, REPRESENTATIONS, type RootFetch } from './fetch-description.ts';
import type { JsonObject } from './json-object.ts';
import { mergeInto } from './merge.ts';
import { compileRepresentation } from './representation.ts';
import { compileRewrites } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import { compileSend } from './send.ts';
import type { PlacesOf } from './subgraph-errors.ts';
import { collectPlacedTargets, collectTargetPaths, collectTargets, EACH } from './targets.ts';

/** What compiling a fetch needs to know besides the fetch. */
export interface FetchScope {
  /** Everything, `@inaccessible` types included. */
  readonly schema: GraphQLSchema;
  /** Whether some fetch of the plan depends on where its entities stand: then no two places share an object. */
  readonly hasContext: boolean;
}

/** Compiles a fetch of root fields. */
export function compileRootFetch(fetch: RootFetch, { schema }: FetchScope): Step {
  const { path } = fetch;
  const send = compileSend(fetch, pathBeforeLists(path));
  const rewrite = compileRewrites(schema, fetch.outputRewrites);
  return async (run) => {
    const targets = path.length === 0 ? [run.root] : collectTargets(run.root, path);
    if (targets.length === 0) return;
    let places: Places | undefined;
    const placesOf: PlacesOf = (errorPath, most) => {
      places ??= collectTargetPaths(run.root, path);
      return places.slice(0, most).map((place) => [...place, ...errorPath]);
    };
    const data = await send(run, { entities: [] }, placesOf);
    if (data === null) return;
    rewrite?.(data);
    for (const target of targets) mergeInto(target, data);
  };
}

/** Compiles a fetch of entities: each distinct representation is sent once, its answer goes to every object that it stands for. */
export function compileEntityFetch(fetch: EntityFetch, scope: FetchScope): Step {
  const { paths } = fetch;
  const ask = compileAsk(fetch, scope);
  if (fetch.contextRewrites.length > 0) return compileContextualFetch(fetch, scope, ask);
  return (run) => {
    const objects = collectAll(run.root, paths);
    return ask(run, { objects, places: () => paths.flatMap((path) => collectTargetPaths(run.root, path)) });
  };
}

/** Asks for fields of some objects, with context values as JSON members. */
type Ask = (run: Run, targets: Targets, contextVariables?: string) => Promise<void>;

function compileAsk(fetch: EntityFetch, scope: FetchScope): Ask {
  const represent = compileRepresentation(scope.schema, fetch);
  const send = compileSendBatch(fetch, scope);
  const fallbacks = fetch.fallbacks.map((fallback) => compileAsk(fallback, scope));
  return (run, targets, contextVariables) => {
    const batch = new Batch(targets, represent);
    const sent = send(run, batch, contextVariables);
    const left = fallbacks.length === 0 ? undefined : batch.incomplete();
    if (left === undefined || left.objects.length === 0) return sent;
    return Promise.all([sent, ...fallbacks.map((ask) => ask(run, left, contextVariables))]).then(nothing);
  };
}

function compileSendBatch(fetch: EntityFetch, { schema, hasContext }: FetchScope) {
  const knownPath = commonPath(fetch.paths);
  const send = compileSend(fetch, knownPath);
  const rewrite = compileRewrites(schema, fetch.outputRewrites);
  const isConcrete = (typename: unknown) => typeof typename === 'string' && isObjectType(schema.getType(typename));
  const distribution = { isConcrete, isCopied: hasContext };
  return async (run: Run, batch: Batch, contextVariables: string | undefined): Promise<void> => {
    if (batch.representations.length === 0) return;
    const entities = [{ responseKey: ENTITIES, variable: REPRESENTATIONS, representations: batch.representations }];
    const data = await send(run, { entities, contextVariables }, ([responseKey, index, ...rest], most) => {
      const places = responseKey === ENTITIES ? batch.placesOf(index).slice(0, most) : [];
      return places.length === 0 ? [knownPath] : places.map((place) => [...place, ...rest]);
    });
    const answers = data?.[ENTITIES];
    if (!Array.isArray(answers)) return;
    rewrite?.(answers);
    batch.distribute(answers, distribution);
  };
}

/** Entities whose places give their fields other arguments are asked for in other requests, side by side. */
function compileContextualFetch({ paths, contextRewrites }: EntityFetch, { schema }: FetchScope, ask: Ask): Step {
  const writeContext = compileContextArguments(schema, contextRewrites);
  return async (run) => {
    const placed = paths.flatMap((path) => collectPlacedTargets(run.root, path));
    const groups = Map.groupBy(placed, writeContext);
    const asked = [...groups].map(([contextVariables, group]) => {
      const targets = { objects: group.map(({ target }) => target), places: () => group.map(({ place }) => place) };
      return ask(run, targets, contextVariables);
    });
    await Promise.all(asked);
  };
}

const nothing = (): void => undefined;

function collectAll(root: JsonObject, paths: readonly ResponsePath[]): readonly JsonObject[] {
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0) return paths.flatMap((each) => collectTargets(root, each));
  return collectTargets(root, path);
}

/** The keys up to the first list: as much of a path as is the same for every object it leads to. */
function pathBeforeLists(path: ResponsePath): ResponsePath {
  const firstList = path.indexOf(EACH);
  return firstList === -1 ? path : path.slice(0, firstList);
}

function commonPath(paths: readonly ResponsePath[]): ResponsePath {
  const [first = [], ...others] = paths.map(pathBeforeLists);
  const length = first.findIndex((element, index) => others.some((other) => other[index] !== element));
  return length === -1 ? first : first.slice(0, length);
}
