import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RegistryKit, startRegistryKit } from './testing/registry-kit.ts';
import { runTokenCommand } from './token-command.ts';

let kit: RegistryKit;

beforeAll(async () => {
  kit = await startRegistryKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const written: string[] = [];
  const surroundings = { pool: kit.registry.pool, now: () => new Date(), by: 'operator', write: (text: string) => void written.push(text) };
  const code = await runTokenCommand(args, surroundings);
  return { code, text: written.join('') };
}

test('a token is made, works, is listed, and is revoked', async () => {
  expect((await run('list')).text).toBe('supergraph@current has no tokens: create makes one.\n');
  const { code, text } = await run('create', '--name', 'ci', '--right', 'read', '--right', 'publish:orders', '--days', '30');
  expect(code).toBe(0);
  expect(text).toMatch(/^service:supergraph@current:[\w-]{43}\n$/);
  const token = text.trim();
  expect((await kit.send('GET', '/api/versions', { token })).status).toBe(200);
  expect((await run('list')).text).toMatch(/^ci {2}read publish:orders {2}until \d{4}-\d\d-\d\d {2}last used \d{4}-\d\d-\d\d\n$/);
  expect((await run('revoke', '--name', 'ci')).text).toBe('ci no longer works.\n');
  expect((await kit.send('GET', '/api/versions', { token })).status).toBe(401);
  expect((await run('list')).text).toContain('revoked');
  expect((await run('create', '--name', 'ci', '--right', 'read')).code).toBe(0);
});

test.each([
  [[], 'Unknown command ""'],
  [['create', '--right', 'read'], 'Give the token a name'],
  [['create', '--name', 'a'], '"" is no right'],
  [['create', '--name', 'a', '--right', 'read', '--days', 'x'], '--days is x'],
  [['list', '--nope'], "Unknown option '--nope'"],
  [['revoke', '--name', 'nobody'], 'has no token nobody that works'],
])('%j is answered with what to do', async (args, text) => {
  expect(await run(...args)).toMatchObject({ code: 1, text: expect.stringContaining(text) });
});

test('help is help', async () => expect((await run('--help')).text).toContain('Usage:'));
