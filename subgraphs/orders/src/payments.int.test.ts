import { until } from '@app/workflow/testing/until';
import { readDisagreements } from '@services/payments/invariants';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placementId } from './domain/run-ids.ts';
import { PaymentHandlers } from './handlers/payment.handlers.ts';
import { PaymentOutcomeUnknown } from './payments/payment-provider.ts';
import { waitingRunOf } from './service/payments/waiting-run.ts';
import { startWorker } from './start-worker.ts';
import { OrdersKit, orderOf } from './testing/orders-kit.ts';

let kit: OrdersKit;
let workers: { stop(): Promise<void> }[] = [];
beforeAll(async () => {
  kit = await OrdersKit.start({ executes: false });
  workers = [kit.payments.startWorker(), await startWorker({ ...kit.config, MAIL_TRANSPORT: 'none' })];
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await kit[Symbol.asyncDispose]();
});

let offers = 7_000;

async function placed(token: string): Promise<string> {
  offers += 1;
  const cart = await kit.readyCart([{ variantId: kit.stock.offer(offers), quantity: 1 }]);
  return orderOf(await kit.place(cart, undefined, { token })).id;
}

const statusOf = async (id: string) => (await kit.db.order.findUniqueOrThrow({ where: { id } })).status;

test('an event is for the run that waits for its key, and for no other', async () => {
  const [waiting, confirmed] = [await placed('tok_requires_action'), await placed('tok_visa')];
  expect(await waitingRunOf(kit.db, `${waiting}:authorize:1`)).toBe(placementId(waiting));
  expect(await waitingRunOf(kit.db, `${waiting}:authorize:9`)).toBeNull();
  expect(await waitingRunOf(kit.db, `${confirmed}:authorize:1`)).toBeNull();
  const signals: string[] = [];
  const runs = { ...kit.deps.runs, signal: async (_tx: unknown, id: string, signal: string) => void signals.push(`${id} ${signal}`) };
  const handlers = new PaymentHandlers({ runs });
  const about = { paymentId: 'pmt_1', amount: { minor: 1, currency: 'EUR' } };
  const event = (key: string) => ({ id: 'evt_1', data: { ...about, key } }) as Parameters<typeof handlers.onAuthorized>[0];
  await handlers.onAuthorized(event(`${waiting}:authorize:1`), kit.db);
  await handlers.onAuthorized(event('somebody else'), kit.db);
  expect(signals).toEqual([`${placementId(waiting)} payment`]);
});

test('a payment that only a webhook confirms is heard of through both services, and the books agree', async () => {
  const confirmed = await placed('tok_confirmed_later');
  await until('the order is confirmed', async () => (await statusOf(confirmed)) === 'CONFIRMED');
  const approved = await placed('tok_webhook_duplicate');
  const { ref } = await kit.payments.db.sandboxCharge.findUniqueOrThrow({ where: { authorizeKey: `${approved}:authorize:1` } });
  await fetch(`${kit.payments.url}/sandbox/${ref}/approve`, { method: 'POST', redirect: 'manual' });
  await until('the other is confirmed', async () => (await statusOf(approved)) === 'CONFIRMED');
  expect(await kit.db.event.count({ where: { streamId: approved, type: 'order.confirmed' } })).toBe(1);
  await until('events arrived', async () => (await kit.db.inbox.count({ where: { consumer: 'orders.payments' } })) >= 2);
  const urls = { payments: kit.payments.databaseUrl, orders: kit.config.DATABASE_URL_ORDERS };
  expect(await readDisagreements(urls)).toEqual([]);
});

test('what payments does not answer is an unknown outcome; what it refuses is a fault of ours', async () => {
  const request = { key: 'key_unknown', token: 'tok_error', amountMinor: 100, currency: 'EUR', returnUrl: '' };
  await expect(kit.deps.payments.authorize(request)).rejects.toBeInstanceOf(PaymentOutcomeUnknown);
  expect(await kit.deps.payments.status('key_unknown')).toEqual({ kind: 'never_seen' });
  await expect(kit.deps.payments.authorize({ ...request, amountMinor: 0 })).rejects.toMatchObject({ code: 'INTERNAL' });
  await expect(kit.deps.payments.capture({ key: 'key_capture', ref: 'pmt_none', amountMinor: 1 })).rejects.toMatchObject({
    code: 'INTERNAL',
  });
});
