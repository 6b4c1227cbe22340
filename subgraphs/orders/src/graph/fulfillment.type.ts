import { DateTimeScalar } from '@app/subgraph';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { ShipmentStatus } from '../domain/statuses.ts';
import { OrderLine } from './order-line.type.ts';

@ObjectType('FulfillmentLine', { description: 'What is in a shipment.' })
export class FulfillmentLine {
  @Field(() => OrderLine, { description: 'The line of the order.' })
  line!: OrderLine;

  @Field(() => Int, { description: 'How many of it.' })
  quantity!: number;
}

@ObjectType('Fulfillment', { description: 'A shipment.' })
export class Fulfillment {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => ShipmentStatus, { description: 'Where it is.' })
  status!: ShipmentStatus;

  @Field(() => String, { nullable: true, description: 'Who carries it.' })
  carrier!: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number." })
  trackingNumber!: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's page about it." })
  trackingUrl!: string | null;

  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [FulfillmentLine], { description: 'What is in it.' })
  lines!: FulfillmentLine[];

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was sent.' })
  shippedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it arrived.' })
  deliveredAt!: Date | null;
}
