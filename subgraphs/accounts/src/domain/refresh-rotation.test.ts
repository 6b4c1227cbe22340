import { expect, test } from 'vitest';
import { decideRotation, type PresentedToken, refreshGraceMs } from './refresh-rotation.ts';
import { hashToken, isTokenShaped, newSecretToken, successorToken } from './secret-token.ts';

const now = new Date('2026-11-20T12:00:00Z');
const before = (ms: number) => new Date(now.getTime() - ms);
const live = { revokedAt: null, expiresAt: new Date('2026-12-01T00:00:00Z') };
const unused: PresentedToken = { generation: 3, usedAt: null, successorSalt: null, session: live, newestGeneration: 3 };
const used: PresentedToken = { ...unused, usedAt: before(1_000), successorSalt: 's', newestGeneration: 4 };

test.each<[string, PresentedToken, string]>([
  ['an unused token', unused, 'rotate'],
  ['the one before the newest, a second later', used, 'repeat'],
  ['the one before the newest, at the end of the window', { ...used, usedAt: before(refreshGraceMs) }, 'repeat'],
  ['the one before the newest, after the window', { ...used, usedAt: before(refreshGraceMs + 1) }, 'reuse'],
  ['an older generation, within the window', { ...used, newestGeneration: 5 }, 'reuse'],
  ['a used token without a salt', { ...used, successorSalt: null }, 'reuse'],
  ['any token of a revoked session', { ...unused, session: { ...live, revokedAt: now } }, 'ended'],
  ['any token of a session that ran out', { ...unused, session: { ...live, expiresAt: now } }, 'ended'],
])('%s: %j → %s', (_name, presented, kind) => {
  expect(decideRotation(presented, now).kind).toBe(kind);
});

test('a successor is the same for the same token and salt, and another for any other', () => {
  const { token, hash } = newSecretToken();
  expect(isTokenShaped(token)).toBe(true);
  expect(hash).toBe(hashToken(token));
  const successor = successorToken(token, 'salt');
  expect(successorToken(token, 'salt')).toEqual(successor);
  expect(successorToken(token, 'other').token).not.toBe(successor.token);
  expect(successorToken(newSecretToken().token, 'salt').token).not.toBe(successor.token);
});
