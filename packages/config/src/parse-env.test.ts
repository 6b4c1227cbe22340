import { expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, describeEnv, envTable, flag, hidden, integer, list, oneOf, parseEnv, port, proxies, secret, url } from './index.ts';

const shape = {
  PORT: port(4000).describe('Where it listens.'),
  DATABASE_URL: url('postgresql', 'postgres').describe('The database.'),
  MODE: oneOf(['filter', 'reject'], 'filter').describe('What happens to denied fields.'),
  VERBOSE: flag(false).describe('More log lines.'),
  ORIGINS: list(['http://localhost:3000']).describe('Allowed origins.'),
  SIGNING_KEY: secret().describe('Signs tokens.'),
  NICKNAME: z.string().optional().describe('A name.'),
};
const good = { DATABASE_URL: 'postgresql://u:hunter2@localhost/x', SIGNING_KEY: 'k'.repeat(32) };

function problems(env: Record<string, string>): string {
  try {
    parseEnv(shape, { ...good, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

test('defaults fill what is not set, and an empty string is not set', () => {
  expect(parseEnv(shape, { ...good, PORT: '', ORIGINS: ' a , b,,' })).toMatchObject({
    PORT: 4000,
    MODE: 'filter',
    VERBOSE: false,
    ORIGINS: ['a', 'b'],
  });
  expect(parseEnv(shape, good).ORIGINS).toEqual(['http://localhost:3000']);
});

test.each([
  ['PORT', '70000', 'PORT is "70000": allowed is a whole number from 0 to 65535'],
  ['PORT', 'x', 'PORT is "x": allowed is a whole number from 0 to 65535'],
  ['PORT', '1.5', 'PORT is "1.5": allowed is a whole number from 0 to 65535'],
  ['MODE', 'maybe', 'MODE is "maybe": allowed is filter, reject'],
  ['VERBOSE', 'yes', 'VERBOSE is "yes": allowed is true or false'],
])('a wrong %s of %s is named with what is allowed', (name, value, text) => {
  expect(problems({ [name]: value })).toContain(text);
});

test('values that may hold secrets are not printed', () => {
  const text = problems({ DATABASE_URL: 'mysql://u:hunter2@localhost', SIGNING_KEY: 'short' });
  expect(text).toContain('DATABASE_URL is (hidden): allowed is a URL starting with postgresql:// or postgres://');
  expect(text).toContain('SIGNING_KEY is (hidden)');
  expect(text).not.toContain('hunter2');
});

test('what a schema calls secret is not printed whatever its name, described or optional', () => {
  const parts = z.string().regex(/^\[/, 'allowed is a list');
  const shapes = { PARTNERS: hidden(parts).describe('Our partners.'), MORE: hidden(parts.optional()), BOX: secret().describe('A box.') };
  const read = () => parseEnv(shapes, { PARTNERS: 'hunter2', MORE: 'hunter3', BOX: 'hunter4' });
  expect(read).toThrow(/PARTNERS is \(hidden\): allowed is a list[\s\S]*MORE is \(hidden\)[\s\S]*BOX is \(hidden\)/);
  expect(read).not.toThrow(/hunter/);
  expect(envTable({ PARTNERS: hidden(z.string()).describe('Our partners.') })).toContain('Our partners.');
});

test('a required variable that is missing is named', () => {
  expect(() => parseEnv(shape, {})).toThrow(/DATABASE_URL is not set/);
  expect(() => parseEnv({ N: integer(1, 1, 2) }, { N: '3' })).toThrow(ConfigError);
});

test('the table shows name, description and default', () => {
  expect(describeEnv(shape)[0]).toEqual({ name: 'PORT', description: 'Where it listens.', fallback: '4000', required: false });
  const table = envTable(shape);
  expect(table).toContain('| `DATABASE_URL` | The database. | required |');
  expect(table).toContain('| `NICKNAME` | A name. | not set |');
});

test.each([
  [undefined, 0],
  ['false', 0],
  ['true', 1],
  ['2', 2],
])('proxies in front: %s is %s', (given, count) => {
  expect(parseEnv({ TRUST_PROXY: proxies() }, { TRUST_PROXY: given })).toEqual({ TRUST_PROXY: count });
});

test.each(['all', '-1', '11', '1.5'])('%s is no number of proxies', (given) => {
  expect(() => parseEnv({ TRUST_PROXY: proxies() }, { TRUST_PROXY: given })).toThrow(/whole number from 0 to 10/);
});
