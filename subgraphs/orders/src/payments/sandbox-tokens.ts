import type { AuthorizeOutcome } from './payment-provider.ts';

/** What a test token makes the sandbox do. */
export type SandboxBehaviour =
  | { readonly kind: 'authorize' }
  | { readonly kind: 'decline'; readonly code: string; readonly retryable: boolean }
  | { readonly kind: 'require_action' }
  /** The hold is made, but the answer is lost. */
  | { readonly kind: 'lose_answer' }
  /** The provider cannot be reached. */
  | { readonly kind: 'unreachable' };

/** The published test tokens. Documented in the README, held to it by a test. */
export const sandboxTokens: Readonly<Record<string, SandboxBehaviour>> = {
  tok_success: { kind: 'authorize' },
  tok_visa: { kind: 'authorize' },
  tok_declined: { kind: 'decline', code: 'card_declined', retryable: false },
  tok_insufficient_funds: { kind: 'decline', code: 'insufficient_funds', retryable: true },
  tok_fraud: { kind: 'decline', code: 'suspected_fraud', retryable: false },
  tok_requires_action: { kind: 'require_action' },
  tok_timeout_succeeded: { kind: 'lose_answer' },
  tok_error: { kind: 'unreachable' },
};

/** An unknown token is declined. */
export function behaviourOf(token: string): SandboxBehaviour {
  return sandboxTokens[token] ?? { kind: 'decline', code: 'unknown_token', retryable: false };
}

/** Whether a decline with this code may be tried again. */
export function isRetryableDecline(code: string): boolean {
  return Object.values(sandboxTokens).some((behaviour) => behaviour.kind === 'decline' && behaviour.code === code && behaviour.retryable);
}

/** States of a charge in the sandbox's books. */
export type ChargeState = 'AUTHORIZED' | 'DECLINED' | 'REQUIRES_ACTION' | 'VOIDED';

/** The answer that fits a charge's state. */
export function outcomeOf(
  charge: { ref: string; state: string; declineCode: string | null },
  urlOf: (ref: string) => string,
): AuthorizeOutcome {
  if (charge.state === 'REQUIRES_ACTION') return { kind: 'requires_action', ref: charge.ref, url: urlOf(charge.ref) };
  if (charge.state === 'AUTHORIZED') return { kind: 'authorized', ref: charge.ref };
  const code = charge.declineCode ?? 'voided';
  return { kind: 'declined', ref: charge.ref, code, retryable: isRetryableDecline(code) };
}
