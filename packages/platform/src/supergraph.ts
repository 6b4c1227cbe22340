import { join } from 'node:path';
import { all } from './all.ts';
import { ensureSupergraph } from './compose-step.ts';
import type { PlatformConfig } from './config.ts';
import { claimDataDir } from './control-socket.ts';
import { type DatabaseUrls, type DataServiceOptions, provideDatabases, provideNats, provideRedis } from './data-services.ts';
import { assertPortFree } from './ports.ts';
import { ProcessGroup } from './process-group.ts';
import { onOneMachine, processSpecs, secretNames } from './process-specs.ts';
import { defaultCacheDir } from './program-search.ts';
import type { Progress } from './progress.ts';
import type { ProjectLayout } from './project-layout.ts';
import { ensureSecrets, ensureSigningKeys } from './secrets.ts';
import { seedOnce } from './seed-step.ts';
import { membersOf } from './service-list.ts';
import type { ProcessEvent } from './supervised-process.ts';

/** How the whole supergraph is started. */
export interface SupergraphOptions {
  readonly layout: ProjectLayout;
  readonly config: PlatformConfig;
  /** Variables that the processes inherit (PATH, HOME, and whatever else the person set). */
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** `throwaway` skips syncs to disk and deletes the databases on stop; for tests. */
  readonly mode: 'durable' | 'throwaway';
  /** Arguments with which Node runs the sources of the processes. */
  readonly nodeArgs: readonly string[];
  readonly onProcessEvent: (event: ProcessEvent) => void;
  /** Another process asks to stop (`npm stop`). */
  readonly onStopRequested: () => void;
  readonly now: Date;
  /** Subgraphs that run elsewhere, by name, with their GraphQL endpoints; they are not started here. */
  readonly remote?: ReadonlyMap<string, string>;
}

/** A supergraph that is up. */
export interface RunningSupergraph {
  readonly gatewayUrl: string;
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly databaseUrls: Readonly<Record<string, DatabaseUrls>>;
  readonly redisUrl: string;
  /** The page with the mails that were sent. */
  readonly mailboxUrl: string;
  /** The page that shows queues of jobs. */
  readonly jobsUrl: string;
  /** The file that the gateway watches. */
  readonly supergraphFile: string;
  /** Names and ids of the processes at this moment. */
  processes(): { readonly name: string; readonly pid: number | undefined }[];
  /** Ends these processes and starts them anew. @throws PlatformError `PROCESS_FAILED` with the last words of one that does not come up. */
  restart(names: readonly string[]): Promise<void>;
  /** Ends everything in order: gateway, subgraphs and workers, databases. May be called more than once. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Provides what is missing and starts everything; resolves when every process is ready.
 *
 * When a step fails, what the steps before it started is stopped again.
 *
 * @throws PlatformError, MigrationError or ConfigError: each says what to do.
 */
export async function startSupergraph(options: SupergraphOptions): Promise<RunningSupergraph> {
  const stops: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= stopInReverse(stops);
    return stopping;
  };
  try {
    return await startInOrder(options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startInOrder(
  options: SupergraphOptions,
  stops: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<RunningSupergraph> {
  const { config, progress, layout } = options;
  const gatewayUrl = `http://localhost:${config.gatewayPort}/graphql`;
  const status = { pid: process.pid, startedAt: options.now.toISOString(), gatewayUrl };
  const claim = await claimDataDir(config.dataDir, status, options.onStopRequested);
  stops.push(() => claim.release());
  await assertPortsFree(config);
  const secrets = await ensureSecrets(join(config.dataDir, 'secrets.json'), secretNames(membersOf(config)));
  const signingKeysFile = join(config.dataDir, 'signing-keys.json');
  await ensureSigningKeys(signingKeysFile);
  const dataOptions = dataServiceOptions(options, secrets, stops);
  const [databaseUrls, redisUrl, natsUrl, supergraphFile] = await all([
    provideDatabases(dataOptions).then((urls) => seedOnce({ ...options, secrets }, urls).then(() => urls)),
    provideRedis(dataOptions),
    provideNats(dataOptions),
    composeStep(options),
  ]);
  const specs = await processSpecs({
    root: layout.root,
    config,
    secrets,
    databaseUrls: appUrls(databaseUrls),
    redisUrl,
    natsUrl,
    supergraphFile,
    signingKeysFile,
    hostOf: onOneMachine,
    nodeArgs: options.nodeArgs,
    env: options.env,
    ...(options.remote && { remote: options.remote }),
  });
  const supervise = { onEvent: options.onProcessEvent, readyTimeoutMs: READY_TIMEOUT_MS, stopTimeoutMs: STOP_TIMEOUT_MS };
  const processes = new ProcessGroup(specs, supervise);
  stops.push(() => processes.stop());
  await progress.step(`${processes.awaitedCount} processes ready`, () => processes.startAwaited());
  // Nobody waits for workers: started last, they do not slow down what people wait for.
  await processes.startOthers();
  return {
    gatewayUrl,
    subgraphUrls: urlsOf(config),
    databaseUrls,
    redisUrl,
    mailboxUrl: `http://localhost:${config.mailboxPort}`,
    jobsUrl: `http://localhost:${config.jobsPort}`,
    supergraphFile,
    processes: () => processes.list(),
    restart: (names) => processes.restart(names),
    stop,
  };
}

function dataServiceOptions(
  options: SupergraphOptions,
  secrets: DataServiceOptions['secrets'],
  stops: (() => Promise<void>)[],
): DataServiceOptions {
  return {
    config: options.config,
    layout: options.layout,
    secrets,
    progress: options.progress,
    mode: options.mode,
    path: options.env['PATH'] ?? '',
    cacheDir: defaultCacheDir(options.env),
    onLog: (name, line) => options.onProcessEvent({ kind: 'line', name, line }),
    onStarted: (stop) => stops.push(stop),
  };
}

async function assertPortsFree(config: PlatformConfig): Promise<void> {
  await assertPortFree(config.gatewayPort, 'the gateway', 'GATEWAY_PORT');
  await assertPortFree(config.metricsPort, "the gateway's metrics", 'GATEWAY_METRICS_PORT');
  await assertPortFree(config.mailboxPort, 'the mailbox', 'MAILBOX_PORT');
  await assertPortFree(config.mailboxSmtpPort, 'mails', 'MAILBOX_SMTP_PORT');
  await assertPortFree(config.jobsPort, 'the dashboard of jobs', 'JOBS_PORT');
  for (const { name, port, rpcPort } of membersOf(config)) {
    await assertPortFree(port, name, `${name.toUpperCase()}_PORT`);
    await assertPortFree(rpcPort, `calls to ${name}`, `${name.toUpperCase()}_RPC_PORT`);
  }
}

function composeStep({ layout, config, nodeArgs, progress }: SupergraphOptions): Promise<string> {
  const options = { root: layout.root, subgraphs: config.subgraphs, dataDir: config.dataDir, nodeArgs };
  return progress.step('supergraph composed', () => ensureSupergraph(options));
}

function appUrls(urls: Record<string, DatabaseUrls>): Record<string, string> {
  return Object.fromEntries(Object.entries(urls).map(([name, { app }]) => [name, app]));
}

function urlsOf(config: PlatformConfig): Record<string, string> {
  const entries = config.subgraphs.map(({ name, port }) => [name, `http://localhost:${port}`]);
  return Object.fromEntries(entries);
}

/** The processes, then what they need, then the claim on the folder; one failure does not keep the rest running. */
async function stopInReverse(stops: readonly (() => Promise<void>)[]): Promise<void> {
  const [claim, ...rest] = stops;
  const processes = rest.pop();
  const failures = [
    ...(await Promise.allSettled([processes?.()])),
    ...(await Promise.allSettled(rest.map((stop) => stop()))),
    ...(await Promise.allSettled([claim?.()])),
  ];
  const failure = failures.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
