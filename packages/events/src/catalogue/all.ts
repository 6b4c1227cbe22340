import type { EventDefinition } from '../define-event.ts';
import * as account from './account.events.ts';
import * as order from './order.events.ts';
import * as payment from './payment.events.ts';
import * as product from './product.events.ts';
import * as rating from './rating.events.ts';
import * as returns from './return.events.ts';
import * as review from './review.events.ts';
import * as stock from './stock.events.ts';
import * as variant from './variant.events.ts';

/** Every event of this system, by name. */
export const allEvents: readonly EventDefinition[] = [account, order, payment, product, rating, returns, review, stock, variant]
  .flatMap((file): EventDefinition[] => Object.values(file))
  .sort((a, b) => a.type.localeCompare(b.type));
