import { DateTimeScalar } from '@app/subgraph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import type { ReviewableRow } from '../service/rows.ts';
import { Product } from './product.type.ts';

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Order', { description: 'What was bought, as it was bought.' })
export class Order {
  @Field(() => ID, { description: 'Stable, opaque and unique over all types.' })
  id!: string;
}

@ObjectType('ReviewableItem', { description: 'Something the account holder received, kept and has not reviewed.' })
export class ReviewableItem {
  @Field(() => Product, { nullable: true, description: 'The product.' })
  product!: Product | null;

  @Field(() => DateTimeScalar, { description: 'When it arrived.' })
  purchasedAt!: Date;

  @Field(() => Order, { nullable: true, description: 'The order it came with; the latest when there were several.' })
  order!: Order | null;

  static of({ productId, orderId, deliveredAt }: ReviewableRow): ReviewableItem {
    const order = Object.assign(new Order(), { id: orderId });
    return Object.assign(new ReviewableItem(), { product: Product.of(productId), purchasedAt: deliveredAt, order });
  }
}
