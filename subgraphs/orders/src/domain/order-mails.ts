import { toDecimal } from '@app/money';

/** What a customer is told of an order by mail. */
export type OrderMailKind = 'ORDER_CONFIRMED' | 'ORDER_CANCELLED' | 'ORDER_REST_CANCELLED' | 'ORDER_REFUNDED';

/** What the mails speak of. */
export interface MailedOrder {
  readonly number: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly {
    readonly title: string;
    readonly quantity: number;
    readonly cancelledQuantity: number;
    readonly totalMinor: number;
  }[];
  /** Where the order is shown; of a guest's, with the token that opens it. */
  readonly url: string;
}

/** The mail about an order; `amountMinor` is what was refunded. The texts are English, their link goes to the shop. */
export function orderMail(
  kind: OrderMailKind,
  order: MailedOrder,
  amountMinor: number,
): { readonly subject: string; readonly text: string } {
  const amount = (minor: number) => `${toDecimal({ minor, currency: order.currency })} ${order.currency}`;
  const lines = order.lines.map(({ title, quantity, totalMinor }) => `  ${quantity} × ${title}: ${amount(totalMinor)}`).join('\n');
  const rest = order.lines
    .filter(({ cancelledQuantity }) => cancelledQuantity > 0)
    .map(({ title, cancelledQuantity }) => `  ${cancelledQuantity} × ${title}`)
    .join('\n');
  switch (kind) {
    case 'ORDER_CONFIRMED':
      return {
        subject: `Your order ${order.number}`,
        text: `Thank you for your order.\n\n${lines}\n  Total with shipping and tax: ${amount(order.totalMinor)}\n\nSee how it is doing:\n${order.url}`,
      };
    case 'ORDER_CANCELLED':
      return {
        subject: `Your order ${order.number} was cancelled`,
        text: `Your order was cancelled. What was held or taken of your money goes back.\n\n${lines}\n\n${order.url}`,
      };
    case 'ORDER_REST_CANCELLED':
      return {
        subject: `The rest of your order ${order.number} was cancelled`,
        text: `What was not sent yet was cancelled. What was held or taken of your money for it goes back.\n\n${rest}\n\n${order.url}`,
      };
    case 'ORDER_REFUNDED':
      return {
        subject: `A refund for your order ${order.number}`,
        text: `${amount(amountMinor)} go back to the means of payment that you used.\n\n${order.url}`,
      };
  }
}
