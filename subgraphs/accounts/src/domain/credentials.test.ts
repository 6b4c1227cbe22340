import { InputCheck, UserFault } from '@app/subgraph';
import { expect, test } from 'vitest';
import { checkEmail, checkNewPassword, checkPassword } from './credentials.ts';

type Rule = (check: InputCheck, value: string, path: readonly string[]) => string;

function codes(rule: Rule, value: string): string[] {
  const check = new InputCheck();
  rule(check, value, ['input']);
  try {
    check.finish();
    return [];
  } catch (error) {
    if (error instanceof UserFault) return error.errors.map(({ code }) => code);
    throw error;
  }
}

test('an e-mail address is kept in lower case', () => {
  expect(checkEmail(new InputCheck(), ' Ada+Shop@Example.COM ', [])).toBe('ada+shop@example.com');
});

test.each<[Rule, string, string[]]>([
  [checkEmail, '', ['REQUIRED']],
  [checkEmail, 'ada', ['INVALID']],
  [checkEmail, 'a b@example.com', ['INVALID']],
  [checkEmail, 'ada@example', ['INVALID']],
  [checkEmail, 'ada@example.com\u0000', ['INVALID_CHARACTERS']],
  [checkEmail, 'mi\u212ae@example.com', ['INVALID']],
  [checkEmail, 'a\u1fefb@example.com', ['INVALID']],
  [checkEmail, `${'a'.repeat(300)}@example.com`, ['TOO_LONG']],
  [checkNewPassword, '', ['TOO_SHORT']],
  [checkNewPassword, 'short', ['TOO_SHORT']],
  [checkNewPassword, 'aaaaaaaaaaaa', ['TOO_WEAK']],
  [checkNewPassword, 'with\u0000nul-inside', ['INVALID_CHARACTERS']],
  [checkNewPassword, 'lone \ud800 surrogate', ['INVALID_CHARACTERS']],
  [checkNewPassword, 'ab1d'.repeat(1_000), ['TOO_LONG']],
  [checkNewPassword, ' spaces at both ends ', []],
  [checkPassword, '', ['REQUIRED']],
  [checkPassword, 'x', []],
  [checkPassword, 'x'.repeat(1_000_000), ['TOO_LONG']],
])('%o judges %j as %j', (rule, value, expected) => {
  expect(codes(rule, value)).toEqual(expected);
});

test('blanks of a password stay, and its accents are normalised', () => {
  expect(checkPassword(new InputCheck(), ' cafe\u0301 ', [])).toBe(' caf\u00e9 ');
});
