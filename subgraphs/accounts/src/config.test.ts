import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const key = 'k'.repeat(32);
const files = { SIGNING_KEYS_FILE: 'keys.json', ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` };

test("a launcher's generic names do, and the subgraph's own win", () => {
  const env = { ...files, PORT: '5001', DATABASE_URL: 'postgresql://a@b/c', INTERNAL_KEY: key, JWT_ISSUER: 'https://shop.example' };
  const generic = { ACCOUNTS_PORT: 5001, DATABASE_URL_ACCOUNTS: 'postgresql://a@b/c', TOKEN_ISSUER: 'https://shop.example' };
  expect(readConfig(env)).toMatchObject(generic);
  expect(readConfig({ ...env, ACCOUNTS_PORT: '5002' }).ACCOUNTS_PORT).toBe(5002);
});

test('what is missing is named', () => {
  expect(() => readConfig({})).toThrow(/DATABASE_URL_ACCOUNTS is not set[\s\S]*INTERNAL_KEY_ACCOUNTS is not set/);
});
