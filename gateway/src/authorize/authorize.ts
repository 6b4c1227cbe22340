import { AppError } from '@app/errors';
import { checkedOf, type OperationState, type Stage } from '../operation/request-state.ts';
import type { ProtectedOperation } from './protected-operation.ts';
import type { SchemaRule } from './rules.ts';
import { holds, type PolicyCheck, ruleContext } from './shield.ts';
import { knownVerdict, rememberVerdict } from './verdicts.ts';

/** What happens to an operation of which the caller may not see all. */
export type AuthorizationMode = 'filter' | 'reject';

/** Options of {@link authorize}. */
export interface AuthorizeOptions {
  /** `filter`: the denied part becomes null with an error at its path, the rest is served. `reject`: nothing is served. */
  readonly mode: AuthorizationMode;
  readonly checkPolicy: PolicyCheck;
  /** Told the places in the answer that a caller does not get. */
  readonly onDenied: (state: OperationState, paths: readonly (readonly string[])[]) => void;
}

/**
 * Decides, before anything is planned, fetched or read from a cache, which part of the operation the caller gets. This is the only place
 * that decides; the executor is given what remains.
 */
export function authorize({ mode, checkPolicy, onDenied }: AuthorizeOptions): Stage {
  const decide = async (state: OperationState, access: ProtectedOperation): Promise<void> => {
    const denied = await deniedRules(access.ruleIds, state, checkPolicy);
    if (denied.size === 0) {
      state.decision = { kind: 'allowed' };
      return;
    }
    const rest = access.without(denied);
    onDenied(state, rest.filtered.removed);
    if (mode === 'reject') throw new AppError('UNAUTHORIZED_FIELD_OR_TYPE', undefined, { details: { paths: rest.filtered.removed } });
    state.decision = { kind: 'filtered', rest };
  };
  return (state) => {
    const { access } = checkedOf(state);
    if (access.ruleIds.length > 0) return decide(state, access);
    state.decision = { kind: 'allowed' };
    return undefined;
  };
}

async function deniedRules(ids: readonly number[], state: OperationState, checkPolicy: PolicyCheck): Promise<ReadonlySet<number>> {
  const { principal } = state.request;
  const denied = new Set<number>();
  const open: (readonly [number, SchemaRule])[] = [];
  for (const id of ids) {
    const rule = state.generation.rules.all[id];
    const verdict = rule === undefined ? false : knownVerdict(principal, rule);
    if (verdict === false) denied.add(id);
    else if (rule !== undefined && verdict === undefined) open.push([id, rule]);
  }
  if (open.length === 0) return denied;
  const context = ruleContext({ principal, checkPolicy });
  await Promise.all(
    open.map(async ([id, rule]) => {
      const isMet = await holds(rule.rule, context);
      rememberVerdict(principal, rule, isMet);
      if (!isMet) denied.add(id);
    }),
  );
  return denied;
}
