/** Where an account stands. */
export const AccountStatus = {
  PENDING_VERIFICATION: 'PENDING_VERIFICATION',
  ACTIVE: 'ACTIVE',
  SUSPENDED: 'SUSPENDED',
  ERASURE_SCHEDULED: 'ERASURE_SCHEDULED',
  ERASED: 'ERASED',
} as const;
export type AccountStatus = keyof typeof AccountStatus;

/** How much trust an account has; set by staff and by checks, read by other subgraphs. */
export const RiskLevel = { LOW: 'LOW', ELEVATED: 'ELEVATED', BLOCKED: 'BLOCKED' } as const;
export type RiskLevel = keyof typeof RiskLevel;

const transitions: Readonly<Record<AccountStatus, readonly AccountStatus[]>> = {
  PENDING_VERIFICATION: ['ACTIVE'],
  ACTIVE: ['SUSPENDED', 'ERASURE_SCHEDULED'],
  // Somebody suspended while they waited for erasure is erased all the same.
  SUSPENDED: ['ACTIVE', 'ERASED'],
  ERASURE_SCHEDULED: ['ACTIVE', 'SUSPENDED', 'ERASED'],
  ERASED: [],
};

/** True when an account may go from one status to the other. */
export function canBecome(from: AccountStatus, to: AccountStatus): boolean {
  return transitions[from].includes(to);
}

/** True when the owner may be signed in. Somebody who will be erased may: to think again. */
export function maySignIn(status: AccountStatus): boolean {
  return status === 'ACTIVE' || status === 'ERASURE_SCHEDULED';
}

/** Days between asking for erasure and erasure, to think again. */
export const erasureDelayDays = 14;

/** Most addresses in one address book. */
export const maxAddresses = 20;
