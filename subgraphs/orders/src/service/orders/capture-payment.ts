import type { Principal } from '@app/auth';
import { isId } from '@app/database';
import { conflict, InputCheck, notFound, UserFault } from '@app/subgraph';
import { findPayment } from '../../data/payment-rows.ts';
import { amountDue } from '../../domain/amount-due.ts';
import type { Deps } from '../deps.ts';
import { checkKey, once } from '../idempotency.ts';
import { intendMove, performMove } from '../payments/move-money.ts';
import { lockOrder, requireAction } from './lock-order.ts';
import { requireScope } from './order-access.ts';
import type { OrderOutcome } from './order-outcome.ts';
import { capturableOf } from './order-state.ts';

/** An amount as a client names it. */
export interface NamedAmount {
  readonly minor: number;
  readonly currency: string;
}

/** Takes held money by hand. @throws {UserFault} CAPTURE_EXCEEDS_AUTHORIZED … */
export async function capturePayment(
  deps: Deps,
  principal: Principal,
  paymentId: string,
  input: { readonly amount: NamedAmount; readonly idempotencyKey: string },
): Promise<OrderOutcome> {
  requireScope(principal, 'payments:write');
  const check = new InputCheck();
  checkKey(check, input.idempotencyKey);
  check.integer(input.amount.minor, ['input', 'amount', 'minor'], { min: 1, max: Number.MAX_SAFE_INTEGER });
  check.finish();
  const payment = isId('pay', paymentId) ? await findPayment(deps.db, paymentId) : null;
  if (!payment) throw new UserFault(notFound('payment', paymentId, ['paymentId']));
  requireCurrency(input.amount, payment.currency);
  const actor = principal.kind === 'user' ? principal.id : 'system';
  let moveKey = '';
  return once(
    deps,
    { caller: actor, mutation: 'paymentCapture', key: input.idempotencyKey, body: { paymentId, amount: input.amount } },
    async (tx, keyId) => {
      const locked = await lockOrder(tx, payment.orderId);
      await requireAction(tx, principal, locked, 'CAPTURE');
      moveKey = `${keyId}:capture`;
      const dueMinor = amountDue(locked.order, locked.lines);
      const current = locked.payments.find(({ id }) => id === paymentId);
      const move = { key: moveKey, paymentId, kind: 'CAPTURE', amountMinor: input.amount.minor, detail: { actor } } as const;
      const isHeld = current && move.amountMinor <= capturableOf(current, dueMinor) && (await intendMove(tx, move));
      if (!isHeld)
        throw new UserFault(
          conflict('CAPTURE_EXCEEDS_AUTHORIZED', 'Less than that is held for what the order costs.', null, ['input', 'amount']),
        );
      return payment.orderId;
    },
    async () => void (await performMove(deps, moveKey)),
  );
}

/** @throws {UserFault} when an amount is in another currency than the order. */
export function requireCurrency({ currency }: NamedAmount, expected: string): void {
  if (currency !== expected)
    throw new UserFault(conflict('CURRENCY_MISMATCH', `This order is in ${expected}.`, null, ['input', 'amount', 'currency']));
}
