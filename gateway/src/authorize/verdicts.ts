import type { Principal } from '@app/auth';
import type { SchemaRule } from './rules.ts';

/**
 * What is known of who meets which rule. Signing in and scopes belong to the caller, whose principal is one object for as long as its token
 * is remembered and never changes: such a rule is evaluated once per caller. What a policy says may change from one request to the next.
 */
const known = new WeakMap<Principal, WeakMap<SchemaRule, boolean>>();

/** The verdict if it was given before. */
export function knownVerdict(principal: Principal, rule: SchemaRule): boolean | undefined {
  return known.get(principal)?.get(rule);
}

/** Remembers a verdict, unless it is a policy's. */
export function rememberVerdict(principal: Principal, rule: SchemaRule, isMet: boolean): void {
  if (rule.requirement.kind === 'policy') return;
  const ofCaller = known.get(principal) ?? new WeakMap<SchemaRule, boolean>();
  known.set(principal, ofCaller.set(rule, isMet));
}
