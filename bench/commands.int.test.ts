import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** The last lines of a benchmark command, as a person sees them. */
async function bench(script: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', new URL(script, import.meta.url).pathname, ...args], {
    cwd: new URL('..', import.meta.url).pathname,
  });
  return stdout.split('\n').filter((line) => line.startsWith('|'));
}

test('npm run bench measures ours beside others and prints a table with a cost for each', async () => {
  const only = 'ours;stock Apollo Gateway;bare Node, same bytes';
  const table = await bench('main.ts', '--workload', 'twoFetches', '--rounds', '1', '--seconds', '1', '--connections', '2', '--only', only);
  expect(table[0]).toContain('CPU s per 1,000');
  const cells = table.slice(2).map((line) => line.split('|').map((cell) => cell.trim()));
  expect(cells.map(([, name]) => name)).toEqual(only.split(';'));
  for (const row of cells) expect(Number(row[6])).toBeGreaterThan(0);
  // Two fetches are two fetches: whoever shares or caches without saying so would show less.
  expect(Number(cells[0]?.[7])).toBeCloseTo(2, 1);
  expect(Number(cells[1]?.[7])).toBeCloseTo(2, 1);
});

test('npm run bench:growth prints a line for each size', async () => {
  const table = await bench('growth/main.ts', '--only', 'subgraphs asked', '--seconds', '1');
  expect(table.slice(2).map((line) => line.split('|')[1]?.trim())).toEqual(['4', '16', '64']);
});

test('npm run bench:planning tells what new operations do to the others, and what memory does', async () => {
  const quick = ['--warm-up', '10', '--seconds', '1', '--rounds', '1', '--rate', '20', '--new', '5'];
  const table = await bench('planning/main.ts', ...quick, '--operations', '20', '--minutes', '0.1');
  const names = table.map((line) => line.split('|')[1]?.trim());
  expect(names.filter((name) => /^(known|new)/.test(name ?? ''))).toEqual([
    'known, alone',
    'known, beside others with a plan',
    'known, beside new ones',
    'new',
  ]);
  expect(names.at(-1)).toBe('20');
  for (const figure of table.at(-1)?.split('|').slice(2, 5) ?? []) expect(Number(figure)).toBeGreaterThan(0);
});
