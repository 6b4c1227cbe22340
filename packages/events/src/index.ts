export { type AsyncApiChannel, type AsyncApiDocument, asyncApi } from './async-api.ts';
export type { ConsumerSignal } from './attempt.ts';
export { backoffMs, DEFAULT_RETRY, type RetryPolicy } from './backoff.ts';
export { type ConsumerDefinition, type ConsumerOptions, startConsumer } from './consumer.ts';
export { type DeadLetter, discard, listDeadLetters, requestRedrive, showDeadLetter } from './dead-letter.ts';
export {
  type DataOf,
  type DraftEvent,
  type DraftOptions,
  defineEvent,
  type EventDefinition,
  type EventSchemas,
  type EventVersions,
  type ReceivedEvent,
} from './define-event.ts';
export type { EventEnvelope, EventMetadata } from './envelope.ts';
export { EventError, type EventErrorCode } from './event-error.ts';
export { EventHandler, handlersOf, on, type Subscription } from './handler.ts';
export { MAX_EVENT_BYTES, type PublishedEvent, publish, publishBatch } from './publish.ts';
export { type RelayOptions, type RelaySignal, type Running, startRelay } from './relay.ts';
export { type ReplayOptions, recorded, replay, tail } from './replay.ts';
export { type EventTransaction, pgTransactor, type Transactor } from './transaction.ts';
export { connectStreams } from './transport/connect-streams.ts';
export { MemoryTransport, type MemoryTransportOptions } from './transport/memory-transport.ts';
export { NatsTransport, type NatsTransportOptions } from './transport/nats-transport.ts';
export { openTransport, type TransportSettings, transportShape } from './transport/open-transport.ts';
export { RedisTransport, type RedisTransportOptions } from './transport/redis-transport.ts';
export type { Delivery, EventTransport, Lease, LeaseRequest, ReadFrom, ReadOptions } from './transport/transport.ts';
