import { DateTimeScalar, MoneyType } from '@app/subgraph';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { ReturnReason, ReturnStatus } from '../domain/statuses.ts';
import { OrderLine } from './order-line.type.ts';

@ObjectType('ReturnLine', { description: 'What is sent back.' })
export class ReturnLine {
  @Field(() => OrderLine, { description: 'The line of the order.' })
  line!: OrderLine;

  @Field(() => Int, { description: 'How many of it.' })
  quantity!: number;

  @Field(() => ReturnReason, { description: 'Why.' })
  reason!: ReturnReason;
}

@ObjectType('Return', { description: 'Goods on their way back.' })
export class Return {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => ReturnStatus, { description: 'Where it is in its life.' })
  status!: ReturnStatus;

  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [ReturnLine], { description: 'What is sent back.' })
  lines!: ReturnLine[];

  @Field(() => MoneyType, {
    nullable: true,
    description:
      'What the buyer need not pay once the goods have arrived: refunded as far as it was taken, not taken any more beyond that. Null while open.',
  })
  refund!: MoneyType | null;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  requestedAt!: Date;
}
