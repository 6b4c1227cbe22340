import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { generateStoredKey, readKeyFile, watchSigningKeys, writeKeyFile } from './signing-keys.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
  file = join(folder, 'keys.json');
});
afterEach(() => rm(folder, { recursive: true }));

const unused = (error: unknown) => {
  throw error;
};

test('the first key signs, all are published without their private half', async () => {
  const keys = [await generateStoredKey(), await generateStoredKey()];
  await writeKeyFile(file, keys);
  const live = await watchSigningKeys(file, unused);
  live.close();
  expect(live.current.signing.keyId).toBe(keys[0]?.kid);
  expect(live.current.published.map(({ kid }) => kid)).toEqual(keys.map(({ kid }) => kid));
  expect(JSON.stringify(live.current.published)).not.toContain('"d"');
  expect(await readKeyFile(file)).toEqual(keys);
});

test('a changed file is followed, a broken one is reported and the keys in use stay', async () => {
  const [one, two] = [await generateStoredKey(), await generateStoredKey()];
  await writeKeyFile(file, [one]);
  const broken: unknown[] = [];
  const live = await watchSigningKeys(file, (error) => broken.push(error));
  try {
    await writeKeyFile(file, [two, one]);
    await vi.waitFor(() => expect(live.current.signing.keyId).toBe(two.kid), { timeout: 10_000, interval: 100 });
    await writeFile(file, '{');
    await vi.waitFor(() => expect(broken).toHaveLength(1), { timeout: 10_000, interval: 100 });
    expect(live.current.signing.keyId).toBe(two.kid);
  } finally {
    live.close();
  }
}, 30_000);

test.each([
  ['no JSON', '{'],
  ['no keys', '{"keys":[]}'],
  ['a public key', '{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":"AA"}]}'],
  ['another kind of key', '{"keys":[{"kty":"RSA","kid":"k","n":"AA","e":"AQAB","d":"AA"}]}'],
])('%s stops the start with a message naming the variable', async (_name, content) => {
  await writeFile(file, content);
  await expect(watchSigningKeys(file, unused)).rejects.toThrow(/SIGNING_KEYS_FILE/);
});

test('a file that is not there stops the start', async () => {
  await expect(watchSigningKeys(join(folder, 'nope'), unused)).rejects.toThrow(/SIGNING_KEYS_FILE/);
});
