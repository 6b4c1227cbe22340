import { withTx } from '@app/database';
import type { Prisma, Tx } from '../../data/database.ts';
import { minor } from '../../data/database.ts';
import { readJson, toJson } from '../../data/json.ts';
import { addEntry } from '../../data/order-entries.ts';
import { findReturns } from '../../data/order-parts.ts';
import { findOrderLines, loadOrder, type OrderLineRow } from '../../data/order-rows.ts';
import { addLedgerEntry } from '../../data/payment-rows.ts';
import { type MoveOutcome, PaymentOutcomeUnknown } from '../../payments/payment-provider.ts';
import type { Deps } from '../deps.ts';
import { publishRefunded } from '../orders/order-events.ts';
import { deriveStatus } from './payment-state.ts';

/** Money to take from an authorisation, or to give back of what was taken. */
export interface Move {
  /** Idempotency key: the same one moves money once. */
  readonly key: string;
  readonly paymentId: string;
  readonly kind: 'CAPTURE' | 'REFUND';
  readonly amountMinor: number;
  readonly detail: MoveDetail;
}

/** What else a move is about. */
export interface MoveDetail {
  readonly actor: string;
  readonly reason?: string;
  /** Refund: lines whose price goes back in full. */
  readonly lineIds?: readonly string[];
  /** Refund: what the pieces cost that came back with it. */
  readonly takenBackMinor?: number;
  /** Refund: the return that ends with it. */
  readonly returnId?: string;
}

/** How a move ended. */
export type Moved = { readonly kind: 'succeeded' } | { readonly kind: 'failed'; readonly code: string } | { readonly kind: 'unknown' };

/**
 * Sets the amount aside in one conditional update, so that parallel moves never take more than is held or give back more
 * than was taken, and stores intent and key. False: there is not that much. A key that is known is not set aside again.
 */
export async function intendMove(tx: Tx, move: Move): Promise<boolean> {
  const known = await tx.paymentOperation.findUnique({ where: { key: move.key } });
  if (known) return true;
  const amount = BigInt(move.amountMinor);
  const count =
    move.kind === 'CAPTURE'
      ? await tx.$executeRaw`UPDATE payment SET capture_pending_minor = capture_pending_minor + ${amount}
          WHERE id = ${move.paymentId} AND voided_at IS NULL AND captured_minor + capture_pending_minor + ${amount} <= authorized_minor`
      : await tx.$executeRaw`UPDATE payment SET refund_pending_minor = refund_pending_minor + ${amount}
          WHERE id = ${move.paymentId} AND refunded_minor + refund_pending_minor + ${amount} <= captured_minor`;
  if (count === 0) return false;
  await tx.paymentOperation.create({
    data: { key: move.key, paymentId: move.paymentId, kind: move.kind, amountMinor: amount, detail: toJson(move.detail) },
  });
  await addLedgerEntry(tx, {
    paymentId: move.paymentId,
    kind: `${move.kind}_REQUESTED`,
    amountMinor: move.amountMinor,
    providerRef: move.key,
  });
  return true;
}

type Operation = Prisma.PaymentOperationGetPayload<{ include: { payment: true } }>;

/** Carries out an intended move, or finds out how it ended. Safe to repeat. */
export async function performMove(deps: Deps, key: string): Promise<Moved> {
  const operation = await deps.db.paymentOperation.findUniqueOrThrow({ where: { key }, include: { payment: true } });
  if (operation.status === 'SUCCEEDED') return { kind: 'succeeded' };
  if (operation.status === 'FAILED') return { kind: 'failed', code: 'failed' };
  try {
    const outcome = await call(deps, operation);
    await withTx(deps.db, (tx: Tx) => settleMove(deps, tx, operation, outcome));
    if (outcome.kind === 'succeeded') return { kind: 'succeeded' };
    deps.logger.error(
      { key, move: operation.kind, orderId: operation.payment.orderId, code: outcome.code },
      'money was not moved: see the order',
    );
    return { kind: 'failed', code: outcome.code };
  } catch (error) {
    if (!(error instanceof PaymentOutcomeUnknown)) throw error;
    await withTx(deps.db, async (tx: Tx) => {
      await tx.paymentOperation.updateMany({
        where: { key, status: { in: ['PENDING', 'UNKNOWN'] } },
        data: { status: 'UNKNOWN', checkedAt: deps.now() },
      });
      await addLedgerEntry(tx, {
        paymentId: operation.paymentId,
        kind: 'OUTCOME_UNKNOWN',
        amountMinor: minor(operation.amountMinor),
        providerRef: key,
      });
    });
    return { kind: 'unknown' };
  }
}

/** Carries out an intended move to its end. @throws Error while its outcome is unknown: try again. */
export async function completeMove(deps: Deps, key: string): Promise<void> {
  if ((await performMove(deps, key)).kind === 'unknown') throw new Error(`the outcome of the move ${key} is not known yet`);
}

/** The same key moves money once at the provider, so repeating the command is how to learn its outcome. */
function call(deps: Deps, operation: Operation): Promise<MoveOutcome> {
  const request = { key: operation.key, ref: operation.payment.providerRef ?? '', amountMinor: minor(operation.amountMinor) };
  return operation.kind === 'CAPTURE' ? deps.payments.capture(request) : deps.payments.refund(request);
}

async function settleMove(deps: Deps, tx: Tx, operation: Operation, outcome: MoveOutcome): Promise<void> {
  const { key, paymentId, amountMinor, payment } = operation;
  const isCapture = operation.kind === 'CAPTURE';
  const hasSucceeded = outcome.kind === 'succeeded';
  const { count } = await tx.paymentOperation.updateMany({
    where: { key, status: { in: ['PENDING', 'UNKNOWN'] } },
    data: { status: hasSucceeded ? 'SUCCEEDED' : 'FAILED', checkedAt: deps.now() },
  });
  if (count === 0) return;
  const moved = hasSucceeded ? { increment: amountMinor } : undefined;
  await tx.payment.update({
    where: { id: paymentId },
    data: isCapture
      ? { capturePendingMinor: { decrement: amountMinor }, capturedMinor: moved }
      : { refundPendingMinor: { decrement: amountMinor }, refundedMinor: moved },
  });
  const kind = isCapture ? (hasSucceeded ? 'CAPTURED' : 'CAPTURE_FAILED') : hasSucceeded ? 'REFUNDED' : 'REFUND_FAILED';
  await addLedgerEntry(tx, { paymentId, kind, amountMinor: minor(amountMinor), providerRef: outcome.ref });
  await deriveStatus(tx, payment.orderId);
  await tellOf(tx, operation, hasSucceeded);
}

/** History, event and the return that ends with a refund. */
async function tellOf(tx: Tx, operation: Operation, hasSucceeded: boolean): Promise<void> {
  const detail = readJson<MoveDetail>(operation.detail) ?? { actor: 'system' };
  const { orderId } = operation.payment;
  const kind = `${operation.kind}${hasSucceeded ? '_SUCCEEDED' : '_FAILED'}`;
  const what = operation.kind === 'CAPTURE' ? 'Taking the money' : 'Refunding the money';
  const message = `${what} ${hasSucceeded ? 'succeeded' : 'failed'}${detail.reason ? `: ${detail.reason}` : '.'}`;
  await addEntry(tx, orderId, { kind, message, actor: detail.actor });
  if (operation.kind !== 'REFUND' || !hasSucceeded) return;
  if (detail.returnId !== undefined)
    await tx.return.updateMany({ where: { id: detail.returnId, status: 'RECEIVED' }, data: { status: 'REFUNDED' } });
  await publishRefunded(tx, await loadOrder(tx, orderId), await refundedLines(tx, orderId, detail), minor(operation.amountMinor));
}

/** Of a return the pieces that came back: the buyer keeps the others. */
async function refundedLines(tx: Tx, orderId: string, { returnId, lineIds }: MoveDetail): Promise<OrderLineRow[]> {
  const lines = await findOrderLines(tx, [orderId]);
  if (returnId === undefined) return lines.filter(({ id }) => lineIds?.includes(id));
  const returned = (await findReturns(tx, [orderId])).find(({ id }) => id === returnId)?.lines ?? [];
  return lines.flatMap((line) =>
    returned.filter(({ orderLineId }) => orderLineId === line.id).map(({ quantity }) => ({ ...line, quantity })),
  );
}
