import { oneOf, url } from '@app/config';
import { connectStreams } from './connect-streams.ts';
import { NatsTransport } from './nats-transport.ts';
import { RedisTransport } from './redis-transport.ts';
import type { EventTransport } from './transport.ts';

/** Variables that choose the transport, for the configuration of every process that relays or consumes events. */
export const transportShape = {
  EVENT_TRANSPORT: oneOf(['redis', 'nats'], 'redis').describe('What carries events between services.'),
  NATS_URL: url('nats', 'tls').default('nats://localhost:4222').describe('NATS server with JetStream, for EVENT_TRANSPORT=nats.'),
};

/** The values of {@link transportShape}, and the Redis that a process may or may not have. */
export interface TransportSettings {
  readonly EVENT_TRANSPORT: 'redis' | 'nats';
  readonly NATS_URL: string;
  readonly REDIS_URL?: string | undefined;
}

/**
 * The transport that the configuration names, or null for Redis without an address. It connects when it is first used
 * and goes on trying; `close` ends its connections.
 * @param onError told when a connection is lost.
 */
export function openTransport(
  settings: TransportSettings & { readonly REDIS_URL: string },
  onError?: (error: Error) => void,
): EventTransport;
export function openTransport(settings: TransportSettings, onError?: (error: Error) => void): EventTransport | null;
export function openTransport(settings: TransportSettings, onError?: (error: Error) => void): EventTransport | null {
  switch (settings.EVENT_TRANSPORT) {
    case 'nats':
      return new NatsTransport({ url: settings.NATS_URL, ...(onError && { onError }) });
    case 'redis':
      return settings.REDIS_URL === undefined
        ? null
        : new RedisTransport({ redis: connectStreams(settings.REDIS_URL, onError), isConnectionOwned: true });
  }
}
