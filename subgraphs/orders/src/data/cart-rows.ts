import type { PricingPromotion } from '../domain/pricing.ts';
import type { CartStatus } from '../domain/statuses.ts';
import type { Prisma } from './client/client.ts';
import { minor, type Queryable } from './database.ts';
import { readJson, type StoredAddress } from './json.ts';

/** A line with what the catalogue said when it was last touched. */
export interface CartLineRow {
  readonly id: string;
  readonly variantId: string;
  readonly quantity: number;
  readonly productId: string;
  readonly sku: string;
  readonly title: string;
  readonly imageUrl: string | null;
  readonly unitPriceMinor: number;
  readonly weightGrams: number;
  readonly taxCategory: string;
}

/** A promotion on a cart with its dates and counters. */
export interface CartPromotionRow extends PricingPromotion {
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly usageLimit: number | null;
  readonly used: number;
  readonly perCustomerLimit: number | null;
}

/** A cart with everything it is made of. */
export interface CartRow {
  readonly id: string;
  readonly accountId: string | null;
  readonly status: CartStatus;
  readonly version: number;
  readonly currency: string;
  readonly email: string | null;
  readonly shippingAddress: StoredAddress | null;
  readonly billingAddress: StoredAddress | null;
  readonly shippingRateId: string | null;
  readonly mergedIntoId: string | null;
  readonly expiresAt: Date;
  readonly lines: readonly CartLineRow[];
  readonly promotions: readonly CartPromotionRow[];
}

const include = {
  lines: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
  promotions: { include: { promotion: true }, orderBy: [{ appliedAt: 'asc' }, { promotionId: 'asc' }] },
} satisfies Prisma.CartInclude;

type Loaded = Prisma.CartGetPayload<{ include: typeof include }>;

/** Carts by id, in no order; missing ones are left out. */
export async function findCarts(db: Queryable, ids: readonly string[]): Promise<CartRow[]> {
  const rows = await db.cart.findMany({ where: { id: { in: [...ids] } }, include });
  return rows.map(toCartRow);
}

export async function findCart(db: Queryable, id: string): Promise<CartRow | null> {
  return (await findCarts(db, [id]))[0] ?? null;
}

/** The cart that each account used last and can still use. */
export async function latestCartIds(db: Queryable, accountIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.cart.findMany({
    where: { accountId: { in: [...accountIds] }, status: { in: ['OPEN', 'CHECKING_OUT'] } },
    distinct: ['accountId'],
    orderBy: [{ accountId: 'asc' }, { updatedAt: 'desc' }, { id: 'desc' }],
    select: { id: true, accountId: true },
  });
  return new Map(rows.map(({ id, accountId }) => [accountId ?? '', id]));
}

function toCartRow(row: Loaded): CartRow {
  return {
    ...row,
    shippingAddress: readJson<StoredAddress>(row.shippingAddress),
    billingAddress: readJson<StoredAddress>(row.billingAddress),
    lines: row.lines.map((line) => ({ ...line, unitPriceMinor: minor(line.unitPriceMinor) })),
    promotions: row.promotions.map(({ promotion }) => toPromotionRow(promotion)),
  };
}

/** A promotion as the domain sees it. */
export function toPromotionRow(row: Loaded['promotions'][number]['promotion']): CartPromotionRow {
  return { ...row, amountMinor: row.amountMinor === null ? null : minor(row.amountMinor), minimumMinor: minor(row.minimumMinor) };
}
