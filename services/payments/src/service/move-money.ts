import { withTx } from '@app/database';
import { AppError } from '@app/errors';
import { findOperation, lockPayment, type OperationRow, type PaymentRow, type Tx } from '../data/database.ts';
import { type MoveOutcome, OutcomeUnknown } from '../provider/payment-provider.ts';
import { markUnknown } from './authorize.ts';
import type { Deps } from './deps.ts';
import { type Movement, movementOf } from './outcome.ts';
import { record } from './payment-events.ts';

/** Money to take, to give back, or no longer to hold. */
export interface Move {
  /** Idempotency key: the same one moves money once. */
  readonly key: string;
  readonly paymentId: string;
  readonly kind: 'CAPTURE' | 'REFUND' | 'VOID';
  /** Unused for VOID. */
  readonly amountMinor: number;
}

/**
 * Moves money, once per key. What is not possible by our own books is refused without asking the provider; moves under way count.
 * @throws {OutcomeUnknown} when the provider did not answer. @throws {AppError} BAD_USER_INPUT for another command under a known key,
 * NOT_FOUND for an unknown payment.
 */
export async function moveMoney(deps: Deps, move: Move): Promise<Movement> {
  const operation = await intend(deps, move);
  const known = movementOf(operation);
  if (known !== null) return known;
  const outcome = await ask(deps, operation).catch(async (error: unknown) => {
    if (error instanceof OutcomeUnknown) await markUnknown(deps, move.key);
    throw error;
  });
  return settleMove(deps, move.key, outcome);
}

async function intend(deps: Deps, move: Move): Promise<OperationRow> {
  return withTx(deps.db, async (tx: Tx) => {
    const payment = await lockPayment(tx, move.paymentId);
    if (payment === null) throw new AppError('NOT_FOUND', `there is no payment ${move.paymentId}`);
    const known = await findOperation(tx, move.key);
    if (known !== null) return sameCommand(known, move);
    const isPossible = payment.providerRef !== null && (await fits(tx, payment, move));
    return tx.operation.create({
      data: {
        key: move.key,
        paymentId: payment.id,
        kind: move.kind,
        amountMinor: move.kind === 'VOID' ? payment.amountMinor - payment.capturedMinor : BigInt(move.amountMinor),
        ...(!isPossible && { status: 'FAILED', failureCode: 'not_possible', ref: move.key }),
      },
      include: { payment: true },
    });
  });
}

function sameCommand(known: OperationRow, { key, paymentId, kind, amountMinor }: Move): OperationRow {
  const isSame = known.paymentId === paymentId && known.kind === kind && (kind === 'VOID' || known.amountMinor === BigInt(amountMinor));
  if (!isSame) throw new AppError('BAD_USER_INPUT', `key ${key} was used for another command`);
  return known;
}

async function fits(tx: Tx, payment: PaymentRow, { kind, amountMinor }: Move): Promise<boolean> {
  if (kind === 'VOID') return true;
  const { _sum } = await tx.operation.aggregate({
    where: { paymentId: payment.id, kind, status: { in: ['PENDING', 'UNKNOWN'] } },
    _sum: { amountMinor: true },
  });
  const wanted = BigInt(amountMinor) + (_sum.amountMinor ?? 0n);
  if (kind === 'REFUND') return payment.refundedMinor + wanted <= payment.capturedMinor;
  return payment.status === 'AUTHORIZED' && payment.capturedMinor + wanted <= payment.authorizedMinor;
}

/** The same key moves money once at the provider, so repeating the command is how to learn its outcome. */
function ask({ provider }: Deps, { key, kind, amountMinor, payment }: OperationRow): Promise<MoveOutcome> {
  const request = { key, ref: payment.providerRef ?? '', amountMinor: Number(amountMinor) };
  switch (kind) {
    case 'CAPTURE':
      return provider.capture(request);
    case 'REFUND':
      return provider.refund(request);
    default:
      return provider.void({ key, ref: request.ref });
  }
}

/** Writes down how a move ended, unless that was done. Answers what is stored then. */
export async function settleMove(deps: Deps, key: string, outcome: MoveOutcome): Promise<Movement> {
  return withTx(deps.db, async (tx: Tx) => {
    const { count } = await tx.operation.updateMany({
      where: { key, kind: { not: 'AUTHORIZE' }, status: { in: ['PENDING', 'UNKNOWN'] } },
      data:
        outcome.kind === 'succeeded'
          ? { status: 'SUCCEEDED', ref: outcome.ref }
          : { status: 'FAILED', ref: outcome.ref, failureCode: outcome.code },
    });
    const operation = await findOperation(tx, key);
    if (operation === null) throw new OutcomeUnknown(`nothing is known of the move ${key}`);
    if (count === 1 && outcome.kind === 'succeeded') await apply(tx, operation, outcome.ref);
    const movement = movementOf(operation);
    if (movement === null) throw new OutcomeUnknown(`nothing is known of the move ${key}`);
    return movement;
  });
}

async function apply(tx: Tx, { kind, key, amountMinor, payment }: OperationRow, ref: string): Promise<void> {
  const changes = {
    CAPTURE: { capturedMinor: { increment: amountMinor } },
    REFUND: { refundedMinor: { increment: amountMinor } },
    VOID: { status: 'VOIDED', nextActionUrl: null },
  } as const;
  const kinds = { CAPTURE: 'CAPTURED', REFUND: 'REFUNDED', VOID: 'VOIDED' } as const;
  if (kind === 'AUTHORIZE') return;
  await tx.payment.update({ where: { id: payment.id }, data: changes[kind] });
  await record(tx, { kind: kinds[kind], payment, key, amountMinor, ref });
}
