import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectLayout } from '../project-layout.ts';
import { addTotals, formatTotals, NO_TESTS, readTotals, type TestTotals } from '../test-totals.ts';

/** What `npm test` works with. */
export interface TestCommandOptions {
  readonly layout: ProjectLayout;
  readonly env: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
  /** Passed on to the test runner: files, `-t`, and the like. */
  readonly args: readonly string[];
}

/** The end-to-end tests want the machine to themselves: they measure readiness and deadlines. They run other processes, where coverage does not see. */
const ROUNDS = [
  { projects: ['unit', 'integration'], mayMeasure: true },
  { projects: ['e2e'], mayMeasure: false },
];

/**
 * `npm test`: runs every test and ends with the line `N passed, N failed`, `, N skipped` where some were. The exit code
 * is 0 when nothing failed. With `TEST_COVERAGE=true` coverage is measured too, and too little of it counts as a failure.
 */
export async function testCommand(options: TestCommandOptions): Promise<number> {
  let totals = NO_TESTS;
  for (const { projects, mayMeasure } of ROUNDS) {
    const coverage = mayMeasure && options.env['TEST_COVERAGE'] === 'true' ? ['--coverage'] : [];
    totals = addTotals(totals, await runRound(options, projects, coverage));
  }
  options.write(`\n${formatTotals(totals)}\n`);
  return totals.failed === 0 ? 0 : 1;
}

async function runRound(
  { layout, env, args }: TestCommandOptions,
  projects: readonly string[],
  more: readonly string[],
): Promise<TestTotals> {
  // Also where the tests put their own files: nothing of them stays behind. Servers that run as another account have to get through it.
  const folder = await mkdtemp(join(tmpdir(), 'supergraph-'));
  await chmod(folder, 0o711);
  const report = join(folder, 'report.json');
  const runner = join(layout.root, 'node_modules', 'vitest', 'vitest.mjs');
  const options = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--passWithNoTests'];
  const selected = projects.map((name) => `--project=${name}`);
  try {
    const child = spawn(process.execPath, [runner, 'run', ...selected, ...options, ...more, ...args], {
      cwd: layout.root,
      env: { ...env, TMPDIR: folder },
      stdio: 'inherit',
    });
    const code = await new Promise<number>((resolve) => {
      child.once('error', () => resolve(1));
      child.once('close', (exitCode) => resolve(exitCode ?? 1));
    });
    return readTotals(await readFile(report, 'utf8').catch(() => undefined), code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
