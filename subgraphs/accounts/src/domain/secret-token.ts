import { createHash, createHmac, randomBytes } from 'node:crypto';

/** A secret for its bearer, and the fingerprint that is stored. Threat: a leaked database. Consequence: it holds no token that works. */
export interface SecretToken {
  /** 256 random bits, base64url. */
  readonly token: string;
  readonly hash: string;
}

/** A new token. A fast hash is enough for 256 random bits: there is nothing to guess. */
export function newSecretToken(random: Uint8Array = randomBytes(32)): SecretToken {
  const token = Buffer.from(random).toString('base64url');
  return { token, hash: hashToken(token) };
}

/** SHA-256 of a token, hexadecimal. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** True for text that has the form of a token; anything else need not be looked up. */
export function isTokenShaped(value: string): boolean {
  return /^[\w-]{43}$/.test(value);
}

/**
 * The successor of a refresh token: only who holds the token *and* knows the stored salt can make it, so a repeated
 * refresh can be given the same answer although nothing but hashes is stored.
 */
export function successorToken(token: string, salt: string): SecretToken {
  return newSecretToken(createHmac('sha256', token).update(salt).digest());
}
