import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchFile } from './schema-source.ts';

let folder: string;
let path: string;
let stop: () => void = () => undefined;
const seen: string[] = [];
const errors: unknown[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-file-'));
  path = join(folder, 'supergraph.graphql');
  seen.length = 0;
  errors.length = 0;
});
afterEach(async () => {
  stop();
  await rm(folder, { recursive: true });
});

const watch = () => {
  stop = watchFile(
    path,
    (text) => seen.push(text),
    (error) => errors.push(error),
  );
};

test('what was written before the file was watched is not missed', async () => {
  await writeFile(path, 'first');
  watch();
  await expect.poll(() => seen).toEqual(['first']);
});

test('a file that is replaced is read again', async () => {
  await writeFile(path, 'first');
  watch();
  await expect.poll(() => seen).toEqual(['first']);
  await writeFile(join(folder, 'draft'), 'second');
  await rename(join(folder, 'draft'), path);
  await expect.poll(() => seen).toEqual(['first', 'second']);
});

test('a file that is written again with the same text has not changed', async () => {
  await writeFile(path, 'first');
  watch();
  await expect.poll(() => seen).toEqual(['first']);
  await writeFile(path, 'first');
  await sleep(300);
  expect(seen).toEqual(['first']);
});

test('a file that is away is told of, and read when it is back', async () => {
  watch();
  await expect.poll(() => errors).toMatchObject([{ code: 'ENOENT' }]);
  await writeFile(path, 'first');
  await expect.poll(() => seen).toEqual(['first']);
});

test('nothing is told once it is stopped', async () => {
  await writeFile(path, 'first');
  watch();
  stop();
  await sleep(300);
  expect([seen, errors]).toEqual([[], []]);
});
