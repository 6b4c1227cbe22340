/** The moment at which the demo shop stands still. Everything seeded happened in the year before it. */
export const SEED_NOW = new Date('2026-11-20T06:00:00.000Z');

/** First moment of the demo year. */
export const SEED_YEAR_START = new Date('2025-11-20T06:00:00.000Z');

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** `date` moved by a number of milliseconds. */
export function plus(date: Date, milliseconds: number): Date {
  return new Date(date.getTime() + Math.round(milliseconds));
}

/** The earlier of two moments. */
export function earlier(a: Date, b: Date): Date {
  return a.getTime() <= b.getTime() ? a : b;
}
