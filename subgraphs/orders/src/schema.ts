import './graph/enums.ts';
import { buildFederatedSchema, ConflictError, InputError, NotFoundError, RateLimitedError, type SubgraphSchema } from '@app/subgraph';
import type { OrdersContext } from './context.ts';
import { BackOfficeResolver } from './graph/back-office.resolver.ts';
import { CartResolver } from './graph/cart.resolver.ts';
import { CartChangesResolver } from './graph/cart-changes.resolver.ts';
import { CheckoutResolver } from './graph/checkout.resolver.ts';
import { AccountResolver, ProductVariantResolver } from './graph/contributions.resolver.ts';
import { OutOfStockError, PaymentDeclinedError, PriceChangedError } from './graph/order.payload.ts';
import { OrderResolver } from './graph/order.resolver.ts';
import { ParcelResolver, PaymentResolver } from './graph/order-parts.resolver.ts';
import { references } from './graph/references.ts';
import { WorkflowResolver } from './graph/workflow.resolver.ts';

/** The schema of this subgraph, from its classes. */
export function buildOrdersSchema(): Promise<SubgraphSchema> {
  return buildFederatedSchema<OrdersContext>({
    resolvers: [
      CartResolver,
      CartChangesResolver,
      OrderResolver,
      ParcelResolver,
      PaymentResolver,
      CheckoutResolver,
      BackOfficeResolver,
      WorkflowResolver,
      AccountResolver,
      ProductVariantResolver,
    ],
    // Reached through the interface UserError only.
    orphanedTypes: [InputError, NotFoundError, ConflictError, RateLimitedError, OutOfStockError, PriceChangedError, PaymentDeclinedError],
    references,
  });
}
