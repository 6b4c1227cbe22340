import type { Logger } from '@app/observability';
import type { Database } from '../data/database.ts';
import type { PaymentProvider } from '../provider/payment-provider.ts';

/** What the use cases work with; built once, in app.ts. */
export interface Deps {
  readonly db: Database;
  readonly provider: PaymentProvider;
  readonly now: () => Date;
  readonly logger: Logger;
}
