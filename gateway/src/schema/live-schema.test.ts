import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import type { Generation } from './generation.ts';
import { LiveSchema, type LiveSchemaOptions } from './live-schema.ts';

/** Generations by their SDL, and which of them were stopped. */
async function start(options: Partial<LiveSchemaOptions> = {}) {
  const stopped: string[] = [];
  const build = async (sdl: string): Promise<Generation> => {
    const stop = async () => void stopped.push(sdl);
    return { sdl, apiSchema: buildSchema(sdl), executor: { stop } } as unknown as Generation;
  };
  const schema = await LiveSchema.start(
    { first: 'type Query { first: Int }', instead: (reason) => Promise.reject(reason) },
    {
      build,
      execute: () => Promise.resolve({}),
      retireAfterMs: 60_000,
      ...options,
    },
  );
  const events: string[] = [];
  schema.on('swapped', ({ sdl }) => events.push(`swapped ${sdl}`));
  schema.on('refused', (reason) => events.push(String(reason)));
  return { schema, events, stopped };
}

const SECOND = 'type Query { second: Int }';

test('a new generation is served, and both are stopped in the end', async () => {
  const { schema, events, stopped } = await start();
  const announced: string[] = [];
  schema.onSchemaLoadOrUpdate(({ coreSupergraphSdl }) => announced.push(coreSupergraphSdl));
  await schema.load();
  await schema.update(SECOND);
  await schema.update(SECOND);
  expect(schema.current.sdl).toBe(SECOND);
  expect(announced).toEqual(['type Query { first: Int }', SECOND]);
  expect(events).toEqual([`swapped ${SECOND}`]);
  expect(stopped).toEqual([]);
  await schema.stop();
  expect(stopped).toEqual([SECOND, 'type Query { first: Int }']);
});

test('a generation that cannot be prepared is stopped, and the old one goes on', async () => {
  const { schema, events, stopped } = await start({ prepare: () => Promise.reject(new Error('cannot be prepared')) });
  await schema.update(SECOND);
  expect(schema.current.sdl).toBe('type Query { first: Int }');
  expect(events).toEqual(['Error: cannot be prepared']);
  expect(stopped).toEqual([SECOND]);
});

test('a generation that is not taken by whom it is announced to is stopped, and the old one goes on', async () => {
  const { schema, events, stopped } = await start();
  let offered: Generation['apiSchema'] | undefined;
  schema.onSchemaLoadOrUpdate(({ apiSchema }) => {
    offered = apiSchema;
    throw new Error('not taken');
  });
  await schema.update(SECOND);
  expect(schema.current.sdl).toBe('type Query { first: Int }');
  expect(offered && schema.generationOf(offered)).toBe(schema.current);
  expect(events).toEqual(['Error: not taken']);
  expect(stopped).toEqual([SECOND]);
  await schema.stop();
  expect(stopped).toEqual([SECOND, 'type Query { first: Int }']);
});
