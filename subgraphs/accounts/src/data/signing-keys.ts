import { readFile } from 'node:fs/promises';
import type { SigningKey } from '@app/auth';
import { AppError } from '@app/errors';
import { importJWK } from 'jose';
import { z } from 'zod';

const privateKey = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), kid: z.string().min(1), x: z.string(), d: z.string() });
const keyFile = z.object({ keys: z.array(privateKey).min(1) });

/** A public key as it is published (RFC 7517, RFC 8037). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly kid: string;
  readonly x: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** The key that signs, and all keys that are published: a new key is published before it signs, an old one after. */
export interface SigningKeys {
  readonly signing: SigningKey;
  readonly published: readonly PublicJwk[];
}

/** Where the keys are: a file with a set, or one key as text. */
export interface KeySource {
  readonly file?: string | undefined;
  readonly key?: string | undefined;
}

/** Reads the private keys; the first signs. @throws {AppError} INTERNAL when they are missing or are not such keys; the cause says why. */
export async function loadSigningKeys({ file, key }: KeySource): Promise<SigningKeys> {
  try {
    const { keys } = keyFile.parse(file === undefined ? { keys: [JSON.parse(key ?? 'null')] } : JSON.parse(await readFile(file, 'utf8')));
    const [first] = keys;
    if (!first) throw new Error('no keys');
    const imported = await importJWK({ ...first, alg: 'EdDSA' }, 'EdDSA');
    if (imported instanceof Uint8Array) throw new Error('not a key pair');
    return { signing: { keyId: first.kid, privateKey: imported }, published: keys.map(toPublic) };
  } catch (cause) {
    const message = 'Set SIGNING_KEYS_FILE to a JSON file with a private JWK set of Ed25519 keys, or JWT_PRIVATE_KEY to one such key.';
    throw new AppError('INTERNAL', message, { cause });
  }
}

function toPublic({ kid, x }: z.output<typeof privateKey>): PublicJwk {
  return { kty: 'OKP', crv: 'Ed25519', kid, x, alg: 'EdDSA', use: 'sig' };
}
