import type { Principal } from '@app/auth';

/** Decides one policy for one caller. Throwing or answering late counts as no. */
export type Policy = (principal: Principal, signal: AbortSignal) => boolean | Promise<boolean>;

/**
 * Every policy that `@policy` directives may name. A policy that is not in this list never holds.
 * Whether the caller is who they say is settled before; what they own is decided by the subgraph that owns it.
 */
export const policies: Readonly<Record<string, Policy>> = {
  /** Someone who works here: holds any role beyond that of a customer. */
  staff: (principal) => principal.kind === 'user' && principal.roles.some((role) => role !== 'CUSTOMER'),
};
