import { startWorkflowWorker, type WorkflowWorker } from '@app/workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccountsKit } from './testing/accounts-kit.ts';
import { workflows } from './workflows/registry.ts';

const hourMs = 60 * 60 * 1000;
const owned = new AsyncDisposableStack();
let kit: AccountsKit;
let worker: WorkflowWorker;

/** A worker whose clock is the server's. */
function startWorker(): Promise<WorkflowWorker> {
  return startWorkflowWorker({
    name: 'accounts',
    url: kit.env['DATABASE_URL_ACCOUNTS'] ?? '',
    workflows,
    deps: kit.app,
    now: () => kit.app.now(),
  });
}

beforeAll(async () => {
  kit = owned.use(await AccountsKit.start());
  worker = await startWorker();
  owned.defer(() => worker.stop());
});
afterAll(() => owned.disposeAsync());

const mailsTo = async (recipient: string) =>
  (await kit.db.mail.findMany({ where: { recipient }, orderBy: { createdAt: 'asc' } })).map(({ kind }) => kind);

async function accountOf(email: string): Promise<string> {
  const { id } = (await kit.db.account.findMany()).find((account) => account.email === email) ?? { id: 'nobody' };
  return id;
}

/** Lets time pass for a run: its timer is in the future of the database's clock, so it is told to look again. */
async function later(email: string, ms: number): Promise<void> {
  kit.ahead += ms;
  await kit.runs.resume(`onboard_${await accountOf(email)}`);
}

const statusOf = async (email: string) => {
  const { status, refusal } = (await kit.runs.find(`onboard_${await accountOf(email)}`)) ?? {};
  return [status, refusal?.reason];
};

test('who confirms is welcomed, once', async () => {
  await kit.register('ada@example.com');
  await expect.poll(() => statusOf('ada@example.com'), { timeout: 20_000 }).toEqual(['WAITING', undefined]);
  await kit.confirm(await kit.mailedToken('ada@example.com'));
  await expect.poll(() => statusOf('ada@example.com'), { timeout: 20_000 }).toEqual(['DONE', undefined]);
  expect(await mailsTo('ada@example.com')).toEqual(['VERIFY_EMAIL', 'WELCOME']);
});

test('who does not confirm is reminded once, with a link that works, and then welcomed', async () => {
  await kit.register('grace@example.com', 'Grace', 'a password of her own');
  await expect.poll(() => statusOf('grace@example.com'), { timeout: 20_000 }).toEqual(['WAITING', undefined]);
  await later('grace@example.com', 21 * hourMs);
  await expect.poll(() => mailsTo('grace@example.com'), { timeout: 20_000 }).toEqual(['VERIFY_EMAIL', 'CONFIRMATION_REMINDER']);
  await kit.confirm(await kit.mailedToken('grace@example.com', 'CONFIRMATION_REMINDER'));
  await expect.poll(() => statusOf('grace@example.com'), { timeout: 20_000 }).toEqual(['DONE', undefined]);
  expect(await mailsTo('grace@example.com')).toEqual(['VERIFY_EMAIL', 'CONFIRMATION_REMINDER', 'WELCOME']);
  expect((await kit.signIn('grace@example.com', 'a password of her own'))['accessToken']).toBeTypeOf('string');
});

test('where several registered one address nobody is reminded: the link might bring the password of a stranger', async () => {
  await kit.register('victim@example.com', 'Victim', 'password of the victim');
  await expect.poll(() => statusOf('victim@example.com'), { timeout: 20_000 }).toEqual(['WAITING', undefined]);
  await kit.register('victim@example.com', 'Mallory', 'password of mallory');
  await later('victim@example.com', 21 * hourMs);
  const step = async () => (await kit.runs.find(`onboard_${await accountOf('victim@example.com')}`))?.step;
  await expect.poll(step, { timeout: 20_000 }).toBe('await-late-confirmation');
  expect(await mailsTo('victim@example.com')).toEqual(['VERIFY_EMAIL', 'VERIFY_EMAIL']);
});

test('who never confirms is left alone in the end', async () => {
  await kit.register('nobody@example.com');
  await expect.poll(() => statusOf('nobody@example.com'), { timeout: 20_000 }).toEqual(['WAITING', undefined]);
  await later('nobody@example.com', 21 * hourMs);
  await expect.poll(() => mailsTo('nobody@example.com'), { timeout: 20_000 }).toHaveLength(2);
  await later('nobody@example.com', 31 * 24 * hourMs);
  await expect.poll(() => statusOf('nobody@example.com'), { timeout: 20_000 }).toEqual(['REFUSED', 'NEVER_CONFIRMED']);
  expect(await mailsTo('nobody@example.com')).not.toContain('WELCOME');
});

test('a worker that ends leaves its runs to the next, which welcomes once', async () => {
  await kit.register('late@example.com');
  await expect.poll(() => statusOf('late@example.com'), { timeout: 20_000 }).toEqual(['WAITING', undefined]);
  await worker.stop();
  await kit.confirm(await kit.mailedToken('late@example.com'));
  worker = await startWorker();
  await expect.poll(() => statusOf('late@example.com'), { timeout: 30_000 }).toEqual(['DONE', undefined]);
  expect(await mailsTo('late@example.com')).toEqual(['VERIFY_EMAIL', 'WELCOME']);
});
