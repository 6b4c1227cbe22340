import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const env = {
  DATABASE_URL_REVIEWS: 'postgresql://reviews:secret@localhost:5432/reviews',
  REDIS_URL: 'redis://localhost:6379',
  INTERNAL_KEY_REVIEWS: 'k'.repeat(32),
};

test('what has a default need not be set', () => {
  expect(readConfig(env)).toMatchObject({ port: 4003, databasePoolSize: 10, logLevel: 'info', redisUrl: env.REDIS_URL });
});

test('every wrong variable is named with what is allowed, and secrets are not shown', () => {
  const read = () => readConfig({ ...env, REVIEWS_PORT: 'x', INTERNAL_KEY_REVIEWS: 'short', LOG_LEVEL: 'loud' });
  expect(read).toThrow(
    /REVIEWS_PORT is "x".*\n.*INTERNAL_KEY_REVIEWS is \(hidden\): allowed is a secret of at least 32 characters\n.*LOG_LEVEL is "loud"/,
  );
});
