import { z } from 'zod';
import type { EventDefinition } from './define-event.ts';

/** JSON Schemas of event versions, by event type and version number. */
export type Releases = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One version that is not as it was released, or not released yet. */
export interface ReleaseFault {
  readonly event: string;
  readonly version: string;
  readonly kind: 'changed' | 'removed' | 'unreleased';
  /** For a change: each place of the schema that differs, with what it was and what it is. */
  readonly differences: readonly string[];
}

/** The JSON Schemas (draft 2020-12) of all versions of some events. */
export function schemasOf(definitions: readonly EventDefinition[]): Releases {
  return Object.fromEntries(
    definitions.map(({ type, schemas }) => [
      type,
      Object.fromEntries(Object.entries(schemas).map(([version, schema]) => [version, z.toJSONSchema(schema)])),
    ]),
  );
}

/**
 * Compares events with what was released of them. Events of a released version are stored for ever and read by
 * consumers that are deployed at another time, so a released schema neither changes nor goes away.
 */
export function releaseFaults(released: Releases, current: Releases): readonly ReleaseFault[] {
  const types = [...new Set([...Object.keys(released), ...Object.keys(current)])].sort();
  return types.flatMap((event) => {
    const [before, after] = [released[event] ?? {}, current[event] ?? {}];
    const versions = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort((a, b) => Number(a) - Number(b));
    return versions.flatMap((version): ReleaseFault[] => {
      if (!(version in after)) return [{ event, version, kind: 'removed', differences: [] }];
      if (!(version in before)) return [{ event, version, kind: 'unreleased', differences: [] }];
      const differences = differencesOf(before[version], after[version], '');
      return differences.length === 0 ? [] : [{ event, version, kind: 'changed', differences }];
    });
  });
}

/** A fault in words: what is wrong, and what to do about it. */
export function describeFault({ event, version, kind, differences }: ReleaseFault): string {
  const name = `event "${event}" version ${version}`;
  switch (kind) {
    case 'changed':
      return [`${name} was released and has changed; take the change back and add version ${Number(version) + 1}:`, ...differences].join(
        '\n  ',
      );
    case 'removed':
      return `${name} was released and is gone; events of it are stored, so it has to stay readable`;
    case 'unreleased':
      return `${name} is not released yet; when its shape is final: npm run events -- release`;
  }
}

function differencesOf(before: unknown, after: unknown, path: string): readonly string[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differencesOf(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  const [was, is] = [JSON.stringify(before), JSON.stringify(after)];
  return was === is ? [] : [`${path}: was ${was ?? 'not there'}, is ${is ?? 'not there'}`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
