/** A call to the provider: `key` is the idempotency key, stored before the call is made. */
export interface AuthorizeRequest {
  readonly key: string;
  readonly token: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Where the customer comes back to after confirming. */
  readonly returnUrl: string;
}

/** What came of asking for an authorisation. */
export type AuthorizeOutcome =
  | { readonly kind: 'authorized'; readonly ref: string }
  | { readonly kind: 'declined'; readonly ref: string; readonly code: string; readonly retryable: boolean }
  | { readonly kind: 'requires_action'; readonly ref: string; readonly url: string };

/** What came of moving money of an authorisation. */
export type MoveOutcome =
  | { readonly kind: 'succeeded'; readonly ref: string }
  | { readonly kind: 'failed'; readonly ref: string; readonly code: string };

/** Moving an amount of an authorisation: capture or refund. */
export interface MoveRequest {
  readonly key: string;
  readonly ref: string;
  readonly amountMinor: number;
}

/** What the provider knows of a key: `never_seen` when the call did not arrive. */
export type ProviderStatus = AuthorizeOutcome | MoveOutcome | { readonly kind: 'never_seen' };

/** Thrown when there was no answer: what was asked for may have happened. Ask {@link PaymentProvider.status} with the key. */
export class PaymentOutcomeUnknown extends Error {
  override readonly name = 'PaymentOutcomeUnknown';
}

/**
 * A payment service provider. Every command is idempotent by its key: the same key gives the same outcome and moves
 * money once.
 * @throws {PaymentOutcomeUnknown} from every command.
 */
export interface PaymentProvider {
  readonly name: string;
  authorize(request: AuthorizeRequest): Promise<AuthorizeOutcome>;
  capture(request: MoveRequest): Promise<MoveOutcome>;
  refund(request: MoveRequest): Promise<MoveOutcome>;
  /** Gives back what an authorisation still holds; what was taken of it stays taken. Fails when nothing is held any more. */
  void(request: Omit<MoveRequest, 'amountMinor'>): Promise<MoveOutcome>;
  /** What became of a command. */
  status(key: string): Promise<ProviderStatus>;
}
