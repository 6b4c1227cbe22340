import { expect, test } from 'vitest';
import { counted } from '../../test/counted.ts';
import { readEntry, UNREADABLE_TYPE } from './read-entry.ts';

const place = { source: 'test', partition: 3, position: 7 };

test('an event of its place is read as it is', () => {
  const event = counted(7, 'a', 1);
  expect(readEntry(JSON.stringify(event), place)).toEqual(event);
});

test.each([
  ['{"id":', 'it is no JSON'],
  ['[]', 'it is no object'],
  ['null', 'it is no object'],
  [JSON.stringify({ ...counted(7, 'a', 1), subject: 5 }), 'it has no "subject"'],
  [JSON.stringify({ ...counted(7, 'a', 1), source: 'other' }), 'it says it is of "other"'],
  [JSON.stringify(counted(8, 'a', 1)), 'it says it is at 8'],
  [JSON.stringify({ ...counted(7, 'a', 1), streamversion: 'x' }), 'it has no "streamversion"'],
])('%s is no event of its place: %s', (text, reason) => {
  expect(readEntry(text, place)).toMatchObject({ type: UNREADABLE_TYPE, subject: '3/7', position: 7, data: { reason, entry: text } });
});
