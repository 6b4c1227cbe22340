export { type AccessTokenClaims, accessTokenTtlSeconds, accessTokenType, signAccessToken, type SigningKey, type TokenParties, type VerifiedAccessToken, verifyAccessToken } from './access-token.ts';
export { type InternalCall, InternalSigner, internalSignatureHeader, internalTokenHeader, internalTokenTtlSeconds, type InternalVerifierOptions, signatureToleranceSeconds, verifyInternalCall } from './internal-token.ts';
export { type AnonymousPrincipal, anonymous, hasScope, type Principal, type ServicePrincipal, type UserPrincipal, userPrincipal } from './principal.ts';
export { isRole, type Role, roles, roleScopes, type Scope, scopes, scopesOfRoles } from './roles.ts';
