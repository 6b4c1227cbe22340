import type { PlatformConfig } from './config.ts';
import { freePort } from './ports.ts';
import type { Progress } from './progress.ts';
import type { ProjectLayout } from './project-layout.ts';
import { scratchDir } from './scratch-dir.ts';
import { listServices } from './service-list.ts';
import { listSubgraphs } from './subgraph-list.ts';
import { type RunningSupergraph, startSupergraph } from './supergraph.ts';
import type { ProcessEvent } from './supervised-process.ts';

/** How a supergraph for tests is started. */
export interface ThrowawayOptions {
  readonly layout: ProjectLayout;
  readonly env: NodeJS.ProcessEnv;
  readonly nodeArgs: readonly string[];
  readonly progress: Progress;
  readonly onProcessEvent: (event: ProcessEvent) => void;
  /** Demo data; 0 for none. */
  readonly seedScale: number;
  /** What carries events; Redis unless given. */
  readonly eventTransport?: 'redis' | 'nats';
}

/** A supergraph on free ports whose data is deleted when it stops. */
export interface ThrowawaySupergraph extends RunningSupergraph {
  readonly config: PlatformConfig;
}

/**
 * Starts the whole supergraph the way `npm start` does, on free ports and with a data folder of its own, so that it
 * disturbs nothing that runs on this machine.
 *
 * @throws what {@link startSupergraph} throws.
 */
export async function startThrowawaySupergraph(options: ThrowawayOptions): Promise<ThrowawaySupergraph> {
  const scratch = await scratchDir('e2e');
  const config = await freeConfig(options, scratch.path);
  try {
    const running = await startSupergraph({ ...options, config, mode: 'throwaway', onStopRequested: () => undefined, now: new Date() });
    return {
      ...running,
      config,
      async stop() {
        await running.stop();
        await scratch[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}

async function freeConfig({ layout, seedScale, eventTransport }: ThrowawayOptions, dataDir: string): Promise<PlatformConfig> {
  const subgraphs = listSubgraphs(layout.root);
  const services = listServices(layout.root);
  const ports = await distinctPorts(8 + 2 * (subgraphs.length + services.length));
  const next = (): number => ports.pop() ?? 0;
  const settings = ({ name }: { readonly name: string }) => ({ name, port: next(), rpcPort: next(), databaseUrl: undefined });
  return {
    gatewayPort: next(),
    metricsPort: next(),
    mailboxPort: next(),
    mailboxSmtpPort: next(),
    jobsPort: next(),
    postgresPort: next(),
    redisPort: next(),
    redisUrl: undefined,
    eventTransport: eventTransport ?? 'redis',
    natsPort: next(),
    natsUrl: undefined,
    dataDir,
    seedScale,
    logLevel: 'info',
    subgraphs: subgraphs.map(settings),
    services: services.map(settings),
  };
}

async function distinctPorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
