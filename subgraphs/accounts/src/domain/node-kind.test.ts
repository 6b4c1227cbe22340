import { expect, test } from 'vitest';
import { nodeKindOf } from './node-kind.ts';

const id = '0'.repeat(32);

test('the prefix of an id names its type', () => {
  expect([nodeKindOf(`prd_${id}`), nodeKindOf(`usr_${id}`), nodeKindOf(`ord_${id}`)]).toEqual(['Product', 'User', 'Order']);
});

test.each(['', 'prd_', `prd_${id}0`, `xyz_${id}`, `PRD_${id}`, 'constructor', `prd_${'g'.repeat(32)}`, 'prd_\u0000'])(
  '%j is no id',
  (text) => {
    expect(nodeKindOf(text)).toBeUndefined();
  },
);
