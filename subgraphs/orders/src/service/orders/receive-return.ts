import { withTx } from '@app/database';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { findReturns, type ReturnRow } from '../../data/order-parts.ts';
import { findOrderLines, type OrderLineRow } from '../../data/order-rows.ts';
import { findPayments } from '../../data/payment-rows.ts';
import type { Deps } from '../deps.ts';
import { intendMove, performMove } from '../payments/move-money.ts';

/** A return with the lines that came back, each with the quantity that did. */
export interface ReceivedReturn {
  readonly return: ReturnRow;
  readonly lines: readonly OrderLineRow[];
}

/** @throws Error when it is gone, which nothing does. */
export async function loadReturn(deps: Deps, orderId: string, returnId: string): Promise<ReceivedReturn> {
  const [returns, lines] = await Promise.all([findReturns(deps.db, [orderId]), findOrderLines(deps.db, [orderId])]);
  const found = returns.find(({ id }) => id === returnId);
  if (!found) throw new Error(`return ${returnId} is gone`);
  const content = found.lines.flatMap(({ orderLineId, quantity }) => {
    const line = lines.find(({ id }) => id === orderLineId);
    return line ? [{ ...line, quantity }] : [];
  });
  return { return: found, lines: content };
}

/** Refunds what was decided for a return; nothing to refund ends it at once. @throws Error while the outcome is unknown. */
export async function refundReturn(deps: Deps, orderId: string, received: ReceivedReturn): Promise<void> {
  const { id, refundMinor } = received.return;
  const key = `${id}:refund`;
  const amountMinor = Number(refundMinor ?? 0n);
  if (amountMinor === 0) return endWithoutMoney(deps, orderId, id);
  const isIntended = await withTx(deps.db, async (tx: Tx) => {
    const payment = (await findPayments(tx, [orderId])).find(
      ({ capturedMinor, refundedMinor }) => capturedMinor - refundedMinor >= amountMinor,
    );
    const lineIds = received.lines.map((line) => line.id);
    return payment
      ? intendMove(tx, { key, paymentId: payment.id, kind: 'REFUND', amountMinor, detail: { actor: 'system', returnId: id, lineIds } })
      : false;
  });
  const isKnown = isIntended || (await deps.db.paymentOperation.findUnique({ where: { key } })) !== null;
  if (!isKnown) return endWithoutMoney(deps, orderId, id);
  if ((await performMove(deps, key)).kind === 'unknown') throw new Error(`the outcome of the refund ${key} is not known yet`);
}

async function endWithoutMoney(deps: Deps, orderId: string, returnId: string): Promise<void> {
  await withTx(deps.db, async (tx: Tx) => {
    const { count } = await tx.return.updateMany({ where: { id: returnId, status: 'RECEIVED' }, data: { status: 'REFUNDED' } });
    if (count === 1)
      await addEntry(tx, orderId, { kind: 'RETURN_REFUNDED', message: 'The return ended without a refund.', actor: 'system' });
  });
}
