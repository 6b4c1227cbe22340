import { expect, test } from 'vitest';
import { RedisRoom } from './redis-room.ts';

test('there is room for so much at once, and for as much again within the lifetime of what was written', () => {
  let now = 0;
  const room = new RedisRoom({ characters: 1_000, lifetimeMs: 1_000, now: () => now });
  expect([room.take(400), room.take(400), room.take(200), room.take(0)]).toEqual([true, false, true, false]);
  now = 500;
  expect([room.take(301), room.take(300), room.take(0)]).toEqual([false, true, false]);
  now = 10_000;
  expect([room.take(801), room.take(800), room.take(0)]).toEqual([false, true, false]);
});
