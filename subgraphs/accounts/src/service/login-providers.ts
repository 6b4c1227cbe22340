/** What another identity provider says of a person. */
export interface ExternalIdentity {
  /** The provider's own name for the person: the only thing that identifies. */
  readonly subject: string;
  /** As the provider wrote it. */
  readonly email: string | null;
  /** True when the provider vouches for the address. */
  readonly isEmailVerified: boolean;
  readonly displayName: string | null;
}

/** Secrets of one attempt to sign in: they tie the answer to the question (RFC 7636, OpenID Connect Core 3.1.2.1). */
export interface AttemptSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/** The answer of a provider was none, or not to our question. */
export class LoginRefusedError extends Error {
  override readonly name = 'LoginRefusedError';
}

/** Providers that people may sign in with. */
export interface LoginProviders {
  readonly list: readonly { readonly id: string; readonly name: string }[];
  /** True when the address is a page of ours that providers may send people back to. */
  isRedirectAllowed(uri: string): boolean;
  /** Fresh secrets for one attempt. */
  newSecrets(redirectUri: string): AttemptSecrets;
  /** Where to send the person. @throws {AppError} DOWNSTREAM_UNAVAILABLE when the provider cannot be reached. */
  authorizationUrl(id: string, secrets: AttemptSecrets): Promise<string>;
  /** Checks the address the person came back to, and asks who it is. @throws {LoginRefusedError} or {AppError} DOWNSTREAM_UNAVAILABLE. */
  identify(id: string, callbackUrl: string, secrets: AttemptSecrets): Promise<ExternalIdentity>;
}
