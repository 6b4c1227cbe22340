import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { type FetchOperation, requestBody, type SubgraphResponse } from '../fetch/fetcher.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { mergeInto } from './merge.ts';
import { compileRepresentation } from './representation.ts';
import { compileRewrites } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import { fetchFailure, passOnErrors, type PlacesOf } from './subgraph-errors.ts';
import { collectTargetPaths, collectTargets, EACH } from './targets.ts';
import { variableWriter } from './variables.ts';

/** A subgraph answered with something else than what was asked. */
class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
}

/** Compiles a fetch node that stands at `path`. */
export function compileFetch(node: FetchNode, path: ResponsePath, schema: GraphQLSchema): Step {
  return node.requires === undefined ? compileRootFetch(node, path, schema) : compileEntityFetch(node, path, schema);
}

function compileRootFetch(node: FetchNode, path: ResponsePath, schema: GraphQLSchema): Step {
  const send = compileSend(node, path);
  const rewrite = compileRewrites(schema, node.outputRewrites);
  return async (run) => {
    const targets = path.length === 0 ? [run.root] : collectTargets(run.root, path);
    if (targets.length === 0) return;
    const placesOf: PlacesOf = (errorPath) => collectTargetPaths(run.root, path).map((place) => [...place, ...errorPath]);
    const data = await send(run, undefined, placesOf);
    if (data === null) return;
    rewrite?.(data);
    for (const target of targets) mergeInto(target, data);
  };
}

function compileEntityFetch(node: FetchNode, path: ResponsePath, schema: GraphQLSchema): Step {
  const send = compileSend(node, path);
  const represent = compileRepresentation(schema, node.requires ?? [], node.inputRewrites);
  const rewrite = compileRewrites(schema, node.outputRewrites);
  const isConcrete = (typename: unknown) => typeof typename === 'string' && isObjectType(schema.getType(typename));
  return async (run) => {
    const batch = new Batch(collectTargets(run.root, path), represent);
    if (batch.representations.length === 0) return;
    const placesOf: PlacesOf = (errorPath) => {
      const places = entityPlaces(errorPath, batch, collectTargetPaths(run.root, path));
      return places.length === 0 ? [pathBeforeLists(path)] : places;
    };
    const data = await send(run, batch.representations, placesOf);
    if (data === null) return;
    const entities = data['_entities'] as unknown[];
    rewrite?.(entities);
    batch.distribute(entities, isConcrete);
  };
}

/** The objects that a fetch is about, and the distinct representations that stand for them. */
class Batch {
  readonly representations: string[] = [];
  /** For each target the index of its representation, -1 when it lacks what the subgraph requires. */
  readonly indexes: Int32Array;
  private readonly targets: readonly JsonObject[];

  constructor(targets: readonly JsonObject[], represent: (target: JsonObject) => string | undefined) {
    this.targets = targets;
    this.indexes = new Int32Array(targets.length);
    const known = new Map<string, number>();
    targets.forEach((target, position) => {
      const representation = represent(target);
      const index = representation === undefined ? -1 : (known.get(representation) ?? this.representations.length);
      this.indexes[position] = index;
      if (representation === undefined || index < this.representations.length) return;
      known.set(representation, index);
      this.representations.push(representation);
    });
  }

  /** Merges the answers. A subgraph that knows an entity as an interface object names the interface: the type known before is kept then. */
  distribute(entities: readonly unknown[], isConcrete: (typename: unknown) => boolean): void {
    this.targets.forEach((target, position) => {
      const entity = entities[this.indexes[position] ?? -1];
      if (!isJsonObject(entity)) return;
      const typename = target['__typename'];
      mergeInto(target, entity);
      if (target['__typename'] !== typename && isConcrete(typename)) target['__typename'] = typename;
    });
  }
}

/** `_entities, 3, price` is the price of every target that representation 3 stands for. */
function entityPlaces(errorPath: readonly (string | number)[], batch: Batch, targetPaths: (string | number)[][]): (string | number)[][] {
  const [, index, ...rest] = errorPath;
  return targetPaths.filter((_, position) => batch.indexes[position] === index).map((place) => [...place, ...rest]);
}

type Send = (run: Run, representations: readonly string[] | undefined, placesOf: PlacesOf) => Promise<JsonObject | null>;

/** Makes the function that asks the subgraph, records what went wrong, and returns usable data or null. */
function compileSend(node: FetchNode, path: ResponsePath): Send {
  const operation = fetchOperation(node);
  const writeVariables = variableWriter(node.variableUsages);
  const knownPath = pathBeforeLists(path);
  return async (run, representations, placesOf) => {
    const source = { subgraph: operation.subgraph, debug: run.debug };
    const variables = writeVariables(run.variables);
    const { context, signal } = run;
    const body = requestBody(operation, variables, representations);
    try {
      const response = await run.fetcher.fetch({ operation, variables, representations, body, context, signal });
      const data = usableData(response, representations?.length);
      if (response.errors !== undefined && response.errors !== null) run.errors.push(...passOnErrors(response.errors, source, placesOf));
      return data;
    } catch (cause) {
      run.errors.push(fetchFailure(cause, source, knownPath));
      return null;
    }
  };
}

function usableData(response: SubgraphResponse, entityCount: number | undefined): JsonObject | null {
  const { data, errors } = response;
  if (data === null || data === undefined) {
    if (Array.isArray(errors) && errors.length > 0) return null;
    throw new MalformedAnswerError('The answer has neither data nor errors.');
  }
  if (!isJsonObject(data)) throw new MalformedAnswerError('The answer\'s data is no object.');
  if (entityCount === undefined) return data;
  const entities = data['_entities'];
  // A null list comes with the error that made it null.
  if (entities === null && Array.isArray(errors) && errors.length > 0) return null;
  if (!Array.isArray(entities)) throw new MalformedAnswerError('The answer has no list of entities.');
  if (entities.length !== entityCount) throw new MalformedAnswerError(`The answer has ${entities.length} entities for ${entityCount}.`);
  return data;
}

function fetchOperation(node: FetchNode): FetchOperation {
  const name = node.operationName === undefined ? '' : `,"operationName":${JSON.stringify(node.operationName)}`;
  return {
    subgraph: node.serviceName,
    query: node.operation,
    operationName: node.operationName,
    kind: node.operationKind,
    bodyPrefix: `{"query":${JSON.stringify(node.operation)}${name},"variables":{`,
  };
}

function pathBeforeLists(path: ResponsePath): ResponsePath {
  const firstList = path.indexOf(EACH);
  return firstList === -1 ? path : path.slice(0, firstList);
}
