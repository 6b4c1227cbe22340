import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the parts of the repository are, below its root. */
export interface ProjectLayout {
  readonly root: string;
  /** Paths of a subgraph's database: its schema and its migrations. */
  database(subgraph: string): { readonly schemaFile: string; readonly migrationsDir: string };
}

/** The layout of the repository at `root`. */
export function projectLayout(root: string): ProjectLayout {
  return {
    root,
    database: (subgraph) => ({
      schemaFile: join(root, 'prisma', subgraph, 'schema.prisma'),
      migrationsDir: join(root, 'prisma', subgraph, 'migrations'),
    }),
  };
}

/** Names of the subgraphs that have a database schema, in alphabetical order. */
export async function findSubgraphs(layout: ProjectLayout): Promise<string[]> {
  const folder = join(layout.root, 'prisma');
  const names = await readdir(folder).catch(() => []);
  const isSubgraph = await Promise.all(names.map((name) => exists(layout.database(name).schemaFile)));
  return names.filter((_, index) => isSubgraph[index]).sort();
}

/** Whether a file or folder is there. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
