import { randomBytes } from 'node:crypto';
import { withTx } from '@app/database';
import { z } from 'zod';
import type { Database, Tx } from '../data/database.ts';
import {
  type AuthorizeOutcome,
  type AuthorizeRequest,
  type IncomingWebhook,
  type MoveOutcome,
  type MoveRequest,
  OutcomeUnknown,
  type PaymentProvider,
  type ProviderStatus,
  type WebhookReading,
} from '../provider/payment-provider.ts';
import { refusalOf, signatureHeader } from '../provider/webhook-signature.ts';
import { announce, type Charge, outcomeOf, stateFor, type WebhookTiming } from './sandbox-books.ts';
import { behaviourOf } from './sandbox-cards.ts';

/** Changes a charge; answers how many there were that could be changed so. */
type Change = (tx: Tx, amountMinor: bigint) => Promise<number>;

/** Undoes the transaction of a movement that cannot be made. */
class NotPossible extends Error {}

/** How the sandbox is set up. */
export interface SandboxOptions {
  readonly db: Database;
  /** Where customers confirm payments that require action; the charge's reference is appended. */
  readonly confirmUrl: string;
  readonly webhookSecret: string;
  readonly timing: WebhookTiming;
  readonly now: () => Date;
}

const webhookShape = z.object({
  id: z.string().min(1).max(100),
  type: z.string(),
  data: z.object({ ref: z.string(), key: z.string(), state: z.string(), declineCode: z.string().nullable() }).partial(),
});

/**
 * A payment provider for development and tests that moves no money. It keeps books of its own in tables of its own, as a
 * real one does on its side: what was done under a key is done once, whatever happens to the answer.
 */
export class SandboxProvider implements PaymentProvider {
  readonly name = 'sandbox';
  private readonly db: Database;

  constructor(private readonly options: SandboxOptions) {
    this.db = options.db;
  }

  async authorize(request: AuthorizeRequest): Promise<AuthorizeOutcome> {
    const behaviour = behaviourOf(request.token);
    if (behaviour.kind === 'unreachable') throw new OutcomeUnknown('the sandbox was told not to answer', true);
    const charge = {
      ref: `sbx_${randomBytes(12).toString('hex')}`,
      authorizeKey: request.key,
      token: request.token,
      currency: request.currency,
      returnUrl: request.returnUrl,
      authorizedMinor: BigInt(request.amountMinor),
      state: stateFor(behaviour),
      declineCode: behaviour.kind === 'decline' ? behaviour.code : null,
    };
    const { count } = await this.db.sandboxCharge.createMany({ data: [charge], skipDuplicates: true });
    if (count === 1 && behaviour.kind === 'lose_answer') throw new OutcomeUnknown('the answer was lost on its way', true);
    const stored = await this.db.sandboxCharge.findUniqueOrThrow({ where: { authorizeKey: request.key } });
    return this.outcomeOf(stored);
  }

  capture(request: MoveRequest): Promise<MoveOutcome> {
    return this.move(
      request,
      'CAPTURE',
      (tx, amount) => tx.$executeRaw`
      UPDATE sandbox_charge SET captured_minor = captured_minor + ${amount}
      WHERE ref = ${request.ref} AND state = 'AUTHORIZED' AND captured_minor + ${amount} <= authorized_minor`,
    );
  }

  refund(request: MoveRequest): Promise<MoveOutcome> {
    return this.move(
      request,
      'REFUND',
      (tx, amount) => tx.$executeRaw`
      UPDATE sandbox_charge SET refunded_minor = refunded_minor + ${amount}
      WHERE ref = ${request.ref} AND refunded_minor + ${amount} <= captured_minor`,
    );
  }

  void({ key, ref }: Omit<MoveRequest, 'amountMinor'>): Promise<MoveOutcome> {
    return this.move(
      { key, ref, amountMinor: 0 },
      'VOID',
      (tx) => tx.$executeRaw`
      UPDATE sandbox_charge SET state = 'VOIDED' WHERE ref = ${ref} AND captured_minor < authorized_minor AND state <> 'DECLINED'`,
    );
  }

  async status(key: string): Promise<ProviderStatus> {
    const charge = await this.db.sandboxCharge.findUnique({ where: { authorizeKey: key } });
    if (charge) return this.outcomeOf(charge);
    const movement = await this.db.sandboxMovement.findUnique({ where: { key } });
    return movement ? { kind: 'succeeded', ref: movement.movementRef } : { kind: 'never_seen' };
  }

  readWebhook({ headers, body, now }: IncomingWebhook): WebhookReading {
    const refusal = refusalOf({ secret: this.options.webhookSecret, signature: headers[signatureHeader], body, now });
    if (refusal !== null) return { kind: 'refused', code: refusal, message: messages[refusal] };
    const parsed = webhookShape.safeParse(parseJson(body));
    if (!parsed.success) return { kind: 'refused', code: 'PAYLOAD_MALFORMED', message: messages.PAYLOAD_MALFORMED };
    const { id: eventId, type, data } = parsed.data;
    const { ref, key, state, declineCode } = data;
    if (type !== 'charge.decided' || ref === undefined || key === undefined) return { kind: 'other', eventId };
    const outcome = outcomeOf({ ref, state, declineCode: declineCode ?? null } as Charge, (each) => this.urlOf(each));
    return { kind: 'authorization', eventId, key, outcome };
  }

  /** What the customer decided on the confirmation page. Deciding twice changes nothing; null: there is nothing to decide. */
  async decide(ref: string, isApproved: boolean): Promise<Charge | null> {
    const data = isApproved ? { state: 'AUTHORIZED' } : { state: 'DECLINED', declineCode: 'authentication_failed' };
    const { now, timing } = this.options;
    return withTx(this.db, async (tx: Tx) => {
      const { count } = await tx.sandboxCharge.updateMany({ where: { ref, state: 'REQUIRES_ACTION' }, data });
      if (count === 0) return null;
      const charge = await tx.sandboxCharge.findUniqueOrThrow({ where: { ref } });
      await announce(tx, charge, now(), timing);
      return charge;
    });
  }

  /** Approves what the bank approves by itself. Answers how many charges. */
  async confirmDue(): Promise<number> {
    const before = new Date(this.options.now().getTime() - this.options.timing.confirmMs);
    const due = await this.db.sandboxCharge.findMany({
      where: { state: 'REQUIRES_ACTION', token: 'tok_confirmed_later', createdAt: { lt: before } },
      select: { ref: true },
      take: 100,
    });
    for (const { ref } of due) await this.decide(ref, true);
    return due.length;
  }

  /** The movement and what it changes are written together: a key that is known has had its effect. */
  private async move({ key, ref, amountMinor }: MoveRequest, kind: string, change: Change): Promise<MoveOutcome> {
    const movementRef = `sbm_${randomBytes(12).toString('hex')}`;
    try {
      return await withTx(this.db, async (tx: Tx) => {
        const movement = { key, ref, kind, amountMinor: BigInt(amountMinor), movementRef };
        const { count } = await tx.sandboxMovement.createMany({ data: [movement], skipDuplicates: true });
        if (count === 0) return { kind: 'succeeded', ref: (await tx.sandboxMovement.findUniqueOrThrow({ where: { key } })).movementRef };
        if ((await change(tx, movement.amountMinor)) === 0) throw new NotPossible();
        return { kind: 'succeeded', ref: movementRef };
      });
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error;
      return { kind: 'failed', ref: movementRef, code: 'not_possible' };
    }
  }

  private outcomeOf(charge: Charge): AuthorizeOutcome {
    return outcomeOf(charge, (ref) => this.urlOf(ref));
  }

  private urlOf(ref: string): string {
    return `${this.options.confirmUrl}/${ref}`;
  }
}

const messages = {
  SIGNATURE_MISSING: `The header ${signatureHeader} is missing.`,
  SIGNATURE_INVALID: 'The signature does not fit the body: it was made with another secret, or the body was changed.',
  SIGNATURE_EXPIRED: 'The signature is older than five minutes, or from the future: sign the webhook anew.',
  PAYLOAD_MALFORMED: 'The body is not an event of this provider.',
};

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
