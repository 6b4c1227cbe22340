import { AppError } from '@app/errors';
import { type Connection, MoneyType } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { OrdersContext } from '../context.ts';
import { availableActions } from '../domain/available-actions.ts';
import { OrderSort } from '../domain/statuses.ts';
import { viewerOf } from '../service/orders/order-access.ts';
import { orderState } from '../service/orders/order-state.ts';
import { readAllOrders, readGuestOrder } from '../service/orders/read-orders.ts';
import { OrderFilter } from './order.input.ts';
import { Order, OrderConnection, OrderEventConnection } from './order.type.ts';
import type { OrderLine } from './order-line.type.ts';
import { type Payment, PaymentNextAction } from './payment.type.ts';
import { toOrder, toOrderLine, toPayment } from './to-order.ts';

/** Orders and their lines, money and history. */
@Resolver(() => Order)
export class OrderResolver {
  @Directive('@authenticated')
  @Query(() => Order, { nullable: true, description: 'An order of yours, or for staff any, by id or by number; null when there is none.' })
  async order(
    @Ctx() { loaders }: OrdersContext,
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id?: string | null,
    @Arg('number', () => String, { nullable: true, description: 'Its number, with or without the hyphen.' }) number?: string | null,
  ): Promise<Order | null> {
    if ((id == null) === (number == null)) throw new AppError('BAD_USER_INPUT', 'Give either id or number.');
    const row = id == null ? await loaders.orderByNumber.load(number ?? '') : await loaders.order.load(id);
    return row ? toOrder(row) : null;
  }

  @Directive('@cacheControl(maxAge: 0)')
  @Query(() => Order, { nullable: true, description: 'A guest looks up an order: number plus token from the confirmation mail.' })
  async guestOrder(
    @Arg('number', () => String, { description: 'Its number.' }) number: string,
    @Arg('token', () => String, { description: 'The token in the confirmation mail.' }) token: string,
    @Ctx() { deps }: OrdersContext,
  ): Promise<Order | null> {
    const row = await readGuestOrder(deps, number, token);
    return row ? toOrder(row) : null;
  }

  @Directive('@requiresScopes(scopes: [["orders:read"]])')
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])')
  @Directive('@tag(name: "admin")')
  @Directive('@cacheControl(maxAge: 0)')
  @Query(() => OrderConnection, { description: 'Orders of everybody.' })
  async orders(
    @Ctx() { deps, principal }: OrdersContext,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on after.' }) after?: string | null,
    @Arg('filter', () => OrderFilter, { nullable: true, description: 'Which.' }) filter?: OrderFilter | null,
    @Arg('sort', () => OrderSort, { nullable: true, defaultValue: OrderSort.NEWEST, description: 'In which order.' })
    sort?: OrderSort | null,
  ): Promise<InstanceType<typeof OrderConnection>> {
    const page = await readAllOrders(deps, principal, { first, after: after ?? null }, { ...filter, sort: sort ?? 'NEWEST' });
    return toOrderConnection(page);
  }

  @FieldResolver()
  async lines(@Root() { id, row }: Order, @Ctx() { loaders }: OrdersContext): Promise<OrderLine[]> {
    return (await loaders.linesOf.load(id)).map((line) => toOrderLine(line, row.currency));
  }

  @FieldResolver()
  async amountPaid(@Root() { id, row }: Order, @Ctx() { loaders }: OrdersContext): Promise<MoneyType> {
    const payments = await loaders.paymentsOf.load(id);
    return MoneyType.of({ minor: payments.reduce((sum, { capturedMinor }) => sum + capturedMinor, 0), currency: row.currency });
  }

  @FieldResolver()
  async amountRefunded(@Root() { id, row }: Order, @Ctx() { loaders }: OrdersContext): Promise<MoneyType> {
    const payments = await loaders.paymentsOf.load(id);
    return MoneyType.of({ minor: payments.reduce((sum, { refundedMinor }) => sum + refundedMinor, 0), currency: row.currency });
  }

  @FieldResolver()
  async payments(@Root() { id }: Order, @Ctx() { loaders }: OrdersContext): Promise<Payment[]> {
    return (await loaders.paymentsOf.load(id)).map(toPayment);
  }

  @FieldResolver()
  async history(
    @Root() { id }: Order,
    @Ctx() { loaders }: OrdersContext,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on after.' }) after?: string | null,
  ): Promise<InstanceType<typeof OrderEventConnection>> {
    const page = await loaders.historyOf.load({ id, page: { first, after: after ?? null } });
    return Object.assign(new OrderEventConnection(), page);
  }

  @FieldResolver()
  async availableActions(@Root() { id, row }: Order, @Ctx() { loaders, principal }: OrdersContext) {
    const [lines, payments, fulfillments] = await Promise.all([
      loaders.linesOf.load(id),
      loaders.paymentsOf.load(id),
      loaders.fulfillmentsOf.load(id),
    ]);
    return availableActions(orderState(row, { lines, payments, fulfillments }), viewerOf(principal, row));
  }

  @FieldResolver()
  async nextAction(@Root() { id, status }: Order, @Ctx() { loaders }: OrdersContext): Promise<PaymentNextAction | null> {
    if (status !== 'AWAITING_PAYMENT') return null;
    const waiting = (await loaders.paymentsOf.load(id)).findLast(({ nextActionUrl }) => nextActionUrl !== null);
    if (!waiting?.nextActionExpiresAt) return null;
    return Object.assign(new PaymentNextAction(), {
      kind: 'REDIRECT',
      url: waiting.nextActionUrl,
      clientSecret: null,
      expiresAt: waiting.nextActionExpiresAt,
    });
  }
}

/** A page of rows as a page of orders. */
export function toOrderConnection({ edges, nodes, pageInfo, count }: Connection<Order['row']>): InstanceType<typeof OrderConnection> {
  const wrapped = edges.map(({ cursor, node }) => ({ cursor, node: toOrder(node) }));
  return Object.assign(new OrderConnection(), { edges: wrapped, nodes: nodes.map(toOrder), pageInfo, count });
}
