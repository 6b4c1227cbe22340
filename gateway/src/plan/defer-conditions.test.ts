import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { composeForTest, shop } from '../execute/testing/supergraphs.ts';
import { planBuilder } from './build-plan.ts';

const buildPlan = planBuilder(composeForTest(shop));

/** Defers as many fragments, each on a variable of its own. */
function operation(conditions: number): string {
  const variables = Array.from({ length: conditions }, (_, index) => `$v${index}: Boolean!`);
  const fragments = variables.map((_, index) => `... on User @defer(if: $v${index}) { f${index}: reviews { stars } }`);
  return `query (${variables.join(', ')}) { me { name ${fragments.join(' ')} } }`;
}

test('a few conditions on @defer are planned in all combinations', () => {
  expect(buildPlan(parse(operation(2)), undefined).node).toMatchObject({
    kind: 'Condition',
    ifClause: { kind: 'Condition', ifClause: { kind: 'Defer' }, elseClause: { kind: 'Defer' } },
    elseClause: { kind: 'Condition', ifClause: { kind: 'Defer' }, elseClause: { kind: 'Sequence' } },
  });
});

test('an operation with many conditions on @defer is planned in one piece', () => {
  expect(buildPlan(parse(operation(24)), undefined).node).toMatchObject({
    kind: 'Sequence',
    nodes: [{ kind: 'Fetch' }, { kind: 'Flatten' }],
  });
});
