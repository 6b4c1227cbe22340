import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimDataDir, readStatus, requestStop } from './control-socket.ts';
import { assertDiskSpace } from './disk-space.ts';
import { postgresAccount } from './postgres-account.ts';
import { reachableDataDir } from './postgres-data-dir.ts';
import { lineProgress } from './progress.ts';
import { scratchDir } from './scratch-dir.ts';
import { ensureSecrets, ensureSigningKeys } from './secrets.ts';

const status = { pid: 7, startedAt: 'today', gatewayUrl: 'http://localhost:4000/graphql' };

test('a folder is claimed once, tells who has it, and passes a request to stop on', async () => {
  await using folder = await scratchDir('claim');
  const asked = Promise.withResolvers<void>();
  const claim = await claimDataDir(folder.path, status, () => asked.resolve());
  expect(await readStatus(folder.path)).toEqual(status);
  await expect(claimDataDir(folder.path, status, () => undefined)).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
  const stopped = requestStop(folder.path);
  await asked.promise;
  await claim.release();
  expect(await stopped).toBe(true);
  expect(await readStatus(folder.path)).toBeUndefined();
  expect(await requestStop(folder.path)).toBe(false);
});

test('a claim left behind by a killed process is taken over', async () => {
  await using folder = await scratchDir('claim');
  await writeFile(join(folder.path, 'launcher.sock'), '');
  const claim = await claimDataDir(folder.path, status, () => undefined);
  expect(await readStatus(folder.path)).toEqual(status);
  await claim.release();
});

test('a folder too deep for a socket is refused with the variable to change', async () => {
  await using folder = await scratchDir('claim');
  const deep = join(folder.path, 'x'.repeat(120));
  await expect(claimDataDir(deep, status, () => undefined)).rejects.toMatchObject({
    code: 'WRONG_VARIABLE',
    remedy: expect.stringContaining('DATA_DIR'),
  });
});

test('secrets are made once, added to when more are needed, and readable by their owner only', async () => {
  await using folder = await scratchDir('secrets');
  const file = join(folder.path, 'deep', 'secrets.json');
  const first = await ensureSecrets(file, ['A']);
  const second = await ensureSecrets(file, ['A', 'B']);
  expect(second['A']).toBe(first['A']);
  expect(second['B']).toMatch(/^[\w-]{43}$/);
  expect(await ensureSecrets(file, ['B'])).toEqual(second);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('signing keys are an Ed25519 JWK set, made once', async () => {
  await using folder = await scratchDir('keys');
  const file = join(folder.path, 'keys.json');
  await ensureSigningKeys(file);
  const text = await readFile(file, 'utf8');
  expect(JSON.parse(text)).toEqual({
    keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: expect.any(String), x: expect.any(String), d: expect.any(String) }],
  });
  await ensureSigningKeys(file);
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('too little space is said with the number and the folder', async () => {
  await using folder = await scratchDir('disk');
  await assertDiskSpace(folder.path, 1);
  await expect(assertDiskSpace(folder.path, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringMatching(/^Only \d+ MB are free .*supergraph-disk/),
  });
});

test('a cluster below a folder that the account may not enter lives elsewhere, always in the same place', async () => {
  await using folder = await scratchDir('reach');
  const closed = join(folder.path, 'closed');
  await mkdir(closed, { mode: 0o700 });
  const stranger = { uid: 54_321, gid: 54_321 };
  const wanted = join(closed, 'postgres');
  expect(await reachableDataDir(wanted, undefined)).toBe(wanted);
  expect(await reachableDataDir(join(folder.path, 'postgres'), stranger)).toBe(join(folder.path, 'postgres'));
  const moved = await reachableDataDir(wanted, stranger);
  expect(moved).toMatch(/^\/var\/lib\/supergraph-platform\/[0-9a-f]{16}\/postgres$/);
  expect(await reachableDataDir(wanted, stranger)).toBe(moved);
  const owner = { uid: process.getuid?.() ?? 0, gid: 54_321 };
  expect(await reachableDataDir(wanted, owner)).toBe(wanted);
});

test('Postgres never runs as root', async () => {
  const account = await postgresAccount();
  expect(account === undefined ? process.getuid?.() : account.uid).not.toBe(0);
});

test('a step is reported when it is done, and not when it fails', async () => {
  const lines: string[] = [];
  const progress = lineProgress((line) => lines.push(line));
  expect(await progress.step('quick', () => Promise.resolve(4))).toBe(4);
  await expect(progress.step('broken', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(lines).toEqual([expect.stringMatching(/^✓ quick \(\d\.\d s\)$/)]);
});
