import type { Requirement } from '@app/authorization';
import { expect, test } from 'vitest';
import { audiencesOf, isMet } from './audiences.ts';

const scopes = (...anyOf: string[][]): Requirement => ({ kind: 'scopes', anyOf });
const names = (...requirements: Requirement[]) => audiencesOf(requirements).map(({ name }) => name);

test('each requirement brings who has just what it takes, and who has everything else', () => {
  expect(names({ kind: 'authenticated' }, scopes(['b', 'a'], ['c']), { kind: 'policy', anyOf: [['owner']] })).toEqual([
    'anybody',
    'whoever is signed in',
    'whoever has c',
    'whoever has policy owner',
    'whoever has a and b',
    'whoever meets every policy without signing in',
    'whoever has every right but policy owner',
    'whoever has every right but a and c',
    'whoever has every right but b and c',
  ]);
});

test('equal requirements bring the same audiences', () => {
  expect(names(scopes(['a', 'b'], ['c']), scopes(['c'], ['b', 'a', 'b']))).toEqual(names(scopes(['a', 'b'], ['c'])));
});

test('however many ways there are to miss a requirement, they are bounded, and each of them misses it', () => {
  const wide = scopes(...Array.from({ length: 12 }, (_, list) => [`${list}a`, `${list}b`, `${list}c`]));
  const lacking = audiencesOf([wide]).filter(({ name }) => name.startsWith('whoever has every right but'));
  expect(lacking).toHaveLength(64);
  for (const audience of lacking) expect(isMet(wide, audience), audience.name).toBe(false);
});

test('scopes are worth nothing to strangers, policies are', () => {
  const stranger = { name: '', isSignedIn: false, rights: new Set(['a', 'policy a']) };
  expect(isMet(scopes(['a']), stranger)).toBe(false);
  expect(isMet({ kind: 'authenticated' }, stranger)).toBe(false);
  expect(isMet({ kind: 'policy', anyOf: [['a']] }, stranger)).toBe(true);
});

test('an empty list of scopes asks for a sign-in, no list at all can never be met', () => {
  expect(audiencesOf([scopes([])]).map((audience) => isMet(scopes([]), audience))).toEqual([false, true, false]);
  expect(audiencesOf([scopes()]).some((audience) => isMet(scopes(), audience))).toBe(false);
});
