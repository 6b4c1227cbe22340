import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { behaviourOf, sandboxCards } from './sandbox-cards.ts';

test('the README publishes every test card', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const published = [...readme.matchAll(/`(tok_[a-z_]+)`/g)].map(([, token]) => token);
  expect([...new Set(published)].sort()).toEqual(Object.keys(sandboxCards).sort());
});

test('an unknown token is declined, whatever it is called', () => {
  for (const token of ['tok_other', '', 'constructor', '__proto__'])
    expect(behaviourOf(token)).toMatchObject({ kind: 'decline', code: 'unknown_token' });
});
