import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { signatureHeader, signWebhook } from './provider/webhook-signature.ts';
import { authorize } from './service/authorize.ts';
import { processWebhooks } from './service/take-webhook.ts';
import { PaymentsKit, webhookSecret } from './testing/payments-kit.ts';

let kit: PaymentsKit;
let ahead = 0;
beforeAll(async () => {
  kit = await PaymentsKit.start({ key: 'key-of-payments-in-all-the-tests!!!', now: () => new Date(Date.now() + ahead) });
});
beforeEach(() => {
  ahead = 0;
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Asked {
  readonly key: string;
  readonly paymentId: string;
  readonly ref: string;
}

async function ask(token: string): Promise<Asked> {
  const key = randomUUID();
  const { paymentId } = await authorize(kit.deps, { key, token, amountMinor: 1_000, currency: 'EUR', returnUrl: '' });
  return { key, paymentId, ref: (await kit.db.sandboxCharge.findUniqueOrThrow({ where: { authorizeKey: key } })).ref };
}

const eventOf = ({ key, ref }: { key: string; ref: string }, id: string = randomUUID(), state = 'AUTHORIZED') =>
  JSON.stringify({ id, type: 'charge.decided', data: { ref, key, state, declineCode: null } });

async function send(
  body: string,
  signature: string | null = signWebhook(webhookSecret, body, new Date(Date.now() + ahead)),
  path = 'sandbox',
) {
  const headers = { 'content-type': 'application/json', ...(signature !== null && { [signatureHeader]: signature }) };
  const response = await fetch(`${kit.url}/webhooks/${path}`, { method: 'POST', body, headers });
  return { status: response.status, code: ((await response.json()) as { error?: { code: string } }).error?.code };
}

const statusOf = async ({ paymentId }: Asked) => (await kit.db.payment.findUniqueOrThrow({ where: { id: paymentId } })).status;
const told = ({ paymentId }: Asked) => kit.db.event.count({ where: { streamId: paymentId } });

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited in vain: ${what}`);
}

const approve = ({ ref }: Asked) => fetch(`${kit.url}/sandbox/${ref}/approve`, { method: 'POST', redirect: 'manual' });

test('a customer who confirms is told by webhook: the payment is authorised and told on, once', async () => {
  const asked = await ask('tok_requires_action');
  expect([await statusOf(asked), await told(asked)]).toEqual(['REQUIRES_ACTION', 0]);
  await approve(asked);
  expect(await kit.deliver()).toBe(1);
  await until('it takes effect', async () => (await statusOf(asked)) === 'AUTHORIZED');
  expect([await told(asked), await kit.deliver()]).toEqual([1, 0]);
});

test('a customer who refuses declines the payment', async () => {
  const asked = await ask('tok_requires_action');
  await fetch(`${kit.url}/sandbox/${asked.ref}/decline`, { method: 'POST', redirect: 'manual' });
  await kit.deliver();
  await until('it takes effect', async () => (await statusOf(asked)) === 'DECLINED');
  const payment = await kit.db.payment.findUniqueOrThrow({ where: { id: asked.paymentId } });
  expect(payment).toMatchObject({ declineCode: 'authentication_failed', authorizedMinor: 0n });
});

test('a bank that confirms by itself is heard by webhook only', async () => {
  const asked = await ask('tok_confirmed_later');
  await until('its webhook arrived', async () => (await kit.deliver()) > 0 || (await statusOf(asked)) === 'AUTHORIZED');
  await until('it takes effect', async () => (await statusOf(asked)) === 'AUTHORIZED');
});

test('a webhook that comes three times, or is sent again later with a fresh signature, has one effect', async () => {
  const asked = await ask('tok_webhook_duplicate');
  await approve(asked);
  expect([await kit.deliver(), await kit.deliver(), await kit.deliver(), await kit.deliver()]).toEqual([1, 1, 1, 0]);
  await until('it takes effect', async () => (await statusOf(asked)) === 'AUTHORIZED');
  const stored = await kit.db.webhook.findMany({ where: { payload: { path: ['key'], equals: asked.key } } });
  expect(stored).toHaveLength(1);
  expect(await send(eventOf(asked, stored[0]?.eventId))).toMatchObject({ status: 200 });
  await processWebhooks(kit.deps);
  expect(await told(asked)).toBe(1);
});

test('a late webhook changes nothing that was learned or given up meanwhile', async () => {
  const asked = await ask('tok_webhook_late');
  await approve(asked);
  expect(await kit.deliver()).toBe(0);
  const { ref } = asked;
  await kit.deps.provider.void({ key: randomUUID(), ref });
  await kit.db.payment.update({ where: { id: asked.paymentId }, data: { status: 'VOIDED' } });
  ahead += 61_000;
  expect(await kit.deliver()).toBe(1);
  await until('it was processed', async () => (await kit.db.webhook.count({ where: { processedAt: null } })) === 0);
  expect(await statusOf(asked)).toBe('VOIDED');
});

test('a wrong, missing, old or reused signature is refused with its code, and nothing is stored', async () => {
  const asked = await ask('tok_requires_action');
  const body = eventOf(asked);
  const before = await kit.db.webhook.count();
  const signature = signWebhook(webhookSecret, body, new Date());
  expect(await send(body, signWebhook('a wrong secret', body, new Date()))).toEqual({ status: 401, code: 'SIGNATURE_INVALID' });
  expect(await send(body, null)).toEqual({ status: 401, code: 'SIGNATURE_MISSING' });
  expect(await send(body, signWebhook(webhookSecret, body, new Date(Date.now() - 600_000)))).toEqual({
    status: 401,
    code: 'SIGNATURE_EXPIRED',
  });
  expect(await send(eventOf(asked, 'other'), signature)).toEqual({ status: 401, code: 'SIGNATURE_INVALID' });
  expect(await send('{"id":', undefined)).toEqual({ status: 400, code: 'PAYLOAD_MALFORMED' });
  expect(await send('{}', undefined)).toEqual({ status: 400, code: 'PAYLOAD_MALFORMED' });
  expect(await send(body, signature, 'stripe')).toEqual({ status: 404, code: 'UNKNOWN_PROVIDER' });
  expect(await send('x'.repeat(100_000), signature)).toEqual({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
  expect((await fetch(`${kit.url}/webhooks/sandbox`)).status).toBe(404);
  expect([await kit.db.webhook.count(), await statusOf(asked)]).toEqual([before, 'REQUIRES_ACTION']);
});

test('a webhook of a kind that we do not act on is taken and forgotten', async () => {
  const body = JSON.stringify({ id: randomUUID(), type: 'balance.available', data: {} });
  expect(await send(body)).toMatchObject({ status: 200 });
  await until('it was processed', async () => (await kit.db.webhook.count({ where: { processedAt: null } })) === 0);
});

test('a webhook that overtakes the answer it is about waits for it; one about nothing is given up in the end', async () => {
  const [key, ref] = [randomUUID(), 'sbx_0123456789abcdef01234567'];
  await send(eventOf({ key, ref }, 'early'));
  await processWebhooks(kit.deps);
  const waiting = () => kit.db.webhook.findUniqueOrThrow({ where: { provider_eventId: { provider: 'sandbox', eventId: 'early' } } });
  await until('it was looked at', async () => (await waiting()).attempts > 0);
  expect((await waiting()).processedAt).toBeNull();
  await authorize(kit.deps, { key, token: 'tok_requires_action', amountMinor: 1_000, currency: 'EUR', returnUrl: '' });
  ahead += 3_600_000;
  // Who is at it already, such as the server after a webhook came in, is passed over.
  await until('it takes effect', async () => {
    await processWebhooks(kit.deps);
    return (await kit.db.payment.findUniqueOrThrow({ where: { authorizeKey: key } })).status === 'AUTHORIZED';
  });
  await send(eventOf({ key: 'nobody', ref }, 'lonely'));
  await until('it is given up', async () => {
    ahead += 3_600_000;
    await processWebhooks(kit.deps);
    return (await kit.db.webhook.count({ where: { processedAt: null } })) === 0;
  });
});

test('a webhook whose effect fails lets those behind it through, and is given up in the end', async () => {
  const [asked, other, behind] = [await ask('tok_requires_action'), await ask('tok_requires_action'), await ask('tok_requires_action')];
  // No two payments have one reference.
  await send(eventOf({ key: asked.key, ref: other.ref }, 'broken'));
  await send(eventOf(behind));
  const broken = () => kit.db.webhook.findUniqueOrThrow({ where: { provider_eventId: { provider: 'sandbox', eventId: 'broken' } } });
  await until('the one behind it takes effect', async () => {
    await processWebhooks(kit.deps);
    return (await broken()).attempts > 0 && (await statusOf(behind)) === 'AUTHORIZED';
  });
  expect(await broken()).toMatchObject({ processedAt: null, error: expect.stringContaining('Unique constraint') });
  await until('it is given up', async () => {
    ahead += 300_000;
    await processWebhooks(kit.deps);
    return (await broken()).processedAt !== null;
  });
  expect(await broken()).toMatchObject({ attempts: 20, error: expect.stringContaining('Unique constraint') });
  expect([await statusOf(asked), await statusOf(other)]).toEqual(['REQUIRES_ACTION', 'REQUIRES_ACTION']);
  expect(kit.log.some((line) => line.includes('a webhook could not take effect'))).toBe(true);
});

test('customer, question and webhook at the same moment: one effect', async () => {
  const asked = await ask('tok_requires_action');
  await approve(asked);
  const { getOutcome } = await import('./service/get-outcome.ts');
  const bodies = Array.from({ length: 5 }, () => send(eventOf(asked)));
  await Promise.all([...bodies, kit.deliver(), ...Array.from({ length: 5 }, () => getOutcome(kit.deps, asked.key))]);
  await until('all were processed', async () => (await kit.db.webhook.count({ where: { processedAt: null } })) === 0);
  expect([await statusOf(asked), await told(asked), await kit.db.ledgerEntry.count({ where: { paymentId: asked.paymentId } })]).toEqual([
    'AUTHORIZED',
    1,
    1,
  ]);
});
