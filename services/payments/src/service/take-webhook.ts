import { withTx } from '@app/database';
import type { Prisma, Tx } from '../data/database.ts';
import type { IncomingWebhook, WebhookReading, WebhookRefusal } from '../provider/payment-provider.ts';
import { recordAuthorization } from './authorize.ts';
import type { Deps } from './deps.ts';

/** What became of a webhook at the door. */
export type Reception =
  | { readonly kind: 'stored' | 'duplicate'; readonly eventId: string }
  | { readonly kind: 'refused'; readonly code: WebhookRefusal; readonly message: string };

/**
 * Checks a webhook and stores it; it takes effect afterwards, see {@link processWebhooks}. One that was stored before is
 * a duplicate and changes nothing. Nothing is stored of one that is refused.
 */
export async function receiveWebhook({ db, provider, now }: Deps, webhook: Omit<IncomingWebhook, 'now'>): Promise<Reception> {
  const reading = provider.readWebhook({ ...webhook, now: now() });
  if (reading.kind === 'refused') return reading;
  const { eventId } = reading;
  const row = { provider: provider.name, eventId, payload: reading as unknown as Prisma.InputJsonValue };
  const { count } = await db.webhook.createMany({ data: [row], skipDuplicates: true });
  return { kind: count === 1 ? 'stored' : 'duplicate', eventId };
}

const batch = 20;
/** After about an hour of tries. */
const mostAttempts = 20;
const longestPauseMs = 300_000;

/** Lets stored webhooks take effect that did not yet, each in a transaction of its own. Answers how many were looked at. */
export async function processWebhooks(deps: Deps): Promise<number> {
  for (let count = 0; count < batch; count += 1) {
    if (!(await processNext(deps))) return count;
  }
  return batch;
}

interface StoredWebhook {
  readonly eventId: string;
  readonly payload: Exclude<WebhookReading, { kind: 'refused' }>;
  readonly attempts: number;
}

async function processNext(deps: Deps): Promise<boolean> {
  let webhook: StoredWebhook | undefined;
  try {
    await withTx(deps.db, async (tx: Tx) => {
      webhook = await lockNext(deps, tx);
      if (webhook !== undefined) await takeEffect(deps, tx, webhook);
    });
  } catch (error) {
    if (webhook === undefined) throw error;
    await countFailure(deps, webhook, error);
  }
  return webhook !== undefined;
}

/** With its effect the attempt was undone as well: uncounted, it would stay first in line and block all behind it. */
async function countFailure(deps: Deps, webhook: StoredWebhook, error: unknown): Promise<void> {
  deps.logger.error({ err: error, eventId: webhook.eventId }, 'a webhook could not take effect');
  const message = (error instanceof Error ? error.message : String(error)).trim().slice(0, 500);
  await withTx(deps.db, (tx: Tx) => putOff(deps, tx, webhook, message));
}

async function lockNext({ provider, now }: Deps, tx: Tx): Promise<StoredWebhook | undefined> {
  const [webhook] = await tx.$queryRaw<StoredWebhook[]>`
    SELECT event_id AS "eventId", payload, attempts FROM webhook
    WHERE processed_at IS NULL AND due_at <= ${now()} AND provider = ${provider.name}
    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
  return webhook;
}

async function takeEffect(deps: Deps, tx: Tx, webhook: StoredWebhook): Promise<void> {
  const { eventId, payload, attempts } = webhook;
  const isKnown = payload.kind === 'other' || (await recordAuthorization(tx, payload.key, payload.outcome));
  // A webhook may overtake the answer that it is about: the payment is there in a moment.
  if (!isKnown) return putOff(deps, tx, webhook, 'there is no such payment');
  const where = { provider_eventId: { provider: deps.provider.name, eventId } };
  await tx.webhook.update({ where, data: { processedAt: deps.now(), attempts: attempts + 1, error: null } });
}

/** Counts an attempt that came to nothing; after the last one the webhook is given up. Somebody else who counted it meanwhile is right. */
async function putOff({ provider, now }: Deps, tx: Tx, webhook: StoredWebhook, error: string): Promise<void> {
  const { eventId, attempts: earlier } = webhook;
  const attempts = earlier + 1;
  const dueAt = new Date(now().getTime() + Math.min(200 * 2 ** attempts, longestPauseMs));
  const next = attempts >= mostAttempts ? { processedAt: now() } : { dueAt };
  await tx.webhook.updateMany({
    where: { provider: provider.name, eventId, attempts: earlier, processedAt: null },
    data: { ...next, attempts, error },
  });
}
