import { anonymous, userPrincipal } from '@app/auth';
import { expect, test } from 'vitest';
import { createPolicyCheck } from './check-policy.ts';
import { compileRule, holds, type PolicyCheck, ruleContext } from './shield.ts';

const principal = userPrincipal('usr_1', 'ses_1', ['SUPPORT']);

function check(timeoutMs = 1_000) {
  const failures: string[] = [];
  const policies = {
    yes: () => true,
    no: () => false,
    truthy: () => 'yes' as unknown as boolean,
    throws: () => {
      throw new Error('down');
    },
    rejects: () => Promise.reject(new Error('down')),
    never: () => new Promise<boolean>(() => undefined),
  };
  return { failures, ask: createPolicyCheck({ policies, timeoutMs, onFailure: (policy) => failures.push(policy) }) };
}

test.each([
  ['yes', true, false],
  ['no', false, false],
  ['truthy', false, false],
  ['throws', false, true],
  ['rejects', false, true],
  ['never', false, true],
  ['unknown', false, true],
  ['toString', false, true],
  ['__proto__', false, true],
])('the policy "%s" answers %s', async (policy, answer, isFailure) => {
  const { ask, failures } = check(20);
  expect(await ask(policy, principal)).toBe(answer);
  expect(failures).toEqual(isFailure ? [policy] : []);
});

test('policies of one request are asked at the same time, each once', async () => {
  const asked: string[] = [];
  const together = Promise.withResolvers<void>();
  const checkPolicy: PolicyCheck = async (policy) => {
    asked.push(policy);
    if (asked.length === 3) together.resolve();
    await together.promise;
    return true;
  };
  const context = ruleContext({ principal, checkPolicy });
  const rules = [[['a', 'b']], [['a'], ['c']], [['b', 'c']]].map((anyOf) => compileRule({ kind: 'policy', anyOf }));
  expect(await Promise.all(rules.map((rule) => holds(rule, context)))).toEqual([true, true, true]);
  expect(asked.sort()).toEqual(['a', 'b', 'c']);
});

test.each<[string, Parameters<typeof compileRule>[0], boolean, boolean]>([
  ['no list of scopes', { kind: 'scopes', anyOf: [] }, false, false],
  ['a list of no scopes', { kind: 'scopes', anyOf: [[]] }, true, false],
  ['no list of policies', { kind: 'policy', anyOf: [] }, false, false],
  [
    'scopes of two lists of which one is held',
    { kind: 'scopes', anyOf: [['payments:write'], ['orders:read', 'accounts:read']] },
    true,
    false,
  ],
  ['a scope that is half held', { kind: 'scopes', anyOf: [['orders:read', 'payments:write']] }, false, false],
  ['a sign-in', { kind: 'authenticated' }, true, false],
])('a rule that asks for %s is met by support: %3$s', async (_name, requirement, bySupport, byNobody) => {
  const rule = compileRule(requirement);
  const checkPolicy = () => Promise.resolve(true);
  expect(await holds(rule, ruleContext({ principal, checkPolicy }))).toBe(bySupport);
  expect(await holds(rule, ruleContext({ principal: anonymous, checkPolicy }))).toBe(byNobody);
});
