import { testDatabase } from '@app/testing';
import { readDisagreements } from '@services/payments/invariants';
import { expect, it } from 'vitest';
import { seed as seedOrders } from '../orders/seed.ts';
import { seed } from './seed.ts';

const encryptionKeys = `k1:${Buffer.alloc(32, 1).toString('base64')}`;

it('writes the payments of the demo orders once, and the books of orders, payments and the sandbox agree', async () => {
  await using payments = await testDatabase('payments');
  await using orders = await testDatabase('orders');
  const [written] = await Promise.all([
    seed({ databaseUrl: payments.url, scale: 1 }),
    seedOrders({ databaseUrl: orders.url, scale: 1, encryptionKeys }),
  ]);
  expect(written.rows).toBeGreaterThan(2_500);
  expect(await seed({ databaseUrl: payments.url, scale: 1 })).toEqual({ rows: 0 });
  expect(await readDisagreements({ payments: payments.url, orders: orders.url })).toEqual([]);
});
