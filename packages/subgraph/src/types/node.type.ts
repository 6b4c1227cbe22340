import 'reflect-metadata';
import { Field, ID, InterfaceType } from 'type-graphql';

/** Relay's global object: anything that can be fetched again by its id. Every implementer resolves itself, so there is nothing to resolve here. */
@InterfaceType('Node', { description: 'Anything that can be fetched again by its id.' })
export abstract class Node {
  @Field(() => ID, { description: 'Stable, opaque and unique over all types.' })
  id!: string;
}
