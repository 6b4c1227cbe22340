import { HOUR_MS, plus } from '../core/calendar.ts';
import { seedId } from '../core/ids.ts';
import type { PaymentEventKind, PaymentEventRow, PaymentRow, PaymentStatus } from './rows.ts';
import type { Scenario } from './scenario.ts';

export interface PaymentFacts {
  readonly key: string;
  readonly scenario: Scenario;
  readonly placedAt: Date;
  readonly total: number;
  /** What was shipped and when; captured on shipping. */
  readonly captures: readonly { readonly amount: number; readonly at: Date }[];
  readonly refund: { readonly amount: number; readonly at: Date } | null;
  readonly cancelledAt: Date | null;
}

type Step = readonly [PaymentEventKind, number, Date];

/** The payment's append-only ledger and the state that follows from it; null before anything was asked of the provider. */
export function paymentOf(facts: PaymentFacts): PaymentRow | null {
  const steps = ledger(facts);
  if (steps.length === 0) return null;
  const sum = (kind: PaymentEventKind): number => steps.filter(([step]) => step === kind).reduce((total, [, amount]) => total + amount, 0);
  const amounts = { authorized: sum('AUTHORIZED'), captured: sum('CAPTURED'), refunded: sum('REFUNDED') };
  return {
    id: seedId('pay', facts.key, facts.placedAt),
    provider: 'demo',
    status: statusOf(steps, amounts),
    amount: facts.total,
    ...amounts,
    createdAt: facts.placedAt,
    events: steps.map(
      ([kind, amount, at], index): PaymentEventRow => ({
        id: seedId('pev', `${facts.key}/${index}`, at),
        kind,
        amount,
        providerRef: kind.endsWith('_REQUESTED') ? null : `demo_${seedId('ref', `${facts.key}/${index}`, at).slice(-16)}`,
        at,
      }),
    ),
  };
}

function ledger({ scenario, placedAt, total, captures, refund, cancelledAt }: PaymentFacts): Step[] {
  if (scenario === 'pending' || scenario === 'outOfStock') return [];
  const asked: Step = ['AUTHORIZE_REQUESTED', total, plus(placedAt, 400)];
  const answeredAt = plus(placedAt, 1_300);
  if (scenario === 'declined') return [asked, ['AUTHORIZE_FAILED', total, answeredAt]];
  if (scenario === 'awaitingPayment') return [asked, ['ACTION_REQUIRED', total, answeredAt]];
  if (scenario === 'expired')
    return [asked, ['ACTION_REQUIRED', total, answeredAt], ['AUTHORIZE_FAILED', total, plus(placedAt, HOUR_MS / 4)]];
  const steps: Step[] = [asked, ['AUTHORIZED', total, answeredAt]];
  if (cancelledAt) steps.push(['VOID_REQUESTED', total, cancelledAt], ['VOIDED', total, plus(cancelledAt, 900)]);
  for (const { amount, at } of captures) steps.push(['CAPTURE_REQUESTED', amount, at], ['CAPTURED', amount, plus(at, 1_100)]);
  if (refund) steps.push(['REFUND_REQUESTED', refund.amount, refund.at], ['REFUNDED', refund.amount, plus(refund.at, 1_500)]);
  return steps;
}

function statusOf(
  steps: readonly Step[],
  { authorized, captured, refunded }: { authorized: number; captured: number; refunded: number },
): PaymentStatus {
  const kinds = steps.map(([kind]) => kind);
  if (kinds.includes('AUTHORIZE_FAILED')) return 'FAILED';
  if (kinds.includes('VOIDED')) return 'VOIDED';
  if (authorized === 0) return 'REQUIRES_ACTION';
  if (refunded > 0) return refunded < captured ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
  if (captured === 0) return 'AUTHORIZED';
  return captured < authorized ? 'PARTIALLY_CAPTURED' : 'CAPTURED';
}
