export type { ErrorCode } from '@app/errors';
export { authLink } from './auth-link.ts';
export { type Fault, faultsOf, faultWith, isUnreachable } from './faults.ts';
export { isIdempotent, type RetryOptions, retryLink } from './retry-link.ts';
export { type SentTokens, Session, type SessionOptions, type SessionState, type SignIn } from './session.ts';
export { type SessionCalls, type SessionCreated, type SessionRefreshed, sessionCalls } from './session-calls.ts';
export { createStorefront, type Storefront, type StorefrontOptions } from './storefront-client.ts';
export { memoryTokens, sessionIdOf, type TokenStore, type Tokens } from './tokens.ts';
export { registeredHash, trustedDocumentsLink } from './trusted-documents-link.ts';
