import { AppError } from '@app/errors';
import { expect, test } from 'vitest';
import { PasswordHasher } from './password-hasher.ts';

test('a password matches its own hash only, and nobody matches without one', async () => {
  const hasher = new PasswordHasher();
  const stored = await hasher.hash('a good password');
  expect(stored).toMatch(/^\$argon2id\$/);
  expect(await hasher.matches(stored, 'a good password')).toBe(true);
  expect(await hasher.matches(stored, 'a bad password')).toBe(false);
  expect(await hasher.matches(null, 'nobody has this password')).toBe(false);
});

test('more than may wait are refused at once, the others get their turn', async () => {
  const hasher = new PasswordHasher({ concurrency: 1, queue: 2 });
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => hasher.hash('a good password')));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected']);
  expect(outcomes[3]).toMatchObject({ reason: expect.any(AppError) });
  await expect(hasher.hash('a good password')).resolves.toMatch(/^\$argon2id\$/);
});
