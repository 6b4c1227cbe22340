import { hasScope, type Principal, type Scope } from '@app/auth';
import { isId } from '@app/database';
import { AppError } from '@app/errors';
import { notFound, UserFault } from '@app/subgraph';
import type { Queryable } from '../../data/database.ts';
import { findOrder, type OrderRow } from '../../data/order-rows.ts';
import type { OrderViewer } from '../../domain/available-actions.ts';

/** True when the order is the principal's own. */
export function isBuyer(principal: Principal, order: Pick<OrderRow, 'accountId'>): boolean {
  return principal.kind === 'user' && principal.id === order.accountId;
}

/** Whether a principal may look at an order: its buyer, and staff that reads orders. */
export function maySeeOrder(principal: Principal, order: Pick<OrderRow, 'accountId'>): boolean {
  return isBuyer(principal, order) || hasScope(principal, 'orders:read');
}

/** Whom {@link availableActions} judges. An order without an account is only ever reached by its guest, or by staff. */
export function viewerOf(principal: Principal, order: Pick<OrderRow, 'accountId'>): OrderViewer {
  return {
    isBuyer: isBuyer(principal, order) || (order.accountId === null && !hasScope(principal, 'orders:read')),
    canWriteOrders: hasScope(principal, 'orders:write'),
    canWritePayments: hasScope(principal, 'payments:write'),
  };
}

/** The order, if the principal may see it: somebody else's looks like none. @throws {UserFault} NOT_FOUND. */
export async function requireOrder(
  db: Queryable,
  principal: Principal,
  id: string,
  path: readonly string[] = ['orderId'],
): Promise<OrderRow> {
  const order = isId('ord', id) ? await findOrder(db, id) : null;
  if (order === null || !maySeeOrder(principal, order)) throw new UserFault(notFound('order', id, path));
  return order;
}

/** Staff only. @throws {AppError} UNAUTHENTICATED or FORBIDDEN. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (principal.kind !== 'user') throw new AppError('UNAUTHENTICATED');
  if (!hasScope(principal, scope)) throw new AppError('FORBIDDEN');
}
