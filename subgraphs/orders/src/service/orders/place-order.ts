import type { Principal } from '@app/auth';
import { newId } from '@app/database';
import { conflict, InputCheck, UserFault } from '@app/subgraph';
import type { CartRow } from '../../data/cart-rows.ts';
import type { Tx } from '../../data/database.ts';
import type { OrderProblem } from '../../domain/order-problem.ts';
import { placementId } from '../../domain/run-ids.ts';
import { requireCart } from '../carts/cart-access.ts';
import type { CartView } from '../carts/cart-view.ts';
import type { Deps } from '../deps.ts';
import { checkKey, findReplay, type KeyedCall, once } from '../idempotency.ts';
import { type Checkout, checkOut, type SeenCart } from './checkout.ts';
import { insertOrder } from './insert-order.ts';
import type { OrderOutcome } from './order-outcome.ts';
import { placementProblems } from './placement-problems.ts';

/** What orderPlace is given. */
export interface Placement extends SeenCart {
  readonly cartId: string;
  readonly paymentMethodToken: string;
  readonly idempotencyKey: string;
}

/** How long a client waits for the outcome; then it gets the order as it is and follows it. */
const waitMs = 2_000;

/**
 * Places an order: in one transaction the key, the cart's CHECKING_OUT at the version the customer saw, the order with its
 * snapshots, and the durable run; then the run, which ends in CONFIRMED, in waiting for the customer, or in REJECTED with
 * nothing held.
 * @throws {UserFault} for what is wrong with the call or the cart.
 */
export async function placeOrder(
  deps: Deps,
  principal: Principal,
  input: Placement,
): Promise<OrderOutcome | { readonly problems: readonly OrderProblem[] }> {
  const check = new InputCheck();
  checkKey(check, input.idempotencyKey);
  check.text(input.paymentMethodToken, ['input', 'paymentMethodToken'], { max: 200 });
  check.integer(input.cartVersion, ['input', 'cartVersion'], { min: 1, max: 2 ** 31 - 1 });
  check.finish();
  const call = callOf(principal, input);
  const earlier = await findReplay(deps.db, call);
  if (earlier) return withProblems(deps, earlier);
  const seen = await lookAtCart(deps, principal, input);
  if ('obstacle' in seen) {
    // The same call may have been faster: then what stands in the way is its own order.
    const winner = await findReplay(deps.db, call);
    if (winner) return withProblems(deps, winner);
    if (seen.obstacle instanceof UserFault) throw seen.obstacle;
    return seen.obstacle;
  }
  const { cart, checkout } = seen;
  const outcome = await once(
    deps,
    call,
    (tx, keyId) => begin(deps, tx, { cart, view: checkout.view, token: input.paymentMethodToken, keyId }),
    (orderId) => deps.runs.rest(placementId(orderId), waitMs),
  );
  return withProblems(deps, outcome);
}

type Problems = Extract<Checkout, { readonly problems: unknown }>;
type SeenNow = { readonly cart: CartRow; readonly checkout: Exclude<Checkout, Problems> } | { readonly obstacle: UserFault | Problems };

/** The cart as it can be ordered, or what stands in the way. */
async function lookAtCart(deps: Deps, principal: Principal, input: Placement): Promise<SeenNow> {
  try {
    const cart = await requireCart(deps.db, principal, input.cartId, ['input', 'cartId']);
    const checkout = await checkOut(deps, cart, input);
    return 'problems' in checkout ? { obstacle: checkout } : { cart, checkout };
  } catch (error) {
    if (error instanceof UserFault) return { obstacle: error };
    throw error;
  }
}

interface Beginning {
  readonly cart: CartRow;
  readonly view: CartView;
  readonly token: string;
  readonly keyId: string;
}

async function begin(deps: Deps, tx: Tx, { cart, view, token, keyId }: Beginning): Promise<string> {
  const { count } = await tx.cart.updateMany({
    where: { id: cart.id, status: 'OPEN', version: cart.version },
    data: { status: 'CHECKING_OUT' },
  });
  if (count === 0)
    throw new UserFault(conflict('CART_CHANGED', 'The cart was changed or ordered meanwhile: show it again.', null, ['input', 'cartId']));
  const orderId = newId('ord', deps.now().getTime());
  await insertOrder(deps, tx, { orderId, cart, view });
  await deps.runs.start(tx, 'place-order', { id: placementId(orderId), orderId, input: { token, attempt: 1, keyId } });
  return orderId;
}

/** Guests are told apart by the cart they hold. */
function callOf(principal: Principal, { idempotencyKey, ...body }: Placement): KeyedCall {
  const caller = principal.kind === 'user' ? principal.id : `guest:${body.cartId}`;
  return { caller, mutation: 'orderPlace', key: idempotencyKey, body };
}

async function withProblems(deps: Deps, outcome: { orderId: string; replayed: boolean }): Promise<OrderOutcome> {
  return { ...outcome, problems: await placementProblems(deps.db, outcome.orderId) };
}
