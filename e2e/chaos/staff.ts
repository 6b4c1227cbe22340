import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { send } from '../support/gateway.ts';
import { signIn } from '../support/sign-in.ts';
import { pick } from './random.ts';

interface Order {
  readonly id: string;
  readonly availableActions: readonly string[];
  readonly totals: { readonly total: { readonly minor: number } };
  readonly lines: readonly { readonly id: string; readonly quantity: number; readonly fulfilledQuantity: number }[];
  readonly payments: readonly { readonly id: string; readonly status: string }[];
  readonly returns: readonly { readonly id: string; readonly status: string }[];
}

const ORDERS = `query ChaosOrders($filter: OrderFilter) {
  orders(first: 30, filter: $filter) {
    nodes {
      id availableActions totals { total { minor } } lines { id quantity fulfilledQuantity } payments { id status } returns { id status }
    }
  }
}`;

const mutation = (name: string, selector: string, input: string) =>
  `mutation Chaos($id: ID!, $input: ${input}!) { ${name}(${selector}: $id, input: $input) { userErrors { code } } }`;

const SHIP = mutation('fulfillmentCreate', 'orderId', 'FulfillmentCreateInput');
const CANCEL = mutation('orderCancel', 'id', 'OrderCancelInput');
const CAPTURE = mutation('paymentCapture', 'paymentId', 'PaymentAmountInput');
const REFUND = mutation('refundCreate', 'orderId', 'RefundCreateInput');
const ASK_FOR_RETURN = mutation('returnRequest', 'orderId', 'ReturnRequestInput');
const RESOLVE = mutation('returnResolve', 'id', 'ReturnResolveInput');

/** What staff did. */
export interface StaffWork {
  shipped: number;
  cancelled: number;
  captured: number;
  refunded: number;
  /** Returns that were asked for, approved or received. */
  returned: number;
  failed: number;
}

type Done = Exclude<keyof StaffWork, 'failed'>;

/**
 * Sends confirmed orders, parcel by parcel, calls some off, or what is left of them, takes and gives back money by hand and takes goods back, until
 * the signal aborts.
 */
export async function keepWorking(url: string, random: () => number, signal: AbortSignal): Promise<StaffWork> {
  const work: StaffWork = { shipped: 0, cancelled: 0, captured: 0, refunded: 0, returned: 0, failed: 0 };
  let token: string | undefined;
  while (!signal.aborted) {
    try {
      token ??= await signIn(url, 'orders@example.com');
      const did = await workOnce({ url, token, random });
      if (did !== undefined) work[did] += 1;
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

/** A call for an order, if there is one to make. */
interface Call {
  readonly did: Done;
  readonly query: string;
  readonly id: string;
  readonly input: object;
}

async function workOnce({ url, token, random }: Desk): Promise<Done | undefined> {
  const filter = { status: ['CONFIRMED', 'COMPLETED'], query: 'chaos@' };
  const found = await send<{ orders: { nodes: Order[] } }>(url, { query: ORDERS, variables: { filter }, token });
  const calls = (found.data?.orders.nodes ?? []).flatMap((order) => callsFor(order, random));
  if (calls.length === 0) return undefined;
  const kind = pick(random, [...new Set(calls.map(({ did }) => did))]);
  const { id, input, query } = pick(
    random,
    calls.filter(({ did }) => did === kind),
  );
  const answer = await send<Answer>(url, { query, variables: { id, input: { idempotencyKey: randomUUID(), ...input } }, token });
  const [payload] = Object.values(answer.data ?? {});
  if (payload == null || payload.userErrors.length > 0) throw new Error('it was refused');
  return kind;
}

function callsFor({ id, availableActions, totals, lines, payments, returns }: Order, random: () => number): Call[] {
  const amount = { minor: 1 + Math.floor(random() * totals.total.minor * 0.5), currency: 'EUR' };
  const left = lines.filter(({ quantity, fulfilledQuantity }) => fulfilledQuantity < quantity);
  const [line] = lines;
  const held = payments.find(({ status }) => status === 'AUTHORIZED' || status === 'PARTIALLY_CAPTURED');
  const calls: Record<string, Call | false | undefined> = {
    FULFIL: left.length > 0 && { did: 'shipped', query: SHIP, id, input: { lines: someOf(left, random) } },
    CANCEL: { did: 'cancelled', query: CANCEL, id, input: { reason: 'chaos' } },
    CAPTURE: held && { did: 'captured', query: CAPTURE, id: held.id, input: { amount } },
    REFUND: {
      did: 'refunded',
      query: REFUND,
      id,
      input: { amount, reason: 'chaos', ...(line && random() < 0.5 && { restock: true, lineIds: [line.id] }) },
    },
    REQUEST_RETURN: line && {
      did: 'returned',
      query: ASK_FOR_RETURN,
      id,
      input: { lines: [{ lineId: line.id, quantity: 1, reason: 'OTHER' }] },
    },
  };
  const decisions: Readonly<Record<string, string>> = { REQUESTED: 'APPROVE', APPROVED: 'MARK_RECEIVED' };
  const resolutions = returns.flatMap((each): Call[] => {
    const decision = decisions[each.status];
    return decision === undefined ? [] : [{ did: 'returned', query: RESOLVE, id: each.id, input: { decision } }];
  });
  return [...availableActions.flatMap((action) => calls[action] || []), ...resolutions];
}

/** Some lines, some of what is left of each. */
function someOf(left: Order['lines'], random: () => number): { lineId: string; quantity: number }[] {
  return left
    .slice(0, 1 + Math.floor(random() * left.length))
    .map(({ id, quantity, fulfilledQuantity }) => ({ lineId: id, quantity: 1 + Math.floor(random() * (quantity - fulfilledQuantity)) }));
}

type Answer = Record<string, { readonly userErrors: readonly { readonly code: string }[] } | null>;
