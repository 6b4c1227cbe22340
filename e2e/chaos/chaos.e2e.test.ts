import { fileURLToPath } from 'node:url';
import { lineProgress, projectLayout, startThrowawaySupergraph } from '@app/platform';
import { expect, test } from 'vitest';
import { roundReport } from './report.ts';
import { chaosRound } from './round.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('after twenty seconds of harm, money, stock, orders and events agree', { timeout: 300_000 }, async () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`chaos: seed ${seed}\n`);
  const graph = await startThrowawaySupergraph({
    layout: projectLayout(root),
    env: process.env,
    nodeArgs: ['--import=tsx'],
    progress: lineProgress(() => undefined),
    onProcessEvent: () => undefined,
    seedScale: 1,
  });
  try {
    const round = await chaosRound(graph, { seconds: 20, seed, buyers: 4, settleSeconds: 120 });
    process.stdout.write(`${roundReport(round)}\n`);
    expect(round.findings.filter(({ offenders }) => offenders.length > 0)).toEqual([]);
    expect(round.purchases.filter(({ kind }) => kind === 'unanswered')).toEqual([]);
    expect(round.purchases.filter(({ kind }) => kind === 'placed').length).toBeGreaterThan(0);
  } finally {
    await graph.stop();
  }
});
