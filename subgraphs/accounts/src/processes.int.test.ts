import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccountsKit } from './testing/accounts-kit.ts';

let kit: AccountsKit;
beforeAll(async () => {
  kit = await AccountsKit.start();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Starts an entry file as npm start does, with a channel to its parent. */
function start(entry: string, env: Record<string, string> = {}, args: readonly string[] = []): { child: ChildProcess; output: string[] } {
  const file = fileURLToPath(new URL(entry, import.meta.url));
  const variables = { PATH: process.env['PATH'] ?? '', ...kit.env, ...env };
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { env: variables, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const output: string[] = [];
  child.stdout?.on('data', (chunk) => output.push(String(chunk)));
  child.stderr?.on('data', (chunk) => output.push(String(chunk)));
  return { child, output };
}

async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await isSo()) return;
    await delay(50);
  }
  throw new Error(`waited in vain: ${what}`);
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

test('the worker relays events in order and sends mails; told to end, it ends well', async () => {
  const { id } = await kit.person('relayed');
  const { child, output } = start('worker.ts', { MAIL_TRANSPORT: 'console', WORKER_INTERVAL_SECONDS: '1' });
  await until('mails are sent', async () => (await kit.db.mail.count({ where: { sentAt: null } })) === 0);
  let text = '';
  await until('events are relayed', async () => {
    const streams = (await kit.redis?.keys('events:*')) ?? [];
    const entries = await Promise.all(
      streams.map(async (key) => ((await kit.redis?.type(key)) === 'stream' ? kit.redis?.xrange(key, '-', '+') : [])),
    );
    text = JSON.stringify(entries);
    return text.includes('account.registered') && text.includes('account.verified');
  });
  expect(text.indexOf('account.verified')).toBeGreaterThan(text.indexOf('account.registered'));
  expect(text).toContain(id);
  await until('the mail is printed', () => output.join('').includes('mail to relayed@example.com'));
  child.kill('SIGTERM');
  expect(await exitCode(child)).toBe(0);
});

test('the server drains on SIGTERM and ends when its parent is gone', async () => {
  for (const end of ['SIGTERM', 'disconnect'] as const) {
    const { child, output } = start('main.ts');
    await until('it listens', () => output.join('').includes('listening'));
    if (end === 'SIGTERM') child.kill(end);
    else child.disconnect();
    expect(await exitCode(child)).toBe(0);
  }
});

test('a wrong variable stops the start and is named, its value is not', async () => {
  const { child, output } = start('main.ts', { DATABASE_URL_ACCOUNTS: 'mysql://root:hunter2@localhost/x' });
  expect(await exitCode(child)).toBe(1);
  expect(output.join('')).toContain('DATABASE_URL_ACCOUNTS');
  expect(output.join('')).not.toContain('hunter2');
});

test('npm run encryption:rotate says how many values it wrote with the current key', async () => {
  const keys = `k9:${Buffer.alloc(32, 9).toString('base64')},${kit.env['ENCRYPTION_KEYS']}`;
  const { child, output } = start('rotate-encryption.ts', { ENCRYPTION_KEYS: keys });
  expect(await exitCode(child)).toBe(0);
  expect(output.join('')).toMatch(/^\d+ values encrypted with key k9;/);
});

test('npm run keys:rotate takes one step after the other, none too early, and says how it is used', async () => {
  const file = kit.env['SIGNING_KEYS_FILE'] ?? '';
  const rotate = async (...args: string[]): Promise<[number | null, string]> => {
    const { child, output } = start('rotate-signing-key.ts', {}, args);
    return [await exitCode(child), output.join('')];
  };
  expect(await rotate('publish', file)).toEqual([1, 'Key k0 is published and waits already: go on with "sign".\n']);
  expect(await rotate('sign', file)).toEqual([0, expect.stringContaining('k0 signs; published: k0, k1.')]);
  expect(await rotate('retire', file)).toEqual([1, expect.stringMatching(/\S/)]);
  expect(await rotate('turn', file)).toEqual([1, 'Use: publish, sign or retire, and the key file.\n']);
  expect(await rotate('publish', `${file}.none`)).toEqual([1, expect.stringContaining('ENOENT')]);
});
