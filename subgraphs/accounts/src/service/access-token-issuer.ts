import { type AccessTokenClaims, accessTokenTtlSeconds, isRole, type SigningKey, signAccessToken, type TokenParties } from '@app/auth';
import { newId } from '@app/database';
import type { AccessTokens, IssuedAccessToken } from './ports.ts';

/** Signs access tokens with our own key, whichever it is at the time. */
export class AccessTokenIssuer implements AccessTokens {
  constructor(
    private readonly key: () => SigningKey,
    private readonly parties: TokenParties,
  ) {}

  async issue(
    { subject, sessionId, roles }: { subject: string; sessionId: string; roles: readonly string[] },
    now: Date,
  ): Promise<IssuedAccessToken> {
    const claims: AccessTokenClaims = { subject, sessionId, roles: roles.filter(isRole), tokenId: newId('tok', now.getTime()) };
    const token = await signAccessToken(claims, this.key(), { ...this.parties, now });
    const issuedAt = Math.floor(now.getTime() / 1000);
    return { token, expiresAt: new Date((issuedAt + accessTokenTtlSeconds) * 1000) };
  }
}
