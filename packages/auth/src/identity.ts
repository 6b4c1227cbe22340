import type { Principal } from './principal.ts';

/** Stands for one caller and what they may do: two callers with the same are one. */
export const identityOf = once((principal) => JSON.stringify(principal));

/** Stands for what a caller may do, whoever it is. Visitors are all the same. */
export const rightsOf = once((principal) => {
  if (principal.kind !== 'user') return identityOf(principal);
  return JSON.stringify(['user', principal.roles.toSorted(), principal.scopes.toSorted()]);
});

/** Describes each principal once: those of a token that is remembered are the same object. */
function once(describe: (principal: Principal) => string): (principal: Principal) => string {
  const known = new WeakMap<Principal, string>();
  return (principal) => {
    const before = known.get(principal);
    if (before !== undefined) return before;
    const text = describe(principal);
    known.set(principal, text);
    return text;
  };
}
