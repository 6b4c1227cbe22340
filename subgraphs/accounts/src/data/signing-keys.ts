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

/** Reads a private JWK set; its first key signs. @throws {AppError} INTERNAL when the file is missing or is not one; the cause says why. */
export async function loadSigningKeys(file: string): Promise<SigningKeys> {
  try {
    const { keys } = keyFile.parse(JSON.parse(await readFile(file, 'utf8')));
    const [first] = keys;
    if (!first) throw new Error('no keys');
    const imported = await importJWK({ ...first, alg: 'EdDSA' }, 'EdDSA');
    if (imported instanceof Uint8Array) throw new Error('not a key pair');
    return { signing: { keyId: first.kid, privateKey: imported }, published: keys.map(toPublic) };
  } catch (cause) {
    throw new AppError('INTERNAL', 'SIGNING_KEYS_FILE must name a JSON file with a private JWK set of Ed25519 keys.', { cause });
  }
}

function toPublic({ kid, x }: z.output<typeof privateKey>): PublicJwk {
  return { kty: 'OKP', crv: 'Ed25519', kid, x, alg: 'EdDSA', use: 'sig' };
}
