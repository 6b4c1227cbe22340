import { readFile } from 'node:fs/promises';
import { CircuitBreakers } from '@app/circuit-breaker';
import { DeadSet, JobQueue, type JobSignal, type RunningJobs, startJobWorker } from '@app/jobs';
import { startMailbox, withClient } from '@app/platform';
import { type TestDatabase, type TestRedis, testDatabase, testRedis } from '@app/testing';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  createSmtpMailer,
  deliverMail,
  type MailDatabase,
  type Mailer,
  MailRefused,
  mailHandler,
  offerMails,
  postMail,
  sendWaitingMails,
} from './index.ts';
import { deleteSettledMails } from './mail-table.ts';

let database: TestDatabase;
let redis: TestRedis;
let pool: Pool;
let db: MailDatabase;
let queue: JobQueue;
let dead: DeadSet;
let workers: RunningJobs[] = [];
let signals: JobSignal[] = [];

beforeAll(async () => {
  database = await testDatabase();
  const sql = await readFile(new URL('../sql/mail.sql', import.meta.url), 'utf8');
  await withClient(database.ownerUrl, (client) => client.query(sql));
  pool = new Pool({ connectionString: database.url });
  db = {
    $queryRawUnsafe: async <T>(query: string, ...values: unknown[]) => (await pool.query(query, values)).rows as T,
    $executeRawUnsafe: async (query, ...values) => (await pool.query(query, values)).rowCount ?? 0,
  };
});
beforeEach(async () => {
  redis = await testRedis();
  await pool.query('DELETE FROM mail');
  const place = { url: redis.url, name: 'test', onError: () => undefined };
  [queue, dead, workers, signals] = [new JobQueue(place), new DeadSet(place), [], []];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await Promise.all([queue.close(), dead.close()]);
  await redis[Symbol.asyncDispose]();
});
afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
});

const post = (id: string, recipient = 'ada@example.com') => postMail(db, { id, recipient, kind: 'TEST', subject: 'Hello', text: 'Text' });

function work(mailer: Mailer): void {
  const observe = (signal: JobSignal) => void signals.push(signal);
  workers.push(startJobWorker({ url: redis.url, name: 'test', handlers: [mailHandler(db, mailer)], random: () => 0, observe }));
}

/** A mailer that notes what it was given, and fails when told to. */
function noting(fail: () => Error | undefined = () => undefined): Mailer & { readonly sent: string[] } {
  const sent: string[] = [];
  const send = async ({ id }: { id: string }) => {
    const error = fail();
    if (error) throw error;
    sent.push(id);
  };
  return { sent, send };
}

async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited in vain: ${what}`);
}

const unsent = async () => Number((await pool.query('SELECT count(*) AS n FROM mail WHERE sent_at IS NULL')).rows[0].n);

test('a mail is sent once, however often it is offered', async () => {
  const mailer = noting();
  work(mailer);
  await post('eml_1');
  await post('eml_1');
  await Promise.all([offerMails(db, queue), offerMails(db, queue)]);
  await until('it is sent', async () => (await unsent()) === 0);
  await offerMails(db, queue);
  expect(await deliverMail(db, mailer, 'eml_1')).toBe('settled');
  expect(mailer.sent).toEqual(['eml_1']);
});

test('mails that waited in a Redis that was emptied are offered again', async () => {
  const mailer = noting();
  for (const id of ['eml_1', 'eml_2']) await post(id);
  await offerMails(db, queue);
  const client = new Redis(redis.url);
  await client.flushdb();
  client.disconnect();
  work(mailer);
  await offerMails(db, queue);
  expect((await queue.counts()).waiting).toBe(0);
  await pool.query("UPDATE mail SET offered_at = offered_at - interval '2 minutes'");
  await offerMails(db, queue);
  await until('both are sent', async () => (await unsent()) === 0);
  expect(mailer.sent.sort()).toEqual(['eml_1', 'eml_2']);
});

test('a mail that the server refuses for good is dead at once, and given up by a person it does not come again', async () => {
  work(noting(() => new MailRefused('550 no such mailbox')));
  await post('eml_1');
  await offerMails(db, queue);
  await until('it is dead', async () => (await queue.counts()).dead === 1);
  expect(await dead.list()).toMatchObject([{ id: 'eml_1', error: '550 no such mailbox' }]);
  await dead.discard('eml_1');
  await until('it is closed', async () => (await pool.query('SELECT 1 FROM mail WHERE discarded_at IS NOT NULL')).rowCount === 1);
  await pool.query('UPDATE mail SET offered_at = NULL');
  await offerMails(db, queue);
  expect(signals.filter(({ kind }) => kind !== 'error').map(({ kind }) => kind)).toEqual(['dead', 'discarded']);
  expect(await deleteSettledMails(db, new Date(Date.now() + 1_000))).toBe(1);
});

test('two processes do not send one mail at once, and one that died leaves it to the next', async () => {
  await post('eml_1');
  const sending = Promise.withResolvers<void>();
  const first = deliverMail(db, { send: () => sending.promise }, 'eml_1');
  const second = noting();
  await until('it is claimed', async () => (await pool.query('SELECT 1 FROM mail WHERE claimed_until IS NOT NULL')).rowCount === 1);
  expect(await deliverMail(db, second, 'eml_1')).toBe('busy');
  await pool.query("UPDATE mail SET claimed_until = now() - interval '1 second'");
  expect(await deliverMail(db, second, 'eml_1')).toBe('sent');
  sending.resolve();
  expect(await first).toBe('sent');
});

test('without Redis, too, a mail that is not taken holds up no others: one that is refused for good is given up, another tried again behind them', async () => {
  await post('eml_1', 'nobody@example.com');
  await post('eml_2', 'full@example.com');
  await post('eml_3');
  const given: string[] = [];
  const mailer: Mailer = {
    send: async ({ id, recipient }) => {
      given.push(id);
      if (recipient === 'nobody@example.com') throw new MailRefused('550 no such mailbox');
      if (recipient === 'full@example.com') throw new Error('452 mailbox full');
    },
  };
  await expect(sendWaitingMails(db, mailer)).rejects.toThrow('550 no such mailbox');
  expect(given.splice(0)).toEqual(['eml_1', 'eml_2', 'eml_3']);
  await post('eml_4');
  await expect(sendWaitingMails(db, mailer)).rejects.toThrow('452 mailbox full');
  expect(given).toEqual(['eml_4', 'eml_2']);
});

test('a mail whose server takes its time stays claimed by whoever sends it', async () => {
  await post('eml_1');
  const sending = Promise.withResolvers<void>();
  const isClaimed = async () => (await pool.query('SELECT 1 FROM mail WHERE claimed_until > now()')).rowCount === 1;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const first = deliverMail(db, { send: () => sending.promise }, 'eml_1');
    await until('it is claimed', isClaimed);
    await pool.query("UPDATE mail SET claimed_until = now() - interval '1 second'");
    await vi.advanceTimersByTimeAsync(30_000);
    await until('it is claimed again', isClaimed);
    expect(await deliverMail(db, noting(), 'eml_1')).toBe('busy');
    sending.resolve();
    expect(await first).toBe('sent');
  } finally {
    vi.useRealTimers();
  }
});

test('without a queue waiting mails are sent in order, and a failure leaves them waiting', async () => {
  for (const id of ['eml_1', 'eml_2']) await post(id);
  let isAway = true;
  const mailer = noting(() => (isAway ? new Error('away') : undefined));
  await expect(sendWaitingMails(db, mailer)).rejects.toThrow('away');
  isAway = false;
  await sendWaitingMails(db, mailer);
  expect(mailer.sent).toEqual(['eml_1', 'eml_2']);
});

test('a mail server gets a mail with a lasting Message-ID; one that is away is tried again by the job', async () => {
  const mailbox = await startMailbox({ smtpPort: 0, webPort: 0 });
  const breakers = new CircuitBreakers();
  const away = createSmtpMailer({ url: 'smtp://127.0.0.1:1', from: 'Shop <no-reply@example.com>', breakers });
  const there = createSmtpMailer({ url: mailbox.smtpUrl, from: 'Shop <no-reply@example.com>', breakers: new CircuitBreakers() });
  let mailer: Mailer = away;
  work({ send: (mail) => mailer.send(mail) });
  await post('eml_1');
  await offerMails(db, queue);
  await until('the first try failed', () => signals.some(({ kind }) => kind === 'failed'));
  mailer = there;
  await until('it is sent', async () => (await unsent()) === 0);
  const mails = (await (await fetch(`${mailbox.webUrl}/mails.json`)).json()) as { recipients: string[]; subject: string }[];
  expect(mails).toMatchObject([{ recipients: ['ada@example.com'], subject: 'Hello' }]);
  expect(breakers.getMetrics('smtp')).toMatchObject({ failures: 1 });
  away.close();
  there.close();
  await mailbox.stop();
});

test('the database being away for a moment after sending does not send the mail again; for longer, it does', async () => {
  const mailer = noting();
  let failures = 2;
  const shaky: MailDatabase = {
    ...db,
    $executeRawUnsafe: async (query, ...values) => {
      if (query.includes('sent_at = now()') && failures-- > 0) throw new Error('connection lost');
      return db.$executeRawUnsafe(query, ...values);
    },
  };
  await post('eml_1');
  expect(await deliverMail(shaky, mailer, 'eml_1')).toBe('sent');
  await post('eml_2');
  failures = 3;
  await expect(deliverMail(shaky, mailer, 'eml_2')).rejects.toThrow('connection lost');
  expect(mailer.sent).toEqual(['eml_1', 'eml_2']);
});

test('the job of a mail that another process is sending waits its turn', async () => {
  await post('eml_1');
  const [sending, mailer] = [Promise.withResolvers<void>(), noting()];
  const first = deliverMail(db, { send: () => sending.promise }, 'eml_1');
  await until('it is claimed', async () => (await pool.query('SELECT 1 FROM mail WHERE claimed_until IS NOT NULL')).rowCount === 1);
  work(mailer);
  await offerMails(db, queue);
  await until('the job failed', () => signals.some(({ kind }) => kind === 'failed'));
  sending.resolve();
  await first;
  await until('the job finds it sent', () => signals.some(({ kind }) => kind === 'completed'));
  expect(mailer.sent).toEqual([]);
});
