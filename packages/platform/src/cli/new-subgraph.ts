import { createSubgraph } from '../new-subgraph/create-subgraph.ts';
import { lineProgress } from '../progress.ts';
import type { ProjectLayout } from '../project-layout.ts';

/** What `npm run new:subgraph` works with. */
export interface NewSubgraphOptions {
  readonly layout: ProjectLayout;
  readonly env: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
  readonly args: readonly string[];
  readonly now: Date;
}

/** `npm run new:subgraph -- NAME`: creates a subgraph and says what to do next. Returns 0, or 2 for wrong usage. @throws what createSubgraph throws. */
export async function newSubgraphCommand({ layout, env, write, args, now }: NewSubgraphOptions): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || rest.length > 0 || name.startsWith('-')) {
    write('Usage:\n  npm run new:subgraph -- NAME   create a subgraph, such as wishlist, with its database and tests\n');
    return 2;
  }
  const progress = lineProgress((line) => write(`${line}\n`));
  const { port, created, changed } = await createSubgraph({ root: layout.root, name, progress, now, env });
  const lines = [
    '',
    `Created subgraphs/${name} and prisma/${name}: ${created.length} files. It listens on port ${port}.`,
    ...changed.map((file) => `  changed ${file}`),
    '',
    'Next:',
    `  npx vitest run subgraphs/${name}   its tests`,
    '  npm run check                     everything that a commit has to pass',
    `  npm run dev -- ${name}            the whole graph, following the sources of ${name}`,
    '',
  ];
  write(`${lines.join('\n')}\n`);
  return 0;
}
