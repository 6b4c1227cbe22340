export {
  type AccessTokenClaims,
  accessTokenTtlSeconds,
  accessTokenType,
  type SigningKey,
  signAccessToken,
  type TokenParties,
  type VerifiedAccessToken,
  verifyAccessToken,
} from './access-token.ts';
export { type Denial, denialField, denialsStream, parseDenial } from './denial.ts';
export { identityOf, rightsOf } from './identity.ts';
export {
  type InternalCall,
  InternalSigner,
  type InternalVerifierOptions,
  internalSignatureHeader,
  internalTokenHeader,
  internalTokenTtlSeconds,
  signatureToleranceSeconds,
  verifyInternalCall,
} from './internal-token.ts';
export { networkOf, throttleKeyOf } from './network.ts';
export {
  type AnonymousPrincipal,
  anonymous,
  hasScope,
  type Principal,
  type ServicePrincipal,
  type UserPrincipal,
  userPrincipal,
} from './principal.ts';
export { isRole, type Role, roleScopes, roles, type Scope, scopes, scopesOfRoles } from './roles.ts';
