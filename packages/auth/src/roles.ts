/** Every role, least powerful first. */
export const roles = ['CUSTOMER', 'SUPPORT', 'ORDER_MANAGER', 'CATALOG_MANAGER', 'MODERATOR', 'ADMIN'] as const;

/** Every scope that schemas may ask for. */
export const scopes = [
  'accounts:read',
  'accounts:write',
  'orders:read',
  'orders:write',
  'payments:write',
  'catalog:write',
  'inventory:read',
  'inventory:write',
  'reviews:moderate',
  'reviews:reply',
] as const;

export type Role = (typeof roles)[number];
export type Scope = (typeof scopes)[number];

/** Roles give scopes; scopes are what schemas ask for. */
export const roleScopes: Readonly<Record<Role, readonly Scope[]>> = {
  CUSTOMER: [],
  SUPPORT: ['accounts:read', 'orders:read'],
  ORDER_MANAGER: ['orders:read', 'orders:write', 'payments:write', 'inventory:read'],
  CATALOG_MANAGER: ['catalog:write', 'inventory:read', 'inventory:write'],
  MODERATOR: ['reviews:moderate', 'reviews:reply'],
  ADMIN: scopes,
};

/** True when the value names a role. */
export function isRole(value: unknown): value is Role {
  return (roles as readonly unknown[]).includes(value);
}

/** Scopes of several roles together: distinct, in the order of {@link scopes}. */
export function scopesOfRoles(held: readonly Role[]): Scope[] {
  return scopes.filter((scope) => held.some((role) => roleScopes[role].includes(scope)));
}
