import { randomBytes } from 'node:crypto';
import type { Prisma, Tx } from '../data/database.ts';
import type { AuthorizeOutcome } from '../provider/payment-provider.ts';
import { behaviourOf, isRetryableDecline, type SandboxBehaviour } from './sandbox-cards.ts';

/** A charge in the sandbox's books. */
export type Charge = Prisma.SandboxChargeGetPayload<object>;

/** The answer that fits a charge's state. */
export function outcomeOf(charge: Charge, urlOf: (ref: string) => string): AuthorizeOutcome {
  const { ref, state } = charge;
  if (state === 'REQUIRES_ACTION') return { kind: 'requires_action', ref, url: urlOf(ref) };
  if (state === 'AUTHORIZED') return { kind: 'authorized', ref };
  const code = charge.declineCode ?? 'voided';
  return { kind: 'declined', ref, code, retryable: isRetryableDecline(code) };
}

/** State of a charge that was just made. */
export function stateFor({ kind }: SandboxBehaviour): string {
  if (kind === 'decline') return 'DECLINED';
  return kind === 'require_action' || kind === 'confirm_later' ? 'REQUIRES_ACTION' : 'AUTHORIZED';
}

/** How webhooks of the sandbox are timed, in milliseconds. */
export interface WebhookTiming {
  /** Wait of `tok_webhook_late`. */
  readonly lateMs: number;
  /** Wait of `tok_confirmed_later`. */
  readonly confirmMs: number;
}

/** Notes that a webhook about a charge is to be delivered, in the transaction that decides it. */
export async function announce(tx: Tx, charge: Charge, now: Date, timing: WebhookTiming): Promise<void> {
  const behaviour = behaviourOf(charge.token);
  const webhook = behaviour.kind === 'require_action' ? behaviour.webhook : 'prompt';
  const id = `sbe_${randomBytes(12).toString('hex')}`;
  const { ref, authorizeKey: key, state, declineCode } = charge;
  await tx.sandboxWebhook.create({
    data: {
      id,
      payload: { id, type: 'charge.decided', created: now.toISOString(), data: { ref, key, state, declineCode } },
      copiesLeft: webhook === 'threefold' ? 3 : 1,
      dueAt: new Date(now.getTime() + (webhook === 'late' ? timing.lateMs : 0)),
    },
  });
}
