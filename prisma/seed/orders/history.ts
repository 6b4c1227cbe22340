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
    { kind: 'order.submitted', message: 'Order placed', actor: facts.buyer, at: facts.placedAt },
    ...paymentEntries(facts.payment),
    ...facts.fulfillments.flatMap(parcelEntries),
    ...facts.returns.map(
      (entry): Entry => ({ kind: 'return.requested', message: 'Return requested', actor: facts.buyer, at: entry.requestedAt }),
    ),
    ...(facts.closing ? [facts.closing] : []),
  ];
  return entries
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map((entry, index) => ({ id: seedId('oev', `${facts.key}/${index}`, entry.at), ...entry }));
}

function paymentEntries(payment: PaymentRow | null): Entry[] {
  return (payment?.events ?? []).flatMap(({ kind, at }): Entry[] => {
    if (kind === 'AUTHORIZED') return [{ kind: 'order.confirmed', message: 'Payment authorised, order confirmed', actor: 'system', at }];
    if (kind === 'ACTION_REQUIRED')
      return [{ kind: 'payment.action_required', message: 'Waiting for the customer to confirm the payment', actor: 'system', at }];
    if (kind === 'REFUNDED') return [{ kind: 'order.refunded', message: 'Refund sent', actor: 'system', at }];
    return [];
  });
}

function parcelEntries({ carrier, trackingNumber, shippedAt, deliveredAt }: FulfillmentRow): Entry[] {
  const shipped: Entry = {
    kind: 'fulfillment.shipped',
    message: `Handed to ${carrier}, ${trackingNumber}`,
    actor: 'system',
    at: shippedAt,
  };
  return deliveredAt ? [shipped, { kind: 'order.delivered', message: 'Parcel delivered', actor: 'system', at: deliveredAt }] : [shipped];
}
