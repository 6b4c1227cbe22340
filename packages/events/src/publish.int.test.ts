import { runWithRequest } from '@app/observability';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Counted } from '../test/counted.ts';
import { openEventDatabase } from '../test/event-database.ts';
import { defineEvent } from './define-event.ts';
import { publish, publishBatch } from './publish.ts';
import { pgTransactor, type Transactor } from './transaction.ts';

const Noted = defineEvent('note.noted', { 1: { schema: z.object({ text: z.string() }) } });

describe('publishing', () => {
  let db: Awaited<ReturnType<typeof openEventDatabase>>;
  let transaction: Transactor;
  beforeAll(async () => {
    db = await openEventDatabase();
    transaction = pgTransactor(db.pool);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const streamOf = async (id: string) =>
    (await db.pool.query('SELECT stream_version AS v, data, metadata FROM event WHERE stream_id = $1 ORDER BY v', [id])).rows;

  test('numbers the events of each stream from 1 and keeps what caused them', async () => {
    const results = await transaction((tx) =>
      publishBatch(tx, [
        Counted.create('a', { n: 1 }, { correlationId: 'req', causationId: 'cmd', traceparent: '00-1-2-01', actor: 'usr_1' }),
        Counted.create('b', { n: 2 }),
        Counted.create('a', { n: 3 }),
      ]),
    );
    expect(results.map(({ streamVersion }) => streamVersion)).toEqual([1, 1, 2]);
    expect(await streamOf('a')).toEqual([
      { v: 1, data: { n: 1 }, metadata: { correlationId: 'req', causationId: 'cmd', traceparent: '00-1-2-01', actor: 'usr_1' } },
      { v: 2, data: { n: 3 }, metadata: {} },
    ]);
    expect(await transaction((tx) => publishBatch(tx, []))).toEqual([]);
  });

  test('records the request it happens in, unless the draft says otherwise', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await runWithRequest({ requestId: 'request-1', traceparent }, () =>
      transaction((tx) =>
        publishBatch(tx, [
          Counted.create('ambient', { n: 1 }, { actor: 'usr_1' }),
          Counted.create('ambient', { n: 2 }, { correlationId: 'mine' }),
        ]),
      ),
    );
    expect((await streamOf('ambient')).map(({ metadata }) => metadata)).toEqual([
      { correlationId: 'request-1', traceparent, actor: 'usr_1' },
      { correlationId: 'mine', traceparent },
    ]);
  });

  test('leaves nothing behind when the transaction is rolled back', async () => {
    const work = transaction(async (tx) => {
      await publish(tx, Counted.create('rolled-back', { n: 1 }));
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await streamOf('rolled-back')).toEqual([]);
  });

  test('refuses an event whose stream has moved on, naming stream and version', async () => {
    const at = (expectedVersion: number) => transaction((tx) => publish(tx, Counted.create('cas', { n: 0 }, { expectedVersion })));
    expect(await at(0)).toMatchObject({ streamVersion: 1 });
    await expect(at(0)).rejects.toMatchObject({ code: 'EVENT_STREAM_CONFLICT', message: expect.stringContaining('counter/cas at 0') });
    await expect(at(2)).rejects.toMatchObject({ code: 'EVENT_STREAM_CONFLICT' });
    expect(await at(1)).toMatchObject({ streamVersion: 2 });
  });

  test('lets exactly one of many writers with the same expected version through', async () => {
    const tries = Array.from({ length: 12 }, () =>
      transaction((tx) => publish(tx, Counted.create('race', { n: 0 }, { expectedVersion: 0 }))),
    );
    const settled = await Promise.allSettled(tries);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await streamOf('race')).toHaveLength(1);
  });

  test('refuses a payload of one megabyte, saying how large it is and what is allowed', async () => {
    const work = transaction((tx) => publish(tx, Noted.create('big', { text: 'x'.repeat(1024 * 1024) })));
    await expect(work).rejects.toMatchObject({
      code: 'EVENT_TOO_LARGE',
      message: 'event "note.noted" of big has 1048587 bytes of data, allowed are 65536',
    });
  });

  test('refuses U+0000 and half of a surrogate pair, but not the text that merely looks like it', async () => {
    const note = (text: string) => transaction((tx) => publish(tx, Noted.create('nul', { text })));
    await expect(note('a\u0000b')).rejects.toMatchObject({ code: 'EVENT_DATA_INVALID' });
    await expect(note('\\\u0000')).rejects.toMatchObject({ code: 'EVENT_DATA_INVALID' });
    await expect(note('\ud83d')).rejects.toMatchObject({ code: 'EVENT_DATA_INVALID' });
    await note('\\u0000');
    await note('\\\\u0000');
    await note('\\ud83d😀');
    const texts = ['\\u0000', '\\\\u0000', '\\ud83d😀'].map((text) => ({ text }));
    expect((await streamOf('nul')).map(({ data }) => data)).toEqual(texts);
    const inId = transaction((tx) => publish(tx, Noted.create('nul\u0000', { text: '' })));
    await expect(inId).rejects.toMatchObject({ code: 'EVENT_DATA_INVALID' });
  });

  test('what was recorded can be neither changed nor deleted', async () => {
    await transaction((tx) => publish(tx, Counted.create('kept', { n: 1 })));
    const change = (sql: string) => db.pool.query(`${sql} WHERE stream_id = 'kept'`);
    await expect(change(`UPDATE event SET data = '{}'`)).rejects.toThrow(/append-only/);
    await expect(change('DELETE FROM event')).rejects.toThrow(/append-only/);
    await change('UPDATE event SET position = 1000000');
    await expect(change('UPDATE event SET position = 2')).rejects.toThrow(/append-only/);
    expect(await streamOf('kept')).toHaveLength(1);
  });
});
