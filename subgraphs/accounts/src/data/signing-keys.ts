import { randomBytes } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { SigningKey } from '@app/auth';
import { AppError } from '@app/errors';
import { exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import type { StoredKey } from '../domain/key-rotation.ts';

const storedKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1),
  x: z.string(),
  d: z.string(),
  publishedAt: z.iso.datetime().optional(),
  replacedAt: z.iso.datetime().optional(),
});
const keyFile = z.object({ keys: z.array(storedKey).min(1) });

/** How often the key file is looked at. */
const watchIntervalMs = 2_000;

/** A public key as it is published (RFC 7517, RFC 8037). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly kid: string;
  readonly x: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** The key that signs, and all keys that are published, as the file has them now. */
export interface SigningKeys {
  readonly signing: SigningKey;
  readonly published: readonly PublicJwk[];
}

/** Keys that follow their file. */
export interface LiveSigningKeys {
  readonly current: SigningKeys;
  close(): void;
}

/**
 * Reads the private keys and follows the file, so that keys are rotated without a restart. A file that is broken later is
 * reported, and the keys in use stay.
 * @throws {AppError} INTERNAL when there are no keys to begin with; the cause says why.
 */
export async function watchSigningKeys(file: string, onBroken: (error: unknown) => void): Promise<LiveSigningKeys> {
  let current = await loadSigningKeys(file);
  const reload = () => {
    loadSigningKeys(file).then((keys) => {
      current = keys;
    }, onBroken);
  };
  watchFile(file, { interval: watchIntervalMs, persistent: false }, reload);
  return {
    get current() {
      return current;
    },
    close: () => unwatchFile(file, reload),
  };
}

/** The keys of a file as they are stored. */
export async function readKeyFile(file: string): Promise<StoredKey[]> {
  return keyFile.parse(JSON.parse(await readFile(file, 'utf8'))).keys;
}

/** Replaces a key file, whole or not at all, readable by its owner only. */
export async function writeKeyFile(file: string, keys: readonly StoredKey[]): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** A new Ed25519 key. */
export async function generateStoredKey(): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  return storedKey.parse({ ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex') });
}

async function loadSigningKeys(file: string): Promise<SigningKeys> {
  try {
    const keys = await readKeyFile(file);
    const [first] = keys;
    if (!first) throw new Error('no keys');
    const imported = await importJWK({ ...first, alg: 'EdDSA' }, 'EdDSA');
    if (imported instanceof Uint8Array) throw new Error('not a key pair');
    return { signing: { keyId: first.kid, privateKey: imported }, published: keys.map(toPublic) };
  } catch (cause) {
    throw new AppError('INTERNAL', 'SIGNING_KEYS_FILE must be a JSON file with a private JWK set of Ed25519 keys.', { cause });
  }
}

function toPublic({ kid, x }: StoredKey): PublicJwk {
  return { kty: 'OKP', crv: 'Ed25519', kid, x, alg: 'EdDSA', use: 'sig' };
}
