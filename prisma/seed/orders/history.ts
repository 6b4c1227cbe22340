import { seedId } from '../core/ids.ts';
import type { FulfillmentRow, OrderEventRow, PaymentRow, ReturnRow } from './rows.ts';

export interface HistoryFacts {
  readonly key: string;
  readonly placedAt: Date;
  readonly buyer: string;
  readonly payment: PaymentRow | null;
  readonly fulfillments: readonly FulfillmentRow[];
  readonly returns: readonly ReturnRow[];
  readonly closing: { readonly kind: string; readonly message: string; readonly actor: string; readonly at: Date } | null;
}

type Entry = Omit<OrderEventRow, 'id'>;

/** What a customer reads on the order page, oldest first. */
export function historyOf(facts: HistoryFacts): OrderEventRow[] {
  const entries: Entry[] = [
    { kind: 'ORDER_PLACED', message: 'Order placed', actor: facts.buyer, at: facts.placedAt },
    ...paymentEntries(facts.payment),
    ...facts.fulfillments.flatMap(parcelEntries),
    ...facts.returns.map(
      (entry): Entry => ({ kind: 'RETURN_REQUESTED', message: 'Return requested', actor: facts.buyer, at: entry.requestedAt }),
    ),
    ...(facts.closing ? [facts.closing] : []),
  ];
  return entries
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map((entry, index) => ({ id: seedId('oev', `${facts.key}/${index}`, entry.at), ...entry }));
}

function paymentEntries(payment: PaymentRow | null): Entry[] {
  return (payment?.events ?? []).flatMap(({ kind, at }): Entry[] => {
    if (kind === 'AUTHORIZED') return [{ kind: 'ORDER_CONFIRMED', message: 'Payment authorised, order confirmed', actor: 'system', at }];
    if (kind === 'ACTION_REQUIRED')
      return [{ kind: 'PAYMENT_ACTION_REQUIRED', message: 'Waiting for the customer to confirm the payment', actor: 'system', at }];
    if (kind === 'REFUNDED') return [{ kind: 'REFUND_SUCCEEDED', message: 'Refund sent', actor: 'system', at }];
    return [];
  });
}

function parcelEntries({ carrier, trackingNumber, shippedAt, deliveredAt }: FulfillmentRow): Entry[] {
  const shipped: Entry = {
    kind: 'PARCEL_SHIPPED',
    message: `Handed to ${carrier}, ${trackingNumber}`,
    actor: 'system',
    at: shippedAt,
  };
  return deliveredAt ? [shipped, { kind: 'PARCEL_DELIVERED', message: 'Parcel delivered', actor: 'system', at: deliveredAt }] : [shipped];
}
