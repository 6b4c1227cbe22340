import { CircuitBreakers } from '@app/circuit-breaker';
import { expect, test } from 'vitest';
import { guardProvider } from './guard-provider.ts';
import { OutcomeUnknown, type PaymentProvider } from './payment-provider.ts';

/** A provider of which only `status` is asked. */
function asked(status: PaymentProvider['status']): { readonly provider: PaymentProvider; readonly breakers: CircuitBreakers } {
  const breakers = new CircuitBreakers();
  return { provider: guardProvider({ name: 'test', status } as PaymentProvider, breakers), breakers };
}

const unknown = expect.objectContaining({ name: 'OutcomeUnknown' });

test('a provider that hangs is an unknown outcome, and after five such calls it is left alone', async () => {
  let calls = 0;
  const { provider, breakers } = asked(() => {
    calls += 1;
    return new Promise(() => undefined);
  });
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => provider.status('key')));
  expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([unknown, unknown, unknown, unknown, unknown]);
  expect(breakers.getState('provider:test')).toBe('open');
  await expect(provider.status('key')).rejects.toEqual(unknown);
  expect(calls).toBe(5);
});

test('what the sandbox was told to fail with says nothing of its health', async () => {
  const { provider, breakers } = asked(() => Promise.reject(new OutcomeUnknown('staged', true)));
  for (let call = 0; call < 20; call += 1) await expect(provider.status('key')).rejects.toThrow('staged');
  expect(breakers.getState('provider:test')).toBe('closed');
});

test('a failure on the way is an unknown outcome with its cause', async () => {
  const { provider } = asked(() => Promise.reject(new Error('socket hang up')));
  await expect(provider.status('key')).rejects.toMatchObject({ message: 'test did not answer', cause: new Error('socket hang up') });
});
