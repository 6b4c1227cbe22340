import { AppError, toExtensions } from '@app/errors';
import { MOST_ERRORS, type ResponseError } from './execution-types.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

type Path = readonly (string | number)[];

/** Finds the places in the response that an error's path in a subgraph's answer stands for, and of very many the first. */
export type PlacesOf = (subgraphPath: Path, most: number) => readonly Path[];

/** Where errors come from. */
export interface ErrorSource {
  readonly subgraph: string;
  readonly debug: boolean | undefined;
}

/** Steps of the longest path: no answer is as deep. Each place of an entity gets a copy. */
const LONGEST_PATH = 1_000;

/**
 * Turns the errors of a subgraph's answer into errors of the response: one for each place that shows the failed value. Messages and
 * extensions are passed on; an error without a code gets one. Of very many the first are passed on.
 */
export function passOnErrors(errors: unknown, source: ErrorSource, placesOf: PlacesOf): ResponseError[] {
  if (!Array.isArray(errors)) return [unavailable(source)];
  const all: ResponseError[] = [];
  for (const error of errors) {
    const passed = passOn(error, source);
    const path = isJsonObject(error) ? error['path'] : undefined;
    const places = isPath(path) ? placesOf(path, MOST_ERRORS - all.length) : [];
    if (places.length === 0) all.push(passed);
    for (const place of places) all.push({ ...passed, path: place });
    if (all.length >= MOST_ERRORS) break;
  }
  return all;
}

/** The one error of a fetch that brought no usable answer. `cause` decides the code only: nothing of it is shown. */
export function fetchFailure(cause: unknown, source: ErrorSource, path: Path): ResponseError {
  const error = unavailable(source, cause instanceof AppError ? cause : undefined);
  return path.length === 0 ? error : { ...error, path };
}

function unavailable(source: ErrorSource, error = new AppError('DOWNSTREAM_UNAVAILABLE')): ResponseError {
  return { message: error.message, extensions: named(toExtensions(error), source) };
}

function passOn(error: unknown, source: ErrorSource): ResponseError {
  if (!isJsonObject(error) || typeof error['message'] !== 'string' || error['message'] === '') return unavailable(source);
  // What one subgraph says of HTTP is not about the whole answer: Apollo Server, and the shortcut with it, would take the status from there.
  const { http: _, ...extensions } = isJsonObject(error['extensions']) ? error['extensions'] : {};
  extensions['code'] ??= 'DOWNSTREAM_UNAVAILABLE';
  return { message: error['message'], extensions: named(extensions, source) };
}

function named(extensions: JsonObject, { subgraph, debug }: ErrorSource): JsonObject {
  return debug === true ? { ...extensions, serviceName: subgraph } : extensions;
}

function isPath(value: unknown): value is Path {
  return (
    Array.isArray(value) &&
    value.length <= LONGEST_PATH &&
    value.every((element) => typeof element === 'string' || typeof element === 'number')
  );
}
