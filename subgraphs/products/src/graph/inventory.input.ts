import { Field, ID, InputType, Int } from 'type-graphql';

@InputType('InventoryChange', { description: 'A change of what is on a shelf.' })
export class InventoryChange {
  @Field(() => ID, { description: 'Which variant.' })
  variantId!: string;

  @Field(() => ID, { description: 'At which location.' })
  locationId!: string;

  @Field(() => Int, { description: 'Units that came (positive) or went (negative); not 0.' })
  delta!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Units on hand that you saw: the change happens only when there are still as many. Explicit null opts out.',
  })
  changeFrom?: number | null;
}

@InputType('InventoryAdjustInput', { description: 'A correction of stock.' })
export class InventoryAdjustInput {
  @Field(() => String, {
    description: '8 to 128 visible characters, such as a UUID: repeating it with the same changes does nothing twice.',
  })
  idempotencyKey!: string;

  @Field(() => String, { description: 'Why, at most 500 characters; kept with the movement.' })
  reason!: string;

  @Field(() => [InventoryChange], { description: 'Up to 200 changes, each of another shelf: all of them happen or none.' })
  changes!: InventoryChange[];
}
