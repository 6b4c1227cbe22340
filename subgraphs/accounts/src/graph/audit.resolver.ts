import type { Connection } from '@app/subgraph';
import { Arg, Ctx, Directive, Int, Query, Resolver } from 'type-graphql';
import type { AccountsContext } from '../context.ts';
import { readAudit } from '../service/read-audit.ts';
import { AuditEntry, AuditEntryConnection, AuditFilter } from './audit-entry.type.ts';

/** Who did what. */
@Resolver()
export class AuditResolver {
  @Directive('@requiresScopes(scopes: [["accounts:write"]])')
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])')
  @Directive('@tag(name: "admin")')
  @Query(() => AuditEntryConnection, { description: 'Sign-ins, token events, changes by staff and denials, newest first.' })
  async auditLog(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on after.' }) after?: string | null,
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'What to look for.' }) filter?: AuditFilter | null,
  ): Promise<Connection<AuditEntry>> {
    const { edges, nodes, pageInfo } = await readAudit(app, caller, { first, after: after ?? null }, filter ?? {});
    const wrapped = edges.map(({ cursor, node }) => ({ cursor, node: AuditEntry.of(node) }));
    return Object.assign(new AuditEntryConnection(), { edges: wrapped, nodes: nodes.map(AuditEntry.of), pageInfo });
  }
}
