import { lockStream, park, type StreamKey, streamKey, unpark } from './dead-letter.ts';
import type { EventEnvelope } from './envelope.ts';
import { handleEvent, type Subscription } from './handler.ts';
import type { EventTransaction, Transactor } from './transaction.ts';

/** What became of one delivery. */
export type Outcome = 'handled' | 'duplicate' | 'waiting';

/** A consumer's name, and how to open a transaction on its database. */
export interface ConsumerStore<Tx extends EventTransaction> {
  readonly consumer: string;
  readonly transaction: Transactor<Tx>;
}

const STATE = `
  SELECT EXISTS (SELECT 1 FROM inbox WHERE consumer = $1 AND event_id = $2) AS "isHandled",
    EXISTS (SELECT 1 FROM dead_letter WHERE consumer = $1 AND source = $3 AND stream_type = $4 AND stream_id = $5) AS "isParked"`;

/** Notes that a consumer has handled an event; one row, or none when it had. */
export const RECORD = 'INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING';

/**
 * Handles one delivery in one transaction: inbox row and effect commit together or not at all.
 * An event of a parked stream is put behind those that wait already. A throw of the handler rolls back and is rethrown.
 */
export function deliver<Tx extends EventTransaction>(
  { consumer, transaction }: ConsumerStore<Tx>,
  envelope: EventEnvelope,
  subscription: Subscription<Tx>,
): Promise<Outcome> {
  return transaction(async (tx) => {
    const key = streamKey(consumer, envelope);
    await lockStream(tx, key);
    const { isHandled, isParked } = await stateOf(tx, key, envelope.id);
    if (isHandled) return 'duplicate';
    if (isParked) {
      await park(tx, consumer, envelope, null);
      return 'waiting';
    }
    await tx.$executeRawUnsafe(RECORD, consumer, envelope.id);
    await handleEvent(subscription, envelope, tx);
    return 'handled';
  });
}

/** Parks an event that could not be handled, unless another reader has handled it meanwhile. */
export function giveUp<Tx extends EventTransaction>(
  { consumer, transaction }: ConsumerStore<Tx>,
  envelope: EventEnvelope,
  failure: { readonly error: string; readonly attempts: number },
): Promise<Outcome | 'parked'> {
  return transaction(async (tx) => {
    const key = streamKey(consumer, envelope);
    await lockStream(tx, key);
    const { isHandled, isParked } = await stateOf(tx, key, envelope.id);
    if (isHandled) return 'duplicate';
    await park(tx, consumer, envelope, isParked ? null : failure);
    return isParked ? 'waiting' : 'parked';
  });
}

/** Tries the parked event of a stream again, or skips a discarded one, and takes it off the parked ones. */
export function retryParked<Tx extends EventTransaction>(
  { consumer, transaction }: ConsumerStore<Tx>,
  letter: { readonly envelope: EventEnvelope; readonly status: string },
  subscription: Subscription<Tx> | undefined,
): Promise<void> {
  const { envelope, status } = letter;
  return transaction(async (tx) => {
    const key = streamKey(consumer, envelope);
    await lockStream(tx, key);
    const recorded = await tx.$executeRawUnsafe(RECORD, consumer, envelope.id);
    if (recorded === 1 && status !== 'discarded' && subscription !== undefined) {
      await handleEvent(subscription, envelope, tx);
    }
    await unpark(tx, key, envelope.id);
  });
}

async function stateOf(tx: EventTransaction, key: StreamKey, eventId: string) {
  const { consumer, source, streamType, streamId } = key;
  const [state] = await tx.$queryRawUnsafe<{ isHandled: boolean; isParked: boolean }[]>(
    STATE,
    consumer,
    eventId,
    source,
    streamType,
    streamId,
  );
  return state ?? { isHandled: false, isParked: false };
}

/** Leaves a parked event parked after another try failed, unless another instance has handled it meanwhile. */
export function giveUpParked<Tx extends EventTransaction>(
  { consumer, transaction }: ConsumerStore<Tx>,
  envelope: EventEnvelope,
  failure: { readonly error: string; readonly attempts: number },
): Promise<void> {
  return transaction(async (tx) => {
    const key = streamKey(consumer, envelope);
    await lockStream(tx, key);
    const { isHandled } = await stateOf(tx, key, envelope.id);
    if (!isHandled) await park(tx, consumer, envelope, failure);
  });
}
