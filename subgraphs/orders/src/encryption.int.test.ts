import { KeyRing } from '@app/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rotateSecrets } from './data/database.ts';
import { encryptionKeys, OrdersKit, orderOf } from './testing/orders-kit.ts';

let kit: OrdersKit;
let orderId: string;
const secret = /Hauptstraße|Hinterhaus|1234567/;

beforeAll(async () => {
  kit = await OrdersKit.start();
  const street = { line1: 'Hauptstraße 1', line2: 'Hinterhaus', phone: '+49 228 1234567' };
  const cart = await kit.readyCart([{ variantId: kit.stock.offer(1), quantity: 1 }], undefined, street);
  orderId = orderOf(await kit.place(cart)).id;
});
afterAll(() => kit[Symbol.asyncDispose]());

const rows = (table: string) =>
  kit.db.$queryRawUnsafe<{ address: Record<string, string> }[]>(
    `SELECT a AS address FROM ${table}, unnest(ARRAY[shipping_address, billing_address]) a WHERE a IS NOT NULL`,
  );

test('raw rows hold nothing of where somebody lives, and the buyer reads it all', async () => {
  const raw = [...(await rows('cart')), ...(await rows('orders'))];
  expect(raw.length).toBeGreaterThan(1);
  for (const { address } of raw) {
    expect(JSON.stringify(address)).not.toMatch(secret);
    for (const key of ['line1', 'line2', 'phone']) expect(KeyRing.isEncrypted(address[key] ?? '')).toBe(true);
  }
  const order = await kit.db.order.findUniqueOrThrow({ where: { id: orderId } });
  expect(order.shippingAddress).toMatchObject({ line1: 'Hauptstraße 1', line2: 'Hinterhaus', phone: '+49 228 1234567', countryCode: 'DE' });
});

test('nothing else that is stored repeats it: events, runs and their steps, keys of repeated requests', async () => {
  for (const table of [
    'event',
    'workflow.run',
    'dbos.workflow_input',
    'dbos.operation_outputs',
    'idempotency_key',
    'order_entry',
    'payment',
  ]) {
    const found = await kit.db.$queryRawUnsafe<{ text: string }[]>(`SELECT row_to_json(t)::text AS text FROM ${table} t`);
    expect(found.filter(({ text }) => secret.test(text))).toEqual([]);
  }
});

test('the database refuses plain text, whoever writes it', async () => {
  const plain = `jsonb_set(shipping_address, '{line2}', '"plain"')`;
  await expect(kit.db.$executeRawUnsafe(`UPDATE cart SET shipping_address = ${plain}`)).rejects.toThrow(/cart_shipping_encrypted/);
  await expect(kit.db.$executeRawUnsafe(`UPDATE orders SET shipping_address = ${plain}`)).rejects.toThrow(/orders_shipping_encrypted/);
});

test('after rotation everything is under the new key and the old one can go', async () => {
  const next = `k2:${Buffer.alloc(32, 2).toString('base64')}`;
  const ring = KeyRing.parse(`${next},${encryptionKeys}`);
  expect(await rotateSecrets(kit.db, ring)).toBeGreaterThan(5);
  expect(await rotateSecrets(kit.db, ring)).toBe(0);
  const [raw] = await rows('orders');
  expect(KeyRing.parse(next).decrypt(raw?.address['line1'] ?? '', 'Order.shippingAddress.line1')).toBe('Hauptstraße 1');
});
