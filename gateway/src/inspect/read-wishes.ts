import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '@app/auth';
import { Inspection } from './inspection.ts';

/** Who may look at plans and timings: they show how the graph is built. */
export interface InspectionAccess {
  /** Everybody: in development. */
  readonly isOpen: boolean;
  /** Scope whose holders may; undefined: nobody else. */
  readonly scope: string | undefined;
}

/** The request's wish to be inspected; undefined when it has none, or may not. Who may not is answered as if they had not asked. */
export function readInspection(headers: IncomingHttpHeaders, principal: Principal, access: InspectionAccess): Inspection | undefined {
  const expose = headers['apollo-expose-query-plan'];
  const experimental = headers['apollo-query-plan-experimental'];
  const timing = headers['x-gateway-inspect'];
  if (expose === undefined && experimental === undefined && timing === undefined) return undefined;
  if (!access.isOpen && !isDeveloper(principal, access.scope)) return undefined;
  const isInternal = headers['apollo-query-plan-experimental-format'] === 'internal';
  return new Inspection({
    plan: {
      router: expose === 'true' || expose === 'dry-run',
      gateway: !experimental ? 'none' : isInternal ? 'internal' : 'prettified',
    },
    timing: timing !== undefined,
    dryRun: expose === 'dry-run',
  });
}

function isDeveloper(principal: Principal, scope: string | undefined): boolean {
  return scope !== undefined && principal.kind === 'user' && principal.scopes.includes(scope);
}
