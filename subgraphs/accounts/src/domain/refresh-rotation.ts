/** How long a used refresh token may come again: a client that lost the answer, or two tabs at once. In milliseconds. */
export const refreshGraceMs = 10_000;

/** Life of a session that is not used, in days. */
export const sessionDays = 30;

/** What is known when a refresh token is presented. */
export interface PresentedToken {
  readonly generation: number;
  readonly usedAt: Date | null;
  readonly successorSalt: string | null;
  readonly session: { readonly revokedAt: Date | null; readonly expiresAt: Date };
  /** Newest generation of the family. */
  readonly newestGeneration: number;
}

/** What to do with it. */
export type RotationDecision =
  | { readonly kind: 'rotate' }
  /** Give the same successor again. */
  | { readonly kind: 'repeat'; readonly salt: string }
  /** Theft: somebody else used this token, or an older one came back. The family ends. */
  | { readonly kind: 'reuse' }
  | { readonly kind: 'ended' };

/**
 * Decides about a presented refresh token (RFC 9700, section 4.14.2). Only the token directly before the newest has a
 * grace window, and within it gets the same successor, so that parallel refreshes never leave two live branches.
 */
export function decideRotation(presented: PresentedToken, now: Date): RotationDecision {
  const { session, usedAt, successorSalt } = presented;
  if (session.revokedAt !== null || session.expiresAt <= now) return { kind: 'ended' };
  if (usedAt === null) return { kind: 'rotate' };
  const isPrevious = presented.generation === presented.newestGeneration - 1;
  const isInGrace = now.getTime() - usedAt.getTime() <= refreshGraceMs;
  return isPrevious && isInGrace && successorSalt !== null ? { kind: 'repeat', salt: successorSalt } : { kind: 'reuse' };
}
