import { newId } from '@app/database';
import type { Tx } from './database.ts';

/** An entry of an order's history. */
export interface NewEntry {
  readonly kind: string;
  readonly message: string;
  /** Account id, `guest` or `system`. */
  readonly actor: string;
}

/** Adds to the history, in the transaction of what happened. */
export async function addEntry(tx: Tx, orderId: string, entry: NewEntry): Promise<void> {
  await tx.orderEntry.create({ data: { id: newId('oev'), orderId, ...entry } });
}
