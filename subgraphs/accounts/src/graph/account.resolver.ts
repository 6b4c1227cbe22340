import type { Connection } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { AccountsContext } from '../context.ts';
import { isOwn } from '../service/reading.ts';
import { searchAccounts } from '../service/staff-accounts.ts';
import { AccountFilter } from './account.input.ts';
import { Account, AccountConnection } from './account.type.ts';
import { Address } from './address.type.ts';
import { DataExport } from './data-export.type.ts';
import { MfaFactor, MfaStatus } from './mfa.type.ts';
import { LinkedIdentity, Session } from './session.type.ts';
import { User } from './user.type.ts';

/** Reads of accounts, and what hangs on one. */
@Resolver(() => Account)
export class AccountResolver {
  @Directive('@authenticated')
  @Query(() => Account, { nullable: true, description: 'The signed-in account; null when anonymous.' })
  async me(@Ctx() { caller, loaders }: AccountsContext): Promise<Account | null> {
    if (caller.principal.kind !== 'user') return null;
    const row = await loaders.account.load(caller.principal.id);
    return row && row.status !== 'ERASED' ? Account.of(row) : null;
  }

  @Directive('@requiresScopes(scopes: [["accounts:read"]])')
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])')
  @Directive('@tag(name: "admin")')
  @Query(() => AccountConnection, { description: 'Accounts, newest first.' })
  async accounts(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on after.' }) after?: string | null,
    @Arg('filter', () => AccountFilter, { nullable: true, description: 'What to look for.' }) filter?: AccountFilter | null,
  ): Promise<Connection<Account>> {
    const { edges, nodes, pageInfo, count } = await searchAccounts(app, caller, { first, after }, filter ?? {});
    const wrapped = edges.map(({ cursor, node }) => ({ cursor, node: Account.of(node) }));
    return Object.assign(new AccountConnection(), { edges: wrapped, nodes: nodes.map(Account.of), pageInfo, count });
  }

  @Directive('@authenticated')
  @FieldResolver(() => User, { description: 'Public side of the same person.' })
  user(@Root() account: Account): User {
    return User.of(account.row);
  }

  @Directive('@listSize(assumedSize: 20)')
  @Directive('@authenticated')
  @FieldResolver(() => [Address], { description: 'Address book, oldest entry first; at most 20.' })
  async addresses(@Root() { id }: Account, @Ctx() { loaders }: AccountsContext): Promise<Address[]> {
    return (await loaders.addressesOf.load(id)).map(Address.of);
  }

  @Directive('@authenticated')
  @FieldResolver(() => Address, { nullable: true, description: 'Where parcels go unless said otherwise.' })
  async defaultShippingAddress(@Root() { id }: Account, @Ctx() { loaders }: AccountsContext): Promise<Address | null> {
    const row = (await loaders.addressesOf.load(id)).find((address) => address.isDefaultShipping);
    return row ? Address.of(row) : null;
  }

  @Directive('@authenticated')
  @FieldResolver(() => Address, { nullable: true, description: 'Where bills go unless said otherwise.' })
  async defaultBillingAddress(@Root() { id }: Account, @Ctx() { loaders }: AccountsContext): Promise<Address | null> {
    const row = (await loaders.addressesOf.load(id)).find((address) => address.isDefaultBilling);
    return row ? Address.of(row) : null;
  }

  @Directive('@listSize(assumedSize: 20)')
  @Directive('@authenticated')
  @FieldResolver(() => [Session], { description: 'Sessions that still work, last used first.' })
  async sessions(@Root() { id }: Account, @Ctx() { loaders, caller }: AccountsContext): Promise<Session[]> {
    const currentId = caller.principal.kind === 'user' ? caller.principal.sessionId : null;
    return (await loaders.sessionsOf.load(id)).map((row) => Session.of(row, currentId));
  }

  @Directive('@listSize(assumedSize: 5)')
  @Directive('@authenticated')
  @FieldResolver(() => [LinkedIdentity], { description: 'Accounts elsewhere that sign in here.' })
  async identities(@Root() { id }: Account, @Ctx() { loaders }: AccountsContext): Promise<LinkedIdentity[]> {
    return (await loaders.identitiesOf.load(id)).map(LinkedIdentity.of);
  }

  @Directive('@authenticated')
  @FieldResolver(() => MfaStatus, { description: 'Second factor.' })
  async mfa(@Root() { id }: Account, @Ctx() { loaders }: AccountsContext): Promise<MfaStatus> {
    const [rows, recoveryCodesLeft] = await Promise.all([loaders.factorsOf.load(id), loaders.recoveryCodesLeft.load(id)]);
    return Object.assign(new MfaStatus(), { enabled: rows.length > 0, factors: rows.map(MfaFactor.of), recoveryCodesLeft });
  }

  @Directive('@listSize(assumedSize: 5)')
  @Directive('@authenticated')
  @FieldResolver(() => [DataExport], { description: 'Copies of personal data that were asked for, newest first.' })
  async dataExports(@Root() { id }: Account, @Ctx() { loaders, caller }: AccountsContext): Promise<DataExport[]> {
    return (await loaders.exportsOf.load(id)).map((row) => DataExport.of(row, isOwn(caller, id)));
  }
}

/** Reads of the public side. */
@Resolver(() => User)
export class UserResolver {
  @Query(() => User, { nullable: true, description: 'A person by id; null when there is none.' })
  async user(
    @Ctx() { loaders }: AccountsContext,
    @Arg('id', () => ID, { description: 'Id of the person.' }) id: string,
  ): Promise<User | null> {
    const row = await loaders.account.load(id);
    return row && row.status !== 'PENDING_VERIFICATION' ? User.of(row) : null;
  }
}
