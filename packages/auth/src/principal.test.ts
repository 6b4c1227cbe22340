import { expect, test } from 'vitest';
import { anonymous, hasScope, userPrincipal } from './principal.ts';

test('a scope is held by who has a role that gives it, and by nobody else', () => {
  expect(hasScope(userPrincipal('usr_1', 'ses_1', ['SUPPORT']), 'orders:read')).toBe(true);
  expect(hasScope(userPrincipal('usr_1', 'ses_1', ['SUPPORT']), 'orders:write')).toBe(false);
  expect(hasScope(userPrincipal('usr_1', 'ses_1', []), 'orders:read')).toBe(false);
  expect(hasScope(anonymous, 'orders:read')).toBe(false);
  expect(hasScope({ kind: 'service', id: 'orders' }, 'orders:read')).toBe(false);
});
