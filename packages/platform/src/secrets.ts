import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exists } from './project-layout.ts';

/** Secrets of a development installation, by environment variable name. */
export type Secrets = Readonly<Record<string, string>>;

/**
 * Reads the secrets of this installation, making those that are missing. They never change once made, so data and
 * sessions survive restarts. The file can be read by its owner only.
 *
 * @param names what has to be there, each 32 random bytes in base64url.
 */
export async function ensureSecrets(file: string, names: readonly string[]): Promise<Secrets> {
  const kept = await readSecrets(file);
  const missing = names.filter((name) => kept[name] === undefined);
  if (missing.length === 0) return kept;
  const secrets = { ...kept, ...Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString('base64url')])) };
  await writePrivately(file, secrets);
  return secrets;
}

async function readSecrets(file: string): Promise<Record<string, string>> {
  const content = await readFile(file, 'utf8').catch(() => '{}');
  const parsed: unknown = JSON.parse(content);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/**
 * Makes the keys that access tokens are signed with unless they are there: a private JWK set (RFC 7517) with one
 * Ed25519 key (RFC 8037), in a file that its owner only can read.
 */
export async function ensureSigningKeys(file: string): Promise<void> {
  if (await exists(file)) return;
  const { privateKey } = generateKeyPairSync('ed25519');
  const kid = randomBytes(8).toString('hex');
  await writePrivately(file, { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' }] });
}

/** Whole or not at all: a start that is interrupted leaves no half file. */
async function writePrivately(file: string, content: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}
