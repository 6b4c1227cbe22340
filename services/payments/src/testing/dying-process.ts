import { buildParts } from '../app.ts';
import { readConfig } from '../config.ts';
import type { PaymentProvider } from '../provider/payment-provider.ts';
import { authorize } from '../service/authorize.ts';
import { moveMoney } from '../service/move-money.ts';

/**
 * A process that is killed after the provider did what it was asked for and before anything of that is written down:
 * `dying-process.ts <AUTHORIZE|CAPTURE|REFUND|VOID> <key> <payment id>`.
 */
const [kind = '', key = '', paymentId = ''] = process.argv.slice(2);
const { deps } = buildParts({ config: readConfig() });

async function die<Result>(work: Promise<Result>): Promise<Result> {
  await work;
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

const { provider } = deps;
const dying: PaymentProvider = {
  ...provider,
  authorize: (request) => die(provider.authorize(request)),
  capture: (request) => die(provider.capture(request)),
  refund: (request) => die(provider.refund(request)),
  void: (request) => die(provider.void(request)),
};
const dyingDeps = { ...deps, provider: dying };
if (kind === 'AUTHORIZE') await authorize(dyingDeps, { key, token: 'tok_visa', amountMinor: 1_000, currency: 'EUR', returnUrl: '' });
else if (kind === 'CAPTURE' || kind === 'REFUND' || kind === 'VOID') await moveMoney(dyingDeps, { key, paymentId, kind, amountMinor: 300 });
