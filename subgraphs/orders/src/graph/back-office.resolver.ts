import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { OrdersContext } from '../context.ts';
import { capturePayment } from '../service/orders/capture-payment.ts';
import { createFulfillment } from '../service/orders/create-fulfillment.ts';
import { createRefund } from '../service/orders/create-refund.ts';
import { resolveReturn } from '../service/orders/resolve-return.ts';
import { FulfillmentCreateInput, PaymentAmountInput, RefundCreateInput, ReturnResolveInput } from './order.input.ts';
import { OrderPayload } from './order.payload.ts';
import { orderPayload } from './order-payload.ts';

/** What staff does with orders. */
@Resolver()
export class BackOfficeResolver {
  @Directive('@requiresScopes(scopes: [["orders:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => OrderPayload, { description: 'Decides about a return, or notes that it arrived: then stock and money go back.' })
  returnResolve(
    @Arg('id', () => ID, { description: 'The return.' }) id: string,
    @Arg('input', () => ReturnResolveInput, { description: 'The decision.' }) input: ReturnResolveInput,
    @Ctx() context: OrdersContext,
  ): Promise<OrderPayload> {
    return orderPayload(context, () => resolveReturn(context.deps, context.principal, id, input));
  }

  @Directive('@requiresScopes(scopes: [["orders:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => OrderPayload, { description: 'Sends part or all of an order; its share of the money is taken.' })
  fulfillmentCreate(
    @Arg('orderId', () => ID, { description: 'The order.' }) orderId: string,
    @Arg('input', () => FulfillmentCreateInput, { description: 'What is sent, and how.' }) input: FulfillmentCreateInput,
    @Ctx() context: OrdersContext,
  ): Promise<OrderPayload> {
    return orderPayload(context, () => createFulfillment(context.deps, context.principal, orderId, input));
  }

  @Directive('@requiresScopes(scopes: [["payments:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => OrderPayload, { description: 'Takes held money by hand.' })
  paymentCapture(
    @Arg('paymentId', () => ID, { description: 'The payment.' }) paymentId: string,
    @Arg('input', () => PaymentAmountInput, { description: 'How much.' }) input: PaymentAmountInput,
    @Ctx() context: OrdersContext,
  ): Promise<OrderPayload> {
    return orderPayload(context, () => capturePayment(context.deps, context.principal, paymentId, input));
  }

  @Directive('@requiresScopes(scopes: [["payments:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => OrderPayload, { description: 'Gives money back; never more than was taken.' })
  refundCreate(
    @Arg('orderId', () => ID, { description: 'The order.' }) orderId: string,
    @Arg('input', () => RefundCreateInput, { description: 'How much, and why.' }) input: RefundCreateInput,
    @Ctx() context: OrdersContext,
  ): Promise<OrderPayload> {
    return orderPayload(context, () => createRefund(context.deps, context.principal, orderId, input));
  }
}
