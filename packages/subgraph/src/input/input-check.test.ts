import { expect, test } from 'vitest';
import { UserFault } from '../user-fault.ts';
import { InputCheck } from './input-check.ts';

function codes(work: (check: InputCheck) => void): string[] {
  const check = new InputCheck();
  work(check);
  try {
    check.finish();
    return [];
  } catch (error) {
    return error instanceof UserFault ? error.errors.map(({ code }) => code) : ['not a UserFault'];
  }
}

test('good text comes back trimmed and normalised', () => {
  const check = new InputCheck();
  expect(check.text(' e\u0301 ', ['a'], { max: 1 })).toBe('é');
  expect(check.optionalText('  ', ['a'], { max: 1 })).toBeNull();
  expect(check.optionalText(undefined, ['a'], { max: 1 })).toBeNull();
  expect(check.text('a\nb', ['a'], { max: 9, multiline: true })).toBe('a\nb');
  expect(() => check.finish()).not.toThrow();
});

test.each([
  ['', 'REQUIRED'],
  ['ab', 'TOO_SHORT'],
  ['abcdefghi', 'TOO_LONG'],
  ['ab\u0000cd', 'INVALID_CHARACTERS'],
  ['ab\ncd', 'INVALID_CHARACTERS'],
  ['ab\ud800cd', 'INVALID_CHARACTERS'],
  ['ABCD', 'INVALID'],
])('%j is refused as %s', (value, code) => {
  expect(
    codes((check) => check.text(value, ['input', 'title'], { min: 3, max: 8, pattern: { regex: /^[a-z]+$/, hint: 'lower case' } })),
  ).toEqual([code]);
});

test('length counts characters, not UTF-16 units', () => {
  expect(codes((check) => check.text('😀😀', ['a'], { max: 2 }))).toEqual([]);
});

test('everything wrong is told at once, with paths', () => {
  const check = new InputCheck();
  check.integer(6, ['rating'], { min: 1, max: 5 });
  check.list([], ['lines'], { max: 3 });
  check.list([1, 2], ['more'], { max: 1 });
  check.require(false, ['x'], 'NOPE', 'no');
  check.require(true, ['y'], 'NOPE', 'no');
  try {
    check.finish();
    expect.unreachable();
  } catch (error) {
    expect((error as UserFault).errors.map(({ code, path }) => [code, path])).toEqual([
      ['OUT_OF_RANGE', ['rating']],
      ['TOO_FEW', ['lines']],
      ['TOO_MANY', ['more']],
      ['NOPE', ['x']],
    ]);
  }
});
