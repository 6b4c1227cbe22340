import { renameSync, writeFileSync } from 'node:fs';
import type { RunningSupergraph } from '../supergraph.ts';
import type { GraphDesk } from './graph-desk.ts';
import type { SchemaPrinter } from './schema-printer.ts';
import type { Change } from './watch-sources.ts';

/** What a loop works with. */
export interface DevLoopOptions {
  readonly printer: Pick<SchemaPrinter, 'print' | 'renew'>;
  readonly graph: Pick<GraphDesk, 'compose' | 'check'>;
  /** Those that are watched. */
  readonly subgraphs: readonly string[];
  readonly running: Pick<RunningSupergraph, 'restart' | 'processes'>;
  /** The file that the gateway watches. */
  readonly supergraphFile: string;
  /** Writes a line, or several, for the person. */
  readonly say: (text: string) => void;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

/**
 * What a save sets off: print the schemas that may have changed, compose, start the processes concerned anew, hand the
 * gateway the new supergraph, check. What does not load or compose changes nothing that runs: the last good graph is
 * served on, and the next save tries again.
 */
export class DevLoop {
  private readonly options: DevLoopOptions;
  private readonly pending = new Map<string, Change>();
  /** Subgraphs and services whose new code waits for a graph that composes. */
  private readonly waiting = new Set<string>();
  private working: Promise<void> | undefined;
  private isComposed = true;
  /** Composed, and not handed over yet: its subgraphs have to be up first. */
  private composed: string | undefined;

  constructor(options: DevLoopOptions) {
    this.options = options;
  }

  /** Takes note of changes; those that come while a round is under way make the next one. */
  changed(changes: readonly Change[]): void {
    for (const change of changes) this.pending.set(JSON.stringify(change), change);
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.pending.size > 0) {
      const changes = [...this.pending.values()];
      this.pending.clear();
      try {
        await this.round(changes);
      } catch (error) {
        this.options.say(`✗ ${error instanceof Error ? error.message : String(error)}\n  Save again to try again.`);
      }
    }
  }

  private async round(changes: readonly Change[]): Promise<void> {
    const { say, printer, subgraphs } = this.options;
    const has = (kind: Change['kind']): boolean => changes.some((change) => change.kind === kind);
    for (const change of changes) if (change.kind === 'database') say(databaseHint(change.name));
    if (has('packages')) {
      say('… a shared package changed: everything starts anew');
      await printer.renew();
    }
    for (const change of changes) if (change.kind === 'service') this.waiting.add(change.name);
    const saved = changes.flatMap((change) => (change.kind === 'subgraph' ? [change.name] : []));
    const hasNewSchema = await this.printAll(has('packages') ? subgraphs : saved);
    if (hasNewSchema || !this.isComposed || has('list')) await this.compose();
    if (!this.isComposed) return;
    const processes = this.options.running.processes().map(({ name }) => name);
    const isConcerned = (name: string): boolean => this.waiting.has(name.replace(/-worker$/, '')) || (name === 'gateway' && has('gateway'));
    await this.restart(has('packages') ? processes : processes.filter(isConcerned));
    this.waiting.clear();
    if (this.composed !== undefined) await this.serve(this.composed);
  }

  /** Whether a schema is another one now. What does not load is told and keeps running as it was. */
  private async printAll(names: readonly string[]): Promise<boolean> {
    const { printer, say } = this.options;
    let hasNewSchema = false;
    for (const name of names) {
      const took = this.stopwatch();
      const printed = await printer.print(name);
      if (printed.kind === 'failed') {
        say(`✗ ${name} does not load (${took()}); it runs on as it was\n${indented(printed.error)}`);
        continue;
      }
      this.waiting.add(name);
      hasNewSchema ||= printed.hasChanged;
      say(`✓ ${name}: ${printed.hasChanged ? 'schema.graphql printed' : 'same schema'} (${took()})`);
    }
    return hasNewSchema;
  }

  private async compose(): Promise<void> {
    const took = this.stopwatch();
    const { supergraph, report } = await this.options.graph.compose();
    this.isComposed = supergraph !== null;
    this.composed = supergraph ?? undefined;
    if (supergraph === null) this.options.say(`✗ does not compose (${took()}); the last good graph is served on\n${indented(report)}`);
    else this.options.say(`✓ composed (${took()})${report === '' ? '' : `\n${indented(report)}`}`);
  }

  private async restart(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const took = this.stopwatch();
    await this.options.running.restart(names);
    this.options.say(`✓ ${names.join(', ')} started anew (${took()})`);
  }

  /** Whole or not at all: the gateway reads the file as soon as it changes. */
  private async serve(supergraph: string): Promise<void> {
    const draft = `${this.options.supergraphFile}.${process.pid}`;
    writeFileSync(draft, supergraph);
    renameSync(draft, this.options.supergraphFile);
    this.composed = undefined;
    this.options.say('✓ the gateway has the new supergraph');
    await this.checked();
  }

  private async checked(): Promise<void> {
    const took = this.stopwatch();
    const { report, isFine } = await this.options.graph.check();
    const verdict = isFine ? '✓ schema check passed' : '✗ schema check: this must not be merged as it is';
    this.options.say(`${verdict} (${took()})${report === '' ? '' : `\n${indented(report)}`}`);
  }

  private stopwatch(): () => string {
    const startedAt = this.options.now();
    return () => `${Math.round(this.options.now() - startedAt)} ms`;
  }
}

function databaseHint(name: string): string {
  return `! prisma/${name}/schema.prisma changed: npm run generate, then npm run migrate -- create ${name} "what it does"; the next start applies it`;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? line : `    ${line}`))
    .join('\n');
}
