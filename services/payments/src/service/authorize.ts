import { newId, withTx } from '@app/database';
import { AppError } from '@app/errors';
import { findOperation, type OperationRow, type Tx } from '../data/database.ts';
import { type AuthorizeOutcome, type AuthorizeRequest, OutcomeUnknown } from '../provider/payment-provider.ts';
import type { Deps } from './deps.ts';
import { type Authorization, authorizationOf } from './outcome.ts';
import { record } from './payment-events.ts';

/**
 * Holds an amount, once per key: intent and key are stored before the provider is called, so that a process that dies in between leaves
 * a trace, and the repeated call goes to the provider under the same key.
 * @throws {OutcomeUnknown} when the provider did not answer. @throws {AppError} BAD_USER_INPUT for another amount under a known key.
 */
export async function authorize(deps: Deps, request: AuthorizeRequest): Promise<Authorization> {
  const operation = await intend(deps, request);
  const known = authorizationOf(operation);
  if (known !== null) return known;
  const outcome = await deps.provider.authorize(request).catch(async (error: unknown) => {
    if (error instanceof OutcomeUnknown) await markUnknown(deps, request.key);
    throw error;
  });
  return settleAuthorization(deps, request.key, outcome);
}

async function intend(deps: Deps, { key, amountMinor, currency }: AuthorizeRequest): Promise<OperationRow> {
  const wanted = { amountMinor: BigInt(amountMinor), currency };
  return withTx(deps.db, async (tx: Tx) => {
    const payment = { id: newId('pmt'), authorizeKey: key, provider: deps.provider.name, ...wanted };
    const { count } = await tx.payment.createMany({ data: [payment], skipDuplicates: true });
    if (count === 1) {
      const operation = { key, paymentId: payment.id, kind: 'AUTHORIZE' as const, amountMinor: wanted.amountMinor };
      return tx.operation.create({ data: operation, include: { payment: true } });
    }
    const known = await findOperation(tx, key);
    if (known?.kind !== 'AUTHORIZE' || known.amountMinor !== wanted.amountMinor || known.payment.currency !== currency)
      throw new AppError('BAD_USER_INPUT', `key ${key} was used for another command`);
    return known;
  });
}

/** Notes that nobody knows how a command ended, unless somebody learned it meanwhile. */
export async function markUnknown({ db, now }: Deps, key: string): Promise<void> {
  await db.operation.updateMany({ where: { key, status: { in: ['PENDING', 'UNKNOWN'] } }, data: { status: 'UNKNOWN', checkedAt: now() } });
}

const statuses = { authorized: 'SUCCEEDED', declined: 'FAILED', requires_action: 'REQUIRES_ACTION' } as const;

/** Writes down how an authorisation stands, whoever learned it first: the caller, a webhook, or a question. Answers what is stored then. */
export async function settleAuthorization(deps: Deps, key: string, outcome: AuthorizeOutcome): Promise<Authorization> {
  return withTx(deps.db, async (tx: Tx) => {
    await recordAuthorization(tx, key, outcome);
    const operation = await findOperation(tx, key);
    const authorization = operation && authorizationOf(operation);
    if (!authorization) throw new OutcomeUnknown(`nothing is known of the authorisation ${key}`);
    return authorization;
  });
}

/** The operation's state says whether it was written down before: then nothing happens. False: there is no such operation. */
export async function recordAuthorization(tx: Tx, key: string, outcome: AuthorizeOutcome): Promise<boolean> {
  const status = statuses[outcome.kind];
  const { count } = await tx.operation.updateMany({
    where: { key, kind: 'AUTHORIZE', status: { in: ['PENDING', 'UNKNOWN', 'REQUIRES_ACTION'], not: status } },
    data: { status, ref: outcome.ref },
  });
  const operation = await findOperation(tx, key);
  if (operation === null) return false;
  if (count === 0) return true;
  const { payment, amountMinor } = operation;
  const isVoided = payment.status === 'VOIDED';
  await tx.payment.update({
    where: { id: payment.id },
    data: {
      providerRef: outcome.ref,
      nextActionUrl: outcome.kind === 'requires_action' ? outcome.url : null,
      ...(outcome.kind === 'authorized' && { authorizedMinor: amountMinor, ...(!isVoided && { status: 'AUTHORIZED' }) }),
      ...(outcome.kind === 'declined' && {
        declineCode: outcome.code,
        isRetryable: outcome.retryable,
        ...(!isVoided && { status: 'DECLINED' }),
      }),
      ...(outcome.kind === 'requires_action' && !isVoided && { status: 'REQUIRES_ACTION' }),
    },
  });
  const happening = { payment, key, amountMinor, ref: outcome.ref };
  if (outcome.kind === 'authorized') await record(tx, { ...happening, kind: 'AUTHORIZED' });
  if (outcome.kind === 'declined') await record(tx, { ...happening, kind: 'DECLINED', code: outcome.code, retryable: outcome.retryable });
  return true;
}
