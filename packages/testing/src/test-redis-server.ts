import { findRedis, startRedis } from '@app/platform';
import { inject } from 'vitest';
import { type RestartableServer, restartable } from './restartable-server.ts';

/**
 * A Redis server of its own, for tests that empty or restart it. A restart loses what it held.
 *
 * @example await using server = await testRedisServer();
 */
export async function testRedisServer(): Promise<RestartableServer> {
  const program = await findRedis(inject('programSearch'));
  return restartable('redis', (place) => startRedis({ ...place, program, mode: 'throwaway' }));
}
