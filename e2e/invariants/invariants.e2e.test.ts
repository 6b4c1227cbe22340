import { expect, inject, test } from 'vitest';
import { allInvariants } from './all-invariants.ts';
import { openBooks } from './books.ts';
import { breaches } from './breaches.ts';

test.each(allInvariants)('is seen to be broken: $title', async ({ title, offenders }) => {
  // What is begun ends with the connection, and nothing is changed.
  await using books = openBooks(inject('databaseUrls'), { graceSeconds: 0 });
  for (const name of books.names) await books.read(name, 'BEGIN ISOLATION LEVEL REPEATABLE READ');
  const before = await offenders(books);
  const breach = breaches[title];
  if (breach === undefined) throw new Error('no breach is written down for this invariant');
  for (const statement of breach.statements) await books.read(breach.database, statement);
  const found = await offenders(books);
  expect(found.filter((offender) => !before.includes(offender))).not.toEqual([]);
});

test('no breach is left over from an invariant that is gone', () => {
  expect(Object.keys(breaches).toSorted()).toEqual(allInvariants.map(({ title }) => title).toSorted());
});
