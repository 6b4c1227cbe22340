import { expect, test } from 'vitest';
import { encryptedFields } from './encrypted-fields.ts';
import { KeyRing } from './key-ring.ts';

const ring = KeyRing.parse(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
const extension = encryptedFields({ PostalAddress: ['line1', 'phone'] }, ring);

/** What the database would get for these arguments. */
async function written(operation: string, args: object): Promise<Record<string, Record<string, string | null>>> {
  const hook = extension.query['postalAddress']?.[operation];
  return (await hook?.({ args, query: (changed) => Promise.resolve(changed) })) as Record<string, Record<string, string | null>>;
}

test.each(['create', 'update', 'createMany', 'updateMany', 'createManyAndReturn', 'updateManyAndReturn'])(
  '%s encrypts the named fields and nothing else',
  async (operation) => {
    const { data, where } = await written(operation, { data: { line1: 'Street 1', city: 'Bonn', phone: null }, where: { id: 'a' } });
    expect(ring.decrypt(data?.['line1'] ?? '', 'PostalAddress.line1')).toBe('Street 1');
    expect(data).toMatchObject({ city: 'Bonn', phone: null });
    expect(where).toEqual({ id: 'a' });
  },
);

test('upsert encrypts both sides, and lists of rows are encrypted one by one', async () => {
  const { create, update } = await written('upsert', { create: { line1: 'a' }, update: { line1: 'b' } });
  expect([create?.['line1'], update?.['line1']].every((text) => KeyRing.isEncrypted(text ?? ''))).toBe(true);
  const { data } = await written('createMany', { data: [{ line1: 'a' }, { line1: 'b' }] });
  expect(Object.values(data ?? {}).map((row) => Object.keys(row ?? {}))).toEqual([['line1'], ['line1']]);
});

test('reads decrypt, and null stays null', () => {
  const line1 = extension.result['postalAddress']?.['line1'];
  expect(line1?.needs).toEqual({ line1: true });
  expect(line1?.compute({ line1: ring.encrypt('Street 1', 'PostalAddress.line1') })).toBe('Street 1');
  expect(line1?.compute({ line1: null })).toBeNull();
});

test('keys inside of a JSON field are encrypted one by one, each for its place, and read again', async () => {
  const nested = encryptedFields({ Cart: ['recipient.street', 'recipient.phone'] }, ring);
  const recipient = { street: 'Street 1', phone: null, city: 'Bonn' };
  const hook = nested.query['cart']?.['create'];
  const changed = await hook?.({ args: { data: { recipient } }, query: (args) => Promise.resolve(args) });
  const data = (changed as { data: { recipient: Record<string, string | null> } }).data;
  expect(ring.decrypt(data.recipient['street'] ?? '', 'Cart.recipient.street')).toBe('Street 1');
  expect(data.recipient).toMatchObject({ phone: null, city: 'Bonn' });
  expect(recipient.street).toBe('Street 1');
  expect(nested.result['cart']?.['recipient']?.compute(data)).toEqual(recipient);
});

test('what is no plain object in a JSON field is left as it is', async () => {
  const hook = encryptedFields({ Cart: ['recipient.street'] }, ring).query['cart']?.['update'];
  class DbNull {}
  for (const recipient of [new DbNull(), null, 7, 'text', undefined]) {
    expect(await hook?.({ args: { data: { recipient } }, query: (changed) => Promise.resolve(changed) })).toEqual({ data: { recipient } });
  }
});
