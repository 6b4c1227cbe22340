import { type Role, type Scope, scopesOfRoles } from './roles.ts';

/** Nobody: no token was sent. */
export interface AnonymousPrincipal {
  readonly kind: 'anonymous';
}

/** A person who signed in. */
export interface UserPrincipal {
  readonly kind: 'user';
  /** Account id, `usr_…`. */
  readonly id: string;
  /** Session id, `ses_…`: what revocation works on. */
  readonly sessionId: string;
  readonly roles: readonly Role[];
  readonly scopes: readonly string[];
}

/** Another service of this system, calling in its own name. */
export interface ServicePrincipal {
  readonly kind: 'service';
  /** Name of the service, such as `orders`. */
  readonly id: string;
}

/** Who a request speaks for. */
export type Principal = AnonymousPrincipal | UserPrincipal | ServicePrincipal;

export const anonymous: AnonymousPrincipal = { kind: 'anonymous' };

/** A signed-in principal with the scopes that its roles give. */
export function userPrincipal(id: string, sessionId: string, roles: readonly Role[]): UserPrincipal {
  return { kind: 'user', id, sessionId, roles, scopes: scopesOfRoles(roles) };
}

/** True when the principal is a person holding the scope. */
export function hasScope(principal: Principal, scope: Scope): boolean {
  return principal.kind === 'user' && principal.scopes.includes(scope);
}
