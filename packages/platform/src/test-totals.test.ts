import { expect, test } from 'vitest';
import { addTotals, formatTotals, readTotals } from './test-totals.ts';

const report = (testResults: object[], failed = 0): string =>
  JSON.stringify({ numPassedTests: 5, numFailedTests: failed, numPendingTests: 1, numTodoTests: 1, testResults });

test('the last line says how many passed and failed, and mentions skipped ones only when there are some', () => {
  expect(formatTotals({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(formatTotals({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

test('a file that could not be loaded counts as a failed test', () => {
  const totals = readTotals(
    report([
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [] },
    ]),
    1,
  );
  expect(totals).toEqual({ passed: 5, failed: 1, skipped: 2 });
});

test('a run that failed without a failed test is not passed off as a success', () => {
  expect(readTotals(report([]), 1).failed).toBe(1);
  expect(readTotals(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('failed tests are not counted twice', () => {
  expect(readTotals(report([{ status: 'failed', assertionResults: [{}] }], 2), 1).failed).toBe(2);
});

test('rounds add up', () => {
  expect(addTotals({ passed: 1, failed: 2, skipped: 3 }, { passed: 4, failed: 5, skipped: 6 })).toEqual({
    passed: 5,
    failed: 7,
    skipped: 9,
  });
});
