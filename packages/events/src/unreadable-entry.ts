import type { EventEnvelope } from './envelope.ts';
import { EventError } from './event-error.ts';
import type { Subscription } from './handler.ts';
import type { EventTransaction } from './transaction.ts';
import { UNREADABLE_TYPE } from './transport/read-entry.ts';

/** The subscription that every consumer has for entries that hold no event: reading one fails, so it is parked by name. */
export const unreadableEntries: Subscription<EventTransaction> = {
  definition: {
    type: UNREADABLE_TYPE,
    streamType: UNREADABLE_TYPE,
    latestVersion: 1,
    schemas: {},
    create: () => {
      throw new EventError('EVENT_UNREADABLE', 'an unreadable entry is found, not made');
    },
    read: (envelope) => {
      throw new EventError('EVENT_UNREADABLE', describe(envelope));
    },
  },
  handle: () => Promise.resolve(),
};

function describe({ source, position, data }: EventEnvelope): string {
  const { reason } = data as { readonly reason: string };
  return `the log of "${source}" holds no event at position ${position}: ${reason}; discard it and replay from there`;
}
