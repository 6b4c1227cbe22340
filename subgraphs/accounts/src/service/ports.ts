import type { Database, Tx } from '../data/client.ts';
import type { ThrottleRule } from '../domain/throttle-rule.ts';
import type { LoginProviders } from './login-providers.ts';
import type { PasswordHasher } from './password-hasher.ts';

/** Counts attempts and says how long to wait. Never fails: without its store it counts locally. */
export interface Throttle {
  /** Counts an attempt. Seconds to wait when it is refused; 0 when it may go on. */
  attempt(rule: ThrottleRule, key: string): Promise<number>;
  /** The attempt was honest: forgets all attempts of this key. */
  forget(rule: ThrottleRule, key: string): Promise<void>;
  /** The attempt was honest: takes back this one. */
  giveBack(rule: ThrottleRule, key: string): Promise<void>;
}

/** Tells gateways that sessions were revoked, so that access tokens end before their time. Never fails. */
export interface Revocations {
  announce(sessionIds: readonly string[]): Promise<void>;
}

/** What gateways denied. */
export interface Denials {
  /** Writes into the audit log what has come since the last time. */
  collect(): Promise<void>;
}

/** What follows a registration: a reminder, and a welcome. Part of the caller's transaction. */
export interface Onboarding {
  begin(tx: Tx, accountId: string): Promise<void>;
  /** The address was confirmed, in whatever way. */
  confirmed(tx: Tx, accountId: string): Promise<void>;
}

/** Cached answers about public sides of people. Never fails. */
export interface PublicAnswers {
  /** They are no longer true, those about one person or all: forget them. */
  forget(userId?: string): Promise<void>;
}

/** An access token and its end. */
export interface IssuedAccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Makes access tokens. */
export interface AccessTokens {
  issue(claims: { subject: string; sessionId: string; roles: readonly string[] }, now: Date): Promise<IssuedAccessToken>;
}

/** Everything use cases work with. */
export interface AccountsApp {
  readonly db: Database;
  readonly passwords: PasswordHasher;
  readonly throttle: Throttle;
  readonly revocations: Revocations;
  readonly denials: Denials;
  readonly publicAnswers: PublicAnswers;
  readonly onboarding: Onboarding;
  readonly accessTokens: AccessTokens;
  readonly loginProviders: LoginProviders;
  /** Where links in mails lead: the address of the shop, without a slash at the end. */
  readonly publicUrl: string;
  readonly now: () => Date;
}
