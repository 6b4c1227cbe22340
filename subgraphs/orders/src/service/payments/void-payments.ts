import { withTx } from '@app/database';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { loadOrder } from '../../data/order-rows.ts';
import { addLedgerEntry, findPayments, type PaymentRow } from '../../data/payment-rows.ts';
import { PaymentOutcomeUnknown } from '../../payments/payment-provider.ts';
import type { Deps } from '../deps.ts';
import { authorizeKey, authorizePayment } from './authorize-payment.ts';
import { completeMove } from './move-money.ts';
import { deriveStatus } from './payment-state.ts';

/**
 * Gives back whatever attempts of an order hold, or only those before the one that is wanted: whoever wants it may have slept while later ones
 * were made. An attempt whose outcome is unknown is asked for first, so that no hold is forgotten; so is money whose taking nobody heard of, which
 * is not held any more.
 */
export async function voidPayments(deps: Deps, orderId: string, beforeAttempt = Number.POSITIVE_INFINITY): Promise<void> {
  await settleCaptures(deps, orderId);
  for (const payment of await findPayments(deps.db, [orderId])) {
    if (payment.attempt < beforeAttempt && mayHold(payment)) await voidPayment(deps, payment);
  }
}

/** @throws Error while the outcome of one is unknown: try again. */
async function settleCaptures(deps: Deps, orderId: string): Promise<void> {
  const open = await deps.db.paymentOperation.findMany({
    where: { payment: { orderId }, kind: 'CAPTURE', status: { in: ['PENDING', 'UNKNOWN'] } },
    select: { key: true },
  });
  for (const { key } of open) await completeMove(deps, key);
}

/** An attempt whose outcome we never heard of may hold everything; one of which a part was taken holds the rest. */
function mayHold({ voidedAt, authorizedMinor, capturedMinor }: PaymentRow): boolean {
  return voidedAt === null && (authorizedMinor === 0 || capturedMinor < authorizedMinor);
}

async function voidPayment(deps: Deps, payment: PaymentRow): Promise<void> {
  const authorization = await deps.db.paymentOperation.findUnique({ where: { key: authorizeKey(payment.orderId, payment.attempt) } });
  if (authorization?.status === 'FAILED') return;
  if (authorization?.status === 'REQUIRES_ACTION' && (await isRefused(deps, payment))) return;
  const ref = payment.providerRef ?? (await heldRef(deps, payment));
  if (ref === null) return;
  const key = voidKey(payment);
  const heldMinor = payment.amountMinor - payment.capturedMinor;
  await withTx(deps.db, async (tx: Tx) => {
    await tx.paymentOperation.createMany({
      data: [{ key, paymentId: payment.id, kind: 'VOID', amountMinor: BigInt(heldMinor) }],
      skipDuplicates: true,
    });
    await addLedgerEntry(tx, { paymentId: payment.id, kind: 'VOID_REQUESTED', amountMinor: heldMinor, providerRef: key });
  });
  const outcome = await deps.payments.void({ key, ref });
  if (outcome.kind === 'failed') {
    await deps.db.paymentOperation.update({ where: { key }, data: { status: 'FAILED' } });
    throw new PaymentOutcomeUnknown(`the hold ${ref} could not be given back: ${outcome.code}`);
  }
  await withTx(deps.db, async (tx: Tx) => {
    await tx.paymentOperation.update({ where: { key }, data: { status: 'SUCCEEDED' } });
    const { count } = await tx.payment.updateMany({
      where: { id: payment.id, voidedAt: null },
      data: { voidedAt: deps.now(), providerRef: ref, nextActionUrl: null },
    });
    if (count === 0) return;
    await addLedgerEntry(tx, { paymentId: payment.id, kind: 'VOIDED', amountMinor: heldMinor, providerRef: outcome.ref });
    await addEntry(tx, payment.orderId, { kind: 'PAYMENT_VOIDED', message: 'The held amount was given back.', actor: 'system' });
    await deriveStatus(tx, payment.orderId);
  });
}

function voidKey({ id }: PaymentRow): string {
  return `${id}:void`;
}

/**
 * What the customer decided when asked to confirm is learned first, if nobody told us: there is nothing to give back of what they refused. Once a
 * void is on its way the authorisation looks refused because of it.
 */
async function isRefused(deps: Deps, payment: PaymentRow): Promise<boolean> {
  const begun = await deps.db.paymentOperation.findUnique({ where: { key: voidKey(payment) } });
  if (begun !== null && begun.status !== 'FAILED') return false;
  const order = await loadOrder(deps.db, payment.orderId);
  return (await authorizePayment(deps, { order, attempt: payment.attempt, token: undefined })).kind === 'declined';
}

/** The provider's reference of an authorisation that we never heard of again; null when it holds nothing. */
async function heldRef(deps: Deps, payment: PaymentRow): Promise<string | null> {
  const status = await deps.payments.status(authorizeKey(payment.orderId, payment.attempt));
  return status.kind === 'authorized' || status.kind === 'requires_action' ? status.ref : null;
}
