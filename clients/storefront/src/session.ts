import type { SessionCalls, SessionCreated } from './session-calls.ts';
import { sessionIdOf, type TokenStore, type Tokens } from './tokens.ts';

/** Who this client acts as. `ended`: the session is over (expired, revoked or stolen): sign in again. */
export type SessionState = { readonly kind: 'anonymous' } | { readonly kind: 'signedIn' } | { readonly kind: 'ended' };

/** What signing in came to. */
export type SignIn =
  | { readonly kind: 'signedIn' }
  | { readonly kind: 'challenge'; readonly challenge: NonNullable<SessionCreated['mfaChallenge']> }
  | { readonly kind: 'refused'; readonly userErrors: SessionCreated['userErrors'] };

/** What a session is made of. */
export interface SessionOptions {
  readonly calls: SessionCalls;
  readonly store: TokenStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of every change of state; whoever signs in or out waits for what it does. */
  readonly onChange: (state: SessionState) => Promise<void>;
}

/** Tokens as they come in answers. */
export interface SentTokens {
  readonly accessToken: string | null;
  readonly accessTokenExpiresAt: string | null;
  readonly refreshToken: string | null;
}

/** An access token that ends within this time is exchanged first: it may end on its way. */
const MARGIN_MS = 30_000;

/** Signs in and out, and has a valid access token at hand: refreshes are made when needed and never two at a time. */
export class Session {
  private readonly options: SessionOptions;
  private current: SessionState;
  private refreshing: Promise<string | undefined> | undefined;
  /** Counts sign-ins and sign-outs: a refresh that began before one of them has nothing to say any more. */
  private era = 0;

  constructor(options: SessionOptions) {
    this.options = options;
    this.current = options.store.read() === undefined ? { kind: 'anonymous' } : { kind: 'signedIn' };
  }

  /** Who this client acts as. */
  get state(): SessionState {
    return this.current;
  }

  /** Signs in with a password. What is wrong with it is data; @throws when the gateway is away or refuses the request. */
  async signIn(email: string, password: string): Promise<SignIn> {
    const answer = await this.options.calls.create(email, password);
    if (await this.accept(answer)) return { kind: 'signedIn' };
    if (answer.mfaChallenge !== null) return { kind: 'challenge', challenge: answer.mfaChallenge };
    return { kind: 'refused', userErrors: answer.userErrors };
  }

  /** Takes over the tokens of another way to sign in (second factor, confirmed e-mail address, identity provider). False when there are none. */
  async accept(sent: SentTokens): Promise<boolean> {
    const tokens = tokensOf(sent);
    if (tokens === undefined) return false;
    await this.begin(tokens, { kind: 'signedIn' });
    return true;
  }

  /** An access token that is valid for a while, or undefined when nobody is signed in. @throws when a refresh is due and the gateway is away. */
  async accessToken(): Promise<string | undefined> {
    const tokens = this.options.store.read();
    if (tokens === undefined) return undefined;
    return this.isValid(tokens) ? tokens.accessToken : this.refresh(tokens.accessToken);
  }

  /** A newer access token than one that was refused. Calls at the same time share one exchange: a refresh token works once. */
  refresh(refused: string): Promise<string | undefined> {
    const tokens = this.options.store.read();
    if (tokens === undefined || tokens.accessToken !== refused) return Promise.resolve(tokens?.accessToken);
    if (this.refreshing !== undefined) return this.refreshing;
    const refreshing = this.exchange(tokens).finally(() => {
      // After a sign-in there may be another one under way.
      if (this.refreshing === refreshing) this.refreshing = undefined;
    });
    this.refreshing = refreshing;
    return refreshing;
  }

  /** Forgets the tokens at once and ends the session at the gateway. @throws when the gateway is away: it then ends by itself. */
  async signOut(): Promise<void> {
    const tokens = this.options.store.read();
    await this.begin(undefined, { kind: 'anonymous' });
    const id = tokens === undefined ? undefined : sessionIdOf(tokens.accessToken);
    if (tokens === undefined || id === undefined) return;
    const { calls } = this.options;
    const accessToken = this.isValid(tokens) ? tokens.accessToken : (await calls.refresh(tokens.refreshToken)).accessToken;
    // A session that gives no token any more has ended.
    if (accessToken !== null) await calls.revoke(id, accessToken);
  }

  private isValid({ accessTokenExpiresAt }: Tokens): boolean {
    return accessTokenExpiresAt - this.options.now() > MARGIN_MS;
  }

  private async exchange({ refreshToken }: Tokens): Promise<string | undefined> {
    const { era } = this;
    const next = tokensOf(await this.options.calls.refresh(refreshToken));
    if (era !== this.era) return this.options.store.read()?.accessToken;
    // An answer without tokens is a refusal. A gateway that is away has thrown, and the session lives on.
    if (next === undefined) await this.begin(undefined, { kind: 'ended' });
    else this.options.store.write(next);
    return next?.accessToken;
  }

  private async begin(tokens: Tokens | undefined, state: SessionState): Promise<void> {
    this.era += 1;
    this.refreshing = undefined;
    this.options.store.write(tokens);
    // Whoever signs in while somebody is signed in may be somebody else.
    const hasChanged = this.current.kind !== state.kind || state.kind === 'signedIn';
    this.current = state;
    if (hasChanged) await this.options.onChange(state);
  }
}

function tokensOf({ accessToken, accessTokenExpiresAt, refreshToken }: SentTokens): Tokens | undefined {
  if (accessToken === null || refreshToken === null) return undefined;
  return { accessToken, refreshToken, accessTokenExpiresAt: Date.parse(accessTokenExpiresAt ?? '') || 0 };
}
