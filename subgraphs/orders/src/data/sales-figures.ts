import type { Queryable, Tx } from './database.ts';
import { toJson } from './json.ts';

/** What was sold on one day in one currency. Amounts in minor units. */
export interface SalesFigures {
  readonly currency: string;
  /** Orders of that day that stood when the report was made. */
  readonly orders: number;
  readonly units: number;
  readonly soldMinor: number;
  /** Money that was taken and given back on that day, of whatever order. */
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

/** The last `count` whole days (UTC) before `now` that have no report, oldest first. */
export async function daysWithoutReport(db: Queryable, now: Date, count: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ day: string }[]>`
    SELECT to_char(whole.day, 'YYYY-MM-DD') AS day
    FROM generate_series((${now}::timestamptz AT TIME ZONE 'UTC')::date - ${count}::int, (${now}::timestamptz AT TIME ZONE 'UTC')::date - 1, '1 day') AS whole(day)
    WHERE NOT EXISTS (SELECT 1 FROM sales_report r WHERE r.day = whole.day::date) ORDER BY 1`;
  return rows.map(({ day }) => day);
}

/** What was sold on a day (UTC, YYYY-MM-DD), by currency. */
export async function salesOf(db: Queryable, day: string): Promise<SalesFigures[]> {
  const rows = await db.$queryRaw<Record<keyof SalesFigures, string | bigint | null>[]>`
    WITH bounds AS (SELECT ${day}::date::timestamp AT TIME ZONE 'UTC' AS starts, (${day}::date + 1)::timestamp AT TIME ZONE 'UTC' AS ends),
    sold AS (
      SELECT o.currency, count(*) AS orders, sum(o.shipping_minor + kept.minor) AS sold, sum(kept.units) AS units
      FROM orders o, bounds, LATERAL (
        SELECT sum(l.quantity - l.cancelled_quantity) AS units,
          sum(floor(l.total_minor * (l.quantity - l.cancelled_quantity)::numeric / l.quantity)) AS minor
        FROM order_line l WHERE l.order_id = o.id) AS kept
      WHERE o.placed_at >= starts AND o.placed_at < ends AND o.status IN ('CONFIRMED', 'COMPLETED') GROUP BY o.currency),
    moved AS (
      SELECT p.currency, sum(e.amount_minor) FILTER (WHERE e.kind = 'CAPTURED') AS captured,
        sum(e.amount_minor) FILTER (WHERE e.kind = 'REFUNDED') AS refunded
      FROM payment_event e JOIN payment p ON p.id = e.payment_id, bounds
      WHERE e.at >= starts AND e.at < ends AND e.kind IN ('CAPTURED', 'REFUNDED') GROUP BY p.currency)
    SELECT currency, orders::bigint, units::bigint, sold::bigint AS "soldMinor", captured::bigint AS "capturedMinor", refunded::bigint AS "refundedMinor"
    FROM sold FULL JOIN moved USING (currency) ORDER BY currency`;
  return rows.map((row) => ({
    currency: String(row.currency),
    orders: Number(row.orders ?? 0),
    units: Number(row.units ?? 0),
    soldMinor: Number(row.soldMinor ?? 0),
    capturedMinor: Number(row.capturedMinor ?? 0),
    refundedMinor: Number(row.refundedMinor ?? 0),
  }));
}

/** Keeps a day's report; false: it was there. */
export async function insertReport(tx: Tx, day: string, figures: readonly SalesFigures[]): Promise<boolean> {
  const { count } = await tx.salesReport.createMany({ data: [{ day: new Date(day), figures: toJson(figures) }], skipDuplicates: true });
  return count === 1;
}
