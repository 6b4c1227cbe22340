import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type PageArguments, pageRequest, toConnection } from './page.ts';

const all = Array.from({ length: 10 }, (_, index) => ({ id: `i${index}`, rank: index }));
const keyOf = (item: { id: string; rank: number }) => [item.rank, item.id];

function page(args: PageArguments) {
  const request = pageRequest(args, 'RANK', 2);
  const order = request.isBackward ? [...all].reverse() : all;
  const start = request.from === null ? 0 : order.findIndex((item) => item.id === request.from?.[1]) + 1;
  return toConnection(order.slice(start, start + request.limit + 1), request, keyOf);
}

test('pages forward, to the end', () => {
  const first = page({ first: 4 });
  expect(first.nodes.map((node) => node.rank)).toEqual([0, 1, 2, 3]);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  const last = page({ first: 8, after: first.pageInfo.endCursor });
  expect(last.nodes.map((node) => node.rank)).toEqual([4, 5, 6, 7, 8, 9]);
  expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
});

test('pages backward, in the same order', () => {
  const last = page({ last: 3 });
  expect(last.nodes.map((node) => node.rank)).toEqual([7, 8, 9]);
  expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  expect(page({ last: 3, before: last.pageInfo.startCursor }).nodes.map((node) => node.rank)).toEqual([4, 5, 6]);
});

test('an empty page has no cursors', () => {
  expect(toConnection([], pageRequest({}, 'RANK', 2), keyOf).pageInfo).toMatchObject({
    startCursor: null,
    endCursor: null,
    hasNextPage: false,
  });
});

test('a total is passed on', async () => {
  const connection = toConnection(all, pageRequest({ first: 1 }, 'RANK', 2), keyOf, () => Promise.resolve(10));
  expect(typeof connection.count === 'function' && (await connection.count())).toBe(10);
});

test.each<[PageArguments, string]>([
  [{ first: 0 }, 'first must be from 1 to 100'],
  [{ first: 101 }, 'first must be from 1 to 100'],
  [{ last: -1 }, 'last must be from 1 to 100'],
  [{ last: 1, after: encodeCursor('RANK', [1, 'i1']) }, 'not with both'],
  [{ after: '' }, 'cursor'],
  [{ after: 'garbage' }, 'cursor'],
  [{ after: encodeCursor('OTHER', [1, 'i1']) }, 'cursor'],
  [{ after: encodeCursor('RANK', ['i1']) }, 'cursor'],
  [{ after: encodeCursor('RANK', ['a\u0000', 'i1']) }, 'cursor'],
  [{ after: Buffer.from('[1,"RANK",{"a":1},true]').toString('base64url') }, 'cursor'],
  [{ after: Buffer.from('{"a":1}').toString('base64url') }, 'cursor'],
])('%j is refused', (args, message) => {
  expect(() => pageRequest(args, 'RANK', 2)).toThrow(message);
});

test('a cursor keeps its key, null included', () => {
  expect(decodeCursor(encodeCursor('S', [null, 'x']), 'S', 2)).toEqual([null, 'x']);
});
