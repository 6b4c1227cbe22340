import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ScratchDir, scratchDir } from '@app/platform';
import { onFreePort } from './services.ts';

/** A server of one test's own, that the test may take away and bring back. */
export interface RestartableServer extends AsyncDisposable {
  readonly url: string;
  /** Ends it, and starts it again on the same port with the data folder it had, or with an empty one. */
  restart(options?: { readonly isEmpty: boolean }): Promise<void>;
}

interface Server {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a server on a free port with a folder of its own. */
export async function restartable(
  name: string,
  start: (place: { readonly port: number; readonly dataDir: string }) => Promise<Server>,
): Promise<RestartableServer> {
  const scratch: ScratchDir = await scratchDir(name);
  let server = await onFreePort((port) => start({ port, dataDir: scratch.path }));
  return {
    url: server.url,
    async restart({ isEmpty } = { isEmpty: false }) {
      await server.stop();
      if (isEmpty) await Promise.all((await readdir(scratch.path)).map((name) => rm(join(scratch.path, name), { recursive: true })));
      server = await start({ port: server.port, dataDir: scratch.path });
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await scratch[Symbol.asyncDispose]();
    },
  };
}
