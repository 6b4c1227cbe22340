/** What the schema asks of a caller at one place. */
export type Requirement =
  /** `@authenticated`: anyone who is known. */
  | { readonly kind: 'authenticated' }
  /** `@requiresScopes`: all scopes of at least one of the lists. */
  | { readonly kind: 'scopes'; readonly anyOf: readonly (readonly string[])[] }
  /** `@policy`: all policies of at least one of the lists. */
  | { readonly kind: 'policy'; readonly anyOf: readonly (readonly string[])[] };

/** The requirement as people read it; equal requirements read the same. */
export function describeRequirement(requirement: Requirement): string {
  if (requirement.kind === 'authenticated') return 'signed in';
  const lists = requirement.anyOf.map((list) => [...new Set(list)].sort().join(' and '));
  return `${requirement.kind === 'policy' ? 'policy ' : ''}${[...new Set(lists)].sort().join(' or ')}`;
}
