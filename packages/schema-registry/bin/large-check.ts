import { check } from '../src/check.ts';
import { throttled } from '../src/progress.ts';
import { changedGraph, largeGraph } from '../src/testing/large-graph.ts';

// How long a check of a large graph takes: `npm run bench:schema -- [SUBGRAPHS] [OPERATIONS]`.
const [subgraphs = 64, operations = 2_000] = process.argv.slice(2).map(Number);
const graph = largeGraph({ subgraphs, operations });
const startedAt = performance.now();
const findings = await check({
  base: graph.subgraphs,
  changed: changedGraph(graph),
  operations: graph.operations,
  approvals: [],
  today: new Date(),
  onProgress: throttled((line) => void process.stderr.write(line), Date.now),
});
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
process.stdout.write(`${subgraphs} subgraphs, ${operations} operations: ${seconds} s, ${findings.length} findings\n`);
