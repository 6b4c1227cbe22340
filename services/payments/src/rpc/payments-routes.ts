import { AppError } from '@app/errors';
import { type AuthorizationSchema, callerKey, PaymentsService } from '@app/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from '@connectrpc/connect';
import { OutcomeUnknown } from '../provider/payment-provider.ts';
import { authorize } from '../service/authorize.ts';
import type { Deps } from '../service/deps.ts';
import { getOutcome } from '../service/get-outcome.ts';
import { type Move, moveMoney } from '../service/move-money.ts';
import type { Authorization, Movement } from '../service/outcome.ts';

/** The commands and questions of payments.v1. */
export function paymentsRoutes(deps: Deps): (router: ConnectRouter) => void {
  const move = (command: Move, context: HandlerContext) =>
    answering(context, async () => ({ movement: movementMessage(await moveMoney(deps, checkedMove(command))) }));
  return (router) => {
    router.service(PaymentsService, {
      authorize: ({ key, token, amountMinor, currency, returnUrl }, context) =>
        answering(context, async () => {
          const request = { key: keyOf(key), token, amountMinor: amountOf(amountMinor), currency: currencyOf(currency), returnUrl };
          return { authorization: authorizationMessage(await authorize(deps, request)) };
        }),
      capture: ({ key, paymentId, amountMinor }, context) =>
        move({ key, paymentId, kind: 'CAPTURE', amountMinor: amountOf(amountMinor) }, context),
      refund: ({ key, paymentId, amountMinor }, context) =>
        move({ key, paymentId, kind: 'REFUND', amountMinor: amountOf(amountMinor) }, context),
      void: ({ key, paymentId }, context) => move({ key, paymentId, kind: 'VOID', amountMinor: 0 }, context),
      getOutcome: ({ key }, context) =>
        answering(context, async () => {
          const outcome = await getOutcome(deps, keyOf(key));
          if (outcome.kind === 'never_seen') return {};
          if (outcome.kind === 'succeeded' || outcome.kind === 'failed')
            return { outcome: { case: 'movement' as const, value: movementMessage(outcome) } };
          return { outcome: { case: 'authorization' as const, value: authorizationMessage(outcome) } };
        }),
      getPayment: ({ paymentId }, context) =>
        answering(context, async () => {
          const payment = await deps.db.payment.findUnique({ where: { id: paymentId } });
          if (payment === null) throw new AppError('NOT_FOUND', `there is no payment ${paymentId}`);
          const { status, currency, authorizedMinor, capturedMinor, refundedMinor } = payment;
          return { paymentId, status, currency, authorizedMinor, capturedMinor, refundedMinor };
        }),
    });
  };
}

/**
 * Answers orders only, and says of failures what the caller has to do.
 * Threat: another service that holds this service's key moves money. Consequence: it is refused.
 */
async function answering<Answer>({ values }: HandlerContext, work: () => Promise<Answer>): Promise<Answer> {
  if (values.get(callerKey).issuer !== 'orders') throw new ConnectError('only orders moves money', Code.PermissionDenied);
  try {
    return await work();
  } catch (error) {
    if (error instanceof OutcomeUnknown) throw new ConnectError('the outcome is not known', Code.Aborted);
    if (error instanceof AppError && error.code === 'NOT_FOUND') throw new ConnectError(error.message, Code.NotFound);
    throw error;
  }
}

function authorizationMessage(authorization: Authorization): MessageInitShape<typeof AuthorizationSchema> {
  const { paymentId } = authorization;
  switch (authorization.kind) {
    case 'authorized':
      return { paymentId, outcome: { case: 'authorized', value: {} } };
    case 'declined': {
      const { code, retryable } = authorization;
      return { paymentId, outcome: { case: 'declined', value: { code, retryable } } };
    }
    case 'requires_action':
      return { paymentId, outcome: { case: 'actionRequired', value: { url: authorization.url } } };
  }
}

function movementMessage(movement: Movement) {
  return { ref: movement.ref, succeeded: movement.kind === 'succeeded', failureCode: movement.kind === 'failed' ? movement.code : '' };
}

function checkedMove(move: Move): Move {
  keyOf(move.key);
  return move;
}

function keyOf(key: string): string {
  if (key === '' || key.length > 200) throw new AppError('BAD_USER_INPUT', 'key must have 1 to 200 characters');
  return key;
}

function amountOf(amount: bigint): number {
  const minor = Number(amount);
  if (!Number.isSafeInteger(minor) || minor < 1) throw new AppError('BAD_USER_INPUT', 'amountMinor must be between 1 and 2^53 − 1');
  return minor;
}

function currencyOf(currency: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) throw new AppError('BAD_USER_INPUT', 'currency must be an ISO 4217 code');
  return currency;
}
