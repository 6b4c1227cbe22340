import { DAY_MS, plus, SEED_NOW, SEED_YEAR_START } from '../core/calendar.ts';
import { seedId } from '../core/ids.ts';

export interface PromotionRow {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly kind: 'PERCENT' | 'FIXED' | 'FREE_SHIPPING';
  readonly percent: number | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly minimumMinor: number;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly usageLimit: number | null;
  readonly perCustomerLimit: number | null;
}

/** The code that seeded orders used: ten per cent off, as often as one likes. Each town counts its own uses. */
export function autumnCode(town: number): string {
  return town === 0 ? 'AUTUMN10' : `AUTUMN10-${town + 1}`;
}

/** Promotions of a town; town 0 also has one of every other kind to try out. */
export function promotionsOf(town: number): PromotionRow[] {
  const autumn = promotion({ code: autumnCode(town), title: 'Ten per cent off everything', kind: 'PERCENT', percent: 10 });
  return town === 0 ? [autumn, ...others] : [autumn];
}

function promotion(row: Pick<PromotionRow, 'code' | 'title' | 'kind'> & Partial<PromotionRow>): PromotionRow {
  return {
    id: seedId('pro', row.code, SEED_YEAR_START),
    percent: null,
    amountMinor: null,
    currency: null,
    minimumMinor: 0,
    startsAt: SEED_YEAR_START,
    endsAt: null,
    usageLimit: null,
    perCustomerLimit: null,
    ...row,
  };
}

const others: readonly PromotionRow[] = [
  promotion({
    code: 'WELCOME5',
    title: 'Five euros off your first order',
    kind: 'FIXED',
    amountMinor: 500,
    currency: 'EUR',
    minimumMinor: 4_000,
    perCustomerLimit: 1,
  }),
  promotion({ code: 'FREESHIP', title: 'Free delivery from 75 euros', kind: 'FREE_SHIPPING', currency: 'EUR', minimumMinor: 7_500 }),
  promotion({ code: 'LASTONE', title: 'Half price for one lucky customer', kind: 'PERCENT', percent: 50, usageLimit: 1 }),
  promotion({ code: 'SUMMER15', title: 'Summer sale, over by now', kind: 'PERCENT', percent: 15, endsAt: plus(SEED_NOW, -80 * DAY_MS) }),
];
