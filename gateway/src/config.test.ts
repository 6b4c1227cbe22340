import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { withConfigTable } from './config-docs.ts';

const file = (content: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'gateway-config-')), 'gateway.json');
  writeFileSync(path, content);
  return path;
};

test.each<[string, Record<string, string>, RegExp]>([
  [
    'variables that are wrong',
    { MAX_DEPTH: '-1', AUTHORIZATION_MODE: 'maybe' },
    /AUTHORIZATION_MODE is "maybe": allowed is filter, reject[\s\S]*MAX_DEPTH is "-1"/,
  ],
  ['a share of more than all requests', { OVERRIDE_LABELS: 'percent(5)=50,new=101' }, /OVERRIDE_LABELS is "percent\(5\)=50,new=101"/],
  ['issuers that are no JSON', { ISSUERS: '{' }, /ISSUERS is not valid JSON/],
  ['issuers that are no list', { ISSUERS: '{}' }, /ISSUERS is wrong/],
  ['an issuer without keys', { ISSUERS: '[{"issuer":"a","audience":"b"}]' }, /jwksUrl/],
  [
    'an issuer with symmetric keys',
    { ISSUERS: '[{"issuer":"a","audience":"b","jwksUrl":"https://a/k","algorithms":["HS256"]}]' },
    /algorithms/,
  ],
  [
    'an issuer with a word we do not know',
    { ISSUERS: '[{"issuer":"a","audience":"b","jwksUrl":"https://a/k","audiance":"c"}]' },
    /audiance/,
  ],
  ['a signing key that is short', { INTERNAL_KEYS: 'accounts=short' }, /INTERNAL_KEYS is \(hidden\)/],
  ['a signing key without a name', { INTERNAL_KEYS: 'k'.repeat(40) }, /INTERNAL_KEYS is \(hidden\)/],
  ['a subgraph address that is no URL', { SUBGRAPH_URLS: 'accounts=nowhere' }, /SUBGRAPH_URLS is "accounts=nowhere": allowed is name=http/],
  ['a budget for a role that is none', { RATE_ROLES: 'KING=5' }, /RATE_ROLES names KING: allowed is CUSTOMER/],
  ['a budget that is no number', { RATE_FIELDS: 'sessionCreate=many' }, /RATE_FIELDS is "sessionCreate=many": allowed is name=number/],
  ['a Redis that is no Redis', { REDIS_URL: 'http://localhost' }, /REDIS_URL is \(hidden\)/],
])('%s are refused with what is allowed', (_name, env, message) => {
  expect(() => loadConfig({}, env)).toThrow(message);
});

test.each([
  ['no JSON', 'nonsense', /not valid JSON/],
  ['a list', '[]', /must hold a JSON object/],
  ['a name that is no variable', '{"MAX_DEPHT": 3}', /MAX_DEPHT, which is not a variable/],
])('a file with %s is refused', (_name, content, message) => {
  expect(() => loadConfig({ config: file(content) }, {})).toThrow(message);
});

test('the command line wins over the environment, the environment over the file', () => {
  const config = file(
    '{"PORT": 1, "MAX_DEPTH": 2, "MAX_ALIASES": 3, "CORS_ORIGINS": ["https://a.example", "https://b.example"], "ISSUERS": [{"issuer":"a","audience":"b","jwksUrl":"https://a/k"}]}',
  );
  expect(loadConfig({ config, port: '7' }, { PORT: '6', MAX_DEPTH: '5' })).toMatchObject({
    PORT: 7,
    MAX_DEPTH: 5,
    MAX_ALIASES: 3,
    CORS_ORIGINS: ['https://a.example', 'https://b.example'],
    issuers: [{ issuer: 'a', typ: 'at+jwt', algorithms: ['EdDSA'], claims: { roles: 'roles' } }],
  });
});

test('keys of subgraphs are read by name', () => {
  expect(loadConfig({}, { INTERNAL_KEYS: `a=${'k'.repeat(32)}, b=${'='.repeat(32)}` }).internalKeys.get('b')).toBe('='.repeat(32));
});

test('the README shows every variable as the code declares it', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(withConfigTable(readme)).toBe(readme);
});
