/** Stands for all that is shown of an order. The triggers of the database name the same tags. */
export function orderTag(orderId: string): string {
  return `order:${orderId}`;
}

/** Stands for which order has this number, in the form that is stored. */
export function orderNumberTag(number: string): string {
  return `order-number:${number}`;
}

/** Stands for what sending costs and takes. Rates come with migrations; who changes them by hand tells caches by hand. */
export const ratesTag = 'rates';

/** Stands for which orders an account has, and for their order. */
export function ordersOfTag(accountId: string): string {
  return `orders-of:${accountId}`;
}
