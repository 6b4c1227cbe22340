import type { Role } from '@app/auth';
import { toPayload } from '@app/subgraph';
import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { AccountsContext } from '../context.ts';
import { removeSecondFactor, setRoles, suspendAccount } from '../service/staff-accounts.ts';
import { Account } from './account.type.ts';
import { RoleEnum } from './enums.ts';
import { AccountPayload } from './payloads.type.ts';

/** What admins do to accounts of others; each leaves an audit entry. */
@Resolver()
export class StaffResolver {
  @Directive('@requiresScopes(scopes: [["accounts:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => AccountPayload, { description: 'Sets the roles of somebody else. Taking one away ends their sessions.' })
  accountRolesSet(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('id', () => ID, { description: 'Whose.' }) id: string,
    @Arg('roles', () => [RoleEnum], { description: 'All roles they shall have; at least one.' }) roles: Role[],
  ): Promise<AccountPayload> {
    return toPayload(async () => ({ account: Account.of((await setRoles(app, caller, id, roles)).account) }), { account: null });
  }

  @Directive('@requiresScopes(scopes: [["accounts:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => AccountPayload, { description: 'Suspends the account of somebody else and ends their sessions.' })
  accountSuspend(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('id', () => ID, { description: 'Whose.' }) id: string,
    @Arg('reason', () => String, { description: 'Why, up to 500 characters; kept in the audit log.' }) reason: string,
  ): Promise<AccountPayload> {
    return toPayload(async () => ({ account: Account.of((await suspendAccount(app, caller, id, reason)).account) }), { account: null });
  }

  @Directive('@requiresScopes(scopes: [["accounts:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => AccountPayload, {
    description:
      'Takes the second factor of somebody else who lost it, recovery codes included; ends their sessions and tells them by mail.',
  })
  accountMfaRemove(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('id', () => ID, { description: 'Whose.' }) id: string,
    @Arg('reason', () => String, { description: 'Why, and how they proved who they are, up to 500 characters; kept in the audit log.' })
    reason: string,
  ): Promise<AccountPayload> {
    return toPayload(async () => ({ account: Account.of((await removeSecondFactor(app, caller, id, reason)).account) }), { account: null });
  }
}
