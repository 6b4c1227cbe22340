import { randomUUID } from 'node:crypto';
import { withClient } from '@app/platform';
import type { Storefront } from '@clients/storefront';
import { OrderDetailDocument } from '@clients/storefront/documents';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { placeOrder, purchasableVariants, readyCart } from '../support/shopping.ts';
import { ask, present, signedIn } from '../support/storefront.ts';

/** What the sandbox provider does by webhook, seen from the shop: gateway, orders, payments, and back by an event. */
describe('a payment that waits', () => {
  const url = inject('gatewayUrl');
  let customer: Storefront;

  beforeAll(async () => {
    customer = await signedIn(url, 'customer@example.com');
  });

  /** An order that waits for its payment, and where the customer decides. */
  async function waiting(paymentMethodToken: string): Promise<{ readonly number: string; readonly page: string }> {
    const cart = await readyCart(customer, await purchasableVariants(customer, 1), 'customer@example.com');
    const idempotencyKey = randomUUID();
    return eventually(async () => {
      const { order } = await placeOrder(customer, cart, { paymentMethodToken, idempotencyKey });
      return { number: present(order?.number), page: present(order?.nextAction?.url) };
    });
  }

  async function expectStatus(number: string, status: string): Promise<void> {
    await eventually(async () => expect((await ask(customer, OrderDetailDocument, { number })).order?.status).toBe(status));
  }

  async function decide(page: string, decision: 'approve' | 'decline'): Promise<void> {
    expect((await fetch(page)).status).toBe(200);
    expect((await fetch(`${page}/${decision}`, { method: 'POST', redirect: 'manual' })).status).toBe(303);
  }

  it('goes on when the customer approves, who hears of it by mail', async () => {
    const { number, page } = await waiting('tok_requires_action');
    await expectStatus(number, 'AWAITING_PAYMENT');
    await decide(page, 'approve');
    await expectStatus(number, 'CONFIRMED');
    await eventually(async () => expect(await mailsAbout(number)).toEqual(['customer@example.com']));
  });

  it('ends in a rejected order when the customer refuses, however often the webhook says so', async () => {
    const { number, page } = await waiting('tok_webhook_duplicate');
    await decide(page, 'decline');
    await expectStatus(number, 'REJECTED');
  });

  it('is confirmed by the bank alone', async () => {
    const { number } = await waiting('tok_confirmed_later');
    await expectStatus(number, 'CONFIRMED');
  });
});

/** Who was mailed about an order. */
async function mailsAbout(number: string): Promise<string[]> {
  return withClient(inject('databaseUrls').orders, async (client) => {
    const sql = 'SELECT recipient FROM mail WHERE subject LIKE $1 AND sent_at IS NOT NULL';
    return (await client.query<{ recipient: string }>(sql, [`%${number}%`])).rows.map(({ recipient }) => recipient);
  });
}
