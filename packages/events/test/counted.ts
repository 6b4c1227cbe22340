import { z } from 'zod';
import { defineEvent } from '../src/define-event.ts';
import type { EventEnvelope } from '../src/envelope.ts';
import { on, type Subscription } from '../src/handler.ts';
import type { EventTransaction } from '../src/transaction.ts';

/** The event of the random tests: the stream's own counter, so loss, doubling and disorder show in the data. */
export const Counted = defineEvent('counter.counted', { 1: { schema: z.object({ n: z.int() }) } });

/** Writes each event it handles into the journal. */
export function journalOf(consumer: string): Subscription<EventTransaction> {
  return on(Counted, async (event, tx: EventTransaction) => {
    await tx.$executeRawUnsafe(
      'INSERT INTO journal (consumer, stream, version, event_id) VALUES ($1, $2, $3, $4)',
      consumer,
      event.subject,
      event.streamversion,
      event.id,
    );
  });
}

/** An envelope as a relay makes it. */
export function counted(position: number, subject: string, streamversion: number): EventEnvelope {
  return {
    specversion: '1.0',
    id: `evt_${position}`,
    type: 'counter.counted',
    source: 'test',
    subject,
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    dataschema: 'counter.counted/1',
    data: { n: streamversion },
    streamtype: 'counter',
    streamversion,
    position,
  };
}
