import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RegistryPoll } from './registry-poll.ts';

test('a server that tags its answers and never says "not modified" is not asked without a pause', async () => {
  let asked = 0;
  const seen: string[] = [];
  const poll = new RegistryPoll({
    url: 'http://registry',
    token: undefined,
    waitSeconds: 30,
    pauseMs: 3_600_000,
    ask: async () => {
      asked += 1;
      await turn();
      return new Response('same', { headers: { etag: '"1"' } });
    },
    onError: (error) => expect(error).toBeUndefined(),
  });
  expect(await poll.first()).toBe('same');
  const stop = poll.follow((sdl) => seen.push(sdl));
  for (let turns = 0; turns < 200; turns += 1) await turn();
  stop();
  expect([asked, seen]).toEqual([2, []]);
});
