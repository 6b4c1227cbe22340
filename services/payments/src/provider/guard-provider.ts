import type { CircuitBreakers } from '@app/circuit-breaker';
import { OutcomeUnknown, type PaymentProvider } from './payment-provider.ts';

const timeoutMs = 3_000;

/**
 * Puts the calls of a provider through the circuit `provider:<name>`: a provider that does not answer is waited for three
 * seconds, and left alone after five such calls. Whatever is not an answer is an {@link OutcomeUnknown}.
 */
export function guardProvider(provider: PaymentProvider, breakers: CircuitBreakers): PaymentProvider {
  const call = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await breakers.execute(work, {
        id: `provider:${provider.name}`,
        failureThreshold: 5,
        monitoringWindowMs: 10_000,
        recoveryTimeoutMs: 2_000,
        timeoutMs,
        bulkhead: { limit: 100, queue: 500 },
        isFailure: (error) => !(error instanceof OutcomeUnknown && error.isStaged),
      });
    } catch (error) {
      if (error instanceof OutcomeUnknown) throw error;
      throw new OutcomeUnknown(`${provider.name} did not answer`, false, { cause: error });
    }
  };
  return {
    name: provider.name,
    authorize: (request) => call(() => provider.authorize(request)),
    capture: (request) => call(() => provider.capture(request)),
    refund: (request) => call(() => provider.refund(request)),
    void: (request) => call(() => provider.void(request)),
    status: (key) => call(() => provider.status(key)),
    readWebhook: (webhook) => provider.readWebhook(webhook),
  };
}
