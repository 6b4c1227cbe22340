import type { Role } from '@app/auth';
import { CurrencyCodeScalar, PostalAddressInput } from '@app/subgraph';
import { Field, InputType } from 'type-graphql';
import { AccountStatus } from '../domain/account.ts';
import { RoleEnum } from './enums.ts';

@InputType('ProfileUpdateInput', { description: 'What of a profile to change. What is left out stays.' })
export class ProfileUpdateInput {
  @Field(() => String, { nullable: true, description: 'Name that everybody sees, up to 80 characters.' })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: 'Given name, up to 80 characters; null clears it.' })
  givenName?: string | null;

  @Field(() => String, { nullable: true, description: 'Family name, up to 80 characters; null clears it.' })
  familyName?: string | null;

  @Field(() => String, { nullable: true, description: 'Language, a BCP 47 tag such as de-CH.' })
  locale?: string | null;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: 'Currency that prices are shown in.' })
  preferredCurrency?: string | null;
}

@InputType('AddressInput', { description: 'An entry of the address book.' })
export class AddressInput {
  @Field(() => PostalAddressInput, { description: 'Where it is.' })
  postal!: PostalAddressInput;

  @Field(() => String, { nullable: true, description: 'A word for it, up to 40 characters, such as Home.' })
  label?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Makes it the address that parcels go to.' })
  defaultShipping?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Makes it the address that bills go to.' })
  defaultBilling?: boolean | null;
}

@InputType('AccountFilter', { description: 'What staff looks for; all that is given must hold.' })
export class AccountFilter {
  @Field(() => String, { nullable: true, description: 'Part of the e-mail address.' })
  email?: string | null;

  @Field(() => AccountStatus, { nullable: true, description: 'Status.' })
  status?: AccountStatus | null;

  @Field(() => RoleEnum, { nullable: true, description: 'A role it has.' })
  role?: Role | null;
}
