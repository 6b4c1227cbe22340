import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { asyncApi } from './async-api.ts';
import { ASYNC_API_FILE, asyncApiText } from './async-api-file.ts';
import { defineEvent, type EventDefinition } from './define-event.ts';

test('every version of every event is a message with its schema', () => {
  const Paid = defineEvent('order.paid', {
    1: { schema: z.object({ cents: z.int() }), up: ({ cents }) => ({ minor: cents }) },
    2: { schema: z.object({ minor: z.int() }) },
  });
  const document = asyncApi({ title: 'Shop', version: '1' }, [Paid as EventDefinition]);
  expect(document).toMatchObject({ asyncapi: '3.0.0', info: { title: 'Shop' } });
  const { messages } = document.channels['order.paid'] ?? {};
  expect(Object.keys(messages ?? {})).toEqual(['v1', 'v2']);
  expect(messages?.['v2']).toMatchObject({
    name: 'order.paid/2',
    payload: { allOf: [{}, { properties: { dataschema: { const: 'order.paid/2' }, data: { required: ['minor'] } } }] },
  });
});

test('docs/asyncapi.json is what the definitions say: npm run events -- asyncapi --write', async () => {
  expect(await readFile(ASYNC_API_FILE, 'utf8')).toBe(asyncApiText());
});
