import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { composeForTest } from '../execute/testing/supergraphs.ts';
import { planBuilder } from './build-plan.ts';
import { fetchesOf } from './map-fetches.ts';

const plan = planBuilder(
  composeForTest({
    bank: `scalar Big  scalar Json  input Sum { amount: Big  share: Float }
      type Query { account: Account  ids(of: [ID!], at: Float): Int }
      type Account @key(fields: "id") { id: ID! }`,
    books: `scalar Big  scalar Json  input Sum { amount: Big  share: Float }
      type Account @key(fields: "id") { id: ID!  pay(big: Big, sums: [Sum!], json: Json, text: String): Int }`,
  }),
);

/** What subgraphs are asked. */
function askedFor(query: string): string {
  const { node } = plan(parse(query), undefined);
  if (node?.kind === 'Subscription') throw new Error('This is no query.');
  return fetchesOf(node)
    .map(({ operation }) => operation)
    .join('\n');
}

test.each(['12345678901234567890', '-9007199254740993', '0.10', '19.990000000000000001', '1E400', '"12345678901234567890"'])(
  'a subgraph gets %s of a scalar as the client wrote it',
  (number) => {
    expect(askedFor(`{ account { pay(big: ${number}) } }`)).toContain(`pay(big:${number})`);
    expect(askedFor(`{ account { pay(sums: { amount: ${number} }) } }`)).toContain(`pay(sums:[{amount:${number}}])`);
    expect(askedFor(`{ account { pay(json: { a: [${number}, { b: ${number} }] }) } }`)).toContain(`pay(json:{a:[${number}{b:${number}}]})`);
    expect(askedFor(`query ($big: Big = ${number}) { account { pay(big: $big) } }`)).toContain(`$big:Big=${number}`);
  },
);

test('numbers of other types and texts that look like what the planner is given stay what they are', () => {
  const query =
    '{ ids(of: [12345678901234567890, "1"], at: 1.50) account { pay(big: 0.10, text: "#0.10", json: "##1", sums: { share: 2.0 }) } }';
  const asked = askedFor(query);
  expect(asked).toContain('ids(of:[12345678901234567890 1]at:1.5)');
  expect(asked).toContain('pay(big:0.10 text:"#0.10" json:"##1" sums:[{share:2}])');
});
