import { expect, test } from 'vitest';
import { AccountStatus, canBecome, maySignIn } from './account.ts';

const all = Object.values(AccountStatus);

test('exactly the transitions of the domain are legal', () => {
  const legal = all.flatMap((from) => all.filter((to) => canBecome(from, to)).map((to) => `${from} → ${to}`));
  expect(legal).toEqual([
    'PENDING_VERIFICATION → ACTIVE',
    'ACTIVE → SUSPENDED',
    'ACTIVE → ERASURE_SCHEDULED',
    'SUSPENDED → ACTIVE',
    'SUSPENDED → ERASED',
    'ERASURE_SCHEDULED → ACTIVE',
    'ERASURE_SCHEDULED → SUSPENDED',
    'ERASURE_SCHEDULED → ERASED',
  ]);
});

test('who waits for erasure may still sign in, the others may not', () => {
  expect(all.filter(maySignIn)).toEqual(['ACTIVE', 'ERASURE_SCHEDULED']);
});
