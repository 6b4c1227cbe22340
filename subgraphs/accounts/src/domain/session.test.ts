import { expect, test } from 'vitest';
import { isLive, isRecentSignIn, type SessionState } from './session.ts';

const minute = 60_000;
const start = new Date('2026-11-22T08:00:00Z');
const after = (minutes: number): Date => new Date(start.getTime() + minutes * minute);
const session: SessionState = { accountId: 'usr_ada', createdAt: start, expiresAt: after(60), revokedAt: null };

test('a session works for its owner, until it expires or is revoked', () => {
  expect(isLive(session, 'usr_ada', after(59))).toBe(true);
  expect(isLive(session, 'usr_eve', after(59))).toBe(false);
  expect(isLive(session, 'usr_ada', after(60))).toBe(false);
  expect(isLive({ ...session, revokedAt: after(1) }, 'usr_ada', after(2))).toBe(false);
});

test('a sign-in is recent for a quarter of an hour', () => {
  expect([0, 15, 16].map((minutes) => isRecentSignIn(session, after(minutes)))).toEqual([true, true, false]);
});
