/** What of a session decides whether it works. */
export interface SessionState {
  readonly accountId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

/** Sessions of one account at the same time: more than anybody has devices, few enough to list and to end at once. */
export const maxSessions = 50;

const recentMs = 15 * 60 * 1000;

/** True when the session is the account's and still works. */
export function isLive({ accountId, revokedAt, expiresAt }: SessionState, ownerId: string, now: Date): boolean {
  return accountId === ownerId && revokedAt === null && expiresAt > now;
}

/** True when the sign-in that opened the session was a short while ago. A refresh prolongs a session and does not renew this. */
export function isRecentSignIn({ createdAt }: SessionState, now: Date): boolean {
  return now.getTime() - createdAt.getTime() <= recentMs;
}
