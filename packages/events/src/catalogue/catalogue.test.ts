import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { EventDefinition } from '../define-event.ts';
import { allEvents } from './all.ts';

async function definitions(): Promise<readonly EventDefinition[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.events.ts'));
  const modules: Record<string, EventDefinition>[] = await Promise.all(files.map((file) => import(new URL(file, import.meta.url).href)));
  return modules.flatMap((module) => Object.values(module)).toSorted((a, b) => a.type.localeCompare(b.type));
}

test('the list of all events has them all', async () => {
  expect(allEvents.map(({ type }) => type)).toEqual((await definitions()).map(({ type }) => type));
});

test('every event is defined once, and stands in the file of its stream', async () => {
  const types = (await definitions()).map(({ type }) => type);
  expect(types).toEqual([...new Set(types)]);
});
