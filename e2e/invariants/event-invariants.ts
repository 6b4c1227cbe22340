import type { Books } from './books.ts';
import type { Invariant } from './invariant.ts';

/** Who handles which events: consumer, its database, whose events, which types. */
const CONSUMERS = [
  {
    consumer: 'orders.mails',
    database: 'orders',
    source: 'orders',
    types: ['order.confirmed', 'order.cancelled', 'order.rest_cancelled', 'order.refunded'],
  },
  { consumer: 'orders.payments', database: 'orders', source: 'payments', types: ['payment.authorized', 'payment.declined'] },
  { consumer: 'products.sales', database: 'products', source: 'orders', types: ['order.confirmed'] },
  { consumer: 'products.ratings', database: 'products', source: 'reviews', types: ['rating.changed'] },
  { consumer: 'accounts.mails', database: 'accounts', source: 'reviews', types: ['review.moderated'] },
  { consumer: 'reviews.purchases', database: 'reviews', source: 'orders', types: ['order.delivered', 'order.refunded'] },
  {
    consumer: 'reviews.authors',
    database: 'reviews',
    source: 'accounts',
    types: ['account.registered', 'account.profile_updated', 'account.erased'],
  },
] as const;

/** Of the outbox, the relays, the inboxes and the dead letters of every subgraph. */
export const eventInvariants: readonly Invariant[] = [
  everywhere(
    'versions of a stream count up from 1 without gaps',
    `SELECT stream_type || '/' || stream_id || ' has ' || count(*) || ' events up to version ' || max(stream_version) AS offender
     FROM event GROUP BY stream_type, stream_id HAVING count(*) <> max(stream_version) OR min(stream_version) <> 1`,
  ),
  everywhere(
    'positions of a log count up from 1 without gaps',
    `SELECT count(position) || ' positions up to ' || max(position) AS offender FROM event
     HAVING count(position) <> coalesce(max(position), 0) OR min(position) <> 1`,
  ),
  everywhere(
    'every event is numbered and pushed',
    `SELECT id || ' ' || type || ' at ' || coalesce(position::text, 'no position') AS offender FROM event
     WHERE recorded_at < now() - make_interval(secs => $1)
       AND (position IS NULL OR position > (SELECT coalesce(max(position), 0) FROM event_relay))`,
    true,
  ),
  everywhere(
    'no event is parked',
    `SELECT consumer || ' ' || event_id || ' ' || status || ' ' || coalesce(split_part(error, E'\\n', 1), '') AS offender FROM dead_letter`,
  ),
  { title: 'every event was handled by each of its consumers, once', offenders: unhandled },
];

/** A check of each database that has an outbox. With `isGraced` the statement takes the grace in seconds as $1. */
function everywhere(title: string, sql: string, isGraced = false): Invariant {
  return {
    title,
    async offenders(books) {
      const perDatabase = books.names.map(async (name) => {
        if (!(await books.has(name, 'event'))) return [];
        const rows = await books.read<{ offender: string }>(name, sql, isGraced ? [books.graceSeconds] : []);
        return rows.map(({ offender }) => `${name}: ${offender}`);
      });
      return (await Promise.all(perDatabase)).flat();
    },
  };
}

async function unhandled(books: Books): Promise<readonly string[]> {
  const perConsumer = CONSUMERS.map(async ({ consumer, database, source, types }) => {
    if (!books.names.includes(source)) return [];
    const events = await books.read<{ id: string; type: string }>(
      source,
      'SELECT id, type FROM event WHERE type = ANY($1) AND recorded_at < now() - make_interval(secs => $2)',
      [types, books.graceSeconds],
    );
    const inbox = await books.read<{ event_id: string }>(database, 'SELECT event_id FROM inbox WHERE consumer = $1', [consumer]);
    const handled = new Set(inbox.map(({ event_id }) => event_id));
    return events.filter(({ id }) => !handled.has(id)).map(({ id, type }) => `${consumer}: ${id} ${type}`);
  });
  return (await Promise.all(perConsumer)).flat();
}
