import { DEMO_PASSWORD } from '../../prisma/seed/people/demo-logins.ts';
import { documentText } from './documents.ts';
import { sendOk } from './gateway.ts';

export interface SessionCreated {
  readonly sessionCreate: {
    readonly accessToken: string | null;
    readonly refreshToken: string | null;
    readonly userErrors: readonly { readonly code: string }[];
  };
}

/** Signs a demo login in and returns its access token. */
export async function signIn(url: string, email: string, password: string = DEMO_PASSWORD): Promise<string> {
  const { sessionCreate } = await sendOk<SessionCreated>(url, { query: documentText('session-create'), variables: { email, password } });
  if (sessionCreate.accessToken === null) throw new Error(`${email} could not sign in: ${JSON.stringify(sessionCreate.userErrors)}`);
  return sessionCreate.accessToken;
}
