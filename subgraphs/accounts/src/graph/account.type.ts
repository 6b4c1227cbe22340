import { type Role, scopesOfRoles } from '@app/auth';
import { CurrencyCodeScalar, connectionType, DateTimeScalar, Node } from '@app/subgraph';
import { type ClassType, Directive, Field, ObjectType } from 'type-graphql';
import { AccountStatus, RiskLevel } from '../domain/account.ts';
import type { AccountRow } from '../service/reading.ts';
import { RoleEnum } from './enums.ts';

/** Its fields need a sign-in one by one: `@authenticated` on the type would reach the interface Node by composition, and hide products from visitors. */
@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
@ObjectType('Account', {
  implements: Node,
  description: 'Private side of a person (same id as the User). Reached only through me, by staff through accounts, or Order.buyer.',
})
export class Account extends Node {
  /** Not a field: what {@link User} is made of. */
  row!: AccountRow;

  @Directive('@authenticated')
  @Field(() => String, { description: 'E-mail address, in lower case; empty once the account is erased.' })
  email!: string;

  @Directive('@authenticated')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the e-mail address was confirmed; null when it was not yet.' })
  emailVerifiedAt!: Date | null;

  @Directive('@authenticated')
  @Field(() => String, { nullable: true, description: 'Given name.' })
  givenName!: string | null;

  @Directive('@authenticated')
  @Field(() => String, { nullable: true, description: 'Family name.' })
  familyName!: string | null;

  @Directive('@authenticated')
  @Field(() => String, { description: 'Language for mails and texts, a BCP 47 tag such as de-CH.' })
  locale!: string;

  @Directive('@authenticated')
  @Field(() => CurrencyCodeScalar, { description: 'Currency that prices are shown in.' })
  preferredCurrency!: string;

  @Directive('@authenticated')
  @Field(() => [RoleEnum], { description: 'Roles, least powerful first.' })
  roles!: Role[];

  @Directive('@authenticated')
  @Field(() => [String], { description: 'Scopes that the roles give, such as orders:read.' })
  permissions!: string[];

  @Directive('@authenticated')
  @Field(() => AccountStatus, { description: 'Where the account stands.' })
  status!: AccountStatus;

  @Directive('@inaccessible')
  @Field(() => RiskLevel, { description: 'How much trust it has; for other subgraphs only.' })
  riskLevel!: RiskLevel;

  @Directive('@authenticated')
  @Field(() => DateTimeScalar, { description: 'When it was registered.' })
  createdAt!: Date;

  /** The private part of an account. Whoever calls this has made sure that the caller may see it. */
  static of(row: AccountRow): Account {
    const { id, emailVerifiedAt, givenName, familyName, locale, preferredCurrency, roles, status, riskLevel, createdAt } = row;
    const facts = { id, emailVerifiedAt, givenName, familyName, locale, preferredCurrency, roles, status, riskLevel, createdAt };
    return Object.assign(new Account(), { ...facts, row, email: row.email ?? '', permissions: scopesOfRoles(roles) });
  }
}

export const { Connection: AccountConnection } = connectionType('Account', () => Account as ClassType<Account>, {
  items: 'accounts',
  totalCount: 'required',
});
