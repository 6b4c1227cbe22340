import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { behaviourOf, sandboxTokens } from './sandbox-tokens.ts';

test('the README publishes every test token', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const published = [...readme.matchAll(/`(tok_[a-z_]+)`/g)].map(([, token]) => token);
  expect([...new Set(published)].sort()).toEqual(Object.keys(sandboxTokens).sort());
});

test('an unknown token is declined', () => {
  expect(behaviourOf('tok_other')).toMatchObject({ kind: 'decline', code: 'unknown_token' });
});
