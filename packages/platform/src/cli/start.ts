import { banner } from '../banner.ts';
import { type PlatformConfig, readConfig } from '../config.ts';
import { logFormat } from '../log-lines.ts';
import { lineProgress } from '../progress.ts';
import type { ProjectLayout } from '../project-layout.ts';
import { membersOf } from '../service-list.ts';
import { type RunningSupergraph, startSupergraph } from '../supergraph.ts';
import type { ProcessEvent } from '../supervised-process.ts';

/** What `npm start` works with. */
export interface StartCommandOptions {
  readonly layout: ProjectLayout;
  readonly env: NodeJS.ProcessEnv;
  readonly nodeArgs: readonly string[];
  readonly write: (text: string) => void;
  readonly isColoured: boolean;
  /** How to end it, for the person. */
  readonly stopHint: string;
  /** Aborted when the person or the system asks to stop. */
  readonly signal: AbortSignal;
  /** Called once everything is ready, with what was printed. */
  readonly onReady: () => void;
  /** Subgraphs that run elsewhere, by name, with their GraphQL endpoints. */
  readonly remote?: ReadonlyMap<string, string>;
  /** Begun once everything is ready; what it returns ends it. */
  readonly whileRunning?: (running: RunningSupergraph) => Promise<() => Promise<void>>;
}

/**
 * `npm start`: starts everything, prints where it is, runs until asked to stop, stops everything. Returns the exit code.
 *
 * @throws PlatformError, MigrationError or ConfigError when it does not come up.
 */
export async function startCommand(options: StartCommandOptions): Promise<number> {
  const stopAsked = Promise.withResolvers<void>();
  options.signal.addEventListener('abort', () => stopAsked.resolve());
  const line = (text: string): void => options.write(`${text}\n`);
  const config = readConfig(options.env, options.layout.root);
  const startedAt = performance.now();
  const starting = start(options, config, () => stopAsked.resolve());
  const running = await Promise.race([starting, stopAsked.promise]);
  if (running === undefined) {
    line('stopping …');
    await starting.then((late) => late.stop()).catch(() => undefined);
    return 130;
  }
  const endFollowing = await options.whileRunning?.(running).catch(async (error: unknown) => {
    await running.stop();
    throw error;
  });
  options.write(await banner(running, options.layout.root));
  line(`Ready in ${((performance.now() - startedAt) / 1000).toFixed(1)} s. ${options.stopHint}`);
  options.onReady();
  await stopAsked.promise;
  line('stopping …');
  await endFollowing?.();
  await running.stop();
  line('stopped');
  return 0;
}

function start(options: StartCommandOptions, config: PlatformConfig, onStopRequested: () => void): Promise<RunningSupergraph> {
  const names = membersOf(config).flatMap(({ name }) => [name, `${name}-worker`]);
  const format = logFormat(['gateway', ...names, 'postgres', 'redis'], options.isColoured);
  return startSupergraph({
    layout: options.layout,
    config: { ...config, subgraphs: config.subgraphs.filter(({ name }) => !options.remote?.has(name)) },
    env: options.env,
    progress: lineProgress((text) => options.write(`${text}\n`)),
    mode: 'durable',
    nodeArgs: options.nodeArgs,
    onProcessEvent: (event) => {
      const shown = describe(event);
      if (shown !== undefined) options.write(`${format.line(event.name, shown)}\n`);
    },
    onStopRequested,
    now: new Date(),
    ...(options.remote && { remote: options.remote }),
  });
}

/** Servers are silent unless something is wrong: their routine lines would bury the application's. */
function describe(event: ProcessEvent): string | undefined {
  if (event.kind === 'died') return `died (${event.reason}); starting it again in ${event.restartInMs} ms`;
  if (event.kind === 'restarted') return 'starting again';
  if (event.name === 'postgres') return /\b(FATAL|PANIC)\b|^died/.test(event.line) ? event.line : undefined;
  if (event.name === 'redis' || event.name === 'nats') return /^died|fatal|error|\[(ERR|FTL)\]/i.test(event.line) ? event.line : undefined;
  return event.line;
}
