import { anonymous, type Principal } from '@app/auth';
import { expect, test } from 'vitest';
import type { SchemaRule } from './rules.ts';
import { compileRule } from './shield.ts';
import { knownVerdict, rememberVerdict } from './verdicts.ts';

const ruleOf = (requirement: SchemaRule['requirement']): SchemaRule => ({ requirement, rule: compileRule(requirement) });

test('a verdict is known for the same caller and the same rule only, yes as well as no', () => {
  const [signedIn, other] = [ruleOf({ kind: 'authenticated' }), ruleOf({ kind: 'authenticated' })];
  const service: Principal = { kind: 'service', id: 'orders' };
  rememberVerdict(anonymous, signedIn, false);
  rememberVerdict(service, signedIn, true);
  expect([knownVerdict(anonymous, signedIn), knownVerdict(service, signedIn)]).toEqual([false, true]);
  expect(knownVerdict({ kind: 'service', id: 'orders' }, signedIn)).toBeUndefined();
  expect(knownVerdict(anonymous, other)).toBeUndefined();
});

test('what a policy said is asked again', () => {
  const policy = ruleOf({ kind: 'policy', anyOf: [['staff']] });
  rememberVerdict(anonymous, policy, true);
  expect(knownVerdict(anonymous, policy)).toBeUndefined();
});
