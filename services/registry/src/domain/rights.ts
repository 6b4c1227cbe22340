import { RegistryError } from '../registry-error.ts';

/** `read` schemas and pages, `check` changes, `report` operations and usage, `publish:NAME` one subgraph, `publish:*` any and roll back. */
export type Right = 'read' | 'check' | 'report' | `publish:${string}`;

const form = /^(read|check|report|publish:(\*|[A-Za-z][\w-]{0,63}))$/;

/** Reads rights as they are typed. @throws {RegistryError} `WRONG_FIELD` naming the one that is none. */
export function parseRights(texts: readonly string[]): Right[] {
  const wrong = texts.find((text) => !form.test(text));
  if (wrong !== undefined || texts.length === 0)
    throw new RegistryError('WRONG_FIELD', `"${wrong ?? ''}" is no right: there are read, check, report, publish:SUBGRAPH and publish:*.`);
  return [...new Set(texts)] as Right[];
}

/** Who asks, as its token says. */
export interface Caller {
  readonly tokenId: string;
  readonly tokenName: string;
  readonly graph: string;
  readonly rights: readonly Right[];
}

/** Whether rights include one. */
export function hasRight(rights: readonly Right[], right: Right): boolean {
  return rights.includes(right) || (right.startsWith('publish:') && rights.includes('publish:*'));
}

/** @throws {RegistryError} `RIGHT_MISSING` naming every right that is lacking. */
export function requireRights(caller: Caller, ...needed: readonly Right[]): void {
  const missing = needed.filter((right) => !hasRight(caller.rights, right));
  if (missing.length > 0)
    throw new RegistryError(
      'RIGHT_MISSING',
      `Token ${caller.tokenName} lacks ${missing.join(', ')} on ${caller.graph}: it has ${caller.rights.join(', ')}. Make one with the right it needs.`,
    );
}
