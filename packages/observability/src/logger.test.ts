import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { expect, test } from 'vitest';
import { createLogger, type LoggerOptions, runWithRequest } from './index.ts';

function collecting(options: Partial<LoggerOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, log: createLogger({ service: 'test', destination, ...options }) };
}

test('a line is one JSON object with level, time and service', () => {
  const { lines, log } = collecting();
  log.info({ a: 1 }, 'hello');
  expect(lines).toEqual([{ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), service: 'test', a: 1, msg: 'hello' }]);
});

test('inside a request every line carries its id, outside none', async () => {
  const { lines, log } = collecting();
  await runWithRequest({ requestId: 'request-1' }, async () => {
    await Promise.resolve();
    log.info('inside');
  });
  log.info('outside');
  expect(lines.map((line) => line.requestId)).toEqual(['request-1', undefined]);
});

test('secrets are hidden wherever they stand, and nothing else is', () => {
  const { lines, log } = collecting();
  const error = Object.assign(new Error('why'), { token: 'p1', details: { secret: 'p2', tries: 3 } });
  log.info({ password: 'p3', request: { headers: { authorization: 'p4', 'set-cookie': ['p5'] } }, users: [{ token: 'p6', name: 'Ada' }] });
  log.info({ a: { b: { c: { d: { cookie: 'p7', e: 1 } } } }, at: new Date(0) });
  log.error(error);
  log.error({ err: error, cause: error }, 'said');
  log.child({ refreshToken: 'p8', job: { accessToken: 'p9', id: 7 } }).info('by a child');
  expect(JSON.stringify(lines)).not.toMatch(/p[1-9]/);
  const shownError = { type: 'Error', message: 'why', stack: expect.stringContaining('logger.test'), token: '[hidden]' };
  expect(lines).toMatchObject([
    { request: { headers: { authorization: '[hidden]' } }, users: [{ token: '[hidden]', name: 'Ada' }] },
    { a: { b: { c: { d: { e: 1 } } } }, at: '1970-01-01T00:00:00.000Z' },
    { err: { ...shownError, details: { tries: 3 } }, msg: 'why' },
    { err: shownError, cause: shownError, msg: 'said' },
    { job: { id: 7 }, msg: 'by a child' },
  ]);
});

test('an error of a Redis command tells which, not with what', () => {
  const { lines, log } = collecting();
  const refusal = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['default', 'p1'] } });
  log.warn({ err: refusal });
  log.warn({ err: Object.assign(new Error('all failed'), { lastNodeError: refusal, previousErrors: [refusal] }) });
  log.warn({ command: 'restart' });
  expect(JSON.stringify(lines)).not.toContain('p1');
  const shown = { message: 'WRONGPASS', command: { name: 'auth' } };
  expect(lines).toMatchObject([{ err: shown }, { err: { lastNodeError: shown, previousErrors: [shown] } }, { command: 'restart' }]);
  expect(refusal.command.args).toEqual(['default', 'p1']);
});

test('an error of Postgres tells what was violated, not the row that did it', () => {
  const { lines, log } = collecting();
  const said = { severity: 'ERROR', code: '23514', detail: 'Failing row contains (usr_1, p1@example.com).' };
  const violation = Object.assign(new Error('new row violates "account_email_check"'), {
    ...said,
    where: 'SQL statement "… p1 …"',
    table: 'account',
  });
  log.error({ err: violation });
  log.error({ err: Object.assign(new Error('by Prisma'), { meta: { driverAdapterError: { cause: { kind: 'postgres', ...said } } } }) });
  log.info({ detail: 'of something else' });
  expect(JSON.stringify(lines)).not.toContain('p1');
  const shown = { code: '23514', detail: '[hidden]' };
  expect(lines).toMatchObject([
    { err: { message: 'new row violates "account_email_check"', table: 'account', ...shown } },
    { err: { meta: { driverAdapterError: { cause: shown } } } },
    { detail: 'of something else' },
  ]);
});

test('what is logged is not changed, and may lead to itself or very deep', () => {
  const { lines, log } = collecting();
  const own: Record<string, unknown> = { token: 'own' };
  own['self'] = own;
  const deep = JSON.parse(`${'{"a":'.repeat(500)}{"token":"p1"}${'}'.repeat(500)}`);
  log.info({ own, deep, bytes: Buffer.from([1]) });
  expect(own['token']).toBe('own');
  expect(lines[0]).toMatchObject({ own: { token: '[hidden]', self: '[circular]' }, bytes: { type: 'Buffer', data: [1] } });
  expect(JSON.stringify(lines)).not.toContain('p1');
});

test('lines below the level are not written', () => {
  const { lines, log } = collecting({ level: 'warn' });
  log.info('no');
  log.warn('yes');
  expect(lines).toHaveLength(1);
});

/** Messages that processes of this program, with a logger `log`, write to one standard output, until all have ended or `until` was read. */
async function messagesOf(program: string, { processes = 1, until }: { processes?: number; until?: string } = {}): Promise<string[]> {
  const source = `import { createLogger } from '${import.meta.resolve('./logger.ts')}'; const log = createLogger({ service: 'test' }); ${program}`;
  const run = '"$0" --input-type=module --eval "$1"';
  // They fill the pipe before anybody reads.
  const together = `{ ${`${run} & `.repeat(processes)} wait; } | { sleep 1; cat; }`;
  const shell = spawn('sh', ['-c', processes === 1 ? `exec ${run}` : together, process.execPath, source], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const messages: string[] = [];
  for await (const line of createInterface(shell.stdout)) {
    messages.push((JSON.parse(line) as { msg: string }).msg);
    if (line.includes(`"${until}"`)) shell.kill();
  }
  return messages;
}

const count = (lines: number) => `for (let n = 0; n < ${lines}; n++) log.info('line ' + n);`;
const counted = (lines: number) => Array.from({ length: lines }, (_, n) => `line ${n}`);

test.each([
  ['ends by itself', ''],
  ['exits', 'process.exit(0);'],
  ['fails', 'throw new Error("on purpose");'],
])('a process that %s has written all its lines to standard output', async (_name, end) => {
  expect(await messagesOf(count(1_000) + end)).toEqual(counted(1_000));
});

test('lines of processes with the same standard output are not mixed', async () => {
  const messages = await messagesOf(count(20_000), { processes: 3 });
  const expected = counted(20_000);
  expect(messages.toSorted()).toEqual([...expected, ...expected, ...expected].toSorted());
});

test('a line is written though the process goes on and says no more', async () => {
  expect(await messagesOf(`log.info('last words'); setInterval(() => undefined, 1_000);`, { until: 'last words' })).toEqual(['last words']);
});

test('a process that says nothing writes nothing', async () => {
  const program = `
    import fs from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    const { write } = fs;
    let writes = 0;
    fs.write = (...parameters) => {
      writes += 1;
      return write(...parameters);
    };
    await sleep(500);
    log.info(writes + ' before');
    await sleep(1_000);
    log.info(writes + ' after');`;
  // The line, and then nothing, from which the logger sees that it may rest.
  expect(await messagesOf(program)).toEqual(['0 before', '2 after']);
});
