import { hasScope, type Principal, type UserPrincipal } from '@app/auth';
import { AppError } from '@app/errors';
import { conflict, UserFault } from '@app/subgraph';
import type { ReviewRow } from '../data/reviews.ts';
import { ReviewStatus } from '../domain/vocabulary.ts';

/** The person who asks. The gateway has refused anonymous calls already; a subgraph does not rely on that. */
export function requireUser(principal: Principal): UserPrincipal {
  if (principal.kind !== 'user') throw new AppError('UNAUTHENTICATED');
  return principal;
}

/** The person who asks, holding a scope. */
export function requireScope(principal: Principal, scope: 'reviews:moderate' | 'reviews:reply'): UserPrincipal {
  const user = requireUser(principal);
  if (!hasScope(user, scope)) throw new AppError('FORBIDDEN');
  return user;
}

/** The version that somebody has seen is still the one. @throws {UserFault} VERSION_MISMATCH. */
export function requireVersion({ version }: ReviewRow, expected: number, path: readonly string[]): void {
  if (version !== expected) throw new UserFault(conflict('VERSION_MISMATCH', 'This review has changed: read it again.', version, path));
}

/** Everybody sees what is visible; its author and the moderators see the rest. */
export function canSee(principal: Principal, review: ReviewRow): boolean {
  return review.isVisible || isAuthor(principal, review) || canModerate(principal);
}

export function isAuthor(principal: Principal, { authorId }: ReviewRow): boolean {
  return principal.kind === 'user' && principal.id === authorId;
}

/** An author may edit anything but what a moderator has hidden. */
export function canEdit(principal: Principal, review: ReviewRow): boolean {
  return isAuthor(principal, review) && review.status !== ReviewStatus.HIDDEN;
}

/** Whether the person who asks works through the moderators' queue. */
export function canModerate(principal: Principal): boolean {
  return hasScope(principal, 'reviews:moderate');
}

/** The author and the moderators see what waits and why something was refused. */
export function canSeeNotes(principal: Principal, review: ReviewRow): boolean {
  return isAuthor(principal, review) || canModerate(principal);
}
