import { type EntityBatch, type FetchOperation, requestBody, type SubgraphResponse } from '../fetch/fetcher.ts';
import type { EntityFetch, RootFetch } from './fetch-description.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { quote } from './json-text.ts';
import type { Run } from './run.ts';
import { fetchFailure, type PlacesOf, passOnErrors } from './subgraph-errors.ts';
import { variableWriter } from './variables.ts';

/** A subgraph answered with something else than what was asked. */
class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
}

/** Asks the subgraph, records what went wrong as errors of the run, and returns usable data or null. */
export type Send = (run: Run, asked: AskedEntities, placesOf: PlacesOf) => Promise<JsonObject | null>;

/** What is asked for besides what the client's variables say. */
export interface AskedEntities {
  readonly entities: readonly EntityBatch[];
  /** Variables that do not come from the client, as JSON members without braces. */
  readonly contextVariables?: string;
}

/** Compiles what all requests of a fetch have in common. `knownPath` is where its failure is reported. */
export function compileSend(description: RootFetch | EntityFetch, knownPath: readonly (string | number)[]): Send {
  const operation = fetchOperation(description);
  const writeVariables = variableWriter(description.variableUsages);
  return async (run, { entities, contextVariables }, placesOf) => {
    const source = { subgraph: operation.subgraph, debug: run.debug };
    const variables = joinMembers(writeVariables(run.variables), contextVariables);
    const { context, signal } = run;
    const body = requestBody(operation, variables, entities);
    try {
      const response = await run.fetcher.fetch({ operation, variables, entities, body, context, signal });
      const data = usableData(response, entities);
      if (response.errors !== undefined && response.errors !== null) run.errors.push(...passOnErrors(response.errors, source, placesOf));
      return data;
    } catch (cause) {
      run.errors.push(fetchFailure(cause, source, knownPath));
      return null;
    }
  };
}

function joinMembers(members: string, others: string | undefined): string {
  if (others === undefined || others === '') return members;
  return members === '' ? others : `${members},${others}`;
}

function fetchOperation({ subgraph, query, operationName, kind, ...description }: RootFetch | EntityFetch): FetchOperation {
  const name = operationName === undefined ? '' : `,"operationName":${quote(operationName)}`;
  const paths = 'paths' in description ? description.paths : [description.path];
  return { subgraph, query, operationName, kind, paths, bodyPrefix: `{"query":${JSON.stringify(query)}${name},"variables":{` };
}

function usableData({ data, errors }: SubgraphResponse, entities: readonly EntityBatch[]): JsonObject | null {
  const hasErrors = Array.isArray(errors) && errors.length > 0;
  if (data === null || data === undefined) {
    if (hasErrors) return null;
    throw new MalformedAnswerError('The answer has neither data nor errors.');
  }
  if (!isJsonObject(data)) throw new MalformedAnswerError("The answer's data is no object.");
  for (const { responseKey, representations } of entities) {
    const list = data[responseKey];
    // A null list comes with the error that made it null.
    if (list === null && hasErrors) continue;
    if (!Array.isArray(list)) throw new MalformedAnswerError('The answer has no list of entities.');
    if (list.length !== representations.length)
      throw new MalformedAnswerError(`The answer has ${list.length} entities for ${representations.length}.`);
  }
  return data;
}
