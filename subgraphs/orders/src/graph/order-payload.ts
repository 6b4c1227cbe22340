import { conflict, MoneyType, toPayload, type UserError, userError } from '@app/subgraph';
import type { OrdersContext } from '../context.ts';
import type { OrderProblem } from '../domain/order-problem.ts';
import { viewCart } from '../service/carts/cart-view.ts';
import { loadForPayload } from '../service/orders/load-for-payload.ts';
import type { OrderOutcome } from '../service/orders/order-outcome.ts';
import { OrderPayload, OutOfStockError, PaymentDeclinedError, PriceChangedError } from './order.payload.ts';
import { toCartLines } from './to-cart.ts';
import { toOrder } from './to-order.ts';

/** Runs a mutation of an order and makes its payload: the order as it is now, and what the customer has to know. */
export function orderPayload(
  context: OrdersContext,
  work: () => Promise<OrderOutcome | { readonly problems: readonly OrderProblem[] }>,
  orderedCartId: string | null = null,
): Promise<OrderPayload> {
  const empty = { order: null, replayed: false, userErrors: [] as UserError[] };
  return toPayload(async () => ({ outcome: await work() }), empty).then(async (result) => {
    if (!('outcome' in result)) return Object.assign(new OrderPayload(), result);
    const { outcome } = result;
    const order = 'orderId' in outcome ? await loadForPayload(context.deps, outcome.orderId) : null;
    const cartId = order?.cartId ?? orderedCartId;
    const userErrors = await Promise.all((outcome.problems ?? []).map((problem) => toUserError(context, problem, cartId)));
    return Object.assign(new OrderPayload(), {
      order: order && toOrder(order),
      replayed: 'replayed' in outcome && outcome.replayed,
      userErrors,
    });
  });
}

async function toUserError(context: OrdersContext, problem: OrderProblem, cartId: string | null): Promise<UserError> {
  switch (problem.kind) {
    case 'out_of_stock':
      return userError(
        OutOfStockError,
        { code: 'OUT_OF_STOCK', message: problem.message },
        { lines: await linesOf(context, problem.variantIds, cartId) },
      );
    case 'price_changed': {
      const amounts = { expected: MoneyType.of(problem.expected), actual: MoneyType.of(problem.actual) };
      return userError(PriceChangedError, { code: 'PRICE_CHANGED', message: problem.message, path: ['input', 'expectedTotal'] }, amounts);
    }
    case 'payment_declined':
      return userError(
        PaymentDeclinedError,
        { code: 'PAYMENT_DECLINED', message: problem.message },
        { declineCode: problem.declineCode, retryable: problem.retryable },
      );
    case 'other':
      return conflict(problem.code, problem.message, null, problem.path);
  }
}

/** The cart's lines of these variants; none when the cart is gone. */
async function linesOf({ deps, loaders }: OrdersContext, variantIds: readonly string[], cartId: string | null) {
  const cart = cartId === null ? null : await loaders.cart.load(cartId);
  return cart ? toCartLines(await viewCart(deps, cart)).filter((line) => variantIds.includes(line.variantId)) : [];
}
