import { openTransport, startRelay } from '@app/events';

/** A relay in a process of its own, so that it can be kept to one core. The parent ends it. */
const { DATABASE_URL: connectionString, EVENT_TRANSPORT, NATS_URL = '', REDIS_URL, SOURCE = 'bench' } = process.env;
const transport = openTransport({ EVENT_TRANSPORT: EVENT_TRANSPORT === 'nats' ? 'nats' : 'redis', NATS_URL, REDIS_URL });
if (transport === null) throw new Error('REDIS_URL is missing');
const relay = startRelay({
  connection: { connectionString },
  source: SOURCE,
  transport,
  observe: (signal) => signal.kind === 'failed' && process.stderr.write(`${String(signal.error)}\n`),
});
process.once('SIGINT', () => void relay.stop().then(() => process.exit(0)));
