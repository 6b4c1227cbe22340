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
  /** Settles when the server is gone for whatever reason. */
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts a server on a free port with a folder of its own. One that ends by itself is brought back, as whoever runs it would: NATS 2.9 crashes
 * now and then when it is asked for a subject's last message just after a restart.
 */
export async function restartable(
  name: string,
  start: (place: { readonly port: number; readonly dataDir: string }) => Promise<Server>,
): Promise<RestartableServer> {
  const scratch: ScratchDir = await scratchDir(name);
  let server = await onFreePort((port) => start({ port, dataDir: scratch.path }));
  let isWanted = true;
  const inTurn = oneAfterTheOther();
  const startAgain = async () => {
    server = await start({ port: server.port, dataDir: scratch.path });
    bringBack(server);
  };
  const bringBack = (watched: Server) =>
    void watched.exited.then(() =>
      inTurn(async () => {
        if (!isWanted || server !== watched) return;
        process.stderr.write(`${name} ended by itself and is started again\n`);
        await startAgain();
      }),
    );
  bringBack(server);
  return {
    url: server.url,
    restart: ({ isEmpty } = { isEmpty: false }) =>
      inTurn(async () => {
        await server.stop();
        if (isEmpty) await Promise.all((await readdir(scratch.path)).map((name) => rm(join(scratch.path, name), { recursive: true })));
        await startAgain();
      }),
    [Symbol.asyncDispose]: () =>
      inTurn(async () => {
        isWanted = false;
        await server.stop();
        await scratch[Symbol.asyncDispose]();
      }),
  };
}

function oneAfterTheOther(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
