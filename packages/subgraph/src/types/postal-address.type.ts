import 'reflect-metadata';
import { Directive, Field, InputType, ObjectType } from 'type-graphql';

/** A postal address. */
@Directive('@shareable')
@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('PostalAddress', { description: 'Where mail and parcels go.' })
export class PostalAddress {
  @Field(() => String, { description: 'Who receives it.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Company, when it goes to one.' })
  company!: string | null;

  @Field(() => String, { description: 'Street and number.' })
  line1!: string;

  @Field(() => String, { nullable: true, description: 'Flat, floor, building.' })
  line2!: string | null;

  @Field(() => String, { description: 'City.' })
  city!: string;

  @Field(() => String, { nullable: true, description: 'State, province or county.' })
  region!: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code, where the country has one.' })
  postalCode!: string | null;

  @Field(() => String, { description: 'ISO 3166-1 alpha-2 country code, such as DE.' })
  countryCode!: string;

  @Field(() => String, { nullable: true, description: 'Phone number for the carrier.' })
  phone!: string | null;
}

/** A postal address sent by a client. */
@InputType('PostalAddressInput', { description: 'Where mail and parcels go.' })
export class PostalAddressInput {
  @Field(() => String, { description: 'Who receives it.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Company, when it goes to one.' })
  company?: string | null;

  @Field(() => String, { description: 'Street and number.' })
  line1!: string;

  @Field(() => String, { nullable: true, description: 'Flat, floor, building.' })
  line2?: string | null;

  @Field(() => String, { description: 'City.' })
  city!: string;

  @Field(() => String, { nullable: true, description: 'State, province or county.' })
  region?: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code, where the country has one.' })
  postalCode?: string | null;

  @Field(() => String, { description: 'ISO 3166-1 alpha-2 country code, such as DE.' })
  countryCode!: string;

  @Field(() => String, { nullable: true, description: 'Phone number for the carrier.' })
  phone?: string | null;
}
