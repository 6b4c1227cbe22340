import { connectionType, DateTimeScalar, MoneyType, Node, PostalAddress } from '@app/subgraph';
import { type ClassType, Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { FulfillmentStatus, OrderAction, OrderFailureReason, OrderStatus, PaymentStatus } from '../domain/statuses.ts';
import type { OrderRow } from '../service/orders/read-orders.ts';
import { Account } from './account.type.ts';
import { Fulfillment } from './fulfillment.type.ts';
import { OrderLine } from './order-line.type.ts';
import { Payment, PaymentNextAction } from './payment.type.ts';
import { Return } from './return.type.ts';
import { Totals } from './totals.type.ts';

@ObjectType('OrderEvent', { description: "One entry of an order's history." })
export class OrderEvent {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => String, { description: 'What happened, for programs, such as CONFIRMED.' })
  kind!: string;

  @Field(() => String, { description: 'What happened, for people.' })
  message!: string;

  @Field(() => String, { description: 'Who did it: an account id, "guest" or "system".' })
  actor!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;
}

const { Connection: EventConnection } = connectionType('OrderEvent', () => OrderEvent as ClassType<OrderEvent>, {
  items: 'history entries',
  totalCount: 'none',
});
export const OrderEventConnection = EventConnection;

/** The order of the supergraph. What has a table of its own is resolved through loaders. What is encrypted in the database is not cached. */
@Directive('@key(fields: "id")')
@Directive('@key(fields: "number")')
@Directive('@cacheControl(maxAge: 60, scope: PRIVATE)')
@ObjectType('Order', { implements: Node, description: 'What was bought, as it was bought.' })
export class Order extends Node {
  accountId!: string | null;

  /** What it is made of; not a field. */
  row!: OrderRow;

  @Field(() => String, { description: 'Number for people, such as K7M2P-9QX4T.' })
  number!: string;

  @Field(() => OrderStatus, { description: 'Where it is in its life.' })
  status!: OrderStatus;

  @Field(() => PaymentStatus, { description: 'Where its money is.' })
  paymentStatus!: PaymentStatus;

  @Field(() => FulfillmentStatus, { description: 'Where its goods are.' })
  fulfillmentStatus!: FulfillmentStatus;

  @Field(() => Account, { nullable: true, description: 'Who bought it; null for a guest.' })
  get buyer(): Account | null {
    return this.accountId === null ? null : ({ id: this.accountId } as Account);
  }

  @Directive('@cacheControl(maxAge: 0)')
  @Field(() => String, { description: 'Where its mails go.' })
  email!: string;

  @Directive('@listSize(assumedSize: 50)')
  @Field(() => [OrderLine], { description: 'What was bought.' })
  lines?: OrderLine[];

  @Field(() => Totals, { description: 'What it cost.' })
  totals!: Totals;

  @Field(() => MoneyType, { description: 'What was taken from the customer so far.' })
  amountPaid?: MoneyType;

  @Field(() => MoneyType, { description: 'What the customer got back so far.' })
  amountRefunded?: MoneyType;

  @Directive('@cacheControl(maxAge: 0)')
  @Field(() => PostalAddress, { nullable: true, description: 'Where the goods go; a copy.' })
  shippingAddress!: PostalAddress | null;

  @Directive('@cacheControl(maxAge: 0)')
  @Field(() => PostalAddress, { nullable: true, description: 'Where the invoice goes; null: where the goods go.' })
  billingAddress!: PostalAddress | null;

  @Field(() => String, { description: 'How it is sent.' })
  shippingMethodName!: string;

  @Directive('@listSize(assumedSize: 3)')
  @Field(() => [Payment], { description: 'Attempts to pay it, oldest first.' })
  payments?: Payment[];

  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [Fulfillment], { description: 'Its shipments, oldest first.' })
  fulfillments?: Fulfillment[];

  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [Return], { description: 'Its returns, oldest first.' })
  returns?: Return[];

  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])')
  @Field(() => OrderEventConnection, { description: 'What happened to it, oldest first.' })
  history?: InstanceType<typeof OrderEventConnection>;

  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [OrderAction], { description: 'What this viewer may do now, so that clients never re-implement the state machine.' })
  availableActions?: OrderAction[];

  @Field(() => PaymentNextAction, { nullable: true, description: 'What the customer has to do to pay; null when there is nothing.' })
  nextAction?: PaymentNextAction | null;

  @Field(() => OrderFailureReason, { nullable: true, description: 'Why it was rejected or expired.' })
  failureReason!: OrderFailureReason | null;

  @Field(() => DateTimeScalar, { description: 'When it was placed.' })
  placedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it changed last.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts its changes.' })
  version!: number;
}

const { Connection } = connectionType('Order', () => Order as ClassType<Order>, {
  items: 'orders',
  totalCount: 'optional',
  totalCountCost: 10,
});
export const OrderConnection = Connection;
