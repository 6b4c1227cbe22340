import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Secrets of a development installation, by environment variable name. */
export type Secrets = Readonly<Record<string, string>>;

/**
 * Reads the secrets of this installation, making those that are missing. They never change once made, so data and
 * sessions survive restarts. The file can be read by its owner only.
 *
 * @param names what has to be there; `JWT_PRIVATE_KEY` is an Ed25519 key as a JWK with an id, the rest are 32 random
 * bytes in base64url.
 */
export async function ensureSecrets(file: string, names: readonly string[]): Promise<Secrets> {
  const kept = await readSecrets(file);
  const missing = names.filter((name) => kept[name] === undefined);
  if (missing.length === 0) return kept;
  const secrets = { ...kept, ...Object.fromEntries(missing.map((name) => [name, makeSecret(name)])) };
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
  return secrets;
}

async function readSecrets(file: string): Promise<Record<string, string>> {
  const content = await readFile(file, 'utf8').catch(() => '{}');
  const parsed: unknown = JSON.parse(content);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function makeSecret(name: string): string {
  if (name !== 'JWT_PRIVATE_KEY') return randomBytes(32).toString('base64url');
  const { privateKey } = generateKeyPairSync('ed25519');
  const keyId = randomBytes(8).toString('hex');
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: keyId, alg: 'EdDSA', use: 'sig' });
}
