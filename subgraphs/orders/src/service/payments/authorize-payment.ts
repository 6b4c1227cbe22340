import { newId, withTx } from '@app/database';
import type { Queryable, Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import type { OrderRow } from '../../data/order-rows.ts';
import { addLedgerEntry, type PaymentRow, toPaymentRow } from '../../data/payment-rows.ts';
import { type AuthorizeOutcome, PaymentOutcomeUnknown, type ProviderStatus } from '../../payments/payment-provider.ts';
import type { Deps } from '../deps.ts';
import { deriveStatus } from './payment-state.ts';

/** How long a customer has to confirm a payment, with whatever cards they try. Shorter than stock is held. */
export const confirmWithinMs = 15 * 60_000;

/** An attempt to hold an order's total. */
export interface Attempt {
  readonly order: OrderRow;
  readonly attempt: number;
  /** Undefined once it was used: then only its outcome is looked up. */
  readonly token: string | undefined;
}

/** How an attempt stands. */
export type AttemptOutcome =
  | { readonly kind: 'authorized' }
  | { readonly kind: 'declined'; readonly code: string; readonly retryable: boolean }
  | { readonly kind: 'requires_action'; readonly expiresAt: Date };

/**
 * Holds the money, once: intent and key are stored before the provider is called, a repeated call uses the same key, and
 * an unknown outcome is recorded and asked for.
 * @throws {PaymentOutcomeUnknown} when the provider cannot even be asked: try again later.
 */
export async function authorizePayment(deps: Deps, { order, attempt, token }: Attempt): Promise<AttemptOutcome> {
  const payment = await intend(deps, order, attempt);
  const key = authorizeKey(order.id, attempt);
  const operation = await deps.db.paymentOperation.findUniqueOrThrow({ where: { key } });
  if (operation.status === 'SUCCEEDED') return { kind: 'authorized' };
  if (operation.status === 'FAILED') return declined(payment.declineCode);
  const outcome =
    operation.status === 'REQUIRES_ACTION' || token === undefined ? await deps.payments.status(key) : await ask(deps, payment, key, token);
  return settle(deps, payment, key, outcome);
}

export function authorizeKey(orderId: string, attempt: number): string {
  return `${orderId}:authorize:${attempt}`;
}

async function intend(deps: Deps, order: OrderRow, attempt: number): Promise<PaymentRow> {
  return withTx(deps.db, async (tx: Tx) => {
    const where = { orderId_attempt: { orderId: order.id, attempt } };
    const known = await tx.payment.findUnique({ where });
    if (known) return toPaymentRow(known);
    const amountMinor = BigInt(order.totalMinor);
    const payment = await tx.payment.create({
      data: { id: newId('pay'), orderId: order.id, attempt, provider: deps.payments.name, currency: order.currency, amountMinor },
    });
    const key = authorizeKey(order.id, attempt);
    await tx.paymentOperation.create({ data: { key, paymentId: payment.id, kind: 'AUTHORIZE', amountMinor } });
    await addLedgerEntry(tx, { paymentId: payment.id, kind: 'AUTHORIZE_REQUESTED', amountMinor: order.totalMinor, providerRef: key });
    return toPaymentRow(payment);
  });
}

async function ask(deps: Deps, payment: PaymentRow, key: string, token: string): Promise<ProviderStatus> {
  const request = { key, token, amountMinor: payment.amountMinor, currency: payment.currency, returnUrl: deps.publicUrl };
  try {
    return await deps.payments.authorize(request);
  } catch (error) {
    if (!(error instanceof PaymentOutcomeUnknown)) throw error;
    await withTx(deps.db, async (tx: Tx) => {
      await tx.paymentOperation.update({ where: { key }, data: { status: 'UNKNOWN', checkedAt: deps.now() } });
      await addLedgerEntry(tx, { paymentId: payment.id, kind: 'OUTCOME_UNKNOWN', amountMinor: payment.amountMinor, providerRef: key });
    });
    const status = await deps.payments.status(key);
    return status.kind === 'never_seen' ? deps.payments.authorize(request) : status;
  }
}

async function settle(deps: Deps, payment: PaymentRow, key: string, outcome: ProviderStatus): Promise<AttemptOutcome> {
  if (outcome.kind === 'never_seen' || outcome.kind === 'succeeded' || outcome.kind === 'failed') {
    throw new PaymentOutcomeUnknown(`the provider knows nothing of the authorisation ${key}`);
  }
  const opened = payment.attempt > 1 ? await confirmationEnd(deps.db, payment.orderId) : payment.nextActionExpiresAt;
  const expiresAt = opened ?? new Date(deps.now().getTime() + confirmWithinMs);
  await withTx(deps.db, (tx: Tx) => record(tx, { payment, key, outcome, expiresAt }));
  if (outcome.kind === 'authorized') return { kind: 'authorized' };
  if (outcome.kind === 'declined') return { kind: 'declined', code: outcome.code, retryable: outcome.retryable };
  return { kind: 'requires_action', expiresAt };
}

/** The end of the time that an order's first request for confirmation opened: another card does not open it anew. Null before there was one. */
export async function confirmationEnd(db: Queryable, orderId: string): Promise<Date | null> {
  const first = await db.payment.findFirst({ where: { orderId, nextActionExpiresAt: { not: null } }, orderBy: { attempt: 'asc' } });
  return first?.nextActionExpiresAt ?? null;
}

/** Writes an outcome down. The operation's state says whether that was done before: then nothing happens. */
async function record(
  tx: Tx,
  { payment, key, outcome, expiresAt }: { payment: PaymentRow; key: string; outcome: AuthorizeOutcome; expiresAt: Date },
): Promise<void> {
  const states = { authorized: 'SUCCEEDED', declined: 'FAILED', requires_action: 'REQUIRES_ACTION' } as const;
  const kinds = { authorized: 'AUTHORIZED', declined: 'AUTHORIZE_FAILED', requires_action: 'ACTION_REQUIRED' } as const;
  const state = states[outcome.kind];
  const { count } = await tx.paymentOperation.updateMany({
    where: { key, status: { in: ['PENDING', 'UNKNOWN', 'REQUIRES_ACTION'], not: state } },
    data: { status: state },
  });
  if (count === 0) return;
  await tx.payment.update({
    where: { id: payment.id },
    data: {
      providerRef: outcome.ref,
      ...(outcome.kind === 'authorized' && { authorizedMinor: BigInt(payment.amountMinor), nextActionUrl: null }),
      ...(outcome.kind === 'declined' && { declineCode: outcome.code, nextActionUrl: null }),
      ...(outcome.kind === 'requires_action' && { nextActionUrl: outcome.url, nextActionExpiresAt: expiresAt }),
    },
  });
  await addLedgerEntry(tx, {
    paymentId: payment.id,
    kind: kinds[outcome.kind],
    amountMinor: payment.amountMinor,
    providerRef: outcome.ref,
  });
  await addEntry(tx, payment.orderId, { kind: `PAYMENT_${kinds[outcome.kind]}`, message: messages[outcome.kind], actor: 'system' });
  await deriveStatus(tx, payment.orderId);
}

const messages = {
  authorized: 'The payment was authorised.',
  declined: 'The payment was declined.',
  requires_action: 'The payment waits for confirmation by the customer.',
};

function declined(code: string | null): AttemptOutcome {
  return { kind: 'declined', code: code ?? 'declined', retryable: code !== 'suspected_fraud' };
}
