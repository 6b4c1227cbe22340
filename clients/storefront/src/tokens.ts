/** What a sign-in gives. */
export interface Tokens {
  readonly accessToken: string;
  /** When the access token ends, in milliseconds since 1970. */
  readonly accessTokenExpiresAt: number;
  /** Works once; the next refresh gives another. */
  readonly refreshToken: string;
}

/** Where tokens are kept. Whoever reads a refresh token is signed in: prefer memory, or storage of the platform that scripts cannot read. */
export interface TokenStore {
  read(): Tokens | undefined;
  write(tokens: Tokens | undefined): void;
}

/** Keeps tokens as long as the page lives. */
export function memoryTokens(): TokenStore {
  let kept: Tokens | undefined;
  return {
    read: () => kept,
    write: (tokens) => {
      kept = tokens;
    },
  };
}

/** The session that an access token belongs to: its claim `sid`. The gateway verifies tokens; clients only read them. */
export function sessionIdOf(accessToken: string): string | undefined {
  try {
    const text = atob((accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const claims: unknown = JSON.parse(text);
    return typeof claims === 'object' && claims !== null && 'sid' in claims && typeof claims.sid === 'string' ? claims.sid : undefined;
  } catch {
    return undefined;
  }
}
