/** Holding an amount: `key` is the idempotency key, stored before the call is made. */
export interface AuthorizeRequest {
  readonly key: string;
  readonly token: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Where the customer comes back to after confirming. */
  readonly returnUrl: string;
}

/** Moving an amount of an authorisation: capture or refund. */
export interface MoveRequest {
  readonly key: string;
  /** The provider's reference of the authorisation. */
  readonly ref: string;
  readonly amountMinor: number;
}

/** How an authorisation stands. */
export type AuthorizeOutcome =
  | { readonly kind: 'authorized'; readonly ref: string }
  | { readonly kind: 'declined'; readonly ref: string; readonly code: string; readonly retryable: boolean }
  | { readonly kind: 'requires_action'; readonly ref: string; readonly url: string };

/** What came of moving money. */
export type MoveOutcome =
  | { readonly kind: 'succeeded'; readonly ref: string }
  | { readonly kind: 'failed'; readonly ref: string; readonly code: string };

/** What a provider knows of a key: `never_seen` when the call did not arrive. */
export type ProviderStatus = AuthorizeOutcome | MoveOutcome | { readonly kind: 'never_seen' };

/** What a webhook says, once its signature was checked. */
export type WebhookReading =
  /** The authorisation made under `key` stands so now. */
  | { readonly kind: 'authorization'; readonly eventId: string; readonly key: string; readonly outcome: AuthorizeOutcome }
  /** Nothing that we act on. */
  | { readonly kind: 'other'; readonly eventId: string }
  /** Not from the provider, or not now. */
  | { readonly kind: 'refused'; readonly code: WebhookRefusal; readonly message: string };

/** Why a webhook is refused. */
export type WebhookRefusal = 'SIGNATURE_MISSING' | 'SIGNATURE_INVALID' | 'SIGNATURE_EXPIRED' | 'PAYLOAD_MALFORMED';

/** A webhook as it arrived; the signature covers the bytes, so they are not parsed before it was checked. */
export interface IncomingWebhook {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly now: Date;
}

/** There was no answer: what was asked for may have happened. Ask {@link PaymentProvider.status} with the key. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';

  /** @param isStaged the sandbox was told to fail so: it says nothing about its health. */
  constructor(
    message: string,
    readonly isStaged = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * A payment service provider. Every command is idempotent by its key: the same key gives the same outcome and moves
 * money once. `provider.contract.ts` is what every implementation must pass.
 * @throws {OutcomeUnknown} from every call.
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
  readWebhook(webhook: IncomingWebhook): WebhookReading;
}
