import { withTx } from '@app/database';
import type { Database, Tx } from '../data/database.ts';
import { signatureHeader, signWebhook } from '../provider/webhook-signature.ts';

/** How the sandbox delivers its webhooks. */
export interface DeliverOptions {
  readonly db: Database;
  readonly url: string;
  readonly secret: string;
  readonly now: () => Date;
  /** Posts a body; resolves with the status. */
  readonly post: (url: string, body: string, headers: Readonly<Record<string, string>>) => Promise<number>;
}

const batch = 20;
const longestPauseMs = 60_000;

/** Delivers webhooks that are due; those that are not taken come again, later each time. Answers how many were tried. */
export async function deliverWebhooks({ db, url, secret, now, post }: DeliverOptions): Promise<number> {
  return withTx(
    db,
    async (tx: Tx) => {
      const due = await tx.$queryRaw<{ id: string; payload: object; copiesLeft: number; attempts: number }[]>`
        SELECT id, payload, copies_left AS "copiesLeft", attempts FROM sandbox_webhook
        WHERE due_at <= ${now()} ORDER BY due_at LIMIT ${batch} FOR UPDATE SKIP LOCKED`;
      for (const { id, payload, copiesLeft, attempts } of due) {
        const body = JSON.stringify(payload);
        const headers = { 'content-type': 'application/json', [signatureHeader]: signWebhook(secret, body, now()) };
        const status = await post(url, body, headers).catch(() => 0);
        if (status < 200 || status >= 300) {
          const dueAt = new Date(now().getTime() + Math.min(500 * 2 ** attempts, longestPauseMs));
          await tx.sandboxWebhook.update({ where: { id }, data: { attempts: attempts + 1, dueAt } });
        } else if (copiesLeft > 1) await tx.sandboxWebhook.update({ where: { id }, data: { copiesLeft: copiesLeft - 1 } });
        else await tx.sandboxWebhook.delete({ where: { id } });
      }
      return due.length;
    },
    { timeoutMs: 60_000 },
  );
}
