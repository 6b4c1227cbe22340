import type { Tx } from './client.ts';

/** Remembers that an order gave back what it held; its first release counts. */
export async function markReleased(tx: Tx, orderId: string, releasedAt: Date): Promise<void> {
  await tx.releasedOrder.createMany({ data: [{ orderId, releasedAt }], skipDuplicates: true });
}

/** Under the order's lock: whether it gave back what it held. */
export async function isReleased(tx: Tx, orderId: string): Promise<boolean> {
  return (await tx.releasedOrder.findUnique({ where: { orderId }, select: { orderId: true } })) !== null;
}

/** Forgets orders that were released before then. */
export async function forgetReleased(db: Tx, before: Date): Promise<number> {
  return (await db.releasedOrder.deleteMany({ where: { releasedAt: { lt: before } } })).count;
}
