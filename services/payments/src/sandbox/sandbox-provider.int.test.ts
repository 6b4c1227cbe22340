import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeProvider } from '../provider/provider.contract.ts';
import { signatureHeader, signWebhook } from '../provider/webhook-signature.ts';
import { PaymentsKit, webhookSecret } from '../testing/payments-kit.ts';
import { sandboxCards } from './sandbox-cards.ts';

let kit: PaymentsKit;
beforeAll(async () => {
  kit = await PaymentsKit.start({ key: 'key-of-payments-in-all-the-tests!!!' });
});
afterAll(() => kit[Symbol.asyncDispose]());

describe('the contract', () => {
  describeProvider({
    provider: () => kit.sandbox,
    tokens: { good: 'tok_visa', bad: 'tok_declined', asking: 'tok_requires_action' },
    webhook: (ref, key, at) => {
      const body = Buffer.from(
        JSON.stringify({ id: randomUUID(), type: 'charge.decided', data: { ref, key, state: 'AUTHORIZED', declineCode: null } }),
      );
      return { headers: { [signatureHeader]: signWebhook(webhookSecret, body, at) }, body };
    },
  });
});

const ask = (token: string, key: string = randomUUID()) =>
  kit.sandbox.authorize({ key, token, amountMinor: 1_000, currency: 'EUR', returnUrl: 'http://localhost:1/back' });

test.each(Object.entries(sandboxCards))('%s does what it is published to do', async (token, behaviour) => {
  const key = randomUUID();
  const outcome = await ask(token, key).catch((error: Error) => error);
  switch (behaviour.kind) {
    case 'authorize':
      return expect(outcome).toMatchObject({ kind: 'authorized' });
    case 'decline':
      return expect(outcome).toMatchObject({ kind: 'declined', code: behaviour.code, retryable: behaviour.retryable });
    case 'require_action':
    case 'confirm_later':
      return expect(outcome).toMatchObject({ kind: 'requires_action' });
    case 'lose_answer':
      expect(outcome).toMatchObject({ name: 'OutcomeUnknown' });
      expect(await kit.sandbox.status(key)).toMatchObject({ kind: 'authorized' });
      return expect(await ask(token, key)).toMatchObject({ kind: 'authorized' });
    case 'unreachable':
      expect(outcome).toMatchObject({ name: 'OutcomeUnknown' });
      return expect(await kit.sandbox.status(key)).toEqual({ kind: 'never_seen' });
  }
});

test('the page asks, takes one decision, and sends the customer back; foreign addresses are not there', async () => {
  const { ref } = await ask('tok_requires_action');
  const page = await fetch(`${kit.url}/sandbox/${ref}`);
  expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining("default-src 'none'")]);
  const post = (path: string) => fetch(`${kit.url}/sandbox/${path}`, { method: 'POST', redirect: 'manual' });
  expect((await post(`${ref}/perhaps`)).status).toBe(405);
  const decided = await post(`${ref}/decline`);
  expect([decided.status, decided.headers.get('location')]).toEqual([303, 'http://localhost:1/back']);
  expect((await post(`${ref}/approve`)).status).toBe(409);
  expect((await post('nonsense/approve')).status).toBe(404);
  expect((await fetch(`${kit.url}/sandbox/<script>`)).status).toBe(404);
});
