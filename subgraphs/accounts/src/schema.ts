import { buildFederatedSchema, ConflictError, InputError, NotFoundError, RateLimitedError, type SubgraphSchema } from '@app/subgraph';
import type { AccountsContext } from './context.ts';
import { AccountResolver, UserResolver } from './graph/account.resolver.ts';
import { AuditResolver } from './graph/audit.resolver.ts';
import { CredentialsResolver } from './graph/credentials.resolver.ts';
import { LoginResolver } from './graph/login.resolver.ts';
import { NodeResolver } from './graph/node.resolver.ts';
import { nodeStubs } from './graph/node-stubs.type.ts';
import { ProfileResolver } from './graph/profile.resolver.ts';
import { references } from './graph/references.ts';
import { SessionResolver } from './graph/session.resolver.ts';
import { StaffResolver } from './graph/staff.resolver.ts';

/** The schema of this subgraph, from its classes. */
export function buildAccountsSchema(): Promise<SubgraphSchema> {
  return buildFederatedSchema<AccountsContext>({
    resolvers: [
      AccountResolver,
      UserResolver,
      SessionResolver,
      CredentialsResolver,
      ProfileResolver,
      StaffResolver,
      LoginResolver,
      AuditResolver,
      NodeResolver,
    ],
    // Reached through the interfaces UserError and Node only.
    orphanedTypes: [InputError, NotFoundError, ConflictError, RateLimitedError, ...Object.values(nodeStubs)],
    references,
  });
}
