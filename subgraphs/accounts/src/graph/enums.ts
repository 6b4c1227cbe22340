import { roles } from '@app/auth';
import { registerEnumType } from 'type-graphql';
import { AccountStatus, RiskLevel } from '../domain/account.ts';

/** What somebody may do, by name; roles give scopes. */
export const RoleEnum = Object.fromEntries(roles.map((role) => [role, role]));

/** Kinds of second factor. */
export const MfaKind = { TOTP: 'TOTP', WEBAUTHN: 'WEBAUTHN' } as const;
export type MfaKind = keyof typeof MfaKind;

/** How far work in the background is. */
export const JobStatus = { QUEUED: 'QUEUED', RUNNING: 'RUNNING', SUCCEEDED: 'SUCCEEDED', FAILED: 'FAILED' } as const;
export type JobStatus = keyof typeof JobStatus;

registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'What somebody may do. Roles give scopes; scopes are what fields ask for.',
  valuesConfig: {
    CUSTOMER: { description: 'Shops: everything under `me`.' },
    SUPPORT: { description: 'Reads accounts and orders.' },
    MODERATOR: { description: 'Moderates reviews and replies to them.' },
    CATALOG_MANAGER: { description: 'Changes catalogue and stock.' },
    ORDER_MANAGER: { description: 'Changes orders, fulfilments and payments.' },
    ADMIN: { description: 'Everything, roles of others included.' },
  },
});
registerEnumType(AccountStatus, {
  name: 'AccountStatus',
  description: 'Where an account stands.',
  valuesConfig: {
    PENDING_VERIFICATION: { description: 'Registered; the e-mail address is not confirmed yet.' },
    ACTIVE: { description: 'In use.' },
    SUSPENDED: { description: 'Closed by staff: no sign-in.' },
    ERASURE_SCHEDULED: { description: 'The owner asked for erasure and may still cancel.' },
    ERASED: { description: 'Personal data is gone; the id stays.' },
  },
});
registerEnumType(RiskLevel, {
  name: 'RiskLevel',
  description: 'How much trust an account has.',
  valuesConfig: {
    LOW: { description: 'Nothing known against it.' },
    ELEVATED: { description: 'Look twice.' },
    BLOCKED: { description: 'No orders.' },
  },
});
registerEnumType(MfaKind, {
  name: 'MfaKind',
  description: 'Kind of second factor.',
  valuesConfig: {
    TOTP: { description: 'Codes of an authenticator app (RFC 6238).' },
    WEBAUTHN: { description: 'A security key or passkey.' },
  },
});
registerEnumType(JobStatus, {
  name: 'JobStatus',
  description: 'How far work in the background is.',
  valuesConfig: {
    QUEUED: { description: 'Waits for its turn.' },
    RUNNING: { description: 'Under way.' },
    SUCCEEDED: { description: 'Done.' },
    FAILED: { description: 'Given up.' },
  },
});
