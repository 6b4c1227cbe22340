import { startMailbox } from '@app/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrderMailHandlers } from './handlers/order-mail.handlers.ts';
import { reportSales } from './service/reports/report-sales.ts';
import { startWorker, type Worker } from './start-worker.ts';
import { OrdersKit, orderFields, orderOf } from './testing/orders-kit.ts';

let kit: OrdersKit;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
let worker: Worker;
beforeAll(async () => {
  kit = await OrdersKit.start({ executes: false });
  mailbox = await startMailbox({ smtpPort: 0, webPort: 0 });
  worker = await startWorker({ ...kit.config, MAIL_TRANSPORT: 'smtp', SMTP_URL: mailbox.smtpUrl });
});
afterAll(async () => {
  await worker.stop();
  await mailbox.stop();
  await kit[Symbol.asyncDispose]();
});

interface ReadMail {
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
}

async function mailsAbout(number: unknown, count: number): Promise<ReadMail[]> {
  for (let tries = 0; tries < 400; tries += 1) {
    const mails = (await (await fetch(`${mailbox.webUrl}/mails.json`)).json()) as ReadMail[];
    const found = mails.filter(({ subject }) => subject.includes(String(number)));
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${count} mails about ${String(number)}`);
}

test('a guest gets a mail when the order is confirmed, with the link that opens it, and another when it is called off', async () => {
  const cart = await kit.readyCart([{ variantId: kit.stock.offer(9_001), quantity: 2 }]);
  const order = orderOf(await kit.place(cart));
  const [mail] = await mailsAbout(order['number'], 1);
  expect(mail).toMatchObject({ recipients: ['ada@example.com'], subject: `Your order ${String(order['number'])}` });
  expect(mail?.text).toContain('2 × Thing 9001: 23.80 EUR');
  const token = /token=([\w-]+)/.exec(mail?.text ?? '')?.[1];
  const found = await kit.ask('query ($number: String!, $token: String!) { guestOrder(number: $number, token: $token) { id } }', {
    number: order['number'],
    token,
  });
  expect(found.data?.['guestOrder']).toEqual({ id: order.id });
  const staff = kit.person('ORDER_MANAGER');
  await kit.mutate(
    `mutation ($id: ID!) { orderCancel(id: $id, input: { reason: "gone", idempotencyKey: "key-of-mails-1" }) { ${orderFields} } }`,
    { id: order.id },
    staff,
  );
  const mails = await mailsAbout(order['number'], 2);
  expect(mails.map(({ subject }) => subject).sort()).toEqual([
    `Your order ${String(order['number'])}`,
    `Your order ${String(order['number'])} was cancelled`,
  ]);
});

test('old news is not mailed', async () => {
  const handlers = new OrderMailHandlers(kit.deps);
  const event = { id: 'evt_old', time: '2020-01-01T00:00:00.000Z', data: { orderId: 'ord_none' } };
  await handlers.onConfirmed(event as Parameters<typeof handlers.onConfirmed>[0], kit.db);
  expect(await kit.db.mail.count({ where: { id: 'eml_evt_old' } })).toBe(0);
});

test('sales are reported once per day, and days that nobody reported are made up for', async () => {
  const cart = await kit.readyCart([{ variantId: kit.stock.offer(9_002), quantity: 3 }]);
  const order = orderOf(await kit.place(cart));
  const day = 24 * 60 * 60_000;
  const tomorrow = { db: kit.db, now: () => new Date(Date.now() + day) };
  const today = new Date().toISOString().slice(0, 10);
  const [days, again] = [await reportSales(tomorrow, 'boss@example.com'), await reportSales(tomorrow, 'boss@example.com')];
  expect([days.length, days.at(-1), again]).toEqual([7, today, []]);
  expect(await kit.db.mail.count({ where: { kind: 'SALES_REPORT' } })).toBe(1);
  const report = await kit.db.salesReport.findUniqueOrThrow({ where: { day: new Date(today) } });
  expect(report.figures).toMatchObject([{ currency: 'EUR', units: expect.any(Number), capturedMinor: 0 }]);
  expect(order.status).toBe('CONFIRMED');
  const later = { db: kit.db, now: () => new Date(Date.now() + 3 * day) };
  expect(await reportSales(later, null)).toHaveLength(2);
});

test('a buyer gets a mail about what was called off of an order that was partly sent', async () => {
  const cart = await kit.readyCart([{ variantId: kit.stock.offer(9_003), quantity: 3 }]);
  const { id, number, lines } = orderOf(await kit.place(cart)) as unknown as { id: string; number: string; lines: { id: string }[] };
  const staff = kit.person('ORDER_MANAGER');
  const parcel = { lines: [{ lineId: lines[0]?.id, quantity: 1 }], idempotencyKey: 'key-of-mails-2' };
  await kit.mutate(
    'mutation ($id: ID!, $input: FulfillmentCreateInput!) { fulfillmentCreate(orderId: $id, input: $input) { replayed } }',
    { id, input: parcel },
    staff,
  );
  const cancel = 'mutation ($id: ID!) { orderCancel(id: $id, input: { reason: "gone", idempotencyKey: "key-of-mails-3" }) { replayed } }';
  await kit.mutate(cancel, { id }, staff);
  const mail = (await mailsAbout(number, 2)).find(({ subject }) => subject !== `Your order ${number}`);
  expect(mail).toMatchObject({
    subject: `The rest of your order ${number} was cancelled`,
    text: expect.stringContaining('2 × Thing 9003'),
  });
});
