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
    if (!(await withTx(deps.db, (tx: Tx) => processNext(deps, tx)))) return count;
  }
  return batch;
}

interface StoredWebhook {
  readonly eventId: string;
  readonly payload: Exclude<WebhookReading, { kind: 'refused' }>;
  readonly attempts: number;
}

async function processNext({ provider, now }: Deps, tx: Tx): Promise<boolean> {
  const [webhook] = await tx.$queryRaw<StoredWebhook[]>`
    SELECT event_id AS "eventId", payload, attempts FROM webhook
    WHERE processed_at IS NULL AND due_at <= ${now()} AND provider = ${provider.name}
    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
  if (webhook === undefined) return false;
  const { eventId, payload } = webhook;
  const where = { provider_eventId: { provider: provider.name, eventId } };
  const attempts = webhook.attempts + 1;
  const isKnown = payload.kind === 'other' || (await recordAuthorization(tx, payload.key, payload.outcome));
  if (isKnown || attempts >= mostAttempts) {
    await tx.webhook.update({ where, data: { processedAt: now(), attempts, error: isKnown ? null : 'there is no such payment' } });
  } else {
    // A webhook may overtake the answer that it is about: the payment is there in a moment.
    const dueAt = new Date(now().getTime() + Math.min(200 * 2 ** attempts, longestPauseMs));
    await tx.webhook.update({ where, data: { attempts, dueAt, error: 'there is no such payment yet' } });
  }
  return true;
}
