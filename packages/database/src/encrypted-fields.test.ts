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
