import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { counted } from '../test/counted.ts';
import { type DataOf, defineEvent } from './define-event.ts';

const Paid = defineEvent('order.paid', {
  1: { schema: z.object({ cents: z.int() }), up: (data) => ({ minor: data.cents }) },
  2: { schema: z.object({ minor: z.int() }), up: (data) => ({ ...data, currency: 'EUR' }) },
  3: { schema: z.object({ minor: z.int(), currency: z.string() }) },
});

const stored = (version: number | string, data: unknown) => ({ ...counted(1, 'ord_1', 1), dataschema: `order.paid/${version}`, data });

describe('an event definition', () => {
  test('makes drafts of the latest version, in the stream its name says', () => {
    expect(Paid.create('ord_1', { minor: 5, currency: 'USD' }, { expectedVersion: 3, actor: 'usr_1' })).toEqual({
      type: 'order.paid',
      version: 3,
      streamType: 'order',
      streamId: 'ord_1',
      data: { minor: 5, currency: 'USD' },
      metadata: { actor: 'usr_1' },
      expectedVersion: 3,
    });
    expectTypeOf<DataOf<typeof Paid>>().toEqualTypeOf<{ minor: number; currency: string }>();
  });

  test('brings every older version up to the latest when it is read', () => {
    const read = [stored(1, { cents: 5 }), stored(2, { minor: 5 }), stored(3, { minor: 5, currency: 'USD' })].map(
      (event) => Paid.read(event).data,
    );
    expect(read).toEqual([
      { minor: 5, currency: 'EUR' },
      { minor: 5, currency: 'EUR' },
      { minor: 5, currency: 'USD' },
    ]);
  });

  test.each([4, 0, 'x', '1.5'])('names the event and the versions it knows when it meets version %s', (version) => {
    expect(() => Paid.read(stored(version, {}))).toThrow(
      expect.objectContaining({
        code: 'EVENT_VERSION_UNKNOWN',
        message: expect.stringContaining(`"order.paid/${version}" is not a known version`),
      }),
    );
  });

  test('names the fields at fault when data does not fit its schema', () => {
    // @ts-expect-error a currency is a string
    expect(() => Paid.create('ord_1', { minor: 1, currency: 3 })).toThrow(
      expect.objectContaining({ code: 'EVENT_DATA_INVALID', message: expect.stringMatching(/"order.paid" version 3: currency: /) }),
    );
    expect(() => Paid.read(stored(1, null))).toThrow(/\(data\): /);
  });

  test('says which upcaster threw, with the cause', () => {
    const Broken = defineEvent('order.broken', {
      1: {
        schema: z.object({}),
        up: () => {
          throw new Error('bug');
        },
      },
      2: { schema: z.object({}) },
    });
    const event = { ...stored(1, {}), dataschema: 'order.broken/1' };
    expect(() => Broken.read(event)).toThrow(
      expect.objectContaining({ code: 'EVENT_UPCAST_FAILED', cause: expect.objectContaining({ message: 'bug' }) }),
    );
  });

  const schema = z.object({});
  const up = () => ({});
  test.each([
    ['Order.Paid', { 1: { schema } }, /noun.past_tense/],
    ['paid', { 1: { schema } }, /noun.past_tense/],
    ['order.paid', {}, /no version/],
    ['order.paid', { 2: { schema } }, /without gaps, got 2/],
    ['order.paid', { 1: { schema, up }, 3: { schema } }, /without gaps, got 1, 3/],
    ['order.paid', { 1: { schema }, 2: { schema } }, /version 1 has no "up" to version 2/],
    ['order.paid', { 1: { schema, up } }, /version 1 has an "up" to nowhere/],
  ])('refuses %s with versions %j', (type, versions: Record<number, { schema: z.ZodType }>, message) => {
    expect(() => defineEvent(type, versions)).toThrow(
      expect.objectContaining({ code: 'EVENT_DEFINITION_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
