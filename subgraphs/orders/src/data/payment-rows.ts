import { newId } from '@app/database';
import type { PaymentEventKind, PaymentStatus } from '../domain/statuses.ts';
import type { Prisma } from './client/client.ts';
import { minor, type Queryable, type Tx } from './database.ts';

/** A payment with its counters. */
export interface PaymentRow {
  readonly id: string;
  readonly orderId: string;
  readonly attempt: number;
  readonly provider: string;
  readonly providerRef: string | null;
  readonly status: PaymentStatus;
  readonly currency: string;
  readonly amountMinor: number;
  readonly authorizedMinor: number;
  readonly capturedMinor: number;
  readonly capturePendingMinor: number;
  readonly refundedMinor: number;
  readonly refundPendingMinor: number;
  /** Held for goods that came back before they were paid for: it is not taken any more. */
  readonly waivedMinor: number;
  readonly voidedAt: Date | null;
  readonly declineCode: string | null;
  readonly nextActionUrl: string | null;
  readonly nextActionExpiresAt: Date | null;
}

type Loaded = Prisma.PaymentGetPayload<object>;

export function toPaymentRow(row: Loaded): PaymentRow {
  return {
    ...row,
    amountMinor: minor(row.amountMinor),
    authorizedMinor: minor(row.authorizedMinor),
    capturedMinor: minor(row.capturedMinor),
    capturePendingMinor: minor(row.capturePendingMinor),
    refundedMinor: minor(row.refundedMinor),
    refundPendingMinor: minor(row.refundPendingMinor),
    waivedMinor: minor(row.waivedMinor),
  };
}

/** Payments of orders, oldest attempt first. */
export async function findPayments(db: Queryable, orderIds: readonly string[]): Promise<PaymentRow[]> {
  const rows = await db.payment.findMany({ where: { orderId: { in: [...orderIds] } }, orderBy: [{ orderId: 'asc' }, { attempt: 'asc' }] });
  return rows.map(toPaymentRow);
}

export async function findPayment(db: Queryable, id: string): Promise<PaymentRow | null> {
  const row = await db.payment.findUnique({ where: { id } });
  return row === null ? null : toPaymentRow(row);
}

/** An entry for the ledger. */
export interface LedgerEntry {
  readonly paymentId: string;
  readonly kind: PaymentEventKind;
  readonly amountMinor: number;
  readonly providerRef: string;
}

/** Adds to the ledger; an entry that is there already is not added again. */
export async function addLedgerEntry(tx: Tx, entry: LedgerEntry): Promise<void> {
  const data = { ...entry, id: newId('pev'), amountMinor: BigInt(entry.amountMinor) };
  await tx.paymentEvent.createMany({ data: [data], skipDuplicates: true });
}
