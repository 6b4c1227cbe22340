import { setTimeout as sleep } from 'node:timers/promises';
import { forgetKeys } from '../data/idempotency.ts';
import { forgetReleased } from '../data/released-orders.ts';
import { findStockDisagreements, type StockDisagreement } from '../data/reservations.ts';
import { refreshLapsedPrices } from '../data/variants.ts';
import type { ProductsApp } from './ports.ts';
import { releaseLapsed } from './reserve-stock.ts';

/** How long a used idempotency key is known. */
const keyLifeMs = 48 * 3_600_000;
/** How long a released order takes nothing: longer than anything of it can still be on its way. */
const releasedLifeMs = 7 * 86_400_000;

/** What a round did. */
export interface Round {
  readonly releasedOrders: number;
  readonly repricedProducts: number;
  readonly forgottenKeys: number;
  readonly forgottenOrders: number;
}

/** One round: gives back lapsed holds, lets prices begin and end, forgets old keys and orders that were released long ago. */
export async function housekeep(app: ProductsApp): Promise<Round> {
  const releasedOrders = await releaseLapsed(app);
  const repriced = await refreshLapsedPrices(app.db);
  const forgottenKeys = await forgetKeys(app.db, new Date(app.now().getTime() - keyLifeMs));
  const forgottenOrders = await forgetReleased(app.db, new Date(app.now().getTime() - releasedLifeMs));
  if (repriced.length > 0) await app.catalogueChanged({ productIds: repriced, facts: ['price'] });
  return { releasedOrders, repricedProducts: repriced.length, forgottenKeys, forgottenOrders };
}

/** Shelves whose counter is not the sum of its reservations; none when all is well. */
export function auditStock({ db }: ProductsApp): Promise<StockDisagreement[]> {
  return findStockDisagreements(db);
}

/** How rounds are run and what becomes of their failures. */
export interface RoundsOptions {
  readonly intervalMs: number;
  readonly onError: (error: unknown) => void;
}

/** Runs a round, waits, and so on, until it is stopped; a round under way is finished first. */
export function runRounds(round: () => Promise<unknown>, { intervalMs, onError }: RoundsOptions): { stop(): Promise<void> } {
  const ending = new AbortController();
  const run = async () => {
    while (!ending.signal.aborted) {
      await round().catch(onError);
      await sleep(intervalMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const done = run();
  return {
    async stop() {
      ending.abort();
      await done;
    },
  };
}
