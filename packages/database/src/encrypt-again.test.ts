import { expect, test } from 'vitest';
import { encryptAgain } from './encrypt-again.ts';
import { KeyRing } from './key-ring.ts';

test('a model without a table is named', async () => {
  const ring = KeyRing.parse(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
  const db = { $queryRawUnsafe: () => Promise.reject(new Error('unused')), $executeRawUnsafe: () => Promise.resolve(0) };
  await expect(encryptAgain(db, ring, { Cart: ['street'] }, {})).rejects.toThrow('no table is given for the model Cart');
});
