import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { documentText } from '../support/documents.ts';
import { send } from '../support/gateway.ts';
import { signIn } from '../support/sign-in.ts';
import { pick } from './random.ts';

interface Order {
  readonly id: string;
  readonly lines: readonly { readonly id: string; readonly quantity: number; readonly fulfilledQuantity: number }[];
}

const CANCEL = `mutation ChaosCancel($id: ID!, $input: OrderCancelInput!) {
  orderCancel(id: $id, input: $input) { order { id status } userErrors { code } }
}`;

/** What staff did. */
export interface StaffWork {
  shipped: number;
  cancelled: number;
  failed: number;
}

/** Sends confirmed orders, parcel by parcel, and calls some off, or what is left of them, so that money is taken and given back, until the signal aborts. */
export async function keepWorking(url: string, random: () => number, signal: AbortSignal): Promise<StaffWork> {
  const work: StaffWork = { shipped: 0, cancelled: 0, failed: 0 };
  let token: string | undefined;
  while (!signal.aborted) {
    try {
      token ??= await signIn(url, 'orders@example.com');
      await workOnce({ url, token, random }, work);
    } catch {
      work.failed += 1;
    }
    await delay(300 + random() * 500);
  }
  return work;
}

interface Desk {
  readonly url: string;
  readonly token: string;
  readonly random: () => number;
}

async function workOnce({ url, token, random }: Desk, work: StaffWork): Promise<void> {
  const filter = { status: ['CONFIRMED'], fulfillmentStatus: ['UNFULFILLED', 'PARTIALLY_FULFILLED'], query: 'chaos@' };
  const found = await send<{ orders: { nodes: Order[] } }>(url, {
    query: documentText('order-admin'),
    variables: { first: 10, filter },
    token,
  });
  const orders = found.data?.orders.nodes ?? [];
  if (orders.length === 0) return;
  const order = pick(random, orders);
  const isCancelled = random() < 0.3;
  const idempotencyKey = randomUUID();
  const left = order.lines.filter(({ quantity, fulfilledQuantity }) => fulfilledQuantity < quantity);
  const lines = left
    .slice(0, 1 + Math.floor(random() * left.length))
    .map(({ id, quantity, fulfilledQuantity }) => ({ lineId: id, quantity: 1 + Math.floor(random() * (quantity - fulfilledQuantity)) }));
  const answer = isCancelled
    ? await send<Answer>(url, { query: CANCEL, variables: { id: order.id, input: { reason: 'chaos', idempotencyKey } }, token })
    : await send<Answer>(url, {
        query: documentText('fulfillment-create'),
        variables: { orderId: order.id, input: { lines, idempotencyKey } },
        token,
      });
  const [payload] = Object.values(answer.data ?? {});
  if (payload == null || payload.userErrors.length > 0) work.failed += 1;
  else if (isCancelled) work.cancelled += 1;
  else work.shipped += 1;
}

type Answer = Record<string, { readonly userErrors: readonly { readonly code: string }[] } | null>;
