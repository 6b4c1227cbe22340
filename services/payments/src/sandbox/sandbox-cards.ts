/** What a test token makes the sandbox do. */
export type SandboxBehaviour =
  | { readonly kind: 'authorize' }
  | { readonly kind: 'decline'; readonly code: string; readonly retryable: boolean }
  /** The customer decides on the page; a webhook says so. */
  | { readonly kind: 'require_action'; readonly webhook: 'prompt' | 'late' | 'threefold' }
  /** The bank decides by itself, a moment later; only a webhook says so. */
  | { readonly kind: 'confirm_later' }
  /** The hold is made, but the answer is lost. */
  | { readonly kind: 'lose_answer' }
  /** The provider cannot be reached. */
  | { readonly kind: 'unreachable' };

/** The published test tokens. Documented in the README, held to it by a test. */
export const sandboxCards: Readonly<Record<string, SandboxBehaviour>> = {
  tok_success: { kind: 'authorize' },
  tok_visa: { kind: 'authorize' },
  tok_declined: { kind: 'decline', code: 'card_declined', retryable: false },
  tok_insufficient_funds: { kind: 'decline', code: 'insufficient_funds', retryable: true },
  tok_expired_card: { kind: 'decline', code: 'expired_card', retryable: true },
  tok_fraud: { kind: 'decline', code: 'suspected_fraud', retryable: false },
  tok_requires_action: { kind: 'require_action', webhook: 'prompt' },
  tok_webhook_late: { kind: 'require_action', webhook: 'late' },
  tok_webhook_duplicate: { kind: 'require_action', webhook: 'threefold' },
  tok_confirmed_later: { kind: 'confirm_later' },
  tok_timeout_succeeded: { kind: 'lose_answer' },
  tok_error: { kind: 'unreachable' },
};

/** An unknown token is declined. */
export function behaviourOf(token: string): SandboxBehaviour {
  const isKnown = Object.hasOwn(sandboxCards, token);
  return (isKnown ? sandboxCards[token] : undefined) ?? { kind: 'decline', code: 'unknown_token', retryable: false };
}

/** Whether a decline with this code may be tried again. */
export function isRetryableDecline(code: string): boolean {
  return Object.values(sandboxCards).some((behaviour) => behaviour.kind === 'decline' && behaviour.code === code && behaviour.retryable);
}
