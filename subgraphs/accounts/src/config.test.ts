import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const key = 'k'.repeat(32);
const files = { SIGNING_KEYS_FILE: 'keys.json', ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` };

test('what is needed is enough, the rest has defaults', () => {
  const env = { ...files, DATABASE_URL_ACCOUNTS: 'postgresql://a@b/c', INTERNAL_KEY_ACCOUNTS: key };
  expect(readConfig(env)).toMatchObject({
    ACCOUNTS_PORT: 4001,
    TOKEN_AUDIENCE: 'supergraph',
    OIDC_PROVIDERS: [],
    MAIL_TRANSPORT: 'console',
  });
});

test.each([
  ['OIDC_PROVIDERS', '{', 'a JSON list'],
  ['OIDC_PROVIDERS', '{}', 'a JSON list'],
  ['ENCRYPTION_KEYS', 'k1:short', 'keys of 32 bytes'],
  ['MAIL_TRANSPORT', 'pigeon', 'console, smtp, none'],
])('%s of %s is refused', (name, value, text) => {
  const env = { ...files, DATABASE_URL_ACCOUNTS: 'postgresql://a@b/c', INTERNAL_KEY_ACCOUNTS: key, [name]: value };
  expect(() => readConfig(env)).toThrow(text);
});

test('a mistake in the list of providers does not print their secrets', () => {
  const provider = { id: 'google', name: 'Google', issuer: 'no url', clientId: 'shop', clientSecret: 'hunter2' };
  const env = { ...files, DATABASE_URL_ACCOUNTS: 'postgresql://a@b/c', INTERNAL_KEY_ACCOUNTS: key };
  const read = () => readConfig({ ...env, OIDC_PROVIDERS: JSON.stringify([provider]) });
  expect(read).toThrow(/OIDC_PROVIDERS is \(hidden\)/);
  expect(read).not.toThrow(/hunter2/);
});

test('what is missing is named', () => {
  expect(() => readConfig({})).toThrow(/DATABASE_URL_ACCOUNTS is not set[\s\S]*INTERNAL_KEY_ACCOUNTS is not set/);
});
