import { findNats, startNats } from '@app/platform';
import { inject } from 'vitest';
import { type RestartableServer, restartable } from './restartable-server.ts';

/**
 * A NATS server with JetStream of its own, started when it is asked for, since few tests need one. It keeps its streams
 * over a restart.
 *
 * @example await using nats = await testNats();
 */
export async function testNats(): Promise<RestartableServer> {
  const program = await findNats(inject('programSearch'));
  return restartable('nats', (place) => startNats({ ...place, program }));
}
