import { type Authorization, fromRpcError, type Movement, PaymentsService, type RpcConnection } from '@app/rpc';
import { Code, ConnectError } from '@connectrpc/connect';
import { type AuthorizeOutcome, type MoveOutcome, PaymentOutcomeUnknown, type PaymentProvider } from '../payments/payment-provider.ts';

/** Longer than payments waits for its provider. */
export const paymentsTimeoutMs = 5_000;

/** Answers with which payments says that the call was wrong, not that it is unwell. */
const refusals: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.PermissionDenied,
  Code.Unauthenticated,
  Code.Unimplemented,
]);

/**
 * Moves money through the payments service, over gRPC. Every command is idempotent there by its key. Whatever is not an answer is a
 * {@link PaymentOutcomeUnknown}: the service may have done it before it, or the way to it, failed.
 */
export function createPaymentsClient(connection: RpcConnection): PaymentProvider {
  const client = connection.client(PaymentsService);
  const call = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (error) {
      if (refusals.has(ConnectError.from(error).code)) throw fromRpcError(error);
      throw new PaymentOutcomeUnknown('payments did not say how it ended', { cause: error });
    }
  };
  return {
    name: 'payments',
    authorize: async ({ amountMinor, ...request }) =>
      authorizationOf(await call(client.authorize({ ...request, amountMinor: BigInt(amountMinor) }))),
    capture: async ({ key, ref, amountMinor }) =>
      movementOf(await call(client.capture({ key, paymentId: ref, amountMinor: BigInt(amountMinor) }))),
    refund: async ({ key, ref, amountMinor }) =>
      movementOf(await call(client.refund({ key, paymentId: ref, amountMinor: BigInt(amountMinor) }))),
    void: async ({ key, ref }) => movementOf(await call(client.void({ key, paymentId: ref }))),
    status: async (key) => {
      const { outcome } = await call(client.getOutcome({ key }));
      switch (outcome.case) {
        case 'authorization':
          return authorizationOf({ authorization: outcome.value });
        case 'movement':
          return movementOf({ movement: outcome.value });
        case undefined:
          return { kind: 'never_seen' };
      }
    },
  };
}

function authorizationOf({ authorization }: { readonly authorization?: Authorization | undefined }): AuthorizeOutcome {
  const ref = authorization?.paymentId ?? '';
  switch (authorization?.outcome.case) {
    case 'authorized':
      return { kind: 'authorized', ref };
    case 'declined': {
      const { code, retryable } = authorization.outcome.value;
      return { kind: 'declined', ref, code, retryable };
    }
    case 'actionRequired':
      return { kind: 'requires_action', ref, url: authorization.outcome.value.url };
    case undefined:
      throw new PaymentOutcomeUnknown('payments gave an answer that is none');
  }
}

function movementOf({ movement }: { readonly movement?: Movement | undefined }): MoveOutcome {
  if (movement === undefined) throw new PaymentOutcomeUnknown('payments gave an answer that is none');
  const { ref, succeeded, failureCode } = movement;
  return succeeded ? { kind: 'succeeded', ref } : { kind: 'failed', ref, code: failureCode };
}
