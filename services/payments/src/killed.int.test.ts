import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDisagreements } from './invariants.ts';
import { authorize } from './service/authorize.ts';
import { learnUnknown } from './service/get-outcome.ts';
import { moveMoney } from './service/move-money.ts';
import { PaymentsKit } from './testing/payments-kit.ts';

let kit: PaymentsKit;
let ahead = 0;
beforeAll(async () => {
  kit = await PaymentsKit.start({ key: 'key-of-payments-in-all-the-tests!!!', now: () => new Date(Date.now() + ahead) });
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Runs a command in a process that is killed between the provider's effect and our commit. */
async function killedDuring(kind: string, key: string, paymentId = ''): Promise<void> {
  const file = fileURLToPath(new URL('./testing/dying-process.ts', import.meta.url));
  const env = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL_PAYMENTS: kit.databaseUrl,
    INTERNAL_KEY_PAYMENTS: kit.config.INTERNAL_KEY_PAYMENTS,
    PAYMENTS_WEBHOOK_SECRET: kit.config.PAYMENTS_WEBHOOK_SECRET,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', file, kind, key, paymentId], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const signal = await new Promise((resolve) => child.once('exit', (_code, killedBy) => resolve(killedBy)));
  expect(signal).toBe('SIGKILL');
}

const request = (key: string) => ({ key, token: 'tok_visa', amountMinor: 1_000, currency: 'EUR', returnUrl: '' });

test('killed after the money was held: the same key holds nothing more, and the worker would have found it', async () => {
  const [repeated, left] = [randomUUID(), randomUUID()];
  await Promise.all([killedDuring('AUTHORIZE', repeated), killedDuring('AUTHORIZE', left)]);
  expect(await kit.db.operation.count({ where: { status: 'PENDING' } })).toBe(2);
  expect(await authorize(kit.deps, request(repeated))).toMatchObject({ kind: 'authorized' });
  ahead = 60_000;
  await learnUnknown(kit.deps);
  expect(await kit.db.payment.findMany({ select: { status: true } })).toEqual([{ status: 'AUTHORIZED' }, { status: 'AUTHORIZED' }]);
  expect(await kit.db.sandboxCharge.count()).toBe(2);
});

test.each(['CAPTURE', 'REFUND', 'VOID'] as const)('killed after %s: the same key moves money once', async (kind) => {
  const { paymentId } = await authorize(kit.deps, request(randomUUID()));
  if (kind === 'REFUND') await moveMoney(kit.deps, { key: randomUUID(), paymentId, kind: 'CAPTURE', amountMinor: 500 });
  const key = randomUUID();
  await killedDuring(kind, key, paymentId);
  expect((await kit.db.operation.findUniqueOrThrow({ where: { key } })).status).toBe('PENDING');
  expect(await readDisagreements({ payments: kit.databaseUrl })).toHaveLength(1);
  const move = { key, paymentId, kind, amountMinor: 300 };
  expect(await moveMoney(kit.deps, move)).toEqual(await moveMoney(kit.deps, move));
  expect(await readDisagreements({ payments: kit.databaseUrl })).toEqual([]);
});
