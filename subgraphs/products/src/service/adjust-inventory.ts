import { createHash } from 'node:crypto';
import { isId, newId, withTx } from '@app/database';
import { publishBatch } from '@app/events';
import { StockDepleted, StockLow } from '@app/events/catalogue/stock.events';
import { conflict, InputCheck, idempotencyKeyRule, inputError, notFound, type UserError, UserFault } from '@app/subgraph';
import { adjustShelves, type LockedShelf, lockShelves, type ShelfChange } from '../data/adjustments.ts';
import { recordAudit } from '../data/audit.ts';
import type { Tx } from '../data/client.ts';
import { claimKey } from '../data/idempotency.ts';
import { findFreeUnits, findLocations } from '../data/stock.ts';
import { findVariants } from '../data/variants.ts';
import { crossedDown } from '../domain/availability.ts';
import { productStatuses, type Variant } from '../domain/product.ts';
import { requireScope } from './access.ts';
import type { ProductsApp, Viewer } from './ports.ts';

/** What staff sends. */
export interface Adjustment {
  readonly idempotencyKey: string;
  readonly reason: string;
  readonly changes: readonly (ShelfChange & { readonly changeFrom?: number | null })[];
}

/** One change with the quantity that the sender saw; null: whatever it was. */
type CheckedChange = ShelfChange & { readonly changeFrom: number | null };

/**
 * Changes what is on the shelves, all changes or none. A change with `changeFrom` happens only when the shelf holds just
 * that. The same key with the same changes does it once and answers the same; with others it is refused.
 * @throws {UserFault} IDEMPOTENCY_KEY_REUSED, NOT_FOUND, STALE_QUANTITY, BELOW_RESERVED or what is wrong with the input.
 */
export async function adjustInventory(app: ProductsApp, viewer: Viewer, adjustment: Adjustment): Promise<Variant[]> {
  const staff = requireScope(viewer, 'inventory:write');
  const { key, reason, changes } = checkAdjustment(adjustment);
  // What is no id names nothing and is answered as such; U+0000 in it must not reach the database before that.
  const variantIds = [...new Set(changes.map(({ variantId }) => variantId))].filter((id) => isId('var', id)).sort();
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([reason, changes]))
    .digest('base64url');
  await withTx(app.db, async (tx: Tx) => {
    const use = { callerId: staff.id, mutation: 'inventoryAdjust', key, fingerprint, response: { variantIds } };
    const claim = await claimKey(tx, use);
    if (claim !== 'new') return checkReplay(claim.fingerprint, fingerprint);
    await checkExistence(tx, changes);
    const shelves = await lockShelves(tx, changes);
    const errors = changes.flatMap((change, index) => shelfErrors(change, index, shelves));
    if (errors.length > 0) throw new UserFault(...errors);
    const before = await findFreeUnits(tx, variantIds);
    const sourceId = newId('adj');
    await adjustShelves(tx, changes, { sourceId, reason, actorId: staff.id });
    const { requestId } = viewer;
    await recordAudit(tx, {
      actorId: staff.id,
      action: 'inventoryAdjust',
      subjectId: sourceId,
      requestId,
      reason,
      before: shelves,
      after: changes,
    });
    await publishCrossings(tx, variantIds, before);
  });
  const variants = await findVariants(app.db, variantIds, productStatuses);
  await app.catalogueChanged({ productIds: variants.map(({ productId }) => productId), facts: ['stock'] });
  return variants;
}

function checkAdjustment({ idempotencyKey, reason, changes }: Adjustment): { key: string; reason: string; changes: CheckedChange[] } {
  const check = new InputCheck();
  const key = check.text(idempotencyKey, ['input', 'idempotencyKey'], idempotencyKeyRule);
  const why = check.text(reason, ['input', 'reason'], { max: 500, multiline: true });
  check.list(changes, ['input', 'changes'], { max: 200 });
  const seen = new Set<string>();
  const checked = changes.slice(0, 200).map((change, index): CheckedChange => {
    const path = ['input', 'changes', index];
    const { variantId, locationId, delta, changeFrom } = change;
    check.integer(delta, [...path, 'delta'], { min: -1_000_000, max: 1_000_000 });
    check.require(delta !== 0, [...path, 'delta'], 'OUT_OF_RANGE', 'A change of 0 is none.');
    check.require(
      changeFrom !== undefined,
      [...path, 'changeFrom'],
      'REQUIRED',
      'Give the quantity you saw, or null to change whatever is there.',
    );
    if (changeFrom != null) check.integer(changeFrom, [...path, 'changeFrom'], { min: 0, max: 2_000_000_000 });
    check.require(!seen.has(`${variantId} ${locationId}`), path, 'DUPLICATE', 'An earlier change is about the same shelf: add them up.');
    seen.add(`${variantId} ${locationId}`);
    return { variantId, locationId, delta, changeFrom: changeFrom ?? null };
  });
  check.finish();
  return { key, reason: why, changes: checked };
}

function checkReplay(used: string, sent: string): void {
  if (used === sent) return;
  throw new UserFault(
    inputError(['input', 'idempotencyKey'], 'IDEMPOTENCY_KEY_REUSED', 'This key was used for something else: take a new one.'),
  );
}

/** @throws {UserFault} NOT_FOUND for each variant and location that is not there. */
async function checkExistence(tx: Tx, changes: readonly CheckedChange[]): Promise<void> {
  const idsOf = (field: 'variantId' | 'locationId', prefix: string) =>
    changes.map((change) => change[field]).filter((id) => isId(prefix, id));
  const variants = new Set((await findVariants(tx, idsOf('variantId', 'var'), productStatuses)).map(({ id }) => id));
  const locations = new Set(await findLocations(tx, idsOf('locationId', 'loc')));
  const errors = changes.flatMap(({ variantId, locationId }, index) => [
    ...(variants.has(variantId) ? [] : [notFound('variant', variantId, ['input', 'changes', String(index), 'variantId'])]),
    ...(locations.has(locationId) ? [] : [notFound('location', locationId, ['input', 'changes', String(index), 'locationId'])]),
  ]);
  if (errors.length > 0) throw new UserFault(...errors);
}

/** Why a change cannot be made of the shelf as it is, if so. */
function shelfErrors(
  { variantId, locationId, delta, changeFrom }: CheckedChange,
  index: number,
  shelves: readonly LockedShelf[],
): UserError[] {
  const shelf = shelves.find((candidate) => candidate.variantId === variantId && candidate.locationId === locationId);
  const [onHand, reserved] = [shelf?.onHand ?? 0, shelf?.reserved ?? 0];
  const path = ['input', 'changes', String(index)];
  if (changeFrom !== null && changeFrom !== onHand) {
    return [conflict('STALE_QUANTITY', `There are ${onHand} now, not ${changeFrom}: look again.`, null, [...path, 'changeFrom'])];
  }
  if (onHand + delta < reserved) {
    return [conflict('BELOW_RESERVED', `${reserved} of ${onHand} are promised to orders: at least these stay.`, null, [...path, 'delta'])];
  }
  return onHand + delta > 2_000_000_000 ? [inputError([...path, 'delta'], 'OUT_OF_RANGE', 'A shelf holds at most 2,000,000,000.')] : [];
}

/** Tells others of variants that fell below a threshold. */
async function publishCrossings(tx: Tx, variantIds: readonly string[], before: ReadonlyMap<string, number>): Promise<void> {
  const after = await findFreeUnits(tx, variantIds);
  const productOf = new Map((await findVariants(tx, variantIds, productStatuses)).map(({ id, productId }) => [id, productId]));
  const events = variantIds.flatMap((variantId) => {
    const available = after.get(variantId) ?? 0;
    const crossed = crossedDown(before.get(variantId) ?? 0, available);
    const productId = productOf.get(variantId);
    if (crossed === null || productId === undefined) return [];
    const level = { variantId, productId, available };
    return [crossed === 'depleted' ? StockDepleted.create(variantId, level) : StockLow.create(variantId, level)];
  });
  await publishBatch(tx, events);
}
