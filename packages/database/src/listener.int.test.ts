import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase } from '@app/testing';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { Listener } from './listener.ts';

test('a listener can be stopped at any moment of its connecting, and leaves no connection', async () => {
  await using database = await testDatabase();
  const troubles: unknown[] = [];
  const options = {
    url: database.url,
    applicationName: 'stopped-early',
    channels: { news: () => undefined },
    onListening: () => undefined,
  };
  for (let ms = 0; ms < 40; ms += 2) {
    const listener = new Listener({ ...options, onTrouble: (error) => troubles.push(error) });
    // The first one is stopped in the turn of the event loop in which it began to connect.
    if (ms > 0) await sleep(ms);
    await listener.stop();
  }
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const left = async () => (await client.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'stopped-early'`)).rows.length;
  for (let tries = 0; tries < 500 && (await left()) > 0; tries += 1) await sleep(20);
  expect([await left(), troubles]).toEqual([0, []]);
  await client.end();
});
