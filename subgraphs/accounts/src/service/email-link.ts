import { inputError, UserFault } from '@app/subgraph';
import type { Tx } from '../data/client.ts';
import {
  consumeEmailToken,
  type EmailTokenPurpose,
  type EmailTokenRow,
  hasOpenEmailToken,
  insertEmailToken,
} from '../data/email-tokens.ts';
import { hashToken, isTokenShaped, newSecretToken } from '../domain/secret-token.ts';

const lifeMs = 24 * 60 * 60 * 1000;

/** What a token carries besides whom it belongs to. */
export interface EmailLinkFacts {
  readonly accountId: string;
  readonly purpose: EmailTokenPurpose;
  readonly passwordHash?: string;
  readonly displayName?: string;
  readonly locale?: string | null;
}

/** Makes a single-use token of 24 hours and returns what goes into the mail; only its hash is stored. */
export async function makeEmailLink(tx: Tx, facts: EmailLinkFacts, now: Date): Promise<string> {
  const { token, hash } = newSecretToken();
  await insertEmailToken(tx, { ...facts, hash, createdAt: now, expiresAt: new Date(now.getTime() + lifeMs) });
  return token;
}

/** Uses a token up. @throws {UserFault} INVALID_TOKEN when it is unknown, used, too old, or for something else: all look the same. */
export async function useEmailLink(tx: Tx, token: string, purpose: EmailTokenPurpose, now: Date): Promise<EmailTokenRow> {
  const found = isTokenShaped(token) ? await consumeEmailToken(tx, hashToken(token), purpose, now) : null;
  if (!found) throw invalidToken();
  return found;
}

/** Looks whether a token could be used, before work that is expensive. @throws {UserFault} INVALID_TOKEN as {@link useEmailLink}. */
export async function requireOpenEmailLink(db: Tx, token: string, purpose: EmailTokenPurpose, now: Date): Promise<void> {
  if (!isTokenShaped(token) || !(await hasOpenEmailToken(db, hashToken(token), purpose, now))) throw invalidToken();
}

function invalidToken(): UserFault {
  return new UserFault(inputError(['input', 'token'], 'INVALID_TOKEN', 'This link is too old or was used already: ask for a new one.'));
}
