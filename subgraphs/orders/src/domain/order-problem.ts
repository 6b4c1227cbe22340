import type { Money } from '@app/money';

/** Why an order could not be placed or paid, for the customer. The schema has a typed error for each kind. */
export type OrderProblem =
  | { readonly kind: 'out_of_stock'; readonly message: string; readonly variantIds: readonly string[] }
  | { readonly kind: 'price_changed'; readonly message: string; readonly expected: Money; readonly actual: Money }
  | { readonly kind: 'payment_declined'; readonly message: string; readonly declineCode: string | null; readonly retryable: boolean }
  | { readonly kind: 'other'; readonly code: string; readonly message: string; readonly path?: readonly string[] };
