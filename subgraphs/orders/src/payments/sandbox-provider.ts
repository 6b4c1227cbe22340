import { randomBytes } from 'node:crypto';
import { withTx } from '@app/database';
import type { Database, Tx } from '../data/database.ts';
import {
  type AuthorizeOutcome,
  type AuthorizeRequest,
  type MoveOutcome,
  type MoveRequest,
  PaymentOutcomeUnknown,
  type PaymentProvider,
  type ProviderStatus,
} from './payment-provider.ts';
import { behaviourOf, outcomeOf, type SandboxBehaviour } from './sandbox-tokens.ts';

/** Changes a charge; answers how many there were that could be changed so. */
type Change = (tx: Tx, amountMinor: bigint) => Promise<number>;

/** Undoes the transaction of a movement that cannot be made. */
class NotPossible extends Error {}

/**
 * A payment provider for development and tests that moves no money. It keeps books of its own in two tables, as a real
 * one does on its side: what was done under a key is done once, whatever happens to the answer.
 */
export class SandboxProvider implements PaymentProvider {
  readonly name = 'sandbox';

  /** @param confirmUrl where customers confirm payments that require action; the charge's reference is appended. */
  constructor(
    private readonly db: Database,
    private readonly confirmUrl: string,
  ) {}

  async authorize(request: AuthorizeRequest): Promise<AuthorizeOutcome> {
    const behaviour = behaviourOf(request.token);
    if (behaviour.kind === 'unreachable') throw new PaymentOutcomeUnknown('the sandbox was told not to answer');
    const charge = {
      ref: `sbx_${randomBytes(12).toString('hex')}`,
      authorizeKey: request.key,
      token: request.token,
      currency: request.currency,
      authorizedMinor: BigInt(request.amountMinor),
      state: stateFor(behaviour),
      declineCode: behaviour.kind === 'decline' ? behaviour.code : null,
    };
    const { count } = await this.db.sandboxCharge.createMany({ data: [charge], skipDuplicates: true });
    if (count === 1 && behaviour.kind === 'lose_answer') throw new PaymentOutcomeUnknown('the answer was lost on its way');
    const stored = await this.db.sandboxCharge.findUniqueOrThrow({ where: { authorizeKey: request.key } });
    return outcomeOf(stored, (ref) => this.urlOf(ref));
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
    if (charge) return outcomeOf(charge, (ref) => this.urlOf(ref));
    const movement = await this.db.sandboxMovement.findUnique({ where: { key } });
    return movement ? { kind: 'succeeded', ref: movement.movementRef } : { kind: 'never_seen' };
  }

  /** What the customer decided on the confirmation page. Deciding twice changes nothing; false: there is nothing to decide. */
  async decide(ref: string, isApproved: boolean): Promise<boolean> {
    const data = isApproved ? { state: 'AUTHORIZED' } : { state: 'DECLINED', declineCode: 'authentication_failed' };
    const { count } = await this.db.sandboxCharge.updateMany({ where: { ref, state: 'REQUIRES_ACTION' }, data });
    return count === 1;
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

  private urlOf(ref: string): string {
    return `${this.confirmUrl}/${ref}`;
  }
}

function stateFor(behaviour: SandboxBehaviour): string {
  if (behaviour.kind === 'decline') return 'DECLINED';
  return behaviour.kind === 'require_action' ? 'REQUIRES_ACTION' : 'AUTHORIZED';
}
