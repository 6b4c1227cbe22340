import { expect, test } from 'vitest';
import { counted } from '../test/counted.ts';
import { describe as describeError } from './attempt.ts';
import { backoffMs } from './backoff.ts';
import { schemaVersion } from './envelope.ts';
import { eventId } from './event-id.ts';

test('delays double up to the longest, each between half and all of it', () => {
  const policy = { attempts: 9, baseMs: 100, maxMs: 500 };
  expect([1, 2, 3, 4, 9].map((attempt) => backoffMs(policy, attempt, () => 1))).toEqual([100, 200, 400, 500, 500]);
  expect(backoffMs(policy, 2, () => 0)).toBe(100);
  expect(backoffMs(policy, 1)).toBeGreaterThanOrEqual(50);
});

test('event ids are UUIDv7 that sort by time', () => {
  const entropy = new Uint8Array(10).fill(255);
  expect(eventId(1_700_000_000_000, entropy)).toBe('evt_018bcfe5-6800-7fff-bfff-ffffffffffff');
  expect(eventId(1_700_000_000_000) < eventId(1_700_000_000_001)).toBe(true);
});

test('an error is described with its causes, one line each, storable in Postgres', () => {
  const error = new Error('outer\u0000', { cause: new TypeError('inner', { cause: 'a string' }) });
  expect(describeError(error)).toBe('Error: outer\ncaused by TypeError: inner\ncaused by a string');
});

test('a schema name without a version has none', () => {
  expect(schemaVersion({ ...counted(1, 'a', 1), dataschema: 'order.paid' })).toBeNaN();
});
