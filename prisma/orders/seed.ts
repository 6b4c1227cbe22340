import { KeyRing } from '@app/database';
import { fillDatabase, type SeedOptions, type SeedResult, type TableRows } from '../seed/core/fill-database.ts';
import type { Town } from '../seed/world.ts';
import { cartTables } from './seed-carts.ts';
import { fulfillmentTables, orderTables } from './seed-orders.ts';
import { paymentTables } from './seed-payments.ts';
import { promotionTables } from './seed-promotions.ts';

/** Fills the orders database: a year of orders with everything that happened to them. */
export function seed({ encryptionKeys, ...options }: SeedOptions & { encryptionKeys: string }): Promise<SeedResult> {
  const ring = KeyRing.parse(encryptionKeys);
  return fillDatabase(options, {
    marker: (town) => ({ table: 'orders', id: town.orders()[0]?.id ?? '' }),
    rowsOf: (town) => tablesOf(town, ring),
  });
}

function tablesOf(town: Town, ring: KeyRing): TableRows[] {
  const promotions = promotionTables(town);
  return [
    promotions.promotions,
    ...cartTables(town.orders(), ring),
    ...orderTables(town.orders(), promotions.byCode, ring),
    promotions.redemptions,
    ...paymentTables(town.orders()),
    ...fulfillmentTables(town.orders()),
  ];
}
