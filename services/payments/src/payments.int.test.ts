import { randomUUID } from 'node:crypto';
import { connectRpc, PaymentsService } from '@app/rpc';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDisagreements } from './invariants.ts';
import { authorize } from './service/authorize.ts';
import { learnUnknown } from './service/get-outcome.ts';
import { PaymentsKit } from './testing/payments-kit.ts';

const key = 'key-of-payments-in-all-the-tests!!!';
let kit: PaymentsKit;
let ahead = 0;
const opened: { close(): void }[] = [];

const connect = (more: Partial<Parameters<typeof connectRpc>[0]> = {}) => {
  const connection = connectRpc({ audience: 'payments', url: kit.rpcUrl, key, caller: 'orders', ...more });
  opened.push(connection);
  return connection.client(PaymentsService);
};
let client: ReturnType<typeof connect>;

beforeAll(async () => {
  kit = await PaymentsKit.start({ key, now: () => new Date(Date.now() + ahead) });
  client = connect();
});
afterAll(async () => {
  for (const connection of opened) connection.close();
  await kit[Symbol.asyncDispose]();
});

const request = (token = 'tok_visa', more: object = {}) => ({
  key: randomUUID(),
  token,
  amountMinor: 1_000n,
  currency: 'EUR',
  returnUrl: '',
  ...more,
});

async function held(): Promise<string> {
  return (await client.authorize(request())).authorization?.paymentId ?? '';
}

test('an authorisation, its captures, refunds and its end are one payment with one ledger, each told as an event', async () => {
  const paymentId = await held();
  expect((await client.capture({ key: randomUUID(), paymentId, amountMinor: 700n })).movement).toMatchObject({ succeeded: true });
  expect((await client.refund({ key: randomUUID(), paymentId, amountMinor: 200n })).movement).toMatchObject({ succeeded: true });
  expect((await client.void({ key: randomUUID(), paymentId })).movement).toMatchObject({ succeeded: true });
  expect(await client.getPayment({ paymentId })).toMatchObject({
    status: 'VOIDED',
    authorizedMinor: 1_000n,
    capturedMinor: 700n,
    refundedMinor: 200n,
  });
  const entries = await kit.db.ledgerEntry.findMany({ where: { paymentId }, orderBy: { id: 'asc' } });
  expect(entries.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`)).toEqual([
    'AUTHORIZED 1000',
    'CAPTURED 700',
    'REFUNDED 200',
    'VOIDED 300',
  ]);
  const events = await kit.db.event.findMany({ where: { streamId: paymentId }, orderBy: { streamVersion: 'asc' } });
  expect(events.map(({ type }) => type)).toEqual(['payment.authorized', 'payment.captured', 'payment.refunded', 'payment.voided']);
});

test('one key is one command, sent twenty times at once; another amount under it is refused', async () => {
  const wanted = request();
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.authorize(wanted)));
  const ids = new Set(answers.map(({ authorization }) => authorization?.paymentId));
  expect(ids.size).toBe(1);
  const paymentId = [...ids][0] ?? '';
  expect(await kit.db.sandboxCharge.count({ where: { authorizeKey: wanted.key } })).toBe(1);
  await expect(client.authorize({ ...wanted, amountMinor: 1_001n })).rejects.toThrow('was used for another command');
  const move = { key: randomUUID(), paymentId, amountMinor: 400n };
  await Promise.all(Array.from({ length: 20 }, () => client.capture(move)));
  await expect(client.capture({ ...move, amountMinor: 1n })).rejects.toThrow('was used for another command');
  await expect(client.refund(move)).rejects.toThrow('was used for another command');
  expect(await client.getPayment({ paymentId })).toMatchObject({ capturedMinor: 400n });
});

test('parallel moves take no more than is held and give back no more than was taken', async () => {
  const paymentId = await held();
  const move = (amountMinor: bigint) => ({ key: randomUUID(), paymentId, amountMinor });
  const captures = await Promise.all(Array.from({ length: 10 }, () => client.capture(move(300n))));
  expect(captures.filter(({ movement }) => movement?.succeeded)).toHaveLength(3);
  const refunds = await Promise.all(Array.from({ length: 10 }, () => client.refund(move(400n))));
  expect(refunds.filter(({ movement }) => movement?.succeeded)).toHaveLength(2);
  expect(refunds.find(({ movement }) => !movement?.succeeded)?.movement).toMatchObject({ failureCode: 'not_possible' });
});

test('a declined card says why', async () => {
  const { authorization } = await client.authorize(request('tok_insufficient_funds'));
  expect(authorization?.outcome).toMatchObject({ case: 'declined', value: { code: 'insufficient_funds', retryable: true } });
  const paymentId = authorization?.paymentId ?? '';
  expect((await client.capture({ key: randomUUID(), paymentId, amountMinor: 1n })).movement).toMatchObject({ succeeded: false });
});

test('a lost answer is an unknown outcome, which is found by its key; a provider that is away was never asked', async () => {
  const lost = request('tok_timeout_succeeded');
  await expect(client.authorize(lost)).rejects.toMatchObject({ rawMessage: 'the outcome is not known' });
  expect((await client.getOutcome({ key: lost.key })).outcome).toMatchObject({
    case: 'authorization',
    value: { outcome: { case: 'authorized' } },
  });
  const away = request('tok_error');
  for (let call = 0; call < 8; call += 1)
    await expect(client.authorize(away)).rejects.toMatchObject({ rawMessage: 'the outcome is not known' });
  expect((await client.getOutcome({ key: away.key })).outcome.case).toBeUndefined();
  expect((await client.getOutcome({ key: 'unheard-of' })).outcome.case).toBeUndefined();
  expect((await client.authorize(request())).authorization?.outcome.case).toBe('authorized');
});

test('outcomes that nobody learned are asked for by the worker', async () => {
  const lost = request('tok_timeout_succeeded');
  await expect(client.authorize(lost)).rejects.toThrow();
  expect((await kit.db.operation.findUniqueOrThrow({ where: { key: lost.key } })).status).toBe('UNKNOWN');
  ahead += 60_000;
  expect(await learnUnknown(kit.deps)).toBeGreaterThan(0);
  expect((await kit.db.operation.findUniqueOrThrow({ where: { key: lost.key } })).status).toBe('SUCCEEDED');
  ahead = 0;
});

test('a fault between intent and provider leaves a command that can be repeated', async () => {
  const hanging = { ...kit.deps, provider: { ...kit.deps.provider, authorize: () => Promise.reject(new Error('boom')) } };
  const wanted = { ...request(), amountMinor: 5 };
  await expect(authorize(hanging, wanted)).rejects.toThrow('boom');
  expect(await authorize(kit.deps, wanted)).toMatchObject({ kind: 'authorized' });
});

test('only orders is answered, with its own key', async () => {
  await expect(connect({ caller: 'reviews' }).getPayment({ paymentId: 'x' })).rejects.toThrow('only orders moves money');
  await expect(connect({ key: 'z'.repeat(40) }).getPayment({ paymentId: 'x' })).rejects.toThrow('only signed internal calls');
  await expect(connect({ audience: 'products' }).getPayment({ paymentId: 'x' })).rejects.toThrow('only signed internal calls');
});

test.each([
  ['an empty key', { key: '' }, 'key must have 1 to 200 characters'],
  ['a long key', { key: 'k'.repeat(201) }, 'key must have'],
  ['no amount', { amountMinor: 0n }, 'amountMinor must be between'],
  ['a negative amount', { amountMinor: -1n }, 'amountMinor must be between'],
  ['an amount beyond 2^53', { amountMinor: 2n ** 60n }, 'amountMinor must be between'],
  ['a currency that is none', { currency: 'euro' }, 'currency must be an ISO 4217 code'],
])('%s is refused and nothing is stored', async (_what, more, message) => {
  const before = await kit.db.operation.count();
  await expect(client.authorize(request('tok_visa', more))).rejects.toThrow(message);
  expect(await kit.db.operation.count()).toBe(before);
});

test('an unknown payment is said to be so', async () => {
  await expect(client.getPayment({ paymentId: 'pmt_none' })).rejects.toThrow('there is no payment pmt_none');
  await expect(client.void({ key: randomUUID(), paymentId: 'pmt_none' })).rejects.toThrow('there is no payment pmt_none');
});

test('the ledger is only ever added to, and all books agree', async () => {
  await expect(kit.db.ledgerEntry.deleteMany()).rejects.toThrow();
  expect(await readDisagreements({ payments: kit.databaseUrl })).toEqual([]);
});
