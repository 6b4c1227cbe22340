import { Node, PostalAddress } from '@app/subgraph';
import { Directive, Field, ObjectType } from 'type-graphql';
import type { AddressRow } from '../service/reading.ts';

@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
@ObjectType('Address', { implements: Node, description: "An entry of somebody's address book. Orders keep a copy of their own." })
export class Address extends Node {
  @Field(() => PostalAddress, { description: 'Where it is.' })
  postal!: PostalAddress;

  @Field(() => String, { nullable: true, description: "The owner's word for it, such as Home." })
  label!: string | null;

  static of({ id, label, name, company, line1, line2, city, region, postalCode, countryCode, phone }: AddressRow): Address {
    const postal = Object.assign(new PostalAddress(), { name, company, line1, line2, city, region, postalCode, countryCode, phone });
    return Object.assign(new Address(), { id, label, postal });
  }
}
