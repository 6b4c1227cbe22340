import { fillDatabase, type SeedOptions, type SeedResult, type TableRows } from '../seed/core/fill-database.ts';
import type { Town } from '../seed/world.ts';
import { cartTables } from './seed-carts.ts';
import { fulfillmentTables, orderTables } from './seed-orders.ts';
import { paymentTables } from './seed-payments.ts';
import { promotionTables } from './seed-promotions.ts';

/** Fills the orders database: a year of orders with everything that happened to them. */
export function seed(options: SeedOptions): Promise<SeedResult> {
  return fillDatabase(options, {
    marker: (town) => ({ table: 'orders', id: town.orders()[0]?.id ?? '' }),
    rowsOf: tablesOf,
  });
}

function tablesOf(town: Town): TableRows[] {
  const promotions = promotionTables(town);
  return [
    promotions.promotions,
    ...cartTables(town.orders()),
    ...orderTables(town.orders(), promotions.byCode),
    promotions.redemptions,
    ...paymentTables(town.orders()),
    ...fulfillmentTables(town.orders()),
  ];
}
