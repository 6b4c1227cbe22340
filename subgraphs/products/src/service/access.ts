import { hasScope, type Scope, type UserPrincipal } from '@app/auth';
import { AppError } from '@app/errors';
import { type ProductStatus, productStatuses } from '../domain/product.ts';
import type { Viewer } from './ports.ts';

/** The signed-in person, who holds the scope. @throws {AppError} UNAUTHENTICATED or FORBIDDEN. */
export function requireScope({ principal }: Viewer, scope: Scope): UserPrincipal {
  if (principal.kind !== 'user') throw new AppError('UNAUTHENTICATED');
  if (!hasScope(principal, scope)) throw new AppError('FORBIDDEN');
  return principal;
}

/** Statuses that exist for this viewer: drafts and archived products are there for those who keep the catalogue. */
export function visibleStatuses({ principal }: Viewer): readonly ProductStatus[] {
  return hasScope(principal, 'catalog:write') ? productStatuses : ['ACTIVE'];
}
