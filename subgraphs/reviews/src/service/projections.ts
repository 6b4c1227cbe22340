import { deleteAuthor, saveAuthor } from '../data/authors.ts';
import type { Tx } from '../data/client.ts';
import { addDelivery, addRefund, type DeliveredLine, deletePurchasesOf, hasPurchased, lockPurchase } from '../data/purchases.ts';
import { findReviewsByAuthor, forgetAuthorOf, lockReview } from '../data/reviews.ts';
import { writeReview } from './write-review.ts';

/** Lines of an order that went back. */
export interface RefundedLines {
  readonly orderId: string;
  readonly buyerId: string;
  readonly lines: readonly { readonly lineId: string; readonly productId: string; readonly quantity: number }[];
}

/** A customer received something: they may review it as a verified buyer. Runs in the event handler's transaction. */
export async function recordDelivery(tx: Tx, lines: readonly DeliveredLine[]): Promise<void> {
  for (const line of inOrder(lines)) {
    await lockPurchase(tx, line.buyerId, line.productId);
    await addDelivery(tx, line);
    await verifyAgain(tx, line.buyerId, line.productId);
  }
}

/** Something went back: if nothing is left of it, the review stays but is not a verified buyer's any more. */
export async function recordRefund(tx: Tx, { orderId, buyerId, lines }: RefundedLines): Promise<void> {
  for (const { lineId, productId, quantity } of inOrder(lines)) {
    await lockPurchase(tx, buyerId, productId);
    await addRefund(tx, { orderId, lineId, quantity });
    await verifyAgain(tx, buyerId, productId);
  }
}

/** The name under which somebody writes. */
export function recordAuthor(tx: Tx, id: string, displayName: string): Promise<void> {
  return saveAuthor(tx, id, displayName);
}

/** Somebody was erased: their texts stay, without them. */
export async function forgetAuthor(tx: Tx, id: string): Promise<void> {
  await forgetAuthorOf(tx, id);
  await deletePurchasesOf(tx, id);
  await deleteAuthor(tx, id);
}

async function verifyAgain(tx: Tx, buyerId: string, productId: string): Promise<void> {
  const [review] = await findReviewsByAuthor(tx, buyerId, [productId]);
  const before = review === undefined ? null : await lockReview(tx, review.id);
  if (before === null) return;
  const isVerified = await hasPurchased(tx, buyerId, productId);
  if (isVerified !== before.isVerified) await writeReview(tx, { before, change: { isVerified }, actor: 'reviews' });
}

/** Locks are taken in one order everywhere, so two handlers cannot wait for each other. */
function inOrder<Line extends { readonly productId: string }>(lines: readonly Line[]): readonly Line[] {
  return lines.toSorted((a, b) => (a.productId < b.productId ? -1 : 1));
}
