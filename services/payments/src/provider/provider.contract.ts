import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AuthorizeRequest, PaymentProvider } from './payment-provider.ts';

/** What the contract needs of a provider under test. */
export interface ProviderUnderTest {
  readonly provider: () => PaymentProvider;
  /** Tokens that make the provider do so. */
  readonly tokens: { readonly good: string; readonly bad: string; readonly asking: string };
  /** A webhook as the provider would send it about a payment that was confirmed, at that moment. */
  readonly webhook: (ref: string, key: string, at: Date) => { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };
}

/** What every implementation of {@link PaymentProvider} must do. */
export function describeProvider({ provider, tokens, webhook }: ProviderUnderTest): void {
  const request = (token = tokens.good): AuthorizeRequest => ({
    key: randomUUID(),
    token,
    amountMinor: 1_000,
    currency: 'EUR',
    returnUrl: 'https://shop.example/back',
  });
  const held = async () => (await provider().authorize(request())).ref;
  const move = (ref: string, amountMinor: number, key: string = randomUUID()) => ({ key, ref, amountMinor });

  test('one key holds once, also when it is sent many times at once', async () => {
    const wanted = request();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => provider().authorize(wanted)));
    expect(new Set(outcomes.map(({ ref }) => ref)).size).toBe(1);
    expect(outcomes[0]?.kind).toBe('authorized');
    expect(await provider().status(wanted.key)).toEqual(outcomes[0]);
  });

  test('a bad card is declined with a code, and nothing can be taken of it', async () => {
    const outcome = await provider().authorize(request(tokens.bad));
    expect(outcome).toMatchObject({ kind: 'declined', code: expect.stringMatching(/^[a-z_]+$/) });
    expect(await provider().capture(move(outcome.ref, 1))).toMatchObject({ kind: 'failed' });
  });

  test('what asks for the customer says where, and holds nothing yet', async () => {
    const outcome = await provider().authorize(request(tokens.asking));
    expect(outcome).toMatchObject({ kind: 'requires_action', url: expect.stringMatching(/^https?:/) });
    expect(await provider().capture(move(outcome.ref, 1))).toMatchObject({ kind: 'failed' });
  });

  test('money is taken in parts, never more than is held, and once per key', async () => {
    const ref = await held();
    const part = move(ref, 600);
    const first = await provider().capture(part);
    expect(first.kind).toBe('succeeded');
    expect(await provider().capture(part)).toEqual(first);
    expect(await provider().capture(move(ref, 600))).toMatchObject({ kind: 'failed' });
    expect(await provider().capture(move(ref, 400))).toMatchObject({ kind: 'succeeded' });
    expect(await provider().status(part.key)).toEqual(first);
  });

  test('parallel captures take no more than is held', async () => {
    const ref = await held();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => provider().capture(move(ref, 300))));
    expect(outcomes.filter(({ kind }) => kind === 'succeeded')).toHaveLength(3);
  });

  test('no more is given back than was taken, once per key', async () => {
    const ref = await held();
    await provider().capture(move(ref, 500));
    expect(await provider().refund(move(ref, 501))).toMatchObject({ kind: 'failed' });
    const part = move(ref, 500);
    expect(await provider().refund(part)).toMatchObject({ kind: 'succeeded' });
    expect(await provider().refund(part)).toMatchObject({ kind: 'succeeded' });
    expect(await provider().refund(move(ref, 1))).toMatchObject({ kind: 'failed' });
  });

  test('what is still held can be given back, and then nothing can be taken any more', async () => {
    const ref = await held();
    await provider().capture(move(ref, 200));
    expect(await provider().void({ key: randomUUID(), ref })).toMatchObject({ kind: 'succeeded' });
    expect(await provider().capture(move(ref, 1))).toMatchObject({ kind: 'failed' });
    expect(await provider().refund(move(ref, 200))).toMatchObject({ kind: 'succeeded' });
  });

  test('a key that never arrived was never seen', async () => {
    expect(await provider().status(randomUUID())).toEqual({ kind: 'never_seen' });
  });

  test('a webhook is read when it was signed for these bytes and now, and refused otherwise', async () => {
    const now = new Date();
    const { headers, body } = webhook('ref_1', 'key_1', now);
    expect(provider().readWebhook({ headers, body, now })).toMatchObject({
      kind: 'authorization',
      key: 'key_1',
      outcome: { kind: 'authorized', ref: 'ref_1' },
    });
    const changed = Buffer.from(body.toString().replace('key_1', 'key_2'));
    expect(provider().readWebhook({ headers, body: changed, now })).toMatchObject({ kind: 'refused', code: 'SIGNATURE_INVALID' });
    expect(provider().readWebhook({ headers: {}, body, now })).toMatchObject({ kind: 'refused', code: 'SIGNATURE_MISSING' });
    const later = new Date(now.getTime() + 3_600_000);
    expect(provider().readWebhook({ headers, body, now: later })).toMatchObject({ kind: 'refused', code: 'SIGNATURE_EXPIRED' });
  });
}
