import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ResidentProcess, type ResidentSpec } from './resident-process.ts';

/** What a process that is ready to print is told. */
export interface PrintQuestion {
  /** The module that writes schema.graphql. */
  readonly file: string;
}

/** What it answers, once. */
export interface PrintAnswer {
  /** Why the module could not be loaded; null when it was. */
  readonly error: string | null;
}

/** What came of printing. */
export type Printed = { readonly kind: 'printed'; readonly hasChanged: boolean } | { readonly kind: 'failed'; readonly error: string };

/**
 * Prints the schemas of subgraphs from their classes, each in a process of its own that was started, with all
 * dependencies loaded, before it was needed.
 */
export class SchemaPrinter {
  private readonly surroundings: Omit<ResidentSpec, 'entry' | 'args'>;
  private ready: ResidentProcess;

  constructor(surroundings: Omit<ResidentSpec, 'entry' | 'args'>) {
    this.surroundings = surroundings;
    this.ready = this.prepare();
  }

  /** Runs `src/print-schema.ts` of a subgraph as it is now. */
  async print(subgraph: string): Promise<Printed> {
    const folder = join(this.surroundings.cwd, 'subgraphs', subgraph);
    const before = readText(join(folder, 'schema.graphql'));
    const question: PrintQuestion = { file: join(folder, 'src', 'print-schema.ts') };
    const { ready } = this;
    const answer = await ready.ask<PrintAnswer>(question).catch((error: unknown): PrintAnswer => ({ error: String(error) }));
    await ready.stop();
    this.ready = this.prepare();
    if (answer.error !== null) return { kind: 'failed', error: answer.error };
    return { kind: 'printed', hasChanged: readText(join(folder, 'schema.graphql')) !== before };
  }

  /** Forgets what it has loaded: a shared package changed. */
  async renew(): Promise<void> {
    await this.ready.stop();
    this.ready = this.prepare();
  }

  stop(): Promise<void> {
    return this.ready.stop();
  }

  private prepare(): ResidentProcess {
    const args = dependenciesOf(this.surroundings.cwd);
    const next = new ResidentProcess({ ...this.surroundings, entry: new URL('./print-entry.ts', import.meta.url), args });
    next.warmUp();
    return next;
  }
}

/** Everything that the subgraphs' package.json files name, once. */
function dependenciesOf(root: string): string[] {
  const names = globSync('subgraphs/*/package.json', { cwd: root }).flatMap((file) => {
    const { dependencies = {} } = JSON.parse(readText(join(root, file))) as { dependencies?: Record<string, string> };
    return Object.keys(dependencies);
  });
  // The package's own entry looks for a client that is not generated there.
  return [...new Set(names)].map((name) => (name === '@prisma/client' ? '@prisma/client/runtime/client' : name));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
