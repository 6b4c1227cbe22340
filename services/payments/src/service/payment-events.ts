import { newId } from '@app/database';
import { type DraftEvent, publish } from '@app/events';
import { PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided } from '@app/events/catalogue/payment.events';
import { currentRequest } from '@app/observability';
import type { PaymentRow, Tx } from '../data/database.ts';

/** What happened to a payment; written to the ledger and told, both in the transaction of the change. */
export interface Happening {
  readonly kind: 'AUTHORIZED' | 'DECLINED' | 'CAPTURED' | 'REFUNDED' | 'VOIDED';
  readonly payment: PaymentRow;
  readonly key: string;
  readonly amountMinor: bigint;
  /** The provider's reference of it. */
  readonly ref: string;
  /** Of a decline. */
  readonly code?: string;
  readonly retryable?: boolean;
}

/** Adds to the ledger and publishes the event. */
export async function record(tx: Tx, happening: Happening): Promise<void> {
  const { payment, key, kind, amountMinor, ref } = happening;
  await tx.ledgerEntry.create({ data: { id: newId('led'), paymentId: payment.id, kind, key, amountMinor, ref } });
  await publish(tx, eventOf(happening));
}

function eventOf({ kind, payment, key, amountMinor, code = '', retryable = false }: Happening): DraftEvent {
  const about = { paymentId: payment.id, key, amount: { minor: Number(amountMinor), currency: payment.currency } };
  const metadata = { correlationId: currentRequest()?.requestId ?? crypto.randomUUID() };
  switch (kind) {
    case 'AUTHORIZED':
      return PaymentAuthorized.create(payment.id, about, metadata);
    case 'DECLINED':
      return PaymentDeclined.create(payment.id, { ...about, code, retryable }, metadata);
    case 'CAPTURED':
      return PaymentCaptured.create(payment.id, about, metadata);
    case 'REFUNDED':
      return PaymentRefunded.create(payment.id, about, metadata);
    case 'VOIDED':
      return PaymentVoided.create(payment.id, about, metadata);
  }
}
