/** Numbers of tests of a run. */
export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A run without tests. */
export const NO_TESTS: TestTotals = { passed: 0, failed: 0, skipped: 0 };

/** The sum of two runs. */
export function addTotals(one: TestTotals, two: TestTotals): TestTotals {
  return { passed: one.passed + two.passed, failed: one.failed + two.failed, skipped: one.skipped + two.skipped };
}

/** The line a run ends with. */
export function formatTotals({ passed, failed, skipped }: TestTotals): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/**
 * Reads vitest's JSON report. A file that could not be loaded counts as one failed test, and so does a run that failed
 * without any failed test (an unhandled error, a setup that failed, a runner that was killed).
 */
export function readTotals(report: string | undefined, exitCode: number): TestTotals {
  const totals = report === undefined ? NO_TESTS : countTests(report);
  return exitCode !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

function countTests(text: string): TestTotals {
  const report = JSON.parse(text) as Report;
  const unloaded = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
