import { expect, test } from 'vitest';
import { type Denial, parseDenial } from './denial.ts';

const denial: Denial = { at: 1, actorId: 'usr_1', operation: 'Orders', paths: ['orders'], times: 2, requestId: 'r1' };

test('what a gateway wrote is read as it was', () => {
  expect(parseDenial(JSON.stringify(denial))).toEqual(denial);
  expect(parseDenial(JSON.stringify({ ...denial, actorId: null, operation: null }))).toMatchObject({ actorId: null, operation: null });
});

test.each([
  '',
  'no JSON',
  'null',
  '7',
  '{}',
  JSON.stringify({ ...denial, at: 'now' }),
  JSON.stringify({ ...denial, actorId: 7 }),
  JSON.stringify({ ...denial, operation: {} }),
  JSON.stringify({ ...denial, paths: [1] }),
  JSON.stringify({ ...denial, paths: 'orders' }),
  JSON.stringify({ ...denial, times: 1.5 }),
  JSON.stringify({ ...denial, requestId: null }),
])('%s is no denial', (text) => {
  expect(parseDenial(text)).toBeUndefined();
});
