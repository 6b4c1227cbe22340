import { fileURLToPath } from 'node:url';
import { newSubgraphCommand } from '../src/cli/new-subgraph.ts';
import { runCommand } from '../src/cli/run.ts';
import { projectLayout } from '../src/project-layout.ts';

/** `npm run new:subgraph -- NAME`. */
const layout = projectLayout(fileURLToPath(new URL('../../..', import.meta.url)));
await runCommand(() =>
  newSubgraphCommand({
    layout,
    env: process.env,
    now: new Date(),
    args: process.argv.slice(2),
    write: (text) => void process.stdout.write(text),
  }),
);
