import type { Logger } from '@app/observability';
import type { Database } from '../data/database.ts';
import type { PaymentProvider } from '../payments/payment-provider.ts';
import type { Catalogue, Inventory } from './ports.ts';

/** Works on a durable run until it rests. Never rejects: a run that is interrupted is continued by the worker. */
export interface Runs {
  drive(workflow: string, runId: string, lease: Date): Promise<void>;
}

/** What the use cases work with; built once, in app.ts. */
export interface Deps {
  readonly db: Database;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly payments: PaymentProvider;
  readonly runs: Runs;
  readonly now: () => Date;
  readonly logger: Logger;
  /** Key that guests' order tokens are made from. */
  readonly guestKey: string;
  /** How long the carrier takes until it reports a shipment as delivered; the carrier of development is quick. */
  readonly deliverAfterMs: number;
  /** Where customers are sent back to. */
  readonly publicUrl: string;
}
