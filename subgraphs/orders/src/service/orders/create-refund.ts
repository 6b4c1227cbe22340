import type { Principal } from '@app/auth';
import { conflict, InputCheck, notFound, UserFault } from '@app/subgraph';
import type { Tx } from '../../data/database.ts';
import type { OrderLineRow } from '../../data/order-rows.ts';
import type { Deps } from '../deps.ts';
import { checkKey, once } from '../idempotency.ts';
import { intendMove, performMove } from '../payments/move-money.ts';
import { type NamedAmount, requireCurrency } from './capture-payment.ts';
import { maxLines } from './create-fulfillment.ts';
import { type LockedOrder, lockOrder, requireAction } from './lock-order.ts';
import { requireOrder, requireScope } from './order-access.ts';
import type { OrderOutcome } from './order-outcome.ts';

/** Money to give back. */
export interface NewRefund {
  readonly amount: NamedAmount;
  readonly lineIds?: readonly string[] | null;
  readonly restock: boolean;
  readonly reason: string;
  readonly idempotencyKey: string;
}

/** Gives money back; parallel refunds never give back more than was taken. @throws {UserFault} REFUND_EXCEEDS_CAPTURED … */
export async function createRefund(deps: Deps, principal: Principal, orderId: string, input: NewRefund): Promise<OrderOutcome> {
  requireScope(principal, 'payments:write');
  const check = new InputCheck();
  checkKey(check, input.idempotencyKey);
  check.integer(input.amount.minor, ['input', 'amount', 'minor'], { min: 1, max: Number.MAX_SAFE_INTEGER });
  const reason = check.text(input.reason, ['input', 'reason'], { max: 500, multiline: true });
  const lineIds = [...new Set(input.lineIds ?? [])];
  check.list(lineIds, ['input', 'lineIds'], { min: 0, max: maxLines });
  check.require(!input.restock || lineIds.length > 0, ['input', 'lineIds'], 'REQUIRED', 'Name the lines whose goods go back into stock.');
  check.finish();
  const order = await requireOrder(deps.db, principal, orderId);
  requireCurrency(input.amount, order.currency);
  const actor = principal.kind === 'user' ? principal.id : 'system';
  const { idempotencyKey, ...body } = input;
  let moveKey = '';
  let restocked: readonly OrderLineRow[] = [];
  return once(
    deps,
    { caller: actor, mutation: 'refundCreate', key: idempotencyKey, body: { orderId, ...body } },
    async (tx, keyId) => {
      const locked = await lockOrder(tx, orderId);
      const lines = linesOf(locked, lineIds);
      restocked = input.restock ? lines : [];
      await requireAction(tx, principal, locked, 'REFUND');
      moveKey = `${keyId}:refund`;
      await intend(tx, locked, { key: moveKey, amountMinor: input.amount.minor, detail: { actor, reason, lineIds } });
      return orderId;
    },
    async () => {
      const moved = await performMove(deps, moveKey);
      if (moved.kind === 'succeeded' && restocked.length > 0) await deps.inventory.restock(orderId, moveKey, restocked);
    },
  );
}

async function intend(
  tx: Tx,
  { payments }: LockedOrder,
  move: { key: string; amountMinor: number; detail: { actor: string; reason: string; lineIds: readonly string[] } },
): Promise<void> {
  const payment = payments.find(
    ({ capturedMinor, refundedMinor, refundPendingMinor }) => capturedMinor - refundedMinor - refundPendingMinor >= move.amountMinor,
  );
  const isIntended = payment !== undefined && (await intendMove(tx, { ...move, paymentId: payment.id, kind: 'REFUND' }));
  if (!isIntended)
    throw new UserFault(conflict('REFUND_EXCEEDS_CAPTURED', 'Less than that was taken and has not gone back.', null, ['input', 'amount']));
}

function linesOf({ lines }: LockedOrder, wanted: readonly string[]): OrderLineRow[] {
  return wanted.map((lineId, index) => {
    const line = lines.find(({ id }) => id === lineId);
    if (!line) throw new UserFault(notFound('line', lineId, ['input', 'lineIds', index]));
    return line;
  });
}
