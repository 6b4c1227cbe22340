import { mkdir } from 'node:fs/promises';
import type { Program } from './distribution-package.ts';
import { launchServer } from './launched-server.ts';
import { assertPortFree } from './ports.ts';

/** How to run an embedded NATS server with JetStream. */
export interface NatsOptions {
  readonly program: Program;
  readonly port: number;
  /** Where JetStream keeps its streams; created when it does not exist. */
  readonly dataDir: string;
  readonly onLog?: (line: string) => void;
}

/** A running embedded NATS server. */
export interface NatsServer {
  readonly port: number;
  readonly url: string;
  /** Settles when the server is gone for whatever reason; never rejects. */
  readonly exited: Promise<number>;
  /** Ends the server. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts NATS on the loopback interface; it ends with this process, also when this process is killed.
 *
 * @throws PlatformError `PORT_TAKEN`, `DISK_FULL` or `SERVICE_FAILED` with the server's last words.
 */
export async function startNats({ program, port, dataDir, onLog }: NatsOptions): Promise<NatsServer> {
  await assertPortFree(port, 'NATS', 'NATS_PORT');
  await mkdir(dataDir, { recursive: true });
  const server = await launchServer({
    title: 'NATS',
    program,
    args: ['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', dataDir],
    readyText: 'Server is ready',
    port,
    portVariable: 'NATS_PORT',
    remedy: 'Delete its data with `npm run reset`, or set NATS_URL.',
    onLog,
  });
  return { port, url: `nats://127.0.0.1:${port}`, exited: server.exited, stop: () => server.stop() };
}
