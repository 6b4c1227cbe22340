import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { OrdersContext } from '../context.ts';
import { cancelOrder } from '../service/orders/cancel-order.ts';
import { placeOrder } from '../service/orders/place-order.ts';
import { requestReturn } from '../service/orders/request-return.ts';
import { retryPayment } from '../service/orders/retry-payment.ts';
import { OrderCancelInput, OrderPlaceInput, PaymentRetryInput, ReturnRequestInput } from './order.input.ts';
import { OrderPayload } from './order.payload.ts';
import { orderPayload } from './order-payload.ts';

/** What customers do with orders. */
@Resolver()
export class CheckoutResolver {
  @Directive('@cost(weight: 50)')
  @Mutation(() => OrderPayload, {
    description:
      'Orders a cart. Answers within about two seconds: with the order confirmed, waiting for the customer (nextAction), rejected with the reason in userErrors, or still PENDING.',
  })
  orderPlace(
    @Arg('input', () => OrderPlaceInput, { description: 'The cart, as the customer saw it.' }) input: OrderPlaceInput,
    @Ctx() context: OrdersContext,
  ): Promise<OrderPayload> {
    return orderPayload(context, () => placeOrder(context.deps, context.principal, input), input.cartId);
  }

  @Directive('@cost(weight: 20)')
  @Mutation(() => OrderPayload, { description: 'Tries to pay an order that awaits payment once more.' })
  orderPaymentRetry(
    @Arg('orderId', () => ID, { description: 'The order.' }) orderId: string,
    @Arg('input', () => PaymentRetryInput, { description: 'With what.' }) input: PaymentRetryInput,
    @Ctx() context: OrdersContext,
  ): Promise<OrderPayload> {
    return orderPayload(context, () => retryPayment(context.deps, context.principal, orderId, input));
  }

  @Directive('@authenticated')
  @Mutation(() => OrderPayload, {
    description:
      'Calls off what of an order was not sent yet: all of it, or the rest of a partly sent one, which then is complete when that has arrived. What was held or taken for it goes back; shipping stays paid when something was sent. Not while a shipment is being prepared.',
  })
  orderCancel(
    @Arg('id', () => ID, { description: 'The order.' }) id: string,
    @Arg('input', () => OrderCancelInput, { description: 'Why.' }) input: OrderCancelInput,
    @Ctx() context: OrdersContext,
  ): Promise<OrderPayload> {
    return orderPayload(context, () => cancelOrder(context.deps, context.principal, id, input));
  }

  @Directive('@authenticated')
  @Mutation(() => OrderPayload, { description: 'Asks to send something back that has arrived.' })
  returnRequest(
    @Arg('orderId', () => ID, { description: 'The order.' }) orderId: string,
    @Arg('input', () => ReturnRequestInput, { description: 'What, and why.' }) input: ReturnRequestInput,
    @Ctx() context: OrdersContext,
  ): Promise<OrderPayload> {
    return orderPayload(context, () => requestReturn(context.deps, context.principal, orderId, input));
  }
}
