import { postMail } from '@app/mail';
import type { Tx } from '../../data/database.ts';
import { findOrderLines, loadOrder } from '../../data/order-rows.ts';
import { guestToken } from '../../domain/guest-token.ts';
import { type OrderMailKind, orderMail } from '../../domain/order-mails.ts';
import type { Deps } from '../deps.ts';

/** What a mail is about: the event that caused it gives it its id, so that one event makes one mail. */
export interface OrderNews {
  readonly eventId: string;
  readonly kind: OrderMailKind;
  readonly orderId: string;
  /** What was refunded. */
  readonly amountMinor?: number;
}

/** Writes the mail to the order's buyer in the transaction in which the event is noted as handled. */
export async function postOrderMail(tx: Tx, deps: Pick<Deps, 'guestKey' | 'publicUrl'>, news: OrderNews): Promise<void> {
  const order = await loadOrder(tx, news.orderId);
  if (order.email === '') return;
  const lines = await findOrderLines(tx, [order.id]);
  const token = order.guestTokenHash === null ? '' : `?token=${guestToken(deps.guestKey, order.id)}`;
  const mail = orderMail(news.kind, { ...order, lines, url: `${deps.publicUrl}/orders/${order.number}${token}` }, news.amountMinor ?? 0);
  await postMail(tx, { id: `eml_${news.eventId}`, recipient: order.email, kind: news.kind, ...mail });
}
