import { fileURLToPath } from 'node:url';
import { lineProgress, projectLayout, startThrowawaySupergraph } from '@app/platform';

/** The whole graph in a process family that its parent keeps to one core. Says where it is, and ends with the parent's channel. */
const graph = await startThrowawaySupergraph({
  layout: projectLayout(fileURLToPath(new URL('../..', import.meta.url))),
  env: process.env,
  nodeArgs: ['--import=tsx'],
  progress: lineProgress((line) => process.stderr.write(`${line}\n`)),
  onProcessEvent: () => undefined,
  seedScale: 1,
});
const databaseUrls = Object.fromEntries(Object.entries(graph.databaseUrls).map(([name, { owner }]) => [name, owner]));
process.send?.({ gatewayUrl: graph.gatewayUrl, databaseUrls });
process.once('disconnect', () => void graph.stop().then(() => process.exit(0)));
