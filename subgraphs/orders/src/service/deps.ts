import type { Logger } from '@app/observability';
import type { WorkflowClient } from '@app/workflow';
import type { Database, Tx } from '../data/database.ts';
import type { PaymentProvider } from '../payments/payment-provider.ts';
import type { Catalogue, Inventory } from './ports.ts';

/** A durable run to start: what it is about, and what its steps need and no table has. */
export interface NewRun {
  /** Made from what it is about, so that there is one: starting it again does nothing. */
  readonly id: string;
  readonly orderId: string;
  readonly input: object;
}

/** The durable runs of orders. Everything but `rest` is part of the transaction; workers do the rest. */
export interface Runs {
  start(tx: Tx, workflow: string, run: NewRun): Promise<void>;
  /** Changes the input of a run that waits, and takes it up. False: it does not wait. */
  amend(tx: Tx, id: string, input: object): Promise<boolean>;
  /** Tells a run of news; not lost when it does not wait for them yet. */
  signal(tx: Tx, id: string, signal: string): Promise<void>;
  /** Waits until a run ended, waits or failed for now; at most this long. */
  rest(id: string, timeoutMs: number): Promise<void>;
}

/** What staff does with runs. Its faults are {@link WorkflowError}s. */
export type RunDesk = Pick<WorkflowClient, 'list' | 'count' | 'find' | 'steps' | 'resume' | 'cancel' | 'compensate'>;

/** How long a call waits for the run that it started; then it answers how things stand. */
export const restMs = 5_000;

/** What the use cases work with; built once, in app.ts. */
export interface Deps {
  readonly db: Database;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly payments: PaymentProvider;
  readonly runs: Runs;
  readonly runDesk: RunDesk;
  readonly now: () => Date;
  readonly logger: Logger;
  /** Key that guests' order tokens are made from. */
  readonly guestKey: string;
  /** How long the carrier takes until it reports a shipment as delivered; the carrier of development is quick. */
  readonly deliverAfterMs: number;
  /** Where customers are sent back to. */
  readonly publicUrl: string;
}
